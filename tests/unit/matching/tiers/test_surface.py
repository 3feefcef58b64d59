"""What is drawn on an object, and how much of it agrees."""

import dataclasses

import numpy as np
import pytest

from gallery.errors import SignatureUnreadable
from gallery.matching import Likelihood, Measurement, describe, rank
from gallery.matching.ranking.weighing import likelihood_of
from gallery.matching.signature import Details, read_details
from gallery.matching.tiers.geometry import one_a_spot, verify
from gallery.matching.tiers.surface import SURFACE_SIDE, agreeing_share
from tests.unit.matching.drawn import Pixels, catalogue_of, drawn, reduced, relit, turned

SURE = Measurement(hash_bits=256, look=0.05, colour=0.9, object_colour=0.9, verified=60)
"""Surely alike, were it not for the surface; no detail lies on the object, so that it is not STRONG."""

PRINT, OTHER_PRINT = reduced(drawn(1), 0.4), reduced(drawn(2), 0.4)


def packet(other: float = 0.0) -> Pixels:
    """A packet on a table, whose lower share, other, bears another print."""
    scene = np.full((320, 400, 3), 235, np.uint8)
    printed = PRINT.copy()
    printed[round(len(printed) * (1 - other)) :] = OTHER_PRINT[round(len(printed) * (1 - other)) :]
    height, width = printed.shape[:2]
    scene[60 : 60 + height, 70 : 70 + width] = printed
    return scene


def details_of(picture: Pixels) -> Details:
    details = describe(picture).details
    assert details is not None
    return details


def agreement(query: Details, candidate: Details) -> float | None:
    found = verify(query.features, candidate.features)
    places = one_a_spot(query.features, candidate.features, found)
    return agreeing_share(query.surface, candidate.surface, places)


@pytest.mark.parametrize("changed", [packet(), turned(packet(), 25), relit(packet(), 0.6)])
def test_the_same_object_agrees_all_over(changed: Pixels) -> None:
    share = agreement(details_of(changed), details_of(packet()))
    assert share is not None
    assert share > 0.8


def test_of_a_variant_what_is_shared_agrees() -> None:
    quarter, half, most = (agreement(details_of(packet(share)), details_of(packet())) for share in (0.25, 0.5, 0.75))
    assert [quarter, half, most] == pytest.approx([0.75, 0.5, 0.25], abs=0.15)


def test_without_enough_to_compare_nothing_is_said() -> None:
    blank, surface = np.full((100, 160), 90, np.uint8), details_of(packet()).surface
    places = np.array([[x, y, x, y] for x in (0.1, 0.9) for y in (0.1, 0.9)], np.float32)
    assert agreeing_share(surface, surface, places) == 1
    assert agreeing_share(surface, surface, places[:3]) is None
    assert agreeing_share(blank, blank, places) is None
    assert agreeing_share(surface, surface, np.repeat(places[:1], 4, axis=0)) is None
    assert agreeing_share(surface[55:64], surface, places) is None


def test_what_lies_beside_the_object_is_not_kept() -> None:
    surface = details_of(packet()).surface
    assert surface.shape == (128, SURFACE_SIDE)
    assert surface[40:80, 50:100].all()
    assert not surface[:15].any()


@pytest.mark.parametrize(("surface", "level"), [(None, "MEDIUM"), (0.5, "MEDIUM"), (0.49, "WEAK")])
def test_an_object_that_differs_in_a_part_is_not_likely(surface: float | None, level: str) -> None:
    assert likelihood_of(dataclasses.replace(SURE, surface=surface)) is Likelihood[level]


def test_a_variant_in_the_catalogue_is_told_from_the_object() -> None:
    catalogue = catalogue_of({1: describe(packet()), 2: describe(packet(0.75))})
    [same, other] = rank([describe(turned(packet(), 10))], catalogue)
    assert (same.entry_id, same.likelihood) == (1, Likelihood.STRONG)
    assert other.measurement.verified is not None
    assert other.measurement.verified >= 12
    assert other.likelihood is Likelihood.WEAK


@pytest.mark.parametrize("surface", [np.zeros((0, 5), np.uint8), np.ones((161, 5), np.uint8)])
def test_an_impossible_surface_is_refused(surface: np.ndarray) -> None:
    signature = describe(packet())
    forged = dataclasses.replace(signature, details=dataclasses.replace(details_of(packet()), surface=surface))
    with pytest.raises(SignatureUnreadable):
        read_details(forged.details_bytes())

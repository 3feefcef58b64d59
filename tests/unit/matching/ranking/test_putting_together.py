"""The odds by which photos of a series are put together, on numbers small enough to be checked by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.matching import Signature, describe
from gallery.matching.ranking.putting_together import (
    _best,
    _likest,
    _looks,
    _take_higher,
    _worth_verifying,
    by_time,
    put_together,
)
from gallery.matching.tiers.colour import COLOUR_BINS, ColourIndex
from gallery.matching.tiers.encoder import EncoderIndex
from gallery.matching.tiers.geometry import verify
from tests.unit.matching.drawn import drawn, relit, turned

PHOTOS = [describe(each) for each in (drawn(1), turned(drawn(1), 15), drawn(2), relit(drawn(2), 0.8))]


@pytest.mark.parametrize(
    ("pause", "odds"),
    [
        (None, 0.5),
        (math.inf, -5.0),
        (9.0, 0.5),
        (4.5, 0.5 + 2 * math.log(2)),
        (18.0, 0.5 - 2 * math.log(2)),
        (0.0, 0.5 + 3.0),
        (2.5, 0.5 + 2 * math.log(9 / 2.5)),
        (9000.0, 0.5 - 3.0),
    ],
)
def test_a_short_pause_speaks_for_one_object(pause: float | None, odds: float) -> None:
    assert by_time(pause) == pytest.approx(odds)


@pytest.mark.parametrize(
    ("looks", "group", "by_time", "best"),
    [
        ([0.6], [0], 0.5, 0),
        ([0.5], [0], 0.5, None),  # just not sure enough
        ([7.0, 0.0], [0, 1], 0.5, 0),  # apart, but far more alike
        ([6.0, 0.0], [0, 1], 0.5, None),
        ([0.0, 6.0], [0, 0], -3.4, 0),  # half of the most and half of the mean: 4.5
        ([0.0, 6.0], [0, 0], -3.5, None),
        ([20.0] * 8, [0] * 8, 3.0, None),  # as many as one object has
        ([20.0] * 7, [0] * 7, 3.0, 0),
        ([0.0, 9.0, 0.0], [0, 1, 0], -5.0, 1),
    ],
)
def test_a_photo_joins_the_group_that_it_is_most_alike(
    looks: list[float], group: list[int], by_time: float, best: int | None
) -> None:
    assert _best(np.array(looks), np.array(group), by_time) == best


def test_pairs_worth_verifying_are_neighbours_and_the_most_alike() -> None:
    looks = np.zeros((7, 7))
    looks[0, 6] = looks[6, 0] = 1.0
    pauses = [math.inf, 1.0, math.inf, None, 1.0, 1.0, math.inf]
    pairs = _worth_verifying(looks, pauses)
    every = [(one, other) for one in range(7) for other in range(one + 1, 7)]
    every.remove((5, 6))  # neither neighbours in time nor among the first five of equals
    assert pairs == every


def test_odds_without_a_model_are_of_colours_and_details() -> None:
    looks = _looks(PHOTOS, [math.inf, 1.0, 1.0, 1.0])
    details = verify(PHOTOS[0].details.features, PHOTOS[2].details.features).details
    own = colour_of(PHOTOS[0], PHOTOS[2])
    assert looks[0, 2] == pytest.approx(-3.6 + 5.9 * own + 2.1 * math.log1p(max(0, details - 3)))
    assert looks[2, 3] == looks[3, 2] == 20.0  # one picture in another light
    many = verify(PHOTOS[0].details.features, PHOTOS[1].details.features).details
    assert looks[0, 1] == pytest.approx(-3.6 + 5.9 * colour_of(*PHOTOS[:2]) + 2.1 * math.log1p(many - 3))


def test_odds_with_a_model_are_also_of_what_stands_out() -> None:
    vectors = np.array([[127, 0, 0], [0, 127, 0], [127, 127, 0], [0, 0, 127]], np.int8)
    photos = [replace(one, vector=vector, details=None) for one, vector in zip(PHOTOS, vectors, strict=True)]
    looks = _looks(photos, [math.inf] * 4)
    # The middle of 1, 0, 0.71 and 0; from the third photo's side, whose middle is 0.71, the first does not stand out.
    usual = math.sqrt(0.5) / 2
    standing = (math.sqrt(0.5) - usual) / (1 - usual)
    assert looks[0, 2] == pytest.approx(-4.1 + 4.1 * colour_of(photos[0], photos[2]) + 5.3 * standing, abs=1e-4)
    assert looks[0, 3] == pytest.approx(-4.1 + 4.1 * colour_of(photos[0], photos[3]), abs=1e-4)


def test_several_photos_are_compared_with_all_as_each_is_by_itself() -> None:
    random = np.random.default_rng(1)
    vectors = [None, *random.integers(-127, 128, (700, 40), np.int8), np.zeros(3, np.int8)]
    colours = list(random.integers(0, 40, (600, COLOUR_BINS), np.uint8))
    encoder, index = (
        EncoderIndex.of([vector for vector in vectors if vector is None or len(vector) == 40]),
        ColourIndex.of(colours),
    )
    assert encoder is not None
    each = np.stack([encoder.cosines(vector) for vector in vectors])
    np.testing.assert_array_equal(encoder.cosines_of(vectors), each)
    assert np.isnan(each[0]).all()
    assert np.isnan(each[-1]).all()
    np.testing.assert_array_equal(
        index.objects_alike(colours[:300]), [index.similarities(one)[1] for one in colours[:300]]
    )


def test_of_what_two_photos_say_of_each_other_the_higher_holds_however_many_there_are() -> None:
    odds = np.random.default_rng(2).normal(size=(600, 600))
    expected = np.maximum(odds, odds.T)
    _take_higher(odds)
    np.testing.assert_array_equal(odds, expected)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0]), min_size=1, max_size=12))
def test_the_likest_are_the_first_of_the_highest(row: list[float]) -> None:
    assert _likest(np.array(row)) == np.argsort(-np.array(row), kind="stable")[:5].tolist()


def colour_of(one: Signature, other: Signature) -> float:
    """The likeness of the colours of two objects, from its definition."""
    products = one.colour[384:].astype(float) * other.colour[384:].astype(float)
    return float(min(1.0, products.sum() / 255**2))


def test_two_objects_are_two_groups_named_by_their_first_photos() -> None:
    assert put_together(PHOTOS, [math.inf, 2.0, 60.0, 2.0]) == [0, 0, 2, 2]
    assert put_together([], []) == []

"""The arithmetic of the matcher, at each of its thresholds: the same on every processor."""

import math
from dataclasses import replace

import numpy as np
import pytest

from gallery.matching import Evidence, Likelihood, Measurement
from gallery.matching.ranking import weighing

SURE = Measurement(
    hash_bits=256, look=0.05, colour=0.9, object_colour=0.9, verified=60, inside=60, agreement=0.5, centring=0.1
)
UNLIKE = Measurement(hash_bits=256, look=0.0, colour=0.0, object_colour=0.0, verified=0)


def test_the_unverified_score_of_a_photo() -> None:
    look, colour, own = (np.array([share], np.float32) for share in (0.25, 0.5, 0.75))
    expected = 80 * 0.5 - 0.3 * math.log(0.55) - 1.1 * math.log(0.3)
    assert weighing.resemblance(look, colour, own)[0] == pytest.approx(expected, rel=1e-6)


def test_standing_out_counts_less_where_many_do() -> None:
    alone, beside = (weighing.by_encoder(np.array([0.9, *[0.6] * count, 0.2])) for count in (0, 15))
    assert alone == pytest.approx([20 * 0.9 * 8 / 9, 20 * 0.2 * 8 / 9])
    assert beside[0] == pytest.approx(20 * 0.9 / 3)
    assert weighing.by_encoder(np.zeros(3)).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("details", "gained"), [(None, 0), (0, 0), (3, 0), (4, 3 * math.log(2)), (33, 3 * math.log(31))]
)
def test_details_gain_from_the_fourth_on(details: int | None, gained: float) -> None:
    assert weighing.gain(replace(UNLIKE, verified=details)) == pytest.approx(gained)


def test_once_the_object_is_recognised_only_its_own_details_gain() -> None:
    measured = replace(UNLIKE, verified=80, inside=7)
    assert weighing.gain(measured, is_recognised=True) == pytest.approx(3 * math.log(5))
    assert weighing.gain(measured) == pytest.approx(3 * math.log(78))


@pytest.mark.parametrize(
    ("standing", "alike", "is_known"),
    [([0.1, 0.5], 6, True), ([0.1, 0.49], 6, False), ([0.1, 0.9], 7, False), ([], 0, False)],
)
def test_an_object_is_recognised_where_few_photos_stand_out(standing: list[float], alike: int, is_known: bool) -> None:
    assert weighing.is_recognised(np.array(standing), alike) is is_known


@pytest.mark.parametrize(
    ("bits", "details", "is_same"),
    [(8, None, True), (9, None, False), (9, 19, False), (9, 20, True), (24, 20, True), (25, 200, False)],
)
def test_which_photos_are_one_picture(bits: int, details: int | None, is_same: bool) -> None:
    assert weighing.is_same_photo(replace(UNLIKE, hash_bits=bits, verified=details)) is is_same


def test_of_two_same_photos_the_one_with_fewer_differing_bits_gains_more() -> None:
    exact, near = (weighing.gain(replace(UNLIKE, hash_bits=bits)) for bits in (0, 8))
    assert (exact, near) == (1000, 1000 - 8 / 256)


@pytest.mark.parametrize(("details", "is_good"), [(None, False), (11, False), (12, True)])
def test_a_neighbour_asks_for_twelve_details(details: int | None, is_good: bool) -> None:
    measured = replace(UNLIKE, verified=details)
    assert weighing.is_good_neighbour(measured) is is_good
    assert not weighing.is_good_neighbour(replace(measured, mirrored=True))
    assert not weighing.is_good_neighbour(replace(measured, hash_bits=0))


@pytest.mark.parametrize(("details", "is_one"), [(11, False), (12, True)])
def test_a_mirror_image_asks_for_twelve_details(details: int, is_one: bool) -> None:
    assert weighing.is_mirror_image(details) is is_one


def test_certainty_is_the_regression_that_was_fitted() -> None:
    assert weighing.certainty(UNLIKE) == pytest.approx(1 / (1 + math.exp(3.809)))
    sum_of_evidence = (0.753 + 0.351) * math.log(58) + 4.865 * 0.9 - 1.845 * 0.9 + 0.032 * 10 * math.sqrt(0.05)
    assert weighing.certainty(SURE) == pytest.approx(1 / (1 + math.exp(3.809 - sum_of_evidence)))


@pytest.mark.parametrize(
    ("changed", "holds"),
    [
        ({}, True),
        ({"inside": 12}, True),
        ({"inside": 11}, False),
        ({"agreement": 0.2}, True),
        ({"agreement": 0.19}, False),
        ({"centring": 0.0}, True),
        ({"centring": -0.001}, False),
    ],
)
def test_when_details_are_of_the_object(changed: dict[str, float], holds: bool) -> None:
    assert weighing.is_of_the_object(replace(SURE, **changed)) is holds


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"hash_bits": 8}, (Evidence.SAME_PHOTO,)),
        ({"verified": 30, "inside": 12, "agreement": 0.5, "centring": 0.1}, (Evidence.MANY_DETAILS,)),
        ({"verified": 29, "inside": 29, "agreement": 0.5, "centring": 0.1}, (Evidence.SOME_DETAILS,)),
        ({"verified": 300, "inside": 300, "agreement": 0.1, "centring": 0.1}, (Evidence.SOME_DETAILS,)),
        ({"verified": 12}, (Evidence.SOME_DETAILS,)),
        ({"verified": 11}, ()),
        ({"look": 0.005}, (Evidence.SAME_LOOK,)),
        ({"look": 0.0049}, ()),
        ({"encoder": 0.5}, (Evidence.SAME_APPEARANCE,)),
        ({"encoder": 0.49}, ()),
        ({"encoder": 0.5, "alike": 6}, (Evidence.SAME_APPEARANCE,)),
        ({"encoder": 0.5, "alike": 7}, (Evidence.SAME_MODEL,)),
        ({"object_colour": 0.7}, (Evidence.SAME_COLOURS,)),
        ({"object_colour": 0.69, "colour": 1.0}, ()),
    ],
)
def test_each_reason_has_its_threshold(changed: dict[str, float], reasons: tuple[Evidence, ...]) -> None:
    assert weighing.evidence_of(replace(UNLIKE, **changed)) == reasons


def test_reasons_come_with_the_most_telling_first() -> None:
    everything = replace(SURE, hash_bits=0, encoder=0.9)
    assert weighing.evidence_of(everything) == (
        Evidence.SAME_PHOTO,
        Evidence.MANY_DETAILS,
        Evidence.SAME_APPEARANCE,
        Evidence.SAME_LOOK,
        Evidence.SAME_COLOURS,
    )


@pytest.mark.parametrize(
    ("object_colour", "likelihood"),
    [(0.0, Likelihood.WEAK), (0.4, Likelihood.MEDIUM), (1.0, Likelihood.STRONG)],
)
def test_the_level_follows_certainty(object_colour: float, likelihood: Likelihood) -> None:
    measured = replace(SURE, verified=26, inside=26, look=0.0, colour=0.0, object_colour=object_colour)
    sure = {Likelihood.WEAK: (0, 0.75), Likelihood.MEDIUM: (0.75, 0.95), Likelihood.STRONG: (0.95, 1)}[likelihood]
    assert sure[0] <= weighing.certainty(measured) < sure[1]
    assert weighing.likelihood_of(measured) is likelihood
    assert weighing.likelihood_of(replace(UNLIKE, hash_bits=0)) is Likelihood.STRONG


def test_what_has_no_reason_to_be_named_is_weak() -> None:
    numbers = {"look": 0.004, "object_colour": 0.69, "colour": 0.2, "agreement": 0.3, "centring": 0.1}
    sure = replace(UNLIKE, verified=11, inside=11, **numbers)  # type: ignore[arg-type]
    assert weighing.certainty(sure) > 0.75
    assert (weighing.evidence_of(sure), weighing.likelihood_of(sure)) == ((), Likelihood.WEAK)


def test_details_of_a_shared_background_are_never_strong() -> None:
    wall = replace(SURE, verified=183, inside=11, agreement=0.49, object_colour=1.0)
    assert weighing.certainty(wall) >= 0.95
    assert weighing.likelihood_of(wall) is Likelihood.MEDIUM
    assert weighing.likelihood_of(replace(UNLIKE, verified=80, agreement=0.5, centring=0.1)) is Likelihood.STRONG


@pytest.mark.parametrize(
    ("standing", "alike", "likelihood"),
    [
        (1.0, 1, Likelihood.MEDIUM),
        (0.65, 6, Likelihood.MEDIUM),
        (0.64, 6, Likelihood.WEAK),
        (1.0, 7, Likelihood.WEAK),
    ],
)
def test_a_look_alone_is_never_strong_and_one_shared_by_many_is_weak(
    standing: float, alike: int, likelihood: Likelihood
) -> None:
    measured = replace(UNLIKE, encoder=standing, alike=alike, object_colour=0.3)
    assert weighing.likelihood_of(measured) is likelihood
    assert weighing.likelihood_of(replace(measured, object_colour=0.29)) is Likelihood.WEAK

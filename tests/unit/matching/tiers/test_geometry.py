import dataclasses

import numpy as np
import pytest

from gallery.matching.tiers.foreground import find_foreground
from gallery.matching.tiers.geometry import _refined, _spread, match, one_a_spot, verify
from gallery.matching.tiers.local_features import ANGLE_UNIT, POSITION_UNIT, LocalFeatures, find_features, none_found
from gallery.matching.tiers.reduced import reduce
from tests.unit.matching.drawn import Pixels, drawn, reduced, relit, turned


def features_of(picture: Pixels) -> LocalFeatures:
    reduced = reduce(np.ascontiguousarray(picture))
    return find_features(reduced.grey, find_foreground(reduced.colour))


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(drawn(1), id="itself"),
        pytest.param(turned(drawn(1), 25), id="turned"),
        pytest.param(turned(reduced(drawn(1), 0.7), -80), id="turned and smaller"),
        pytest.param(relit(drawn(1), 0.6), id="darker"),
        pytest.param(drawn(1)[90:390, 120:500], id="cropped"),
    ],
)
def test_the_same_object_has_many_verified_details(changed: Pixels) -> None:
    found = verify(features_of(changed), features_of(drawn(1)))
    assert found.details >= 40
    assert found.agreement > 0.3
    assert found.centring > 0.1


def test_every_pair_lies_where_the_placement_puts_it() -> None:
    query, candidate = features_of(drawn(1)[90:390, 120:500]), features_of(drawn(1))
    found = verify(query, candidate)
    misses = query.positions[found.query] + (120, 90) - candidate.positions[found.candidate]
    assert np.abs(misses).max() < 15


def test_one_pair_of_points_is_given_for_each_detail_that_was_counted() -> None:
    query, candidate = features_of(drawn(1)[90:390, 120:500]), features_of(drawn(1))
    found = verify(query, candidate)
    points = one_a_spot(query, candidate, found)
    assert points.shape == (found.details, 4)
    assert (points >= 0).all()
    assert (points < 1).all()


@pytest.mark.parametrize("seed", range(2, 10))
def test_another_object_has_few(seed: int) -> None:
    assert verify(features_of(drawn(1)), features_of(drawn(seed))).details < 12


def test_an_object_beside_the_middle_is_not_centred() -> None:
    beside = np.full((640, 640, 3), 90, np.uint8)
    beside[10:250, 10:330] = reduced(drawn(1), 0.5)
    found = verify(features_of(beside), features_of(drawn(1)))
    assert found.details >= 12
    assert found.centring < -0.05


def test_mirrored_features_are_those_of_the_mirrored_picture() -> None:
    mirrored, stored = features_of(drawn(1)[:, ::-1]), features_of(drawn(1))
    assert verify(mirrored.mirrored(), stored).details > 5 * max(1, verify(mirrored, stored).details)
    twice = stored.mirrored().mirrored()
    assert np.array_equal(twice.descriptors, stored.descriptors)
    assert np.array_equal(twice.placed[:, 3], stored.placed[:, 3])


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_few_features_on_either_side_give_no_failure(count: int) -> None:
    whole = features_of(drawn(1))
    few = dataclasses.replace(
        whole, placed=whole.placed[:count], descriptors=whole.descriptors[:count], weights=whole.weights[:count]
    )
    assert verify(few, whole).details <= count
    assert verify(whole, few).details <= count
    assert verify(few, none_found(5, 5)).details == 0


def test_points_on_a_line_or_on_one_spot_give_no_failure() -> None:
    whole = features_of(drawn(1))
    for placed in ([[640, 640, 300, 0]] * len(whole), [[32 * n % 9000, 640, 300, 0] for n in range(len(whole))]):
        flat = dataclasses.replace(whole, placed=np.array(placed, np.uint16))
        assert verify(flat, flat).details <= len(whole)


def test_a_candidate_feature_is_matched_once() -> None:
    descriptors = features_of(drawn(1)).descriptors
    left, right = match(np.concatenate([descriptors, descriptors]), descriptors)
    assert len(np.unique(right)) == len(right) == len(left)


def test_pairs_are_those_of_all_distances_whatever_is_compared_at_once() -> None:
    query, candidate = (features_of(picture).descriptors for picture in (turned(drawn(1), 25), drawn(1)))
    apart = ((query.astype(float)[:, None] - candidate.astype(float)) ** 2).sum(axis=2)
    ordered = np.sort(apart, axis=1)
    is_kept = ordered[:, 0] < 0.85**2 * ordered[:, 1]
    left, right = match(query, candidate)
    assert len(query) > 3 * 64
    assert set(left.tolist()) <= set(np.flatnonzero(is_kept).tolist())
    assert (apart[left, right] == ordered[left, 0]).all()
    assert set(right.tolist()) == set(apart.argmin(axis=1)[is_kept].tolist())


def test_a_placement_is_refined_three_times() -> None:
    """On a bent sheet each fit, tangent to what is known, gathers some more: three take in 105 of 150 points."""
    across, down = np.meshgrid(np.arange(0, 600, 20.0), np.arange(0, 100, 20.0))
    source = np.column_stack([across.ravel(), down.ravel()]).astype(np.float32)
    target = source + np.column_stack([np.zeros(len(source)), (source[:, 0] / 100) ** 2 * 2]).astype(np.float32)
    everywhere = np.ones(len(source), np.bool_)
    assert _refined(source, target, source[:, 0] <= 60, everywhere, 10.0).sum() == 105


def test_details_are_centred_and_agree_by_what_lies_among_them() -> None:
    # Four corners that agree, one detail in their midst that does not, and two at the picture's ends.
    places = [(20, 20), (60, 20), (60, 60), (20, 60), (40, 40), (99.75, 79.75), (0, 0)]
    placed = np.array([(x * POSITION_UNIT, y * POSITION_UNIT, 1, 0) for x, y in places], np.uint16)
    features = dataclasses.replace(none_found(100, 80), placed=placed)
    assert _spread(features, np.arange(4)) == pytest.approx((4 / 5, 10 / 100))
    assert _spread(features, np.arange(2)) == (0.0, -1.0)


def test_a_mirrored_point_stays_in_the_picture() -> None:
    placed = np.array([(0, 8, 1, 0), (99 * POSITION_UNIT + 1, 8, 1, 270 * ANGLE_UNIT)], np.uint16)
    mirrored = dataclasses.replace(none_found(100, 80), placed=placed).mirrored()
    assert mirrored.placed.tolist() == [[99 * POSITION_UNIT, 8, 1, 180 * ANGLE_UNIT], [0, 8, 1, 270 * ANGLE_UNIT]]

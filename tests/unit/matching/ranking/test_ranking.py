import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gallery.matching import Catalogue, CatalogueEntry, Evidence, Likelihood, Measurement, Signature, describe, rank
from gallery.matching.ranking.weighing import certainty, likelihood_of
from tests.unit.matching.drawn import Pixels, catalogue_of, described, drawn, recompressed, relit, turned

SIGNATURES = described(*range(1, 9))
CATALOGUE = catalogue_of(SIGNATURES)
WALL = np.full((300, 400, 3), 245, np.uint8)
SHADE = np.repeat(np.tile(np.linspace(90, 240, 400), (300, 1))[..., None], 3, axis=2).astype(np.uint8)


def first_for(picture: Pixels, catalogue: Catalogue = CATALOGUE):
    return rank([describe(np.ascontiguousarray(picture))], catalogue)[0]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        pytest.param(recompressed(drawn(3), quality=20), Evidence.SAME_PHOTO, id="recompressed"),
        pytest.param(drawn(3)[::2, ::2], Evidence.SAME_PHOTO, id="half the size"),
        pytest.param(drawn(3)[:, ::-1], Evidence.SAME_PHOTO, id="mirrored"),
        pytest.param(np.rot90(drawn(3)), Evidence.SAME_PHOTO, id="turned by 90 degrees"),
        pytest.param(turned(drawn(3), 20), Evidence.MANY_DETAILS, id="turned by 20 degrees"),
        pytest.param(drawn(3)[60:420, 90:550], Evidence.MANY_DETAILS, id="cropped"),
        pytest.param(relit(drawn(3), 0.6), Evidence.MANY_DETAILS, id="darker"),
    ],
)
def test_a_changed_picture_of_the_same_object_is_a_strong_first(changed: Pixels, reason: Evidence) -> None:
    first = first_for(changed)
    assert (first.entry_id, first.item_id, first.likelihood) == (3, 1003, Likelihood.STRONG)
    assert reason in first.evidence


def test_an_unknown_object_resembles_nothing_more_than_weakly() -> None:
    answers = rank([describe(drawn(77))], CATALOGUE)
    assert {candidate.likelihood for candidate in answers} == {Likelihood.WEAK}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_small_catalogues_answer(count: int) -> None:
    catalogue = catalogue_of(dict(list(SIGNATURES.items())[:count]))
    assert [one.entry_id for one in rank([SIGNATURES[1]], catalogue)] == list(range(1, count + 1))


def test_no_query_photo_gives_no_candidate() -> None:
    assert rank([], CATALOGUE) == []


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(WALL, id="white wall"),
        pytest.param(np.zeros((1, 1, 3), np.uint8), id="one pixel"),
        pytest.param(SHADE, id="shadow on a wall"),
        pytest.param(np.full((2, 4000, 3), 30, np.uint8), id="extremely long"),
        pytest.param(
            np.clip(245 + np.random.default_rng(1).normal(0, 2, (300, 400, 3)), 0, 255).astype(np.uint8), id="fog"
        ),
    ],
)
def test_featureless_pictures_are_never_strong(picture: Pixels) -> None:
    signature = describe(picture)
    everything = catalogue_of({**SIGNATURES, 50: signature, 51: describe(WALL)})
    assert Likelihood.STRONG not in {one.likelihood for one in rank([signature], everything)}
    assert 50 in {one.entry_id for one in rank([signature], everything)}


@settings(max_examples=8)
@given(st.permutations(sorted(SIGNATURES)), st.integers(1, 8))
def test_the_order_of_the_catalogue_changes_nothing(order: list[int], asked: int) -> None:
    answers = rank([SIGNATURES[asked]], catalogue_of({seed: SIGNATURES[seed] for seed in order}))
    assert answers == rank([SIGNATURES[asked]], CATALOGUE)


@settings(max_examples=8)
@given(st.lists(st.integers(1, 8), min_size=1, max_size=3), st.integers(1, 10))
def test_a_ranking_is_sorted_and_names_each_item_once(asked: list[int], limit: int) -> None:
    answers = rank([SIGNATURES[seed] for seed in asked], CATALOGUE, limit=limit)
    scores = [candidate.score for candidate in answers]
    assert scores == sorted(scores, reverse=True)
    assert len(answers) == min(limit, len(SIGNATURES))
    assert len({candidate.item_id for candidate in answers}) == len(answers)


def test_equal_photos_are_ranked_by_item() -> None:
    catalogue = catalogue_of(dict.fromkeys([5, 3, 4], SIGNATURES[1]))
    assert [one.item_id for one in rank([SIGNATURES[1]], catalogue)] == [1003, 1004, 1005]


def test_several_photos_of_an_item_give_one_candidate_with_the_best_of_them() -> None:
    catalogue = Catalogue(lambda ids: {number: SIGNATURES[number].details_bytes() for number in ids})
    catalogue.add(CatalogueEntry(seed, seed % 2, SIGNATURES[seed]) for seed in SIGNATURES)
    first, second = rank([describe(turned(drawn(6), 10))], catalogue)
    assert (first.item_id, first.entry_id) == (0, 6)
    assert second.item_id == 1


def test_each_query_photo_counts_and_the_best_pair_rules() -> None:
    query = [describe(WALL), describe(turned(drawn(5), 15)), describe(drawn(70))]
    first, *_ = rank(query, CATALOGUE)
    assert (first.entry_id, first.query_index, first.likelihood) == (5, 1, Likelihood.STRONG)


def test_several_photos_of_one_object_count_alike() -> None:
    views = [describe(turned(drawn(5), 15)), describe(turned(drawn(5), -15))]
    both, each = rank(views, CATALOGUE)[0], [rank([view], CATALOGUE)[0].score for view in views]
    assert both.entry_id == 5
    assert both.score == pytest.approx(sum(each) / 2)


def test_narrowing_hides_other_items_but_never_the_same_photo() -> None:
    alike = rank([describe(turned(drawn(5), 15))], CATALOGUE, narrowed_to={1001, 1002})
    assert {one.item_id for one in alike} == {1001, 1002}
    same = rank([describe(recompressed(drawn(5), quality=30))], CATALOGUE, narrowed_to={1001, 1002})
    assert [one.item_id for one in same][0] == 1005
    assert {one.item_id for one in same} == {1001, 1002, 1005}
    assert rank([describe(drawn(70))], CATALOGUE, narrowed_to=[]) == []


def test_a_query_read_without_details_is_still_ranked() -> None:
    query = Signature.from_bytes(SIGNATURES[2].compact())
    first = rank([query], CATALOGUE)[0]
    assert (first.entry_id, first.measurement.hash_bits, first.measurement.verified) == (2, 0, None)


def test_a_mirrored_and_cropped_picture_is_found_and_said_to_be_mirrored() -> None:
    first = first_for(drawn(3)[60:400, 500:100:-1])
    assert (first.entry_id, first.measurement.mirrored, first.likelihood) == (3, True, Likelihood.STRONG)


def test_what_resembles_the_nearest_neighbour_gains() -> None:
    left, both, right = drawn(5)[:, :300], drawn(5)[:, 100:540], drawn(5)[:, 340:]
    strangers = {seed: SIGNATURES[seed] for seed in (1, 2, 3)}
    alone = rank([describe(left)], catalogue_of({50: describe(right), **strangers}))
    beside = rank([describe(left)], catalogue_of({50: describe(right), 51: describe(both), **strangers}))
    scores = [{one.entry_id: one.score for one in answers} for answers in (alone, beside)]
    assert scores[1][50] > scores[0][50] + 1
    assert beside[0].entry_id == 51


def test_a_collection_of_one_same_picture_many_times_is_answered() -> None:
    catalogue = catalogue_of(dict.fromkeys(range(1, 30), SIGNATURES[1]))
    answers = rank([describe(turned(drawn(1), 20))], catalogue)
    assert len(answers) == 29
    assert len({one.score for one in answers}) <= 2


def test_certainty_grows_with_what_tells_of_the_object() -> None:
    least = Measurement(hash_bits=256, look=0.0, colour=0.0, object_colour=0.0, verified=0)
    grown = [
        dataclasses.replace(least, **{name: value})
        for name, value in (("verified", 30), ("inside", 30), ("object_colour", 0.5), ("look", 0.02))
    ]
    assert all(certainty(one) > certainty(least) for one in grown)
    # Alike surroundings make the same details less of a proof.
    assert certainty(dataclasses.replace(least, colour=0.5)) < certainty(least)


def test_details_beside_the_middle_or_amid_others_that_disagree_are_not_strong() -> None:
    sure = Measurement(256, 0.05, 0.9, 0.9, verified=60, inside=60, agreement=0.5, centring=0.1)
    assert likelihood_of(sure) is Likelihood.STRONG
    assert likelihood_of(dataclasses.replace(sure, centring=-0.01)) is Likelihood.MEDIUM
    assert likelihood_of(dataclasses.replace(sure, agreement=0.1)) is Likelihood.MEDIUM


def test_a_candidate_says_where_its_details_lie_in_both_photos() -> None:
    first = first_for(drawn(3)[60:420, 90:550])
    assert len(first.points) == first.measurement.verified
    height, width = drawn(3).shape[:2]
    for each in first.points:
        assert abs(90 + 460 * each.query_x - width * each.candidate_x) < 20
        assert abs(60 + 360 * each.query_y - height * each.candidate_y) < 20


def test_details_of_a_mirrored_picture_lie_where_that_picture_shows_them() -> None:
    first = first_for(drawn(3)[60:420, 90:550][:, ::-1])
    assert first.measurement.mirrored
    width = drawn(3).shape[1]
    assert all(abs(550 - 460 * each.query_x - width * each.candidate_x) < 20 for each in first.points)

"""How photos are chosen, verified and fused: the steps of a ranking, on drawn pictures and on small numbers."""

from dataclasses import replace

import numpy as np
import pytest

from gallery.matching import Catalogue, CatalogueEntry, describe, rank
from gallery.matching.catalogue.segment import Segment, Similarities
from gallery.matching.ranking import comparison, ranking
from gallery.matching.ranking.comparison import Comparison, Effort, Verified, compare, question_of
from gallery.matching.ranking.ranking import rank_objects
from gallery.matching.ranking.weighing import gain, resemblance
from tests.unit.matching.drawn import catalogue_of, described, drawn, turned

SIGNATURES = described(*range(1, 7))
CATALOGUE = catalogue_of(SIGNATURES)


def similarities(count: int, **columns: list[float]) -> Similarities:
    """Photos 10, 11, ... of items 0, 1, ...: nothing alike but for the columns that are given."""
    numbers = np.arange(count)
    plain = {name: np.zeros(count, np.float32) for name in ("look", "mirrored_look", "colour", "object_colour")}
    given = {
        "entry_ids": numbers + 10,
        "item_ids": numbers,
        "hash_bits": np.full(count, 256),
        "placements": np.zeros(count, np.int64),
        "cosine": np.full(count, np.nan, np.float32),
        **plain,
    }
    return Similarities(**given | {name: np.array(values) for name, values in columns.items()})


def scored(answer: Similarities, *scores: float) -> Comparison:
    return Comparison(answer, np.array(scores), {})


def test_the_shortlist_is_of_the_best_and_of_suspected_pictures() -> None:
    answer = similarities(6, hash_bits=[256, 72, 256, 73, 10, 256])
    scores = np.array([5.0, -np.inf, 7.0, 1.0, 0.5, 6.0])
    assert comparison._shortlist(answer, scores, 2) == [2, 5, 4, 1]
    assert comparison._shortlist(answer, np.full(6, -np.inf), 3) == [4, 1]


def test_no_more_suspects_are_verified_than_twenty() -> None:
    answer = similarities(30, hash_bits=[float(30 - each) for each in range(30)])
    assert comparison._shortlist(answer, np.full(30, -np.inf), 5) == list(range(29, 9, -1))


def test_only_photos_that_look_more_alike_mirrored_are_compared_as_mirror_images(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = similarities(3, look=[0.2, 0.2, 0.2], mirrored_look=[0.1, 0.2, 0.3])
    asked: list[int] = []
    monkeypatch.setattr(comparison, "_stored", lambda answer, rows, catalogue: asked.extend(rows) or {})
    query = describe(drawn(1)).details
    assert query is not None
    assert comparison._verify_mirrored(query, answer, np.ones(3, np.bool_), CATALOGUE) == {}
    assert asked == [2]


def test_items_are_fused_of_what_each_query_photo_says() -> None:
    scores = np.array([[1.0, -np.inf, -np.inf, 4.0], [3.0, 2.0, -np.inf, 4.0]])
    assert ranking._fused(scores).tolist() == [2.0, 1.0, -np.inf, 4.0]


def test_the_best_photo_of_an_item_comes_first_and_of_equals_the_one_with_the_least_number() -> None:
    answer = replace(similarities(5), item_ids=np.array([7, 8, 7, 8, 7]))
    inverse = np.array([0, 1, 0, 1, 0])
    assert ranking._nearest_rows(scored(answer, 1.0, 5.0, 3.0, 5.0, 3.0), inverse).tolist() == [2, 1]


def itself(seed: int, **changed: float) -> Verified:
    """A photo verified against itself, with other numbers where they are given."""
    details = SIGNATURES[seed].details
    assert details is not None
    verified = Verified.of(details.features, details)
    return replace(verified, found=replace(verified.found, **changed))


@pytest.mark.parametrize(("details", "sure"), [(0, None), (60, 1)])
def test_an_item_is_sure_unless_it_may_be_chance(details: int, sure: int | None) -> None:
    answer = similarities(2, look=[0.0, 0.05], object_colour=[0.0, 0.9], colour=[0.0, 0.9])
    verified = {1: itself(1, details=details, inside=details)}
    assert ranking._sure_item(Comparison(answer, np.array([1.0, 2.0]), verified)) == sure
    assert ranking._sure_item(scored(answer, -np.inf, -np.inf)) is None


def test_a_comparison_tells_what_was_measured_of_a_row() -> None:
    columns = {"look": [0.1, 0.2], "mirrored_look": [0.3, 0.4], "colour": [0.5, 0.6], "object_colour": [0.7, 0.8]}
    answer = similarities(2, hash_bits=[9, 8], **columns)
    verified = itself(2, details=50, inside=40, agreement=0.25, centring=0.125)
    whole = Comparison(answer, np.zeros(2), {1: verified}, np.array([0.0, 0.5]), 3, (0, 0, 1, 1))
    measured = whole.measurement(1)
    assert (measured.hash_bits, measured.verified, measured.inside, measured.mirrored) == (8, 50, 40, False)
    assert (measured.agreement, measured.centring, measured.encoder, measured.alike) == (0.25, 0.125, 0.5, 3)
    assert (measured.look, measured.colour, measured.object_colour) == pytest.approx((0.2, 0.6, 0.8))
    turned_round = replace(whole, verified={1: replace(verified, mirrored=True)}, encoded=None)
    assert turned_round.measurement(1).look == pytest.approx(0.4)
    assert turned_round.measurement(1).encoder is None
    assert whole.object_boxes(1) == ((0, 0, 1, 1), verified.object_box)
    assert whole.object_boxes(0) is None
    assert replace(whole, object_box=None).object_boxes(1) is None
    assert whole.points(0) == ()
    (first, *_), (other, *_) = whole.points(1), turned_round.points(1)
    assert first.query_x == first.candidate_x == pytest.approx(1 - other.query_x)
    assert (other.query_y, other.candidate_x) == (first.query_y, first.candidate_x)


def test_scores_are_resemblance_gain_and_what_resembles_the_neighbour() -> None:
    signature = describe(turned(drawn(3), 12))
    (answer,) = CATALOGUE.answer([question_of(signature)])
    plain = resemblance(answer.look, answer.colour, answer.object_colour)
    alone = compare(signature, answer, CATALOGUE, None, Effort(2, asks_neighbour=False))
    for row in range(6):
        gained = gain(alone.measurement(row)) if row in alone.verified else 0.0
        assert alone.scores[row] == pytest.approx(plain[row] + gained)
    assert alone.object_box == signature.details.object_box  # type: ignore[union-attr]
    helped = compare(signature, answer, CATALOGUE, None, Effort(2))
    gains = (helped.scores - alone.scores) / 0.3
    assert gains.min() == pytest.approx(0)
    assert gains[2] == pytest.approx(gains.max())  # the neighbour itself gains as much as what resembles it most
    assert gains.max() > 0
    assert np.count_nonzero(np.isclose(gains, gains.max())) >= 2


def test_a_neighbour_is_allowed_shows_the_object_and_is_the_best_of_those() -> None:
    answer = similarities(4, hash_bits=[256, 256, 256, 0])
    verified = {0: itself(1, details=12), 1: itself(2, details=11), 2: itself(3, details=30), 3: itself(4, details=99)}
    whole = Comparison(answer, np.array([5.0, 9.0, 4.0, 99.0]), verified)
    assert comparison._nearest_neighbour(whole, np.ones(4, np.bool_)) == 0
    assert comparison._nearest_neighbour(whole, np.array([False, True, True, True])) == 2
    assert comparison._nearest_neighbour(whole, np.array([False, True, False, True])) is None
    equal = replace(whole, scores=np.array([5.0, 0.0, 5.0, 0.0]))
    assert comparison._nearest_neighbour(equal, np.ones(4, np.bool_)) == 0


def test_narrowing_hides_all_but_the_same_picture() -> None:
    same, other = SIGNATURES[3], describe(turned(drawn(3), 12))
    for signature, found in ((same, [2, 3]), (other, [2])):
        (answer,) = CATALOGUE.answer([question_of(signature)])
        narrowed = compare(signature, answer, CATALOGUE, {1002}, Effort(6))
        assert np.flatnonzero(np.isfinite(narrowed.scores)).tolist() == [each - 1 for each in found]


def test_standing_out_is_counted_in_items_and_only_of_those_that_may_appear() -> None:
    vectors = np.array([[100, 0, 0], [99, 5, 0], [99, 0, 5], [0, 100, 0], [0, 0, 100], [0, 70, 70]], np.int8)
    photos = {seed: replace(SIGNATURES[seed], vector=vector) for seed, vector in zip(SIGNATURES, vectors, strict=True)}
    catalogue = Catalogue(lambda ids: {})
    catalogue.add(CatalogueEntry(seed, (seed + 1) // 2, photos[seed]) for seed in photos)
    asked = replace(photos[1], details=None)
    (answer,) = catalogue.answer([question_of(asked)])
    without = resemblance(answer.look, answer.colour, answer.object_colour)
    whole = compare(asked, answer, catalogue, None, Effort(6))
    assert whole.alike == 2  # three photos, two of them of one item
    assert whole.encoded is not None
    # Three stand out alike: 20 over 1 and three eighths.
    assert whole.scores[:2] - without[:2] == pytest.approx(20 / (1 + 3 / 8) * whole.encoded[:2])
    narrowed = compare(asked, answer, catalogue, {2, 3}, Effort(6))
    assert narrowed.alike == 1
    assert np.isinf(narrowed.scores[:2]).all()


def test_photos_of_one_object_are_ranked_together_and_others_apart() -> None:
    views = [describe(each) for each in (turned(drawn(5), 15), drawn(90), turned(drawn(5), -15), turned(drawn(6), 9))]
    found = rank_objects(views, CATALOGUE)
    assert [each.photos for each in found] == [(0, 2), (1,), (3,)]
    assert [each.candidates[0].entry_id for each in (found[0], found[2])] == [5, 6]
    assert found[2].candidates[0].query_index == 3
    together = rank([views[0], views[2]], CATALOGUE)
    assert [each.entry_id for each in found[0].candidates] == [each.entry_id for each in together]
    assert {each.query_index for each in found[0].candidates} <= {0, 2}
    assert rank_objects([], CATALOGUE) == rank_objects(views, catalogue_of({})) == []


class Emptied(Catalogue):
    """Lets nothing be compared: nothing was shortlisted, or the last photo went meanwhile."""

    def __len__(self) -> int:
        return 1


def test_where_nothing_can_be_compared_nothing_is_found() -> None:
    views, emptied = [describe(drawn(90)), describe(drawn(91))], Emptied(lambda _ids: {})
    assert [(each.photos, each.candidates) for each in rank_objects(views, emptied)] == [((0,), []), ((1,), [])]
    assert rank(views, emptied) == []


def test_photos_read_without_details_agree_with_nothing() -> None:
    one = SIGNATURES[1]
    assert ranking._agree(one, one)
    assert not ranking._agree(one, SIGNATURES[2])
    assert not ranking._agree(replace(one, details=None), one)
    assert not ranking._agree(one, replace(one, details=None))


def test_a_segment_joined_answers_what_its_parts_did() -> None:
    parts = [Segment.of([seed], [seed + 100], [SIGNATURES[seed]]) for seed in SIGNATURES]
    kept = [np.array([seed != 2]) for seed in SIGNATURES]
    joined = Segment.joined(list(zip(parts, kept, strict=True)))
    assert joined.entry_ids.tolist() == [1, 3, 4, 5, 6]
    assert joined.item_ids.tolist() == [101, 103, 104, 105, 106]
    question = question_of(SIGNATURES[4])
    answer = joined.answer(question, np.array([True, True, True, True, False]))
    assert answer.entry_ids.tolist() == [1, 3, 4, 5]
    assert answer.hash_bits.tolist()[2] == 0
    alone = parts[3].answer(question, np.ones(1, np.bool_))
    assert (answer.look[2], answer.colour[2], answer.mirrored_look[2]) == pytest.approx(
        (alone.look[0], alone.colour[0], alone.mirrored_look[0])
    )
    assert np.isnan(answer.cosine).all()
    assert joined.size_bytes == sum(
        each.nbytes
        for each in (
            joined.entry_ids, joined.item_ids, joined.hashes.hashes, joined.hashes.telling, joined.colours.by_bin,
            joined.looks.words, joined.looks.codes, joined.looks.weights, joined.looks.photos, joined.looks.norms,
        )
    )  # fmt: skip

"""Waiting photos: groups, what is written of them, and what is proposed, without a database."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gallery.matching import Likelihood
from gallery.models import ItemPhoto, LotPhoto, PhotoLot
from gallery.services.imports.refusals import PhotoAmbiguous, PhotoNotInFolder
from gallery.services.lots import group_words, known, sorting, undoing
from gallery.services.lots.group_words import NOTHING_WRITTEN, GroupWords, Lack
from gallery.services.lots.grouping import MAX_PROPOSED, PhotoGroup, groups_of, pauses_of
from gallery.services.lots.known import KnownItem
from gallery.services.spreadsheets.waiting import WaitingPhotos, by_id

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def photo(name: str, second: float | None = None, **fields: Any) -> LotPhoto:
    taken = "" if second is None else f"2026-11-29T14:{int(second) // 60:02}:{int(second) % 60:02}.00"
    plain = {"camera": "a", "number": "", "likely_category": "", "likely_colours": [], "together": "", "moved_to": None}
    return LotPhoto(public_id=name, name=name, taken=taken, **plain | fields)


def names(photos: list[LotPhoto]) -> list[str]:
    return ["".join(each.name for each in group.photos) for group in groups_of(photos)]


def lot_of(*photos: LotPhoto) -> PhotoLot:
    return PhotoLot(photos=list(photos), words={}, undo=[], refused={})


@pytest.mark.parametrize(("pause", "groups"), [(12, ["ab"]), (13, ["a", "b"])])
def test_photos_of_one_camera_that_follow_each_other_soon_are_proposed(pause: int, groups: list[str]) -> None:
    assert names([photo("a", 1), photo("b", 1 + pause)]) == groups
    assert names([photo("a", 1), photo("b", 2, camera="z")]) == ["a", "b"]
    assert names([photo("a"), photo("b")]) == ["a", "b"]
    (first, *_) = groups_of([photo("a", 1), photo("b", 2)])
    assert (first.key, first.number, first.is_proposed) == ("pa", "", True)


def test_a_waiting_photo_is_named_as_people_name_files() -> None:
    photos = [photo("A 1.jpg"), photo("b.jpg", number="35-AB2C-D"), photo("c.jpg"), photo("C.JPG")]
    waiting = WaitingPhotos(photos)
    assert [str(waiting.get(each)) for each in ("a 1.JPG", "dossier/b.jpg", "C:\\photos\\b.jpg")] == [
        "A 1.jpg", "b.jpg", "b.jpg",
    ]  # fmt: skip
    with pytest.raises(PhotoAmbiguous) as two:
        waiting.get("c.jpg")
    assert two.value.names == ("c.jpg", "C.JPG")
    for name, near in (("A 11.jpg", "A 1.jpg"), ("zzz.png", "")):
        with pytest.raises(PhotoNotInFolder) as absent:
            waiting.get(name)
        assert absent.value.near == near
    card, *after = waiting.of_number("35-AB2C-D")
    assert (str(card), waiting.number_of([card, *after]), waiting.of_number("35-XXXX-X")) == ("b.jpg", "35-AB2C-D", ())
    assert waiting.number_of([waiting.get("a 1.jpg"), card]) == ""
    assert by_id(photos) == {each.public_id: each for each in photos}


def test_no_more_than_eight_are_proposed_at_once() -> None:
    photos = [photo(chr(97 + number), 1 + number) for number in range(MAX_PROPOSED + 1)]
    assert [len(group) for group in names(photos)] == [8, 1]


def test_pauses_are_of_neighbours_with_a_clock() -> None:
    photos = [photo("a", 1), photo("b", 4), photo("c"), photo("d", 9), photo("e", 12, camera="z")]
    assert pauses_of(photos) == [float("inf"), 3.0, None, None, float("inf")]
    assert pauses_of([]) == []


def test_what_was_compared_goes_by_look_and_what_an_officer_moved_by_that() -> None:
    photos = [
        photo("a", 1, together="x"),
        photo("b", 60, together="y"),
        photo("c", 120, together="x"),
        photo("d", 180, moved_to="o1"),
        photo("e", 240, number="35-AB2C-D"),
        photo("f", 300, moved_to=""),
        photo("g", 360),
    ]
    groups = groups_of(photos)
    assert ["".join(each.name for each in group.photos) for group in groups] == ["ac", "b", "d", "eg", "f"]
    assert [group.is_proposed for group in groups] == [True, True, False, False, True]
    assert [(group.key, group.number) for group in groups[2:4]] == [("o1", ""), ("35-AB2C-D", "35-AB2C-D")]


def group_of(*photos: LotPhoto, key: str = "k", proposed: bool = False) -> PhotoGroup:
    return PhotoGroup(key, "", photos, is_proposed=proposed)


def test_the_photos_of_a_group_vote() -> None:
    one = photo("a", likely_category="tools", likely_colours=["red", "blue"])
    two = photo("b", likely_category="watches", likely_colours=["red"])
    three = photo("c", likely_category="tools", likely_colours=["green"])
    four = photo("d", likely_colours=["blue"])
    found = group_words.proposed(group_of(one, two, three, four))
    assert (found.category, found.colours) == ("tools", "red blue")
    assert group_words.proposed(group_of(three, one, two)).colours == "red"
    assert group_words.proposed(group_of(photo("x"))) == NOTHING_WRITTEN


def test_no_colour_is_proposed_of_what_is_mostly_silver_or_gold() -> None:
    red = photo("a", likely_category="watches", likely_colours=["red"])
    tool = photo("b", likely_category="tools", likely_colours=["red"])
    assert group_words.suggested(group_of(red), NOTHING_WRITTEN).colours == ""
    assert group_words.suggested(group_of(red), GroupWords(category="tools")).colours == "red"
    assert group_words.suggested(group_of(tool), GroupWords(category="jewellery")).colours == ""
    assert group_words.suggested(group_of(tool), NOTHING_WRITTEN).colours == "red"
    kept = group_words.accepted(group_of(tool), {"k": GroupWords(title="Marteau", category="garden")})
    assert kept == GroupWords(title="Marteau", category="garden", colours="red")


def test_what_is_written_stays_and_what_is_missing_is_filled() -> None:
    one, other = GroupWords(title="a", period="p"), GroupWords(title="b", case="c")
    assert one.or_else(other) == GroupWords(title="a", period="p", case="c")
    assert group_words.filled({"x": one}, ["x", "y"], other) == {"x": other.or_else(one), "y": other}
    lot = lot_of()
    group_words.write(lot, (), {"x": one, "y": other}, now=NOW)
    group_words.put(lot, {"x": NOTHING_WRITTEN})
    assert (group_words.words_of(lot, ()), lot.touched_at) == ({"y": other}, NOW)
    assert group_words.without(GroupWords(category="gone"), ["tools"]).category == ""
    assert group_words.without(GroupWords(category="tools"), ["tools"]).category == "tools"


@pytest.mark.parametrize(
    ("proposed", "category", "lacks"),
    [
        (True, "", (Lack.NOT_ACCEPTED, Lack.NO_CATEGORY)),
        (True, "tools", (Lack.NOT_ACCEPTED,)),
        (False, "", (Lack.NO_CATEGORY,)),
        (False, "tools", ()),
    ],
)
def test_what_a_group_lacks(proposed: bool, category: str, lacks: tuple[Lack, ...]) -> None:
    assert group_words.lacks(group_of(proposed=proposed), GroupWords(category=category)) == lacks


def known_item(waiting: LotPhoto, item_id: int, likelihood: Likelihood, *, same: bool = False) -> KnownItem:
    return KnownItem(waiting, ItemPhoto(item_id=item_id), likelihood, is_same_photo=same)


def test_each_known_item_is_told_once_by_its_best_photo_and_three_at_most() -> None:
    waiting = photo("a")
    found = [
        known_item(waiting, 1, Likelihood.WEAK),
        known_item(waiting, 2, Likelihood.MEDIUM),
        known_item(waiting, 3, Likelihood.STRONG),
        known_item(waiting, 2, Likelihood.STRONG),
        known_item(waiting, 4, Likelihood.WEAK, same=True),
    ]
    told = known._best(found)
    assert [(each.photo.item_id, each.likelihood) for each in told] == [
        (4, Likelihood.WEAK), (3, Likelihood.STRONG), (2, Likelihood.STRONG),
    ]  # fmt: skip


def test_every_act_says_of_how_many_and_is_undone() -> None:
    lot = lot_of(photo("a", 1), photo("b", 2), photo("c", 60), photo("d", 120))
    before = [(group.key, len(group.photos)) for group in groups_of(lot.photos)]
    assert sorting.cut(lot, "a", now=NOW) == 0
    assert sorting.cut(lot, "b", now=NOW) == 1
    assert [len(group.photos) for group in groups_of(lot.photos)] == [1, 1, 1, 1]
    first, second, *_ = groups_of(lot.photos)
    assert sorting.join_to_previous(lot, first.key, now=NOW) == 0
    assert sorting.join_to_previous(lot, "unknown", now=NOW) == 0
    assert sorting.join_to_previous(lot, second.key, now=NOW) == 2
    assert sorting.move(lot, ["c"], "unknown", now=NOW) == sorting.move(lot, [], second.key, now=NOW) == 0
    target = next(group for group in groups_of(lot.photos) if group.photos[0].name == "d")
    assert sorting.move(lot, ["c"], target.key, now=NOW) == 2
    assert sorting.take_apart(lot, ["c", "d"], now=NOW) == 2
    assert sorting.accept(lot, ["unknown"], now=NOW) == 0
    for _ in range(4):
        assert undoing.undo(lot, now=NOW)
    assert not undoing.undo(lot, now=NOW)
    assert [(group.key, len(group.photos)) for group in groups_of(lot.photos)] == before


def test_thirty_acts_are_remembered() -> None:
    lot = lot_of(photo("a"))
    for _ in range(undoing.MAX_UNDONE + 1):
        sorting.take_apart(lot, ["a"], now=NOW)
    assert len(lot.undo) == 30
    assert sorting.fill(lot, ["unknown"], GroupWords(title="x"), now=NOW) == 0
    assert len(lot.undo) == 30


def test_words_of_joined_groups_are_kept_the_first_ones_before_the_others() -> None:
    lot = lot_of(photo("a", 1, moved_to="o1"), photo("b", 60, moved_to="o2"), photo("c", 120, moved_to="o3"))
    group_words.put(lot, {"o1": GroupWords(title="un"), "o2": GroupWords(title="deux", period="1900")})
    assert sorting.join(lot, ["a", "b"], now=NOW) == 2
    joined, other = groups_of(lot.photos)
    assert group_words.words_of(lot, groups_of(lot.photos))[joined.key] == GroupWords(title="un", period="1900")
    assert sorting.fill(lot, [joined.key, other.key], GroupWords(materials="or"), now=NOW) == 2
    assert group_words.words_of(lot, groups_of(lot.photos))[joined.key] == replace(
        GroupWords(title="un", period="1900"), materials="or"
    )


def test_a_heading_hidden_on_a_proposal_is_shown_and_hidden_where_that_is_put_together_with_another() -> None:
    lot = lot_of(photo("a", 1), photo("b", 60))
    written = GroupWords(title="Vase", materials="or")
    group_words.put(lot, {"pb": written})
    sorting.withhold(lot, "pb", "materials", is_withheld=True, now=NOW)
    for each in lot.photos:
        each.together = "a"
    assert group_words.words_of(lot, groups_of(lot.photos))["pa"].withheld == "materials"
    sorting.withhold(lot, "pa", "materials", is_withheld=False, now=NOW)
    assert group_words.words_of(lot, groups_of(lot.photos))["pa"] == written
    # Nothing is copied from one to the other, so that apart again each has its own.
    assert group_words.words_of(lot, ()) == {"pb": written}
    sorting.withhold(lot, "pa", "materials", is_withheld=True, now=NOW)
    sorting.withhold(lot, "pa", "materials", is_withheld=True, now=NOW)
    lot.photos[1].together = "b"
    assert group_words.words_of(lot, groups_of(lot.photos))["pb"].withheld == "materials"
    # Its own button shows it again, and nothing else does.
    assert not undoing.undo(lot, now=NOW)


def test_what_a_proposals_row_does_not_show_stays_hidden_when_its_heading_is_shown() -> None:
    lot = lot_of(photo("a", 1), photo("b", 60), photo("c", 120))
    hidden = GroupWords(materials="diamant", withheld="materials")
    group_words.put(lot, {"pa": GroupWords(materials="or", withheld="materials"), "pb": hidden})
    for each in lot.photos:
        each.together = "a"
    sorting.withhold(lot, "pa", "materials", is_withheld=False, now=NOW)
    assert group_words.words_of(lot, groups_of(lot.photos))["pa"] == GroupWords(materials="or")
    # Apart again, nothing that nobody has seen is public; nor is it once the row shows it.
    assert group_words.words_of(lot, ())["pb"] == hidden
    group_words.write(lot, groups_of(lot.photos), {"pa": NOTHING_WRITTEN}, now=NOW)
    assert group_words.words_of(lot, groups_of(lot.photos))["pa"] == hidden
    sorting.withhold(lot, "pa", "materials", is_withheld=False, now=NOW)
    assert group_words.words_of(lot, ()) == {"pb": GroupWords(materials="diamant")}


def test_moving_all_photos_of_a_group_takes_its_words_along_and_undo_brings_them_back() -> None:
    lot = lot_of(photo("a", 1, moved_to="o1"), photo("b", 60, moved_to="o2"), photo("c", 120, moved_to="o2"))
    before = {"o1": GroupWords(title="Vase"), "o2": GroupWords(title="Cartel", period="1900", withheld="period")}
    group_words.put(lot, before)
    # A part of a group leaves its words with the rest.
    assert sorting.move(lot, ["b"], "o1", now=NOW) == 1
    assert group_words.words_of(lot, groups_of(lot.photos)) == before
    assert sorting.move(lot, ["c"], "o1", now=NOW) == 1
    assert group_words.words_of(lot, ())["o1"] == GroupWords(title="Vase", period="1900", withheld="period")
    for _ in range(2):
        undoing.undo(lot, now=NOW)
    assert group_words.words_of(lot, groups_of(lot.photos)) == before


def test_an_object_that_is_taken_apart_leaves_its_words_with_its_first_photo() -> None:
    lot = lot_of(photo("a", 1, moved_to="o1"), photo("b", 60, moved_to="o1"), photo("c", 120, moved_to="o2"))
    group_words.put(lot, {"o1": GroupWords(title="Vase"), "o2": GroupWords(title="Cartel")})
    sorting.take_apart(lot, ["a", "b"], now=NOW)
    groups = groups_of(lot.photos)
    words = group_words.words_of(lot, groups)
    assert [words.get(group.key, NOTHING_WRITTEN).title for group in groups] == ["Vase", "", "Cartel"]
    undoing.undo(lot, now=NOW)
    assert group_words.words_of(lot, groups_of(lot.photos))["o1"].title == "Vase"


HIDDEN = GroupWords(title="B", materials="or", withheld="materials")


@pytest.mark.parametrize("act", ["take_apart", "cut", "take_one", "join", "move"])
def test_what_was_written_of_a_photo_goes_where_it_goes_though_it_was_proposed_with_another(act: str) -> None:
    lot = lot_of(photo("a", 1), photo("b", 60), photo("z", 120, moved_to="o1"))
    group_words.put(lot, {"pa": GroupWords(title="Vase"), "pb": HIDDEN})
    for each in lot.photos[:2]:
        each.together = "a"
    acts = {
        "take_apart": lambda: sorting.take_apart(lot, ["a", "b"], now=NOW),
        "cut": lambda: sorting.cut(lot, "b", now=NOW),
        "take_one": lambda: sorting.take_apart(lot, ["b"], now=NOW),
        "join": lambda: sorting.join(lot, ["b", "z"], now=NOW),
        "move": lambda: sorting.move(lot, ["b"], "o1", now=NOW),
    }
    row = GroupWords("Vase", materials="or", withheld="materials")
    assert group_words.words_of(lot, groups_of(lot.photos))["pa"] == row
    acts[act]()
    groups = groups_of(lot.photos)
    words = group_words.words_of(lot, groups)
    assert [words.get(group.key) for group in groups][:2] == [GroupWords(title="Vase"), HIDDEN]
    undoing.undo(lot, now=NOW)
    assert group_words.words_of(lot, groups_of(lot.photos)) == {"pa": row, "pb": HIDDEN}


def test_what_nobody_has_written_is_not_kept_so_that_an_earlier_version_reads_the_rest() -> None:
    lot = lot_of(photo("a", 1))
    group_words.put(lot, {"pa": GroupWords(title="Vase")})
    sorting.fill(lot, ["pa"], GroupWords(period="1930"), now=NOW)
    assert lot.words == {"pa": {"title": "Vase", "period": "1930"}}
    assert lot.undo[-1]["words"] == {"pa": {"title": "Vase"}}

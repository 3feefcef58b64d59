"""The last act on groups is taken back, and what was written or hidden since is not."""

from dataclasses import replace

import pytest

from gallery.models import PhotoLot
from gallery.services.lots import group_words, leaving, sorting, undoing
from gallery.services.lots.group_words import NOTHING_WRITTEN, GroupWords
from gallery.services.lots.grouping import groups_of
from tests.unit.services.test_groups import NOW, lot_of, photo

NUMBER = "35-K7QM-4"


def write(lot: PhotoLot, key: str, **said: str) -> None:
    groups = groups_of(lot.photos)
    before = group_words.words_of(lot, groups).get(key, NOTHING_WRITTEN)
    group_words.write(lot, groups, {key: replace(before, **said)}, now=NOW)


def hide(lot: PhotoLot, key: str, heading: str) -> None:
    sorting.withhold(lot, key, heading, is_withheld=True, now=NOW)


def rows(lot: PhotoLot) -> dict[str, GroupWords]:
    """What is written of each group, by the names of its photos."""
    groups = groups_of(lot.photos)
    words = group_words.words_of(lot, groups)
    return {"".join(each.name for each in group.photos): words.get(group.key, NOTHING_WRITTEN) for group in groups}


def test_hiding_is_no_act_to_take_back() -> None:
    lot = lot_of(photo("a", moved_to="o1"))
    write(lot, "o1", materials="or")
    hide(lot, "o1", "materials")
    write(lot, "o1", title="Montre", category="watches")
    assert not undoing.undo(lot, now=NOW)
    assert rows(lot) == {"a": GroupWords("Montre", "watches", materials="or", withheld="materials")}


def test_of_what_was_filled_in_only_that_is_taken_back_and_only_where_it_still_stands() -> None:
    lot = lot_of(photo("a", moved_to="o1"), photo("b", moved_to="o2"))
    write(lot, "o1", period="1900", materials="argent")
    sorting.fill(lot, ["o1", "o2"], GroupWords(period="1930", materials="or"), now=NOW)
    write(lot, "o1", title="Montre", materials="or 18 carats")
    hide(lot, "o2", "materials")
    assert undoing.undo(lot, now=NOW)
    assert rows(lot) == {
        "a": GroupWords(title="Montre", materials="or 18 carats", period="1900"),
        "b": GroupWords(withheld="materials"),
    }


def test_what_is_written_and_hidden_of_an_accepted_proposal_stays_when_accepting_is_taken_back() -> None:
    lot = lot_of(photo("a", likely_category="watches"))
    write(lot, "pa", title="Montre", materials="or")
    sorting.accept(lot, None, now=NOW)
    [group] = groups_of(lot.photos)
    write(lot, group.key, title="Montre de gousset", period="1900")
    hide(lot, group.key, "materials")
    assert undoing.undo(lot, now=NOW)
    said = GroupWords("Montre de gousset", materials="or", period="1900", withheld="materials")
    assert (rows(lot), groups_of(lot.photos)[0].is_proposed) == ({"a": said}, True)


def test_what_was_hidden_of_joined_objects_stays_hidden_on_each_when_they_come_apart() -> None:
    lot = lot_of(photo("a", 1, moved_to="o1"), photo("b", 60, moved_to="o2"))
    write(lot, "o1", materials="or")
    sorting.join(lot, ["a", "b"], now=NOW)
    [group] = groups_of(lot.photos)
    hide(lot, group.key, "materials")
    write(lot, group.key, title="Bague", period="1930")
    assert undoing.undo(lot, now=NOW)
    assert rows(lot) == {
        "a": GroupWords(title="Bague", materials="or", period="1930", withheld="materials"),
        "b": GroupWords(withheld="materials"),
    }


@pytest.mark.parametrize(("since", "left"), [("", NOTHING_WRITTEN), ("or 18 carats", GroupWords(withheld="materials"))])
def test_what_came_to_a_card_hidden_is_shown_only_once_it_is_gone_again(since: str, left: GroupWords) -> None:
    lot = lot_of(photo("a", 1, number=NUMBER), photo("b", 60, moved_to="o2"))
    write(lot, "o2", materials="or")
    hide(lot, "o2", "materials")
    sorting.join(lot, ["a", "b"], now=NOW)
    assert rows(lot) == {"ab": GroupWords(materials="or", withheld="materials")}
    if since:
        write(lot, NUMBER, materials=since)
    assert undoing.undo(lot, now=NOW)
    assert rows(lot) == {
        "a": replace(left, materials=since),
        "b": GroupWords(materials="or", withheld="materials"),
    }


def test_what_is_rewritten_in_a_heading_that_a_group_has_brought_along_hidden_stays_hidden() -> None:
    lot = lot_of(photo("b", 1, moved_to="o1"), photo("a", 60, moved_to="o2"))
    write(lot, "o2", materials="or")
    hide(lot, "o2", "materials")
    sorting.join(lot, ["a", "b"], now=NOW)
    write(lot, groups_of(lot.photos)[0].key, materials="or 18 carats, gravé J. D.")
    assert undoing.undo(lot, now=NOW)
    assert rows(lot) == {
        "b": GroupWords(materials="or 18 carats, gravé J. D.", withheld="materials"),
        "a": GroupWords(materials="or", withheld="materials"),
    }


def test_a_text_that_comes_back_is_hidden_as_it_was_though_another_was_shown_since() -> None:
    lot = lot_of(photo("a", moved_to="o1"))
    write(lot, "o1", materials="or, gravé J. D.")
    hide(lot, "o1", "materials")
    sorting.fill(lot, ["o1"], GroupWords(materials="or"), now=NOW)
    sorting.withhold(lot, "o1", "materials", is_withheld=False, now=NOW)
    assert undoing.undo(lot, now=NOW)
    assert rows(lot) == {"a": GroupWords(materials="or, gravé J. D.", withheld="materials")}


def test_what_another_group_has_hidden_of_a_card_is_shown_by_its_button_and_not_by_undoing() -> None:
    lot = lot_of(photo("a", 1, number=NUMBER), photo("b", 60, moved_to="o2"))
    write(lot, NUMBER, materials="argent")
    write(lot, "o2", materials="or")
    hide(lot, "o2", "materials")
    sorting.join(lot, ["a", "b"], now=NOW)
    assert undoing.undo(lot, now=NOW)
    assert rows(lot)["a"] == GroupWords(materials="argent", withheld="materials")


def test_what_is_corrected_of_joined_objects_stays_with_the_one_whose_words_it_corrects() -> None:
    lot = lot_of(photo("a", 1, moved_to="o1"), photo("b", 60, moved_to="o2"))
    write(lot, "o1", materials="or", period="1900")
    write(lot, "o2", title="Bague")
    sorting.join(lot, ["a", "b"], now=NOW)
    write(lot, groups_of(lot.photos)[0].key, materials="or 18 carats")
    assert undoing.undo(lot, now=NOW)
    assert rows(lot) == {"a": GroupWords(materials="or 18 carats", period="1900"), "b": GroupWords(title="Bague")}


def test_what_is_written_in_a_row_that_hides_it_is_hidden_once_its_photos_are_apart_again() -> None:
    lot = lot_of(photo("a", 1), photo("b", 60))
    write(lot, "pb", materials="or")
    hide(lot, "pb", "materials")
    for each in lot.photos:
        each.together = "a"
    write(lot, "pa", materials="or, gravé J. D.")
    lot.photos[1].together = "b"
    assert rows(lot)["a"] == GroupWords(materials="or, gravé J. D.", withheld="materials")


def test_an_act_of_this_version_is_taken_back_by_an_earlier_one() -> None:
    lot = lot_of(photo("a", moved_to="o1"))
    before = GroupWords(title="Bague", materials="or", withheld="materials")
    group_words.put(lot, {"o1": before})
    sorting.fill(lot, ["o1"], GroupWords(category="jewellery"), now=NOW)
    # Which puts these words in the place of all that is written.
    assert {key: GroupWords(**words) for key, words in lot.undo[-1]["words"].items()} == {"o1": before}


def test_an_act_that_an_earlier_version_remembered_is_taken_back_and_shows_nothing() -> None:
    lot = lot_of(photo("a", moved_to="o1"), photo("b", moved_to="o2"))
    lot.undo = [{"moved": {}, "words": {"o1": {"title": "Bague", "materials": "or"}, "o2": {}}}]
    filled = GroupWords(title="Bague", category="jewellery", materials="argent", withheld="materials")
    group_words.put(lot, {"o1": filled, "o2": GroupWords(category="jewellery", materials="argent")})
    assert undoing.undo(lot, now=NOW)
    assert rows(lot) == {
        "a": GroupWords(title="Bague", materials="or", withheld="materials"),
        "b": NOTHING_WRITTEN,
    }


def test_what_was_hidden_of_an_object_that_is_made_is_kept_nowhere_and_of_others_it_stays() -> None:
    lot = lot_of(
        photo("a", moved_to="o1"), photo("b", moved_to="o2"), photo("c", moved_to="o3"), photo("d", moved_to="o4")
    )
    for key, text in (("o1", "or"), ("o2", "or 18 carats"), ("o3", "argent")):
        write(lot, key, materials=text, period="1930")
    hide(lot, "o2", "materials")
    sorting.fill(lot, ["o1", "o2", "o3"], GroupWords(title="Bague"), now=NOW)
    sorting.join(lot, ["a", "b"], now=NOW)
    made = next(group for group in groups_of(lot.photos) if len(group.photos) == 2)
    hide(lot, "o3", "materials")
    write(lot, made.key, materials="or, diamant")
    sorting.move(lot, ["c"], "o4", now=NOW)
    leaving.let_go(lot, made.photos)
    kept = str((lot.words, lot.undo))
    assert "or 18 carats" not in kept
    assert "or, diamant" not in kept
    undoing.undo(lot, now=NOW)
    assert rows(lot)["c"] == GroupWords("Bague", materials="argent", period="1930", withheld="materials")

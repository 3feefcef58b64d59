"""The last act on groups is taken back, and what was written or hidden since is not."""

from dataclasses import replace

import pytest

from gallery.models import PhotoLot
from gallery.services.lots import group_words, sorting, undoing
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


def test_an_act_that_an_earlier_version_remembered_is_taken_back_and_shows_nothing() -> None:
    lot = lot_of(photo("a", moved_to="o1"))
    lot.undo = [{"moved": {}, "words": {"o1": {"materials": "or"}}}]
    group_words.put(lot, {"o1": GroupWords(title="Bague", materials="argent", withheld="materials")})
    assert undoing.undo(lot, now=NOW)
    assert rows(lot) == {"a": GroupWords(title="Bague", materials="or", withheld="materials")}

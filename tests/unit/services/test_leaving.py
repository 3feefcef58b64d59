"""Photos leave a lot, and what was hidden of their object is in clear nowhere, whatever others waited with them."""

from collections.abc import Callable

import pytest

from gallery.models import PhotoLot
from gallery.services.lots import leaving, sorting, undoing
from gallery.services.lots.group_words import NOTHING_WRITTEN, GroupWords
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.services.lots.order import UNREAD_CARD
from tests.unit.services.test_groups import NOW, lot_of, photo
from tests.unit.services.test_undoing import hide, rows, write

NUMBER = "35-K7QM-4"
TEXT = "or 18 carats, gravé J. D."


def group_with(lot: PhotoLot, name: str) -> PhotoGroup:
    return next(group for group in groups_of(lot.photos) if name in {each.name for each in group.photos})


def describe(lot: PhotoLot, name: str) -> None:
    key = group_with(lot, name).key
    write(lot, key, title="Bague", materials=TEXT)
    hide(lot, key, "materials")


def proposal_accepted_then_cut() -> PhotoLot:
    lot = lot_of(photo("a", 1), photo("b", 2))
    write(lot, "pa", materials=TEXT)
    sorting.accept(lot, ["pa"], now=NOW)
    describe(lot, "a")
    sorting.cut(lot, "b", now=NOW)
    return lot


def first_photo_of_a_proposal_put_elsewhere() -> PhotoLot:
    lot = lot_of(photo("b", 1), photo("a", 2), photo("z", 90, moved_to="o1"))
    write(lot, "pb", materials=TEXT)
    sorting.accept(lot, ["pb"], now=NOW)
    describe(lot, "a")
    sorting.move(lot, ["b"], "o1", now=NOW)
    return lot


def card_cut() -> PhotoLot:
    lot = lot_of(photo("a", 1, number=NUMBER), photo("b", 2))
    describe(lot, "a")
    sorting.cut(lot, "b", now=NOW)
    return lot


def object_taken_apart() -> PhotoLot:
    lot = lot_of(photo("a", 1, moved_to="o1"), photo("b", 2, moved_to="o1"))
    describe(lot, "a")
    sorting.take_apart(lot, ["a", "b"], now=NOW)
    return lot


def card_taken_apart() -> PhotoLot:
    lot = lot_of(photo("a", 1, number=NUMBER), photo("b", 2))
    describe(lot, "a")
    sorting.take_apart(lot, ["a", "b"], now=NOW)
    return lot


def unread_card_accepted_and_what_follows_put_elsewhere() -> PhotoLot:
    lot = lot_of(photo("a", 1, number=UNREAD_CARD), photo("b", 60))
    describe(lot, "a")
    sorting.take_apart(lot, ["b"], now=NOW)
    sorting.accept(lot, ["ca"], now=NOW)
    return lot


def corrected_after_it_was_filled_in() -> PhotoLot:
    lot = lot_of(photo("a", 1, moved_to="o1"), photo("b", 60, moved_to="o1"))
    sorting.fill(lot, ["o1"], GroupWords(materials=f"{TEXT}, 2 ct"), now=NOW)
    describe(lot, "a")
    sorting.take_apart(lot, ["a", "b"], now=NOW)
    return lot


@pytest.mark.parametrize(
    "sorted_lot",
    [
        proposal_accepted_then_cut,
        first_photo_of_a_proposal_put_elsewhere,
        card_cut,
        object_taken_apart,
        card_taken_apart,
        unread_card_accepted_and_what_follows_put_elsewhere,
        corrected_after_it_was_filled_in,
    ],
    ids=lambda sorted_lot: sorted_lot.__name__,
)
def test_what_is_hidden_of_an_object_is_in_clear_nowhere_once_it_is_made(sorted_lot: Callable[[], PhotoLot]) -> None:
    lot = sorted_lot()
    assert TEXT in str((lot.words, lot.undo))
    leaving.let_go(lot, group_with(lot, "a").photos)
    assert TEXT not in str((lot.words, lot.undo))
    while undoing.undo(lot, now=NOW):
        assert not any(words.materials for words in rows(lot).values())


def test_what_is_hidden_of_an_object_that_waits_is_undone_as_before_though_another_is_made() -> None:
    lot = lot_of(photo("a", 1), photo("b", 2), photo("c", 60))
    sorting.fill(lot, ["pa", "pc"], GroupWords(materials=TEXT), now=NOW)
    sorting.accept(lot, ["pa", "pc"], now=NOW)
    for name in ("a", "c"):
        describe(lot, name)
    sorting.move(lot, ["b"], group_with(lot, "c").key, now=NOW)
    leaving.let_go(lot, group_with(lot, "a").photos)
    assert rows(lot) == {"bc": GroupWords("Bague", materials=TEXT, withheld="materials")}
    for _ in range(2):
        assert undoing.undo(lot, now=NOW)
    assert rows(lot) == {"b": NOTHING_WRITTEN, "c": GroupWords("Bague", materials=TEXT, withheld="materials")}


def test_where_a_part_of_an_object_leaves_the_rest_keeps_what_is_hidden() -> None:
    lot = lot_of(photo("a", 1, number=UNREAD_CARD), photo("b", 2), photo("c", 60, moved_to="o1"))
    describe(lot, "a")
    sorting.accept(lot, ["ca"], now=NOW)
    leaving.let_go(lot, lot.photos[:1])
    assert rows(lot)["b"] == GroupWords("Bague", materials=TEXT, withheld="materials")
    assert undoing.undo(lot, now=NOW)
    assert rows(lot)["b"] == GroupWords("Bague", materials=TEXT, withheld="materials")

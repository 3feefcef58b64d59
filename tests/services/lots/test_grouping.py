"""Groups of waiting photos: cards decide, officers decide more, the clock only proposes."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from gallery.models import LotPhoto, PhotoLot
from gallery.services.lots import group_words, leaving, sorting, undoing
from gallery.services.lots.group_words import GroupWords
from gallery.services.lots.grouping import DOUBTED, groups_of
from gallery.services.lots.order import CARD_OF_NO_OBJECT, UNREAD_CARD

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def photo(name: str, *, second: int = 0, number: str = "", camera: str = "a") -> LotPhoto:
    taken = f"2026-11-29T14:{second // 60:02}:{second % 60:02}.00" if second else ""
    return LotPhoto(
        id=1,
        public_id=name,
        name=name,
        taken=taken,
        camera=camera,
        number=number,
        likely_category="",
        likely_colours=[],
    )


def names(photos: list[LotPhoto]) -> list[tuple[str, str]]:
    return [(group.number, "".join(each.name for each in group.photos)) for group in groups_of(photos)]


def lot_of(*photos: LotPhoto) -> PhotoLot:
    return PhotoLot(photos=list(photos), words={}, undo=[], refused={})


def written(lot: PhotoLot) -> dict[str, GroupWords]:
    return group_words.words_of(lot, groups_of(lot.photos))


def test_what_follows_a_card_belongs_to_it_up_to_the_next_one_camera_by_camera() -> None:
    photos = [
        photo("c", second=40, number="35-B"),
        photo("a", second=10, number="35-A"),
        photo("y", second=30, camera="z"),
        photo("b", second=30),
        photo("d", second=50),
        photo("x", second=5, number="35-Z", camera="z"),
    ]
    assert names(photos) == [("35-A", "ab"), ("35-B", "cd"), ("35-Z", "xy")]


def test_without_a_clock_names_count_as_people_count() -> None:
    assert names([photo("10"), photo("9", number="35-A"), photo("11", number="35-B")]) == [
        ("35-A", "910"),
        ("35-B", "11"),
    ]


def test_what_follows_two_cards_in_one_photo_belongs_to_no_object_before_them() -> None:
    photos = [
        photo(name, second=30 * place + 1, number=number)
        for place, (name, number) in enumerate(
            [("a", "35-A"), ("b", CARD_OF_NO_OBJECT), ("c", ""), ("d", "35-D"), ("e", "")]
        )
    ]
    assert names(photos) == [("35-A", "a"), ("", "b"), ("", "c"), ("35-D", "de")]


def test_a_card_that_cannot_be_read_begins_an_object_that_asks_for_its_number() -> None:
    lot = lot_of(
        *(
            photo(name, second=30 * place + 1, number=number)
            for place, (name, number) in enumerate(
                [("a", "35-A"), ("b", ""), ("c", UNREAD_CARD), ("d", ""), ("e", "35-E")]
            )
        )
    )
    assert names(lot.photos) == [("35-A", "ab"), ("", "cd"), ("35-E", "e")]
    unread = groups_of(lot.photos)[1]
    assert (unread.is_unread, unread.is_proposed, unread.doubts) == (True, True, ())
    group_words.write(lot, groups_of(lot.photos), {unread.key: GroupWords(title="Bague")}, now=NOW)
    sorting.name(lot, unread.key, "35-C", now=NOW)
    assert [group.key for group in groups_of(lot.photos)] == ["35-A", "35-C", "35-E"]
    assert written(lot)["35-C"].title == "Bague"
    assert undoing.undo(lot, now=NOW)
    sorting.accept(lot, {unread.key}, now=NOW)
    assert [group.is_proposed for group in groups_of(lot.photos)] == [False] * 3


def test_what_follows_a_card_that_is_removed_joins_no_object_before_it() -> None:
    cards = {"a": "35-A", "c": UNREAD_CARD, "e": "35-E", "g": CARD_OF_NO_OBJECT}
    lot = lot_of(*(photo(name, second=30 * ord(name), number=cards.get(name, "")) for name in "abcdefghi"))
    unread = groups_of(lot.photos)[1]
    group_words.write(lot, groups_of(lot.photos), {unread.key: GroupWords(title="Bague")}, now=NOW)
    sorting.take_apart(lot, {"f"}, now=NOW)
    gone = [each for each in lot.photos if each.name in "cegh"]
    leaving.hand_on(lot, gone)
    for each in gone:
        lot.photos.remove(each)
    assert undoing.undo(lot, now=NOW)
    assert names(lot.photos) == [("35-A", "ab"), ("", "d"), ("35-E", "f"), ("", "i")]
    assert written(lot)[groups_of(lot.photos)[1].key].title == "Bague"
    assert not any(group.is_unread for group in groups_of(lot.photos))


def test_what_is_written_under_an_unread_card_stays_with_what_is_left_when_that_is_removed() -> None:
    for is_accepted, moved, heir in ((False, "d", "e"), (True, "", "d")):
        lot = lot_of(*(photo(name, second=30 * ord(name), number=UNREAD_CARD if name == "c" else "") for name in "cde"))
        group_words.write(lot, groups_of(lot.photos), {"cc": GroupWords(title="Bague")}, now=NOW)
        sorting.take_apart(lot, set(moved), now=NOW)
        if is_accepted:
            sorting.accept(lot, {"cc"}, now=NOW)
        card = lot.photos[0]
        leaving.hand_on(lot, [card])
        lot.photos.remove(card)
        assert undoing.undo(lot, now=NOW)
        assert written(lot)[f"p{heir}"] == GroupWords(title="Bague")
        assert [group.key for group in groups_of(lot.photos)] == ["pd", "pe"]


def test_what_was_moved_from_a_card_that_is_published_joins_no_object_before_it_when_that_is_undone(
    session: Session,
) -> None:
    lot = lot_of(
        *(
            photo(name, second=30 * ord(name), number=number)
            for name, number in (("a", "35-A"), ("b", ""), ("c", "35-C"), ("d", ""))
        )
    )
    sorting.take_apart(lot, {"d"}, now=NOW)
    leaving.take(session, lot, [each for each in lot.photos if each.name == "c"])
    assert undoing.undo(lot, now=NOW)
    assert names(lot.photos) == [("35-A", "ab"), ("35-C", "d")]


def test_what_looks_otherwise_or_was_taken_much_later_under_a_card_is_doubted_until_an_officer_answers() -> None:
    lot = lot_of(
        photo("a", second=1, number="35-A"),
        *(photo(name, second=second) for name, second in (("b", 6), ("c", 11), ("d", 611))),
    )
    lot.photos[1].together = DOUBTED
    (group,) = groups_of(lot.photos)
    assert [(each.photo.name, each.minutes) for each in group.doubts] == [("b", 0), ("d", 10)]
    assert sorting.confirm(lot, "b", now=NOW)
    assert not sorting.confirm(lot, "b", now=NOW)
    sorting.cut(lot, "d", now=NOW)
    assert [len(each.photos) for each in groups_of(lot.photos)] == [3, 1]
    assert not any(each.doubts for each in groups_of(lot.photos))
    undoing.undo(lot, now=NOW)
    assert [each.photo.name for each in groups_of(lot.photos)[0].doubts] == ["d"]


def test_an_answer_leaves_the_questions_about_what_follows() -> None:
    lot = lot_of(
        photo("a", second=1, number="35-A"),
        *(photo(name, second=second) for name, second in (("b", 5), ("c", 9), ("d", 13), ("e", 700))),
    )
    for each in lot.photos[1:]:
        each.together = DOUBTED if each.name in "bd" else None
    sorting.cut(lot, "b", now=NOW)
    first, second = groups_of(lot.photos)
    assert ([*first.doubts], [(each.photo.name, each.minutes) for each in second.doubts]) == ([], [("d", 0), ("e", 11)])
    # The worker no longer judges what an officer has moved.
    for each in lot.photos:
        each.together = each.name
    assert sorting.confirm(lot, "e", now=NOW)
    sorting.cut(lot, "d", now=NOW)
    assert [("".join(each.name for each in group.photos), [*group.doubts]) for group in groups_of(lot.photos)] == [
        ("a", []), ("bc", []), ("de", []),
    ]  # fmt: skip
    for _ in range(3):
        undoing.undo(lot, now=NOW)
    assert names(lot.photos) == [("35-A", "abcde")]


def test_what_is_before_any_card_is_only_proposed() -> None:
    photos = [photo("a", second=1), photo("b", second=9), photo("c", second=60), photo("d", second=90, number="n")]
    found = groups_of(photos)
    assert [(group.is_proposed, len(group.photos)) for group in found] == [(True, 2), (True, 1), (False, 1)]


def test_officers_join_move_take_apart_and_undo() -> None:
    lot = lot_of(photo("a", second=1, number="35-A"), photo("b", second=2), photo("c", second=90, number="35-B"))
    sorting.join(lot, {"a", "b", "c"}, now=NOW)
    assert names(lot.photos) == [("35-A", "abc")]
    assert undoing.undo(lot, now=NOW)
    sorting.move(lot, {"b"}, "35-B", now=NOW)
    assert names(lot.photos) == [("35-A", "a"), ("35-B", "bc")]
    sorting.take_apart(lot, {"b", "c"}, now=NOW)
    assert [len(group.photos) for group in groups_of(lot.photos)] == [1, 1, 1]
    assert undoing.undo(lot, now=NOW)
    assert undoing.undo(lot, now=NOW)
    assert names(lot.photos) == [("35-A", "ab"), ("35-B", "c")]
    assert not undoing.undo(lot, now=NOW)


def test_what_is_let_go_on_a_proposal_decides_it() -> None:
    lot = lot_of(photo("a", second=1), photo("b", second=40))
    assert sorting.move(lot, {"b"}, "pz", now=NOW) == 0
    assert sorting.move(lot, {"b"}, "pa", now=NOW) == 2
    assert [(group.is_proposed, len(group.photos)) for group in groups_of(lot.photos)] == [(False, 2)]


def test_an_accepted_proposal_keeps_its_words_and_its_photos() -> None:
    lot = lot_of(photo("a", second=1), photo("b", second=4))
    group_words.write(lot, groups_of(lot.photos), {"pa": GroupWords(title="Bague")}, now=NOW)
    assert sorting.accept(lot, {"pa"}, now=NOW) == 1
    (group,) = groups_of(lot.photos)
    assert not group.is_proposed
    assert written(lot)[group.key].title == "Bague"


def test_what_is_written_of_proposals_that_are_put_together_changes_only_where_the_row_is_written_in() -> None:
    first, second = photo("a", second=1), photo("b", second=40)
    lot = lot_of(first, second)
    words = {"pa": GroupWords(title="Pendule"), "pb": GroupWords(title="Cartel", materials="laiton", period="1900")}
    group_words.write(lot, groups_of(lot.photos), words, now=NOW)
    # The worker puts both together: the row shows what the second one had and the first one lacks.
    first.together = second.together = "x"
    row = written(lot)["pa"]
    assert row == GroupWords(title="Pendule", materials="laiton", period="1900")
    group_words.write(lot, groups_of(lot.photos), {"pa": replace(row, title="Horloge", period="")}, now=NOW)
    assert written(lot)["pa"] == GroupWords(title="Horloge", materials="laiton")
    # Apart again, each has its own.
    first.together, second.together = "", ""
    assert written(lot) == {"pa": GroupWords(title="Horloge"), "pb": GroupWords(title="Cartel", materials="laiton")}


def test_accepting_takes_what_most_photos_look_like_and_leaves_every_group_in_its_place() -> None:
    photos = [photo(name, second=20 * place + 1) for place, name in enumerate("abcd")]
    for each, together, category, colours in zip(photos, "aaab", "wwjt", (["red"], ["red"], [], []), strict=True):
        each.together, each.likely_category, each.likely_colours = together, category, colours
    lot = lot_of(*photos)
    before = names(lot.photos)
    assert before == [("", "abc"), ("", "d")]
    assert sorting.accept(lot, {"pd"}, now=NOW) == 1
    assert names(lot.photos) == before
    sorting.accept(lot, {"pa"}, now=NOW)
    assert [written(lot)[group.key] for group in groups_of(lot.photos)] == [
        GroupWords(category="w", colours="red"),
        GroupWords(category="t"),
    ]
    undoing.undo(lot, now=NOW)
    assert [group.is_proposed for group in groups_of(lot.photos)] == [True, False]
    assert len(written(lot)) == 1


def test_no_colour_is_proposed_of_what_is_mostly_silver_or_gold() -> None:
    ring, car = photo("a", number="35-A"), photo("b", number="35-B")
    for each, category in ((ring, "jewellery"), (car, "games_toys")):
        each.likely_category, each.likely_colours = category, ["black"]
    first, second = groups_of([ring, car])
    assert group_words.suggested(first, GroupWords()) == GroupWords(category="jewellery")
    assert group_words.suggested(first, GroupWords(category="games_toys")).colours == "black"
    assert group_words.suggested(second, GroupWords()) == GroupWords(category="games_toys", colours="black")
    assert group_words.accepted(second, {"35-B": GroupWords(category="watches")}) == GroupWords(category="watches")


def test_what_is_filled_in_for_many_is_taken_back_at_once() -> None:
    lot = lot_of(photo("a", number="35-A"), photo("b", number="35-B"))
    group_words.write(lot, groups_of(lot.photos), {"35-A": GroupWords(title="Bague", materials="or")}, now=NOW)
    assert sorting.fill(lot, {"35-A", "35-B", "gone"}, GroupWords(materials="argent"), now=NOW) == 2
    assert written(lot) == {
        "35-A": GroupWords(title="Bague", materials="argent"),
        "35-B": GroupWords(materials="argent"),
    }
    undoing.undo(lot, now=NOW)
    assert written(lot) == {"35-A": GroupWords(title="Bague", materials="or")}

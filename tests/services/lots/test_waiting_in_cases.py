"""Photos that wait in cases: counted, removed, taken for known items, and made into items of the right case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from gallery.errors import PhotoUnreadable
from gallery.models import Case, Item, LotPhoto, Officer, PhotoLot, Unit, WaitingResemblance
from gallery.services import audit, cases
from gallery.services.items import items
from gallery.services.items.numbering import card_numbers
from gallery.services.lots import known, lots, making, proposing, receiving
from gallery.services.lots.group_words import GroupWords
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.services.lots.lots import RefusedFile
from gallery.services.lots.making import NamedGroup, ReadyGroup
from gallery.services.lots.proposing import NOBODY, Proposer
from gallery.services.storekeeping import released
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory

HOUR, INSTANT = timedelta(hours=1), timedelta(microseconds=1)
# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


def drop(make: Factory, case: Case, officer: Officer, seed: int, *, at: timedelta = timedelta()) -> LotPhoto:
    data = pictures.jpeg(pictures.picture(seed))
    received = receiving.receive(make.session, make.given, data, case.unit)
    with atomic(make.session) as session:
        given = make.at(make.now + at)
        return lots.add(session, given, case, replace(received, name=f"{'x' * 130}{seed}.jpg"), by=officer)


def test_they_are_counted_by_case_and_removed_with_their_files(
    session: Session, make: Factory, unit: Unit, case: Case, officer: Officer, outsider: Officer
) -> None:
    first, second = drop(make, case, officer, 1), drop(make, case, officer, 2, at=HOUR)
    other = make.case(unit)
    assert (first.name, first.created_at, len(first.public_id)) == (f"{'x' * 115}1.jpg", make.now, 16)
    assert len(first.name) == lots.LONGEST_NAME
    assert lots.waiting_by_case(session, unit) == {case.id: 2}
    assert lots.waiting_by_case(session, outsider.unit) == {}
    assert [lots.waiting(session, each) for each in (case, other)] == [2, 0]
    sha256 = first.original_sha256
    assert [lots.holds(session, each, sha256) for each in (case, other)] == [True, False]
    assert not lots.holds(session, case, "f" * 64)
    assert lots.get_photo(session, first.public_id, by=officer) is first
    # The last touch counts.
    assert lots.count_old(session, older_than=make.now + HOUR) == 0
    assert lots.count_old(session, older_than=make.now + HOUR + INSTANT) == 2
    # Within the hour they would be one line.
    assert [each.details for each in audit.history(session, case)[:2]] == [{"times": 1}] * 2
    for place, ids in ((other, [first.public_id]), (case, ["none"])):
        with atomic(session):
            assert lots.remove(session, place, ids, by=officer, now=make.now) == 0
    digests = {first.original_sha256, first.rendition_digest}
    with atomic(session):
        assert lots.remove(session, case, [first.public_id], by=officer, now=make.now + 2 * HOUR) == 1
    assert lots.waiting(session, case) == 1
    assert released.among(session, [*digests, second.original_sha256]) == digests
    lot = lots.of_case(session, case)
    assert lot is not None
    assert (lot.touched_at, [each.id for each in lot.photos]) == (make.now + 2 * HOUR, [second.id])
    (removed,) = audit.history(session, case, limit=1)
    assert (removed.action, removed.details) == ("remove_waiting_photos", {"photos": 1})
    with atomic(session):
        assert lots.forget_old(session, older_than=make.now + 2 * HOUR, now=make.now) == 0
        assert lots.forget_old(session, older_than=make.now + 3 * HOUR, now=make.now) == 1
    (forgotten,) = audit.history(session, case, limit=1)
    assert (forgotten.action, forgotten.officer, forgotten.details) == ("forget_waiting_photos", None, {"photos": 1})
    assert lots.of_case(session, case) is None


def test_a_photo_that_arrives_while_others_are_compared_is_compared_next(
    session: Session, make: Factory, case: Case, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = drop(make, case, officer, 1)
    with atomic(session):
        first.described_digest = first.rendition_digest
    proposer = Proposer()

    def compare(_loose: Sequence[LotPhoto], _counts: object) -> dict[str, str]:
        drop(make, case, officer, 2)
        return {}

    monkeypatch.setattr(proposing, "_put_together", compare)
    assert proposer.propose_next(session)
    lot = lots.of_case(session, case)
    assert lot is not None
    assert {each.name[-5]: each.together for each in lot.photos} == {"1": NOBODY, "2": None}


def test_what_is_no_photo_is_named_until_it_is_forgotten(
    session: Session, make: Factory, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lots, "MAX_REFUSED", 2)
    with atomic(session):
        for letter in "abc":
            file = RefusedFile(letter * 64, f"{'y' * 130}{letter}", PhotoUnreadable())
            lots.set_aside(session, case, file, now=make.now)
    lot = lots.of_case(session, case)
    assert lot is not None
    assert lot.refused == {letter * 64: {"name": f"{'y' * 119}{letter}", "cause": "PhotoUnreadable"} for letter in "ab"}
    asked = ["d" * 64, "a" * 64, "c" * 64]
    assert lots.missing(session, case, asked) == ["d" * 64, "c" * 64]
    with atomic(session):
        lots.forget_refused(session, case)
        lots.forget_refused(session, make.case(case.unit))
    assert lots.missing(session, case, asked) == asked


def test_the_latest_of_very_many_removed_photos_are_remembered_beside_what_is_no_photo(
    session: Session, make: Factory, case: Case, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lots, "MAX_REFUSED", 1)
    monkeypatch.setattr(lots, "MAX_REMOVED", 2)
    photos = [drop(make, case, officer, seed) for seed in (1, 2, 3)]
    digests = [photo.original_sha256 for photo in photos]
    for photo in photos:
        with atomic(session):
            lots.remove(session, case, [photo.public_id], by=officer, now=make.now)
    with atomic(session):
        lots.set_aside(session, case, RefusedFile("a" * 64, "notes.txt", PhotoUnreadable()), now=make.now)
    assert lots.missing(session, case, [*digests, "a" * 64]) == [digests[0]]
    assert [lots.was_removed(session, case, digest) for digest in digests] == [False, True, True]
    assert not lots.was_removed(session, make.case(case.unit), digests[1])
    lot = lots.of_case(session, case)
    assert lot is not None
    assert [each.name for each in lots.removed_from(lot).values()] == [f"{'x' * 115}{seed}.jpg" for seed in (2, 3)]
    with atomic(session):
        lots.forget_removed(session, case, digests)
        lots.forget_removed(session, make.case(case.unit), digests)
    assert lots.missing(session, case, [*digests, "a" * 64]) == digests


def group_of(lot: PhotoLot | None) -> PhotoGroup:
    assert lot is not None
    (group,) = groups_of(lot.photos)
    return group


def test_an_item_that_a_group_is_not_is_told_no_more(
    session: Session, make: Factory, case: Case, officer: Officer, outsider: Officer
) -> None:
    photo = drop(make, case, officer, 77)
    same, alike = make.item(case, title="same"), make.item(case, with_photos=1, title="alike")
    hidden = make.item(make.case(outsider.unit), with_photos=1)
    make.photo(same, pictures.jpeg(pictures.picture(77)))
    with atomic(session):
        for item in (alike, hidden):
            session.add(WaitingResemblance(photo_id=photo.id, item_photo_id=item.photos[0].id, likelihood="strong"))
    lot = lots.of_case(session, case)
    group = group_of(lot)
    assert lot is not None

    def told() -> list[tuple[str, bool]]:
        found = known.of_groups(session, lot, [group], by=officer)
        return [(each.item.title, each.is_same_photo) for each in found.get(group.key, ())]

    assert told() == [("same", True), ("alike", False)]
    with atomic(session):
        assert known.ignore(session, group, hidden.public_number, by=officer) == 0
        assert known.ignore(session, group, same.public_number, by=officer) == 1
    assert told() == [("alike", False)]
    with atomic(session):
        assert known.ignore(session, group, alike.public_number, by=officer) == 1
    assert told() == []


def test_a_group_becomes_an_item_of_the_case_that_is_written(
    session: Session, make: Factory, unit: Unit, case: Case, officer: Officer
) -> None:
    other = make.case(unit)
    words = GroupWords(title="Montre", category="watches", materials="or", period="1900", colours="gold white")

    def made(seed: int, number: str = "", **changed: str) -> Item:
        drop(make, case, officer, seed)
        group = replace(group_of(lots.of_case(session, case)), number=number)
        with atomic(session):
            return making.make_items(
                session, make.given, [NamedGroup(ReadyGroup(group), replace(words, **changed))], by=officer
            )[0].item

    first = made(1)
    assert (first.title, first.category.code, first.materials, first.period, first.colours, first.case) == (
        "Montre", "watches", "or", "1900", ["gold", "white"], case,
    )  # fmt: skip
    assert lots.waiting(session, case) == 0
    assert made(2, case=other.reference).case is other
    assert made(3, case="none").case is case
    with atomic(session):
        (number,) = card_numbers.reserve(session, unit, 1, by=officer, now=make.now)
    fourth = made(4, number)
    assert fourth.public_number == number
    # Under a number that is there already its photos are added, and its words stay.
    assert (made(5, number, title="Autre"), len(fourth.photos), fourth.title) == (fourth, 2, "Montre")
    assert items.lock(session, number, by=officer) is fourth
    assert cases.get(session, other.reference, by=officer) is other

"""What the worker does for waiting photos: looked at once, looked for in the gallery, put together, handed on."""

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery import matching
from gallery.models import Case, LotPhoto, Officer, PhotoLot, SignatureState
from gallery.services.items.numbering import card_numbers
from gallery.services.items.signatures import MAX_ATTEMPTS
from gallery.services.lots import describing, known, lots, making, receiving
from gallery.services.lots.group_words import GroupWords
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.services.lots.making import NamedGroup, ReadyGroup
from gallery.services.rests import LONGEST
from gallery.services.transaction import atomic
from gallery.sharing import cards
from gallery.storage import rendition_key
from gallery.worker import Worker
from tests import pictures
from tests.factories import Factory


@pytest.fixture
def case(make: Factory, officer: Officer) -> Case:
    return make.case(officer.unit)


@pytest.fixture
def worker(make: Factory, sessions: sessionmaker[Session]) -> Worker:
    return Worker(make.resources(sessions), Event())


def drop(make: Factory, case: Case, officer: Officer, data: bytes, name: str) -> LotPhoto:
    received = receiving.receive(make.session, make.given, data, case.unit)
    with atomic(make.session) as session:
        return lots.add(session, make.given, case, replace(received, name=name), by=officer)


def lot_of(make: Factory, case: Case) -> PhotoLot:
    make.session.rollback()
    lot = lots.of_case(make.session, case)
    assert lot is not None
    return lot


def test_alike_photos_are_put_together_without_a_clock_and_found_in_the_gallery(
    make: Factory, session: Session, worker: Worker, case: Case, officer: Officer, outsider: Officer
) -> None:
    ring, watch = pictures.picture(1, kind="ring"), pictures.picture(2, kind="watch")
    ours = make.item(case)
    make.photo(ours, pictures.jpeg(watch))
    make.photo(make.item(make.case(outsider.unit)), pictures.jpeg(watch.resize((500, 375))))
    for name, picture in (("1", ring), ("2", watch.resize((700, 525))), ("3", ring.rotate(4))):
        drop(make, case, officer, pictures.jpeg(picture), f"{name}.jpg")
    worker.run_once()
    lot = lot_of(make, case)
    assert describing.count_due(session, lot) == 0
    first, second = groups_of(lot.photos)
    assert [each.name for each in first.photos] == ["1.jpg", "3.jpg"]
    told = known.of_groups(session, lot, [first, second], by=officer)
    assert {key: [each.item for each in found] for key, found in told.items()} == {second.key: [ours]}
    assert told[second.key][0].is_same_photo


def test_what_looks_otherwise_under_a_card_is_doubted_and_told_anew_for_a_card_that_comes_late(
    make: Factory, session: Session, worker: Worker, case: Case, officer: Officer
) -> None:
    with atomic(session):
        first, second = card_numbers.print_cards(session, case.unit, 2, by=officer, now=make.now)

    def shown(seed: int, kind: str, degrees: int, card: str = "") -> bytes:
        picture = pictures.picture(seed, kind=kind).rotate(degrees)
        if card:
            picture.paste(cards.drawn(card).convert("RGB").resize((220, 128)), (0, 0))
        return pictures.jpeg(picture)

    drop(make, case, officer, shown(1, "ring", 0, first), "1.jpg")
    drop(make, case, officer, shown(1, "ring", 4), "2.jpg")
    drop(make, case, officer, shown(2, "watch", 0), "4.jpg")
    worker.run_once()
    (group,) = groups_of(lot_of(make, case).photos)
    assert (group.number, [each.photo.name for each in group.doubts]) == (first, ["4.jpg"])
    drop(make, case, officer, shown(2, "watch", 3, second), "3.jpg")
    worker.run_once()
    groups = groups_of(lot_of(make, case).photos)
    assert [(group.number, len(group.photos), group.doubts) for group in groups] == [(first, 2, ()), (second, 2, ())]


def test_a_photo_is_described_once_for_the_table_and_for_the_item(
    make: Factory, session: Session, worker: Worker, case: Case, officer: Officer
) -> None:
    drop(make, case, officer, pictures.jpeg(pictures.picture(3)), "1.jpg")
    worker.run_once()
    lot = lot_of(make, case)
    (group,) = groups_of(lot.photos)
    words = GroupWords(title="Bague", category="jewellery")
    with atomic(session):
        item = making.make_items(session, make.given, [NamedGroup(ReadyGroup(group), words)], by=officer)[0].item
    (photo,) = item.photos
    assert photo.signature_state is SignatureState.DONE
    assert photo.signature is not None
    assert photo.signature.version == matching.current_version()
    assert worker.run_once() == 0


def test_a_damaged_file_is_given_up_and_its_photo_is_proposed_by_time(
    make: Factory, session: Session, worker: Worker, case: Case, officer: Officer
) -> None:
    photo = drop(make, case, officer, pictures.jpeg(pictures.picture(4)), "1.jpg")
    for each in photo.renditions:
        make.private.put(rendition_key(photo.rendition_digest, each.name), b"no picture")
    lot = lot_of(make, case)
    for _ in range(MAX_ATTEMPTS):
        worker._attempt(worker.lots.describe_next, "describe a waiting photo")
        with atomic(session):
            lot_of(make, case).photos[0].leased_until = None
    assert describing.count_due(session, lot) == 0
    assert not worker.lots.describe_next()
    assert worker.lots.propose_next()
    assert not worker.lots.propose_next()
    assert len(groups_of(lot_of(make, case).photos)) == 1


def test_a_photo_that_cannot_be_read_keeps_no_later_one_waiting(
    make: Factory, worker: Worker, case: Case, officer: Officer
) -> None:
    unreadable = drop(make, case, officer, pictures.jpeg(pictures.picture(6)), "1.jpg")
    for each in unreadable.renditions:
        path = Path(make.settings.private_store_address, rendition_key(unreadable.rendition_digest, each.name))
        # What reading a link to itself answers is an error of the disk; the superuser reads any file.
        path.unlink()
        path.symlink_to(path)
    drop(make, case, officer, pictures.jpeg(pictures.picture(7)), "2.jpg")
    for _ in range(3):
        worker._attempt(worker.lots.describe_next, "describe a waiting photo")
        make.now += LONGEST
    assert describing.count_due(make.session, lot_of(make, case)) == 1


def test_what_hides_a_part_of_a_photo_has_it_looked_at_again(
    make: Factory, session: Session, worker: Worker, case: Case, officer: Officer
) -> None:
    drop(make, case, officer, pictures.jpeg(pictures.picture(5)), "1.jpg")
    worker.run_once()
    other = make.photo(make.item(case))
    with atomic(session):
        (photo,) = lot_of(make, case).photos
        photo.rendition_digest, photo.renditions = other.rendition_digest, other.renditions
    assert describing.count_due(session, lot_of(make, case)) == 1
    worker.run_once()
    assert describing.count_due(session, lot_of(make, case)) == 0


def test_what_a_unit_may_see_is_read_again_once_the_catalogue_has_changed(
    make: Factory, session: Session, case: Case, outsider: Officer
) -> None:
    seen, ours = describing.SeenItems(), make.item(case)
    theirs = make.item(make.case(outsider.unit), with_photos=1)
    first = seen.of(session, case.unit_id)
    assert first == {ours.id}
    assert seen.of(session, case.unit_id) is first
    assert seen.of(session, outsider.unit_id) == {theirs.id}
    # Of one unit alone are they kept: of a hundred thousand items, a set for each unit would fill the worker's memory.
    assert seen.of(session, case.unit_id) == first
    assert seen.of(session, case.unit_id) is not first
    make.publish(theirs)
    assert seen.of(session, case.unit_id) == {ours.id, theirs.id}


def test_what_is_said_of_one_photo_holds_for_its_object_and_stays_when_the_worker_has_looked(
    make: Factory, session: Session, worker: Worker, case: Case, officer: Officer
) -> None:
    files = [pictures.jpeg(pictures.picture(seed)) for seed in (1, 2)]
    there = make.item(make.case(officer.unit))
    for data in files:
        make.photo(there, data)
    for name, data in zip(("1.jpg", "2.jpg"), files, strict=True):
        drop(make, case, officer, data, name)

    def asked(*names: str) -> tuple[set[str], set[str]]:
        """Whether a group of these is asked about, and whether it is held up."""
        lot = lot_of(make, case)
        group = PhotoGroup("key", "", tuple(photo for photo in lot.photos if photo.name in names))
        return {*known.of_groups(session, lot, [group], by=officer)}, known.same_files(session, lot, [group])

    assert asked("1.jpg") == asked("1.jpg", "2.jpg") == ({"key"}, {"key"})
    alone = PhotoGroup("key", "", tuple(photo for photo in lot_of(make, case).photos if photo.name == "1.jpg"))
    with atomic(session):
        known.ignore(session, alone, there.public_number, by=officer)
    assert asked("1.jpg", "2.jpg") == (set(), set())
    assert asked("2.jpg") == ({"key"}, {"key"})
    worker.run_once()
    assert describing.count_due(session, lot_of(make, case)) == 0
    assert asked("1.jpg") == asked("1.jpg", "2.jpg") == (set(), set())
    assert asked("2.jpg") == ({"key"}, {"key"})

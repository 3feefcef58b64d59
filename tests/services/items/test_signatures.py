from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from gallery import matching
from gallery.errors import FileAbsent
from gallery.models import CatalogueRevision, ItemPhoto, SignatureState, StoredSignature, Unit
from gallery.services.items import renditions, signatures
from gallery.services.items.photos import add_to_item
from gallery.services.items.signatures import DuePhoto
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory

LEASE = timedelta(minutes=5)


@pytest.fixture
def due_photo(make: Factory, unit: Unit) -> ItemPhoto:
    item = make.item(make.case(unit))
    data = pictures.jpeg(pictures.picture(1))
    prepared = renditions.prepare(data, settings=make.settings, private=make.private)
    with atomic(make.session):
        return add_to_item(make.session, item, prepared, by=None, now=make.now)


def take(make: Factory, *, later: timedelta = timedelta()) -> list[DuePhoto]:
    with atomic(make.session):
        return signatures.take_due(make.session, limit=10, lease=LEASE, now=make.now + later)


def test_a_photo_is_taken_once_and_described(make: Factory, due_photo: ItemPhoto) -> None:
    (due,) = take(make)
    assert take(make) == []
    made = signatures.make(due, settings=make.settings, private=make.private)
    with atomic(make.session):
        signatures.keep(make.session, made, now=make.now)
    assert due_photo.signature_state is SignatureState.DONE
    assert due_photo.signature is not None
    assert signatures.findability_kept(due_photo) == made.findability != matching.Findability()


def test_a_crashed_workers_photo_is_taken_again_after_the_lease(make: Factory, due_photo: ItemPhoto) -> None:
    taken = take(make)
    assert take(make, later=LEASE + timedelta(seconds=1)) == taken


def test_a_photo_taken_three_times_in_vain_has_failed(make: Factory, due_photo: ItemPhoto) -> None:
    for attempt in range(4):
        take(make, later=attempt * (LEASE + timedelta(seconds=1)))
    make.session.expire_all()
    assert due_photo.signature_state is SignatureState.FAILED


def test_a_lost_file_is_named(make: Factory, due_photo: ItemPhoto) -> None:
    make.private.delete(renditions.keys_of(due_photo))
    (due,) = take(make)
    with pytest.raises(FileAbsent):
        signatures.make(due, settings=make.settings, private=make.private)


def test_a_signature_of_a_picture_that_was_turned_meanwhile_is_not_kept(make: Factory, due_photo: ItemPhoto) -> None:
    (due,) = take(make)
    made = signatures.make(due, settings=make.settings, private=make.private)
    with atomic(make.session):
        due_photo.rendition_digest = "another picture by now"
    with atomic(make.session):
        signatures.keep(make.session, made, now=make.now)
    assert due_photo.signature is None
    assert due_photo.signature_state is SignatureState.DUE


def test_keeping_twice_is_harmless(make: Factory, due_photo: ItemPhoto) -> None:
    (due,) = take(make)
    made = signatures.make(due, settings=make.settings, private=make.private)
    for _ in range(2):
        with atomic(make.session):
            signatures.keep(make.session, made, now=make.now)
    assert due_photo.signature is not None


def test_a_new_signature_is_told_to_every_process(
    make: Factory, due_photo: ItemPhoto, sessions: sessionmaker[Session]
) -> None:
    def revision() -> int:
        with sessions() as session:
            return session.scalar(select(CatalogueRevision.number)) or 0

    before = revision()
    make.describe()
    assert revision() > before


def test_object_boxes_are_filled_in_past_what_is_damaged_and_what_is_done_stays(
    make: Factory, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make.case(unit)
    photos = [make.photo(make.item(case), pictures.jpeg(pictures.picture(1))) for _ in range(4)]
    found = photos[0].object_box
    assert found
    with atomic(make.session):
        for photo in photos:
            photo.object_box = None
        for photo, changed in ((photos[0], {"version": "0"}), (photos[2], {"details": b"damaged"})):
            of_photo = StoredSignature.photo_id == photo.id
            make.session.execute(update(StoredSignature).where(of_photo).values(changed))
    read = []

    def is_stopped_at_the_last(signature: matching.Signature) -> matching.Findability:
        read.append(signature)
        if len(read) == 2:
            raise KeyboardInterrupt
        return findability_of(signature)

    findability_of = matching.findability_of
    monkeypatch.setattr(matching, "findability_of", is_stopped_at_the_last)
    monkeypatch.setattr(signatures, "FILLED_AT_ONCE", 1)
    with pytest.raises(KeyboardInterrupt):
        signatures.fill_from_signatures(make.session)
    make.session.expire_all()
    assert [photo.object_box for photo in photos] == [None, found, None, None]
    signatures.fill_from_signatures(make.session)
    assert [photo.object_box for photo in photos] == [None, found, None, found]

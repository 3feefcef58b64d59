from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select

from gallery import imaging, matching
from gallery.errors import ChangedMeanwhile, PhotoNotFound, PhotoUnreadable
from gallery.matching import Box
from gallery.models import Item, ItemPhoto, Officer, SignatureState, StoredSignature, Unit
from gallery.services import audit
from gallery.services.items import photos, redaction, renditions, signatures
from gallery.services.items.redaction import RedactedPhoto
from gallery.services.items.renditions import keys_of
from gallery.services.transaction import atomic
from gallery.storage import original_key, rendition_key
from tests import pictures
from tests.factories import Factory

RING = pictures.jpeg(pictures.picture(1, kind="ring"))


def test_the_original_is_kept_byte_for_byte(make: Factory, unit: Unit) -> None:
    photo = make.photo(make.item(make.case(unit)), RING)
    assert make.private.get(original_key(photo.original_sha256)) == RING


def test_a_photo_has_its_files_before_it_has_a_row(make: Factory, unit: Unit) -> None:
    photo = make.photo(make.item(make.case(unit)), RING)
    assert all(make.private.holds(key) for key in keys_of(photo))


def test_the_same_file_again_is_the_photo_there_is(make: Factory, unit: Unit) -> None:
    item = make.item(make.case(unit))
    assert make.photo(item, RING) is make.photo(item, RING)
    assert len(item.photos) == 1


def test_an_unreadable_file_leaves_nothing(make: Factory) -> None:
    with pytest.raises(PhotoUnreadable):
        renditions.prepare(b"not a picture", settings=make.settings, private=make.private)
    assert not any(each.is_file() for each in (make.settings.instance / "photos").rglob("*"))


def test_the_cover_is_the_first_photo(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.item(make.case(unit), with_photos=3)
    chosen = item.photos[2]
    with atomic(make.session):
        photos.choose_cover(make.session, item, chosen, by=officer, now=make.now)
    make.session.expire(item)
    assert item.photos[0] is chosen
    assert [photo.position for photo in item.photos] == [0, 1, 2]


def turn(make: Factory, photo: ItemPhoto, officer: Officer, quarter_turns: int) -> None:
    turned = photos.prepare_turn(photo, quarter_turns=quarter_turns, settings=make.settings, private=make.private)
    with atomic(make.session):
        photos.turn(make.session, make.given, photo, turned, by=officer)


def test_a_turned_photo_shows_other_files_and_wants_a_new_signature(
    make: Factory, unit: Unit, officer: Officer
) -> None:
    item = make.published(make.case(unit), pictures.jpeg(pictures.picture(3).resize((640, 480))))
    photo = item.photos[0]
    turn(make, photo, officer, 1)
    largest = photo.renditions[-1]
    assert (largest.width, largest.height) == (480, 640)
    assert photo.signature_state is SignatureState.DUE
    assert all(make.public.holds(key) for key in keys_of(photo))


def test_four_quarter_turns_are_none(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.item(make.case(unit), with_photos=1)
    photo = item.photos[0]
    before = photo.rendition_digest
    for _ in range(4):
        turn(make, photo, officer, 1)
    assert photo.rendition_digest == before


def test_what_is_hidden_while_a_photo_is_turned_stays_hidden(make: Factory, unit: Unit, officer: Officer) -> None:
    photo = make.item(make.case(unit), with_photos=1).photos[0]
    turned = photos.prepare_turn(photo, quarter_turns=1, settings=make.settings, private=make.private)
    plate = redaction.prepare(photo, [(0.1, 0.1, 0.5, 0.5)], settings=make.settings, private=make.private)
    redacted = RedactedPhoto(plate, seen=photo.rendition_digest)
    with atomic(make.session):
        redaction.hide(make.session, make.given, photo, redacted, by=officer)
    hidden = photo.rendition_digest
    with pytest.raises(ChangedMeanwhile), atomic(make.session):
        photos.turn(make.session, make.given, photo, turned, by=officer)
    assert (photo.rendition_digest, photo.quarter_turns) == (hidden, 0)


def test_two_turns_at_once_are_one(make: Factory, unit: Unit, officer: Officer) -> None:
    photo = make.item(make.case(unit), with_photos=1).photos[0]
    first, second = (
        photos.prepare_turn(photo, quarter_turns=1, settings=make.settings, private=make.private) for _ in range(2)
    )
    with atomic(make.session):
        photos.turn(make.session, make.given, photo, first, by=officer)
    with pytest.raises(ChangedMeanwhile), atomic(make.session):
        photos.turn(make.session, make.given, photo, second, by=officer)
    assert photo.quarter_turns == 1


def test_a_photo_of_another_item_is_not_found(make: Factory, unit: Unit) -> None:
    case = make.case(unit)
    mine, other = make.item(case, with_photos=1), make.item(case, with_photos=1)
    with pytest.raises(PhotoNotFound):
        photos.get(mine, other.photos[0].public_id)


BOX = (0.2, 0.1, 0.5, 0.6)


def surround(make: Factory, item: Item, box: Box | None, officer: Officer) -> None:
    with atomic(make.session):
        photos.set_box(make.session, item.photos[0], box, by=officer, now=make.now)


def test_a_box_is_kept_noted_and_described(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.item(make.case(unit))
    photo = make.photo(item, RING)
    assert photo.signature is not None
    before = photo.signature.compact
    surround(make, item, BOX, officer)
    assert signatures.box_of(photo) == BOX
    assert photo.signature_state is SignatureState.DUE
    assert [entry.action for entry in audit.history(make.session, item, limit=1)] == ["box_photo"]
    make.describe()
    make.session.expire_all()
    shown = make.private.get(rendition_key(photo.rendition_digest, signatures.described_rendition(photo)))
    picture = imaging.as_array(imaging.decode(shown, renditions.limits_of(make.settings)))
    assert photo.signature.compact == matching.describe(np.ascontiguousarray(picture), BOX).compact()
    assert photo.signature.compact != before


def test_a_box_drawn_while_a_photo_is_described_is_not_lost(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.item(make.case(unit), with_photos=1)
    surround(make, item, (0.0, 0.0, 0.5, 0.5), officer)
    with atomic(make.session):
        (due,) = signatures.take_due(make.session, limit=1, lease=timedelta(minutes=1), now=make.now)
    made = signatures.make(due, settings=make.settings, private=make.private)
    surround(make, item, BOX, officer)
    with atomic(make.session):
        signatures.keep(make.session, made, now=make.now)
    assert item.photos[0].signature_state is SignatureState.DUE


def test_the_same_box_again_changes_nothing(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.item(make.case(unit), with_photos=1)
    surround(make, item, BOX, officer)
    make.describe()
    surround(make, item, BOX, officer)
    make.session.expire_all()
    assert item.photos[0].signature_state is SignatureState.DONE


def test_a_box_turns_with_its_photo(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.item(make.case(unit), with_photos=1)
    photo = item.photos[0]
    surround(make, item, BOX, officer)
    turn(make, photo, officer, 1)
    assert photo.box == pytest.approx((0.4, 0.2, 0.9, 0.5))
    turn(make, photo, officer, -1)
    assert photo.box == pytest.approx(BOX)


def test_a_photo_without_box_again_has_none(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.item(make.case(unit), with_photos=1)
    surround(make, item, BOX, officer)
    surround(make, item, None, officer)
    make.session.expire_all()
    assert item.photos[0].box is None


def test_a_described_photo_says_where_its_object_is_and_how_well_it_is_found_and_so_does_an_upgrade(
    make: Factory, unit: Unit, officer: Officer
) -> None:
    item = make.item(make.case(unit))
    photo = make.photo(item, RING)
    make.describe()
    make.session.expire_all()
    columns = ("object_box", "object_share", "point_size")
    found = [getattr(photo, each) for each in columns]
    assert None not in found

    def upgraded(*empty: str) -> list[object]:
        with atomic(make.session):
            for each in empty:
                setattr(photo, each, None)
        signatures.fill_from_signatures(make.session)
        return [getattr(photo, each) for each in columns]

    assert upgraded(*columns) == upgraded(*columns[:1]) == upgraded(*columns[1:]) == found
    with atomic(make.session):
        make.session.scalars(select(StoredSignature)).one().version = "3-of an earlier matcher"
    assert upgraded(*columns) == [None, None, None]
    surround(make, item, BOX, officer)
    assert photo.object_box is None
    make.describe()
    make.session.expire_all()
    assert photo.object_box == pytest.approx(BOX, abs=0.02)

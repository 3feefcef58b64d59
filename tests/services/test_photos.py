import pytest
from sqlalchemy.orm import Session

from gallery.errors import PhotoNotFound, PhotoUnreadable
from gallery.models import Officer, SignatureState, Unit
from gallery.services import photos, renditions
from gallery.services.renditions import keys_of
from gallery.services.transaction import atomic
from gallery.storage import original_key
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


def turn(make: Factory, item_photo: tuple, officer: Officer, quarter_turns: int) -> None:  # type: ignore[type-arg]
    item, photo = item_photo
    turned = photos.prepare_turn(photo, quarter_turns=quarter_turns, settings=make.settings, private=make.private)
    with atomic(make.session):
        photos.turn(
            make.session, item, photo, turned, private=make.private, public=make.public, by=officer, now=make.now
        )


def test_a_turned_photo_shows_other_files_and_wants_a_new_signature(
    make: Factory, unit: Unit, officer: Officer
) -> None:
    item = make.published(make.case(unit), pictures.jpeg(pictures.picture(3).resize((640, 480))))
    photo = item.photos[0]
    turn(make, (item, photo), officer, 1)
    largest = photo.renditions[-1]
    assert (largest["width"], largest["height"]) == (480, 640)
    assert photo.signature_state is SignatureState.DUE
    assert all(make.public.holds(key) for key in keys_of(photo))


def test_four_quarter_turns_are_none(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.item(make.case(unit), with_photos=1)
    photo = item.photos[0]
    before = photo.rendition_digest
    for _ in range(4):
        turn(make, (item, photo), officer, 1)
    assert photo.rendition_digest == before


def test_a_photo_of_another_item_is_not_found(make: Factory, unit: Unit) -> None:
    case = make.case(unit)
    mine, other = make.item(case, with_photos=1), make.item(case, with_photos=1)
    with pytest.raises(PhotoNotFound):
        photos.get(mine, other.photos[0].public_id)


def test_deleting_a_photo_deletes_its_signature(make: Factory, unit: Unit, officer: Officer, session: Session) -> None:
    item = make.item(make.case(unit), with_photos=2)
    gone = item.photos[0]
    assert gone.signature is not None
    with atomic(session):
        photos.delete(session, item, gone, sealer=make.sealer, by=officer, now=make.now)
    assert len(item.photos) == 1

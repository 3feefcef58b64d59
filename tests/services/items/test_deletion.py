from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import inspect, update
from sqlalchemy.orm import Session, sessionmaker

from gallery.errors import PhotoNotFound, PhotoThereAlready, StoreUnreachable
from gallery.models import DeletedPhoto, Item, ItemPhoto, ItemStatus, Officer, Unit
from gallery.services import audit
from gallery.services.items import deletion, photos, renditions
from gallery.services.items.renditions import keys_of
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.storekeeping import trash
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore, original_key
from tests import pictures
from tests.factories import Factory

PHOTOS = [pictures.jpeg(pictures.picture(seed, kind="ring")) for seed in (1, 2, 3)]


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    return make.published(make.case(unit), *PHOTOS)


class Acts:
    """What an officer does about the second photo of the item, some hours after it was published."""

    def __init__(self, make: Factory, item: Item, officer: Officer) -> None:
        self.make, self.item, self.session, self.by = make, item, make.session, officer
        self.photo = item.photos[1]
        self.public_id, self.photo_id = self.photo.public_id, self.photo.id
        self.stores = {"private": make.private, "public": make.public}

    def delete(self) -> None:
        with atomic(self.session):
            deletion.delete(self.session, self.make.given, self.photo, by=self.by)

    def restore(self, after: timedelta = timedelta(hours=23)) -> ItemPhoto:
        now = self.make.now + after
        with atomic(self.session):
            deleted = deletion.get(self.session, self.item, self.public_id, now=now)
            given = replace(self.make.given, now=lambda: now)
            return deletion.restore(self.session, given, self.item, deleted, by=self.by)

    def condemn(self) -> None:
        with atomic(self.session):
            deleted = deletion.get(self.session, self.item, self.public_id, now=self.make.now)
            deletion.condemn(self.session, self.item, deleted, by=self.by, now=self.make.now)

    def destroy(self) -> int:
        return deletion.destroy(self.session, **self.stores)


@pytest.fixture
def acts(make: Factory, item: Item, officer: Officer) -> Acts:
    return Acts(make, item, officer)


def all_of(photo: ItemPhoto) -> dict[str, object]:
    assert photo.signature is not None
    parts = {"signature": photo.signature.compact, "details": photo.signature.details}
    return {each.key: getattr(photo, each.key) for each in inspect(ItemPhoto).column_attrs} | parts


def test_a_deleted_photo_comes_back_as_it_was(acts: Acts, item: Item) -> None:
    with atomic(acts.session):
        photos.set_alt_text(acts.session, acts.photo, "Le dos", by=acts.by, now=acts.make.now)
        photos.set_box(acts.session, acts.photo, (0.1, 0.2, 0.5, 0.6), by=acts.by, now=acts.make.now)
    acts.make.describe()
    acts.session.expire_all()
    before, order = all_of(acts.photo), [each.id for each in item.photos]
    acts.delete()
    assert [each.id for each in item.photos] == [order[0], order[2]]
    assert all_of(acts.restore()) == before
    assert [each.id for each in item.photos] == order
    done = [entry.action for entry in audit.history(acts.session, item, limit=2)]
    assert done == ["restore_photo", "delete_photo"]


def test_no_search_finds_a_deleted_photo(acts: Acts, sessions: sessionmaker[Session]) -> None:
    served = [MemoryCatalogue(sessions, scope=scope) for scope in (Scope.PUBLIC, Scope.ALL)]
    assert [len(each.current()) for each in served] == [3, 3]
    acts.delete()
    assert [len(each.current()) for each in served] == [2, 2]
    acts.restore()
    assert [len(each.current()) for each in served] == [3, 3]


def test_its_files_are_public_again(acts: Acts, make: Factory) -> None:
    acts.delete()
    make.public.delete(keys_of(acts.photo))
    assert all(make.public.holds(key) for key in keys_of(acts.restore()))


def test_a_photo_that_the_public_has_never_seen_comes_back_hidden(acts: Acts, item: Item) -> None:
    with atomic(acts.session):
        acts.photo.shown_at = None
    acts.delete()
    assert acts.restore().is_private
    assert item.status is ItemStatus.PUBLISHED


def test_a_photo_that_was_deleted_before_its_item_was_published_comes_back_hidden(acts: Acts, item: Item) -> None:
    acts.delete()
    with atomic(acts.session):
        item.published_at = acts.make.now + timedelta(minutes=1)
    assert acts.restore().is_private


def test_after_a_day_it_is_too_late(acts: Acts) -> None:
    acts.delete()
    with pytest.raises(PhotoNotFound):
        acts.restore(deletion.HAD_BACK_FOR)
    with atomic(acts.session):
        assert deletion.count_old(acts.session, now=acts.make.now + deletion.HAD_BACK_FOR) == 1
        assert deletion.forget_old(acts.session, now=acts.make.now + deletion.HAD_BACK_FOR) == 1
    assert acts.session.get(ItemPhoto, acts.photo_id) is None
    assert acts.session.get(DeletedPhoto, acts.photo_id) is None


def test_the_same_file_given_again_is_the_deleted_photo(acts: Acts, make: Factory, item: Item) -> None:
    acts.delete()
    again = renditions.prepare(PHOTOS[1], settings=make.settings, private=make.private)
    with atomic(acts.session):
        back = photos.add_to_item(acts.session, item, again, by=acts.by, now=make.now)
    assert (back.public_id, back.is_private) == (acts.public_id, True)
    assert acts.session.get(DeletedPhoto, acts.photo_id) is None


def test_a_file_that_can_be_had_back_is_not_moved_in_from_another_item(acts: Acts, make: Factory, item: Item) -> None:
    same = make.photo(make.item(item.case), PHOTOS[1])
    acts.delete()
    with pytest.raises(PhotoThereAlready), atomic(acts.session):
        photos.move(acts.session, make.given, same, item, by=acts.by)
    assert acts.restore().public_id == acts.public_id


def test_a_photo_whose_file_the_item_has_again_is_not_had_back(acts: Acts, make: Factory, item: Item) -> None:
    same = make.photo(make.item(item.case), PHOTOS[1])
    acts.delete()
    with atomic(acts.session):
        acts.session.execute(update(ItemPhoto).where(ItemPhoto.id == same.id).values(item_id=item.id))
    with pytest.raises(PhotoThereAlready):
        acts.restore()


def test_a_condemned_photo_is_destroyed_in_the_trash_too(acts: Acts, make: Factory) -> None:
    keys = [original_key(acts.photo.original_sha256), *keys_of(acts.photo)]
    assert make.private.throw_away(keys[:1], make.now + timedelta(days=10_000), day=make.now.date()) == []
    acts.delete()
    acts.condemn()
    with pytest.raises(PhotoNotFound):
        acts.restore()
    assert acts.destroy() == 1
    assert not any(store.holds(key) for store in (make.private, make.public) for key in keys)
    assert trash.count(make.private) == 0
    assert acts.session.get(ItemPhoto, acts.photo_id) is None


def test_a_file_that_another_item_shows_is_not_destroyed(acts: Acts, make: Factory, unit: Unit) -> None:
    other = make.item(make.case(unit))
    make.photo(other, PHOTOS[1])
    acts.delete()
    acts.condemn()
    acts.destroy()
    assert make.private.get(original_key(other.photos[0].original_sha256)) == PHOTOS[1]
    assert all(make.private.holds(key) for key in keys_of(other.photos[0]))


class Lost(PhotoStore):
    def delete(self, keys: object) -> None:
        raise StoreUnreachable("no answer")


def test_what_was_interrupted_is_destroyed_later(acts: Acts, make: Factory) -> None:
    acts.delete()
    acts.condemn()
    with pytest.raises(StoreUnreachable):
        deletion.destroy(acts.session, private=Lost("memory:"), public=make.public)
    assert acts.destroy() == 1
    assert acts.destroy() == 0

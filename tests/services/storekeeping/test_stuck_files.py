"""A file that can't be removed keeps nothing else from being removed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.errors import StoreUnreachable
from gallery.models import DeletedPhoto, ItemPhoto, Officer, StoreName, Unit
from gallery.services.items import deletion
from gallery.services.storekeeping import batches, ownership, trash
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore, original_key, sha256_of
from gallery.worker import Worker
from tests.factories import Factory

NOW = datetime.now(UTC)
KEYS = [original_key(sha256_of(bytes([number]))) for number in range(3)]


def block(settings: Settings, key: str) -> None:
    """Put in a file's place what can't be removed as a file is, nor moved to where a file belongs."""
    path = Path(settings.private_store_address, key)
    path.unlink(missing_ok=True)
    path.mkdir(parents=True)
    (path / "in the way").touch()


@pytest.fixture
def condemned(make: Factory, unit: Unit, officer: Officer, settings: Settings) -> list[int]:
    """Three photos to be destroyed, of which the first one's original is stuck."""
    item = make.item(make.case(unit), with_photos=4)
    doomed = item.photos[1:]
    ids = [photo.id for photo in doomed]
    block(settings, original_key(doomed[0].original_sha256))
    for photo in doomed:
        with atomic(make.session):
            deletion.delete(make.session, make.given, photo, by=officer)
            make.session.flush()
            deletion.condemn(make.session, item, make.session.get_one(DeletedPhoto, photo.id), by=officer, now=make.now)
    return ids


def left(session: Session, ids: list[int]) -> list[int]:
    end_reading(session)
    return list(session.scalars(select(ItemPhoto.id).where(ItemPhoto.id.in_(ids)).order_by(ItemPhoto.id)))


def test_the_photos_after_it_are_destroyed(
    session: Session, condemned: list[int], private: PhotoStore, public: PhotoStore
) -> None:
    with pytest.raises(StoreUnreachable):
        deletion.destroy(session, private=private, public=public)
    assert left(session, condemned) == condemned[:1]


def test_whoever_destroys_one_photo_hears_of_no_other(
    session: Session, condemned: list[int], private: PhotoStore, public: PhotoStore
) -> None:
    assert deletion.destroy(session, private=private, public=public, only=condemned[1]) == 1
    assert left(session, condemned) == [condemned[0], condemned[2]]


def test_the_worker_empties_the_trash_all_the_same(
    session: Session, sessions: sessionmaker[Session], condemned: list[int], private: PhotoStore, make: Factory
) -> None:
    ownership.check(session, private, StoreName.PRIVATE)
    private.put(KEYS[0], b"thrown away")
    day = (make.now - timedelta(days=make.settings.trash_days + 1)).date()
    assert private.throw_away(KEYS[:1], NOW + timedelta(hours=1), day=day) == []
    with pytest.raises(StoreUnreachable):
        Worker(make.resources(sessions), Event()).sweep()
    assert trash.count(private) == 0
    assert left(session, condemned) == condemned[:1]


def test_what_was_thrown_away_later_goes(
    private: PhotoStore, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 1)
    for key in KEYS:
        private.put(key, b"thrown away")
    private.throw_away(KEYS, NOW + timedelta(hours=1), day=NOW.date())
    first = next(key for key, _, _ in private.trash())
    stuck = Stuck(settings.private_store_address, first)
    with pytest.raises(StoreUnreachable):
        trash.empty(stuck, thrown_before=NOW.date() + timedelta(days=1))
    assert [key for key, _, _ in private.trash()] == [first]


class Stuck(PhotoStore):
    """A store that does not remove one file: no folder refuses the superuser, whom tests may run as."""

    def __init__(self, address: str, stuck: str) -> None:
        super().__init__(address)
        self.stuck = stuck

    def _delete(self, key: str) -> None:
        if key == self.stuck:
            raise StoreUnreachable("stuck")
        super()._delete(key)


def test_what_a_row_names_is_taken_back_although_another_file_is_not(
    session: Session, private: PhotoStore, settings: Settings, make: Factory, unit: Unit
) -> None:
    photos = make.item(make.case(unit), with_photos=3).photos
    keys = [original_key(photo.original_sha256) for photo in photos]
    assert private.throw_away(keys, NOW + timedelta(hours=1), day=NOW.date()) == []
    first = next(before for _, _, before in private.trash())
    folder = Path(settings.private_store_address, first).parent
    folder.rmdir()
    folder.write_text("in the way")
    with pytest.raises(StoreUnreachable):
        trash.take_back_named(session, private)
    assert all(private.holds(key) for key in keys if key != first)

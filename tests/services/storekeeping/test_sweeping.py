"""The sweep: what no row names goes, what may be on its way stays."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
import pytest
from obstore.store import ObjectStore
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import ArchiveState, Case, GivenArchive, Item, Officer, Unit
from gallery.services import sweeping
from gallery.services.facebook import archives
from gallery.services.facebook.archives import ArrivingFile, Choices
from gallery.services.items import categories, photos, publication
from gallery.services.items.renditions import keys_of
from gallery.services.storekeeping import batches, ownership
from gallery.services.sweeping import Sweep
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore, archive_key, original_key, rendition_key, sha256_of
from tests.factories import Factory

ORPHAN = sha256_of(b"orphan")
NOW = datetime.now(UTC)
DAY = timedelta(hours=24)


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


@pytest.fixture
def item(make: Factory, case: Case) -> Item:
    return make.item(case, with_photos=1)


def make_older(folder: str, *keys: str, hours: float = 25) -> None:
    """Make these files, or all when none is named, this many hours old."""
    paths = [Path(folder, key) for key in keys] or [path for path in Path(folder).rglob("*") if path.is_file()]
    for path in paths:
        os.utime(path, times=((NOW - timedelta(hours=hours)).timestamp(),) * 2)


def sweep(session: Session, private: PhotoStore, public: PhotoStore, *, dry_run: bool = False) -> set[str]:
    """Sweep the stores of this database, however many files that removes."""
    how = Sweep(older_than=NOW - DAY, now=NOW, dry_run=dry_run, approved=True)
    ownership.adopt(session, private)
    ownership.adopt(session, public)
    swept = [*sweeping.sweep_private(session, private, how), *sweeping.sweep_public(session, public, how)]
    return {key for batch in swept for key in batch.orphans}


def test_it_removes_an_old_file_that_no_row_names(
    session: Session, settings: Settings, private: PhotoStore, public: PhotoStore, item: Item
) -> None:
    private.put(original_key(ORPHAN), b"orphan")
    private.put(rendition_key(ORPHAN, "320.jpg"), b"orphan")
    make_older(settings.private_store_address)
    assert sweep(session, private, public) == {original_key(ORPHAN), rendition_key(ORPHAN, "320.jpg")}
    assert not private.holds(original_key(ORPHAN))
    (photo,) = item.photos
    assert all(private.holds(key) for key in (original_key(photo.original_sha256), *keys_of(photo)))


def test_a_file_just_put_and_not_yet_named_stays(session: Session, private: PhotoStore, public: PhotoStore) -> None:
    private.put(original_key(ORPHAN), b"orphan")
    assert sweep(session, private, public) == set()
    assert private.holds(original_key(ORPHAN))


def test_a_file_written_again_between_the_look_and_the_removal_stays(settings: Settings, private: PhotoStore) -> None:
    private.put(original_key(ORPHAN), b"orphan")
    make_older(settings.private_store_address)
    (found,) = private.files()
    assert found.modified < NOW - DAY
    private.put(original_key(ORPHAN), b"orphan")
    private.delete_older_than([found.key], NOW - DAY)
    assert private.holds(original_key(ORPHAN))


def test_a_dry_run_removes_nothing(
    session: Session, settings: Settings, private: PhotoStore, public: PhotoStore
) -> None:
    private.put(original_key(ORPHAN), b"orphan")
    make_older(settings.private_store_address)
    assert sweep(session, private, public, dry_run=True) == {original_key(ORPHAN)}
    assert private.holds(original_key(ORPHAN))


def test_a_foreign_file_stays(session: Session, settings: Settings, private: PhotoStore, public: PhotoStore) -> None:
    private.put("lost+found", b"of the file system")
    private.put("archives/LISEZ-MOI", b"of the operator")
    make_older(settings.private_store_address)
    assert sweep(session, private, public) == set()


@pytest.fixture
def given(session: Session, private: PhotoStore, officer: Officer, make: Factory) -> GivenArchive:
    """An archive that the worker is to read; of its file only the key matters."""
    with atomic(session):
        choices = Choices(categories.get_by_code(session, "other"))
        archive = archives.receive(session, choices, ArrivingFile("a.zip", 3), by=officer, now=make.now)
        archives.received(session, archive.reference, by=officer)
    private.put(archive_key(archive.reference), b"PK.")
    return archive


def test_an_archive_whose_row_is_gone_goes(
    session: Session,
    settings: Settings,
    private: PhotoStore,
    public: PhotoStore,
    officer: Officer,
    given: GivenArchive,
) -> None:
    with atomic(session):
        key = archives.forget(session, archives.lock(session, given.reference, by=officer))
    make_older(settings.private_store_address)
    assert sweep(session, private, public) == {key}
    assert not private.holds(key)


@pytest.mark.parametrize("state", [ArchiveState.DONE, ArchiveState.REFUSED])
def test_an_archive_of_no_more_use_goes(
    session: Session,
    settings: Settings,
    private: PhotoStore,
    public: PhotoStore,
    given: GivenArchive,
    state: ArchiveState,
) -> None:
    with atomic(session):
        given.state = state
    make_older(settings.private_store_address)
    assert sweep(session, private, public) == {archive_key(given.reference)}


def test_an_archive_that_waits_stays(
    session: Session, settings: Settings, private: PhotoStore, public: PhotoStore, given: GivenArchive
) -> None:
    make_older(settings.private_store_address)
    assert sweep(session, private, public) == set()


def test_a_file_that_can_not_be_removed_keeps_no_other(
    session: Session, settings: Settings, private: PhotoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [original_key(sha256_of(bytes([number]))) for number in range(3)]
    for key in keys:
        private.put(key, b"orphan")
    make_older(settings.private_store_address)
    rename, (stuck, *_) = obstore.rename, sorted(keys)

    def rename_most(store: ObjectStore, key: str, to: str) -> None:
        # No folder refuses the superuser, whom tests may run as.
        if key == stuck:
            raise PermissionError(key)
        rename(store, key, to)

    monkeypatch.setattr(obstore, "rename", rename_most)
    monkeypatch.setattr(batches, "BATCH", 1)
    ownership.adopt(session, private)
    swept = list(sweeping.sweep_private(session, private, Sweep(older_than=NOW - DAY, now=NOW, approved=True)))
    assert [str(failure) for batch in swept for failure in batch.failures] == [stuck]
    assert sum(batch.removed for batch in swept) == 2
    assert [key for key in keys if private.holds(key)] == [stuck]


def test_what_a_killed_process_began_to_write_goes(
    session: Session, settings: Settings, private: PhotoStore, public: PhotoStore
) -> None:
    private.put(original_key(ORPHAN), b"orphan")
    unfinished = Path(settings.private_store_address, original_key(ORPHAN) + "#1")
    unfinished.write_bytes(b"orp")
    make_older(settings.private_store_address, original_key(ORPHAN) + "#1")
    sweep(session, private, public)
    assert not unfinished.exists()
    assert private.holds(original_key(ORPHAN))


def test_the_files_of_a_withdrawn_item_leave_the_public_store_only(
    session: Session, settings: Settings, private: PhotoStore, public: PhotoStore, make: Factory, item: Item
) -> None:
    keys = keys_of(make.publish(item).photos[0])
    make_older(settings.public_store_address)
    assert sweep(session, private, public) == set()
    with atomic(session):
        publication.withdraw(session, item, by=None, now=make.now)
    assert sweep(session, private, public) == set(keys)
    assert not any(public.holds(key) for key in keys)
    assert all(private.holds(key) for key in keys)


def test_the_files_of_a_hidden_photo_leave_the_public_store(
    session: Session,
    settings: Settings,
    private: PhotoStore,
    public: PhotoStore,
    make: Factory,
    case: Case,
    officer: object,
) -> None:
    item = make.publish(make.item(case, with_photos=2))
    hidden = item.photos[0]
    with atomic(session):
        photos.set_private(session, make.given, hidden, is_private=True, by=officer)
    make_older(settings.public_store_address)
    assert sweep(session, private, public) == set(keys_of(hidden))

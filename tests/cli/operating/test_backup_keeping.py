"""Backups are whole or none, copy what is new, end with their files, and restore what was lost."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from gallery.config import Settings
from gallery.errors import BackupBusy
from gallery.models import Item, ItemPhoto, Officer
from gallery.services import audit
from gallery.services.backups import ledger
from gallery.services.backups.encryption import Locker, Opener
from gallery.services.backups.keeping import expire
from gallery.services.backups.making import PURPOSE, BackedUp, Backup
from gallery.services.backups.restoring import Restore
from gallery.services.backups.vault import KeptBackup, Vault, file_key
from gallery.services.items import deletion, photos
from gallery.services.items.renditions import keys_of
from gallery.services.schema import known_revisions
from gallery.services.storekeeping import ownership
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore
from tests.conftest import NOW
from tests.factories import Factory
from tests.parts import s3_server

Command = Callable[..., Result]


def well(result: Result) -> str:
    """What a command that has succeeded said."""
    assert result.exit_code == 0, result.output
    return str(result.output)


def files(store: PhotoStore) -> dict[str, bytes]:
    return {file.key: store.get(file.key) for file in store.files()}


def source_of(make: Factory) -> BackedUp:
    identity, revision = ownership.identity(make.session), known_revisions()[-1]
    return BackedUp(make.session.get_bind().engine, make.private, make.public, make.sealer, identity, revision)


def quiet(step: str, done: int) -> None:
    """Nobody is told."""


def test_the_restore_test_leaves_nothing(
    flask: Command,
    ring: Item,
    backup_key: tuple[Path, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    monkeypatch.setenv("GALLERY_INSTANCE", str(settings.instance))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    well(flask("backup", tmp_path / "backups", "--to", backup_key[1]))
    tested = flask("restore", tmp_path / "backups", "--identity", backup_key[0], "--test")
    assert (tested.exit_code, "can be restored" in tested.output) == (0, True), tested.output
    assert list((tmp_path / "tmp").iterdir()) == []
    flask("backup-key", tmp_path / "another")
    refused = flask("restore", tmp_path / "backups", "--identity", tmp_path / "another", "--test")
    assert (refused.exit_code, "this key does not open" in refused.output) == (2, True)


def test_a_second_backup_copies_what_is_new_and_old_ones_end_with_their_files(
    flask: Command, ring: Item, backup_key: tuple[Path, str], tmp_path: Path, make: Factory, session: Session
) -> None:
    with s3_server.running() as server, pytest.MonkeyPatch.context() as environ:
        for name, value in server.environment().items():
            environ.setenv(name, value)
        there = f"s3://{s3_server.BUCKET}/backups"
        well(flask("backup", there, "--to", backup_key[1]))
        first = {name for name in server.files if "/files/" in name and "/snapshots/" not in name}
        again = flask("backup", there, "--to", backup_key[1], "--verify")
        assert "of which 0 were copied now" in again.output
        with atomic(session):
            session.delete(session.scalar(select(ItemPhoto).where(ItemPhoto.item_id == ring.id)))
        make.photo(ring)
        # Both others are of this very day, and are kept.
        assert "0 older backups removed" in flask("backup", there, "--to", backup_key[1], "--expire-days", "1").output
        whole = [name for name in server.files if name.endswith("complete.json")]
        for name in sorted(whole, key=lambda name: str(json.loads(server.files[name][0])["made_at"]))[:-1]:
            server.files[name] = re.sub(rb'"made_at": "....', b'"made_at": "2020', server.files[name][0]), ""
        kept = flask("backup", there, "--to", backup_key[1], "--expire-days", "30")
        assert "2 older backups removed" in kept.output
        left = {name for name in server.files if "/files/" in name and "/snapshots/" not in name}
        assert len(first - left) > 1
        well(flask("backup", there, "--to", backup_key[1], "--verify"))
        damaged = sorted(left)[0]
        server.files[damaged] = server.files[damaged][0][:-1], ""
        told = flask("backup", there, "--to", backup_key[1], "--verify")
        assert (told.exit_code, "are damaged; the next" in told.output) == (1, True)
        assert damaged.rpartition("files/")[2] in told.output
        mended = well(flask("backup", there, "--to", backup_key[1], "--verify-in-turn", "--expire-days", "30"))
        assert "of which 1 were copied now" in mended
        well(flask("backup", there, "--to", backup_key[1], "--verify"))


def test_a_file_that_is_damaged_and_that_no_store_has_any_more_is_told_every_night(
    flask: Command, ring: Item, backup_key: tuple[Path, str], tmp_path: Path, make: Factory, session: Session
) -> None:
    arguments = ("backup", tmp_path / "backups", "--to", backup_key[1], "--verify-in-turn", "--expire-days", "1")
    well(flask(*arguments))
    kept = Vault(PhotoStore(str(tmp_path / "backups")))
    lost = keys_of(ring.photos[0])[0]
    name = bytes.fromhex(make.sealer.fingerprint(lost, purpose=PURPOSE))[: ledger.NAME_BYTES]
    kept.store.put(file_key(name), b"damaged")
    make.private.delete([lost])
    # Seen by whoever reads all of it; from then on by each night.
    assert flask(*arguments[:4], "--verify").exit_code == 1
    first = audit.last_backup(session)
    end_reading(session)
    for _ in range(3):
        told = flask(*arguments)
        assert (told.exit_code, lost in told.output, "older backups removed" in told.output) == (1, True, False)
    assert audit.last_backup(session) == first, "no whole one was made since"


def test_of_two_backups_of_the_same_second_the_later_is_the_newest(tmp_path: Path) -> None:
    vault = Vault(PhotoStore(str(tmp_path)))
    for id_, microsecond in (("20261130T010203Z-ffffffff", 1), ("20261130T010203Z-00000000", 2)):
        vault.complete(KeptBackup(id_, datetime(2026, 11, 30, 1, 2, 3, microsecond, UTC), "sqlite", {}, 0, {}))
    assert vault.snapshot(None).id == "20261130T010203Z-00000000"
    expire(vault, before=datetime(2026, 12, 1, tzinfo=UTC), now=lambda: NOW)
    assert [each.id for each in vault.snapshots()] == ["20261130T010203Z-00000000"]


def test_an_interrupted_backup_is_none_and_the_next_goes_on(
    ring: Item, tmp_path: Path, make: Factory, backup_key: tuple[Path, str]
) -> None:
    vault = Vault(PhotoStore(str(tmp_path / "backups")))
    source = source_of(make)

    def stop(step: str, done: int) -> None:
        if step == "files":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Backup(source, vault, Locker([backup_key[1]]), lambda: NOW, stop).run(keys=None)
    assert vault.snapshots() == []
    with vault.written(NOW), pytest.raises(BackupBusy):
        Backup(source, vault, Locker([backup_key[1]]), lambda: NOW, quiet).run(keys=None)
    made = Backup(source, vault, Locker([backup_key[1]]), lambda: NOW, quiet).run(keys=None)
    assert [each.id for each in vault.snapshots()] == [made.snapshot and made.snapshot.id]
    assert not any("keys" in file.key for file in vault.store.files())


def test_a_photo_deleted_before_the_backup_can_be_had_back_after_the_restore(
    ring: Item, session: Session, tmp_path: Path, make: Factory, backup_key: tuple[Path, str], officer: Officer
) -> None:
    photo, other = ring.photos[0], make.photo(ring)
    with atomic(session):
        photos.set_private(session, make.given, other, is_private=False, by=officer)
    public_id = photo.public_id
    with atomic(session):
        deletion.delete(session, make.given, photo, by=officer)
    vault = Vault(PhotoStore(str(tmp_path / "backups")))
    made = Backup(source_of(make), vault, Locker([backup_key[1]]), lambda: NOW, quiet).run(keys=None)
    assert made.snapshot is not None
    private, public = PhotoStore(str(tmp_path / "private")), PhotoStore(str(tmp_path / "public"))
    Restore(made.snapshot, vault, Opener(backup_key[0].read_text()), quiet).files(private, public)
    given = replace(make.given, private_store=private, public=public)
    assert not any(public.holds(key) for key in keys_of(photo))
    with atomic(session):
        deleted = deletion.get(session, ring, public_id, now=NOW)
        back = deletion.restore(session, given, ring, deleted, by=officer)
    assert all(store.holds(key) for store in (private, public) for key in keys_of(back))


def test_what_is_destroyed_while_files_are_copied_is_gone_and_what_is_named_still_is_missing(
    ring: Item, session: Session, tmp_path: Path, make: Factory, backup_key: tuple[Path, str]
) -> None:
    erased, named = make.photo(ring), ring.photos[0]
    gone, missing = keys_of(erased), keys_of(named)[:1]
    vault = Vault(PhotoStore(str(tmp_path / "backups")))

    def destroy(step: str, done: int) -> None:
        if step == "files" and make.private.holds(missing[0]):
            make.private.delete([*gone, *missing])
            with atomic(session):
                session.delete(erased)

    made = Backup(source_of(make), vault, Locker([backup_key[1]]), lambda: NOW, destroy).run(keys=None)
    assert (set(made.gone), made.missing) == (set(gone), missing)
    assert made.snapshot is not None
    restored = Restore(made.snapshot, vault, Opener(backup_key[0].read_text()), quiet)
    assert restored.contents.gone == set(gone)


def test_no_transaction_is_open_while_files_are_copied(
    ring: Item, session: Session, tmp_path: Path, make: Factory, backup_key: tuple[Path, str]
) -> None:
    source, open_ones = source_of(make), set[int]()
    pool = source.engine.pool
    assert isinstance(pool, QueuePool)
    session.rollback()

    def see(step: str, done: int) -> None:
        if step == "files":
            open_ones.add(pool.checkedout())

    Backup(source, Vault(PhotoStore(str(tmp_path / "backups"))), Locker([backup_key[1]]), lambda: NOW, see).run(keys={})
    assert open_ones == {0}


def test_a_lost_store_is_filled_again(
    flask: Command,
    ring: Item,
    backup_key: tuple[Path, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    private: PhotoStore,
) -> None:
    monkeypatch.setenv("GALLERY_INSTANCE", str(settings.instance))
    monkeypatch.setenv("GALLERY_DATABASE_URL", settings.database_url)
    well(flask("store", "status"))
    before = files(private)
    well(flask("backup", tmp_path / "backups", "--to", backup_key[1]))
    private.delete([*list(before)[1:], "identity.json"])
    private.put(next(iter(before)), b"damaged")
    refused = flask("restore", tmp_path / "backups", "--identity", backup_key[0], "--only", "stores")
    assert (refused.exit_code, "the private store" in refused.output) == (2, True)
    private.delete(before)
    well(flask("restore", tmp_path / "backups", "--identity", backup_key[0], "--only", "stores"))
    assert files(private) == before
    well(flask("store", "status"))


@pytest.mark.parametrize("what", ["a key", "a link that leads nowhere"])
def test_a_key_that_would_be_kept_nowhere_is_not_shown(flask: Command, tmp_path: Path, what: str) -> None:
    file = tmp_path / "backups.key"
    if what == "a key":
        flask("backup-key", file)
    else:
        file.symlink_to(tmp_path / "gone" / "backups.key")
    refused = flask("backup-key", file)
    assert (refused.exit_code, "is there already" in refused.output) == (2, True)
    assert "age1" not in refused.output

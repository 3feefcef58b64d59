"""Of two commands that write backups into one place, one gives way, whatever happens in between."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gallery.errors import BackupBusy
from gallery.services.backups import keeping, vault
from gallery.services.backups.making import BackedUp, Backup
from gallery.services.backups.vault import Vault
from gallery.storage import PhotoStore
from tests.unit.services.test_backups import LOCKER, MINUTE, NOW, SECOND, Told
from tests.unit.services.test_backups import kept as kept
from tests.unit.services.test_backups import source as source


def test_one_writes_and_a_killed_one_keeps_others_away_for_ten_minutes(kept: Vault) -> None:
    # As commands wrote it until 1 December 2026.
    kept.store.put(vault.WRITING, NOW.isoformat().encode())
    for later, minutes in ((timedelta(), 11), (SECOND, 10), (9 * MINUTE, 2), (9 * MINUTE + SECOND, 1)):
        with pytest.raises(BackupBusy) as busy, kept.written(NOW + later):
            pass
        assert busy.value.minutes == minutes
    at = NOW + 10 * MINUTE
    with kept.written(at), pytest.raises(BackupBusy), kept.written(at + MINUTE):
        pass
    assert not kept.store.holds(vault.WRITING)


class Ending(PhotoStore):
    """A store in which the other writer ends just when this one has found it at work."""

    def create(self, key: str, data: bytes) -> bool:
        is_new = super().create(key, data)
        if not is_new:
            self.delete([key])
        return is_new


def test_whoever_ends_meanwhile_leaves_the_way_free(tmp_path: Path) -> None:
    kept = Vault(Ending(str(tmp_path)))
    kept.store.put(vault.WRITING, NOW.isoformat().encode())
    with kept.written(NOW):
        assert kept.store.holds(vault.WRITING)
    assert not kept.store.holds(vault.WRITING)


def test_whoever_was_taken_for_killed_gives_way(kept: Vault) -> None:
    other = Vault(kept.store)
    with kept.written(NOW):
        with other.written(NOW + vault.KILLED_AFTER):
            with pytest.raises(BackupBusy) as busy:
                kept.say_alive(NOW + vault.KILLED_AFTER + MINUTE)
            assert busy.value.minutes == 10
            other.say_alive(NOW + vault.KILLED_AFTER + MINUTE)
        # The other has ended: what it has removed meanwhile is not known here.
        pytest.raises(BackupBusy, kept.say_alive, NOW + vault.KILLED_AFTER + MINUTE)


def test_the_end_of_one_that_was_taken_for_killed_ends_no_other(kept: Vault) -> None:
    other = Vault(kept.store)
    first = kept.written(NOW)
    first.__enter__()
    with other.written(NOW + vault.KILLED_AFTER):
        first.__exit__(None, None, None)
        assert kept.store.holds(vault.WRITING)
        other.say_alive(NOW + vault.KILLED_AFTER + MINUTE)


def test_a_backup_whose_copies_another_command_may_have_removed_is_none(source: BackedUp, kept: Vault) -> None:
    """One file takes eleven minutes; meanwhile old backups are removed, with all that no backup names."""
    clock = [NOW]

    def now() -> datetime:
        return clock[0]

    class Slow(PhotoStore):
        def put_file(self, key: str, file: object) -> None:
            super().put_file(key, file)  # type: ignore[arg-type]
            if clock[0] == NOW:
                clock[0] += vault.KILLED_AFTER + MINUTE
                keeping.expire(Vault(kept.store), before=NOW - timedelta(days=1), now=now)

    slow = Vault(Slow(str(kept.store.folder)))
    with pytest.raises(BackupBusy):
        Backup(source, slow, LOCKER, now, Told()).run(keys=None)
    assert kept.snapshots() == []
    clock[0] += MINUTE
    made = Backup(source, kept, LOCKER, now, Told()).run(keys=None)
    assert made.snapshot is not None
    assert list(keeping.check(kept, made.snapshot, Told()).damaged) == []

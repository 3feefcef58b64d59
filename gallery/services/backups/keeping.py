"""What becomes of backups: they are read back, and the old ones removed with the files that no backup still needs."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from gallery.errors import BackupDamaged
from gallery.services.backups import vault
from gallery.services.backups.encryption import temporary
from gallery.services.backups.ledger import Ledger
from gallery.services.backups.making import Progress
from gallery.services.storekeeping.batches import in_batches

# How long an interrupted backup waits for somebody to go on with it.
UNFINISHED_KEPT: Final = timedelta(days=2)
# Days within which each file has had its turn.
TURNS: Final = 30
Value = TypeVar("Value")


def check(of: vault.Vault, snapshot: vault.KeptBackup, told: Progress, *, day: date | None = None) -> int:
    """Read back what a backup needs, still encrypted; return how many objects. Raises BackupDamaged.

    day: of the earlier files only those whose turn it is on this day; None: all of them.
    """
    seen = 0
    for part in snapshot.parts:
        of.part(snapshot, part)
        seen += 1
    with Ledger() as earlier:
        if day is not None:
            for each in [each for each in of.snapshots() if each.made_at < snapshot.made_at][-1:]:
                earlier.add(of.names(each))
        for name, digest in of.names(snapshot):
            if day is not None and earlier.knows(name) and not _is_in_turn(name, day):
                continue
            with temporary() as read:
                of.copy_file(name, digest, read)
            seen += 1
            told("read back", 1)
    return seen


def _is_in_turn(name: bytes, day: date) -> bool:
    return int.from_bytes(name[:4], "big") % TURNS == day.toordinal() % TURNS


def expire(of: vault.Vault, *, before: datetime, now: Callable[[], datetime]) -> tuple[int, int]:
    """Remove the backups made before a moment, except the newest, and what no backup needs; return how many of each."""
    begun_at = now()
    stay_alive = of.signs(now, begun_at)
    with of.written(begun_at):
        old = [each.id for each in of.snapshots()[:-1] if each.made_at < before]
        for id_ in [*old, *of.begun(before=begun_at - UNFINISHED_KEPT)]:
            of.remove(id_)
            stay_alive()
        removed = 0
        with Ledger() as needed:
            for each in of.snapshots():
                needed.add(_alive(of.names(each), stay_alive))
            needed.add(_alive(of.names_of_begun(), stay_alive))
            for keys in in_batches(_unneeded(of, needed, stay_alive)):
                of.store.delete(keys)
                removed += len(keys)
    return len(old), removed


def _alive(some: Iterator[Value], stay_alive: Callable[[], None]) -> Iterator[Value]:
    for each in some:
        stay_alive()
        yield each


def _unneeded(of: vault.Vault, needed: Ledger, stay_alive: Callable[[], None]) -> Iterator[str]:
    for file in _alive(of.store.files(vault.FILES), stay_alive):
        name = vault.name_of(file.key)
        if name is None:
            raise BackupDamaged(file.key)
        if not needed.knows(name):
            yield file.key

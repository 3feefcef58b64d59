"""What becomes of backups: they are read back, and the old ones removed with the files that no backup still needs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from gallery.errors import BackupDamaged
from gallery.services.backups import vault
from gallery.services.backups.ledger import Ledger
from gallery.services.backups.making import Progress
from gallery.services.storekeeping.batches import in_batches

# How long an interrupted backup waits for somebody to go on with it.
UNFINISHED_KEPT: Final = timedelta(days=2)
# Days within which each file has had its turn.
TURNS: Final = 30
ALL_TURNS: Final = frozenset(range(TURNS))
Value = TypeVar("Value")


@dataclass(frozen=True)
class ReadBack:
    """What came of reading back. objects: how many were read; damaged: where those lie that are not as written."""

    objects: int
    damaged: Sequence[str]


def check(of: vault.Vault, snapshot: vault.KeptBackup, told: Progress, *, in_turn: bool = False) -> ReadBack:
    """Read back what a backup needs, still encrypted, and note in the vault what was found; the next backup copies it.

    in_turn: of the files that a backup read back before this one needed too, only those whose turn has come since, and
    those that were damaged. Raises BackupDamaged where the backup's own parts are not as they were written.
    """
    for part in snapshot.parts:
        of.part(snapshot, part)
    last = of.last_read()
    seen, whole, damaged = len(snapshot.parts), set[bytes](), set[bytes]()
    with Ledger() as earlier:
        turns = _begin_turns(of, snapshot, last, earlier) if in_turn else ALL_TURNS
        for name, digest in of.names(snapshot):
            if earlier.knows(name) and name not in last.damaged and _turn_of(name) not in turns:
                continue
            is_whole = of.is_whole(name, digest)
            if name in last.damaged or not is_whole:
                (whole if is_whole else damaged).add(name)
            seen += 1
            told("read back", 1)
    left = {name for name in last.damaged - whole if of.store.holds(vault.file_key(name))}
    of.note_read(vault.LastRead(snapshot.id, frozenset(damaged | left)))
    return ReadBack(seen, sorted(vault.file_key(name) for name in damaged))


def _begin_turns(of: vault.Vault, snapshot: vault.KeptBackup, last: vault.LastRead, earlier: Ledger) -> frozenset[int]:
    """The turns that have come since a backup was last read back, whose files go into `earlier`; all where none was."""
    for each in of.snapshots():
        if each.id == last.backup and each.made_at <= snapshot.made_at:
            earlier.add(of.names(each))
            days = range(each.made_at.toordinal() + 1, snapshot.made_at.toordinal() + 1)
            return frozenset(day % TURNS for day in days)
    return ALL_TURNS


def _turn_of(name: bytes) -> int:
    return int.from_bytes(name[:4], "big") % TURNS


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

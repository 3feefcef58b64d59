"""Which files of a backup are read each night: what is new, earlier ones in turn, damaged ones until they are whole."""

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import IO

import pytest

from gallery.services.backups import keeping, ledger, vault
from gallery.services.backups.vault import KeptBackup, Vault
from gallery.storage import PhotoStore

NOW = datetime(2026, 11, 30, 2, 30, tzinfo=UTC)
DAY = timedelta(days=1)


class Read(Vault):
    """A vault that remembers which files were read."""

    def __init__(self, store: PhotoStore) -> None:
        super().__init__(store)
        self.names_read: list[bytes] = []

    def copy_file(self, name: bytes, digest: bytes, into: IO[bytes]) -> None:
        """Read a file."""
        self.names_read.append(name)
        super().copy_file(name, digest, into)


@pytest.fixture
def kept(tmp_path: Path) -> Read:
    return Read(PhotoStore(str(tmp_path)))


def name_of(number: int) -> bytes:
    return hashlib.sha256(bytes([number])).digest()[: ledger.NAME_BYTES]


def back_up(kept: Vault, names: list[bytes], at: datetime) -> KeptBackup:
    """A whole backup that needs these files, which are there."""
    content = b"encrypted"
    digest = hashlib.sha256(content).digest()
    for name in names:
        kept.store.put(vault.file_key(name), content)
    packed = ledger.packed((name, digest) for name in names)
    id_ = vault.new_id(at)
    made = KeptBackup(id_, at, "ours", 1, len(names), {"names/000001": hashlib.sha256(packed).hexdigest()})
    kept.store.put(made.key("names/000001"), packed)
    kept.complete(made)
    return made


def quiet(_step: str, _done: int) -> None:
    """Nobody is told."""


def days_of_reading(kept: Read, names: list[bytes], days: range) -> Counter[bytes]:
    """How often each file is read in these nights."""
    read: Counter[bytes] = Counter()
    for number in days:
        made = back_up(kept, names, NOW + number * DAY)
        kept.names_read.clear()
        assert keeping.check(kept, made, quiet, in_turn=True).damaged == []
        assert len(kept.names_read) < len(names) / 2, "a part of them"
        read.update(kept.names_read)
    return read


def test_each_earlier_file_is_read_once_in_thirty_days_and_what_is_new_at_once(kept: Read) -> None:
    names = [name_of(number) for number in range(60)]
    assert keeping.check(kept, back_up(kept, names, NOW), quiet, in_turn=True).objects == 61
    read: Counter[bytes] = Counter()
    for number in range(1, 31):
        new = name_of(100 + number)
        found = days_of_reading(kept, [*names, new], range(number, number + 1))
        assert found[new] == 1
        read.update(found)
    assert {name: read[name] for name in names} == dict.fromkeys(names, 1)


def test_what_a_missed_night_would_have_read_is_read_in_the_next(kept: Read) -> None:
    names = [name_of(number) for number in range(60)]
    keeping.check(kept, back_up(kept, names, NOW), quiet, in_turn=True)
    # Nobody read this one back, and one file was new in it.
    new = name_of(100)
    back_up(kept, [*names, new], NOW + DAY)
    read = days_of_reading(kept, [*names, new], range(11, 31))
    assert {name: read[name] for name in names} == dict.fromkeys(names, 1)
    assert read[new] >= 1
    names.append(new)
    # After more than a month, and where the backup that was read back last is gone, all of them.
    for later in (31, 100):
        made = back_up(kept, names, NOW + (30 + later) * DAY)
        assert keeping.check(kept, made, quiet, in_turn=True).objects == 62
    kept.remove(kept.snapshots()[-1].id)
    assert keeping.check(kept, back_up(kept, names, NOW + 131 * DAY), quiet, in_turn=True).objects == 62


def test_a_first_backup_is_read_whole_and_so_is_each_that_is_read_out_of_turn(kept: Read) -> None:
    names = [name_of(number) for number in range(40)]
    first = back_up(kept, names, NOW)
    assert keeping.check(kept, first, quiet, in_turn=True).objects == 41
    second = back_up(kept, names, NOW + DAY)
    assert keeping.check(kept, second, quiet).objects == 41
    kept.store.put(vault.READ_BACK, b"no JSON")
    third = back_up(kept, names, NOW + 2 * DAY)
    assert keeping.check(kept, third, quiet, in_turn=True).objects == 41


def test_damage_is_told_each_night_from_the_turn_of_its_file_until_that_is_whole_again(kept: Read) -> None:
    names = [name_of(number) for number in range(60)]
    keeping.check(kept, back_up(kept, names, NOW), quiet, in_turn=True)
    broken = sorted(vault.file_key(name) for name in names[:3])
    made = [back_up(kept, names, NOW + number * DAY) for number in range(1, 34)]
    for key in broken:
        kept.store.put(key, b"damaged")
    told = [keeping.check(kept, each, quiet, in_turn=True).damaged for each in made]
    assert all(set(before) <= set(after) for before, after in pairwise(told))
    assert told[29:] == [broken] * 4, "the first does not hide the others"
    whole = back_up(kept, names, NOW + 34 * DAY)
    assert keeping.check(kept, whole, quiet, in_turn=True).damaged == []
    assert kept.last_read() == vault.LastRead(whole.id, frozenset())


def test_what_no_backup_needs_any_more_is_not_kept_in_mind(kept: Read) -> None:
    names = [name_of(number) for number in range(3)]
    kept.store.put(vault.file_key(names[0]), b"damaged")
    kept.note_read(vault.LastRead("", frozenset(names[:2])))
    keeping.check(kept, back_up(kept, names[2:], NOW), quiet, in_turn=True)
    assert kept.last_read().damaged == {names[0]}, "the other is not there at all"

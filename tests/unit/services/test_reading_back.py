"""Which files of a backup are read back each night: what is new, and each earlier one once in thirty days."""

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest

from gallery.errors import BackupDamaged
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


def test_each_earlier_file_is_read_once_in_thirty_days_and_what_is_new_at_once(kept: Read) -> None:
    names = [name_of(number) for number in range(60)]
    back_up(kept, names, NOW)
    read: Counter[bytes] = Counter()
    for number in range(1, 31):
        at = NOW + number * DAY
        new = name_of(100 + number)
        names.append(new)
        made = back_up(kept, names, at)
        kept.names_read.clear()
        keeping.check(kept, made, quiet, day=at.date())
        assert new in kept.names_read
        assert len(kept.names_read) < 20, "a part of them"
        read.update(name for name in kept.names_read if name in names[:60])
    assert read == dict.fromkeys(names[:60], 1)


def test_a_first_backup_is_read_whole_and_so_is_each_without_a_day(kept: Read) -> None:
    names = [name_of(number) for number in range(40)]
    first = back_up(kept, names, NOW)
    assert keeping.check(kept, first, quiet, day=NOW.date()) == 41
    second = back_up(kept, names, NOW + DAY)
    assert keeping.check(kept, second, quiet) == 41


def test_damage_is_found_on_the_day_of_its_file(kept: Read) -> None:
    names = [name_of(number) for number in range(5)]
    back_up(kept, names, NOW)
    made = back_up(kept, names, NOW + DAY)
    kept.store.put(vault.file_key(names[0]), b"damaged")
    found = 0
    for number in range(30):
        try:
            keeping.check(kept, made, quiet, day=(NOW + number * DAY).date())
        except BackupDamaged:
            found += 1
    assert found == 1

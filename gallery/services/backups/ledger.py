"""The files that backups hold, in a clear list: a name that says nothing, and the digest of what is encrypted.

So a server that can't open its own backups knows what is there already, whether it is undamaged, and what no backup
needs any more. Millions of files lie on the disk meanwhile, not in memory.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Final, Self

NAME_BYTES: Final = 16
DIGEST_BYTES: Final = 32
RECORD_BYTES: Final = NAME_BYTES + DIGEST_BYTES

Record = tuple[bytes, bytes]


class Ledger:
    """A set of records in a temporary file that ends with it."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("CREATE TABLE files (name BLOB PRIMARY KEY, digest BLOB, is_there INT) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add(self, records: Iterable[Record]) -> None:
        """Note these; the last digest of a name counts."""
        self._database.executemany(
            "INSERT INTO files (name, digest, is_there) VALUES (?, ?, 0)"
            " ON CONFLICT (name) DO UPDATE SET digest = excluded.digest",
            records,
        )

    def mark(self, names: Iterable[bytes]) -> None:
        """Note that there are files of these names."""
        self._database.executemany("UPDATE files SET is_there = 1 WHERE name = ?", ((name,) for name in names))

    def digest_of(self, name: bytes) -> bytes | None:
        """The digest of a file that was noted and marked; None for another."""
        found = self._database.execute("SELECT digest FROM files WHERE name = ? AND is_there", (name,)).fetchone()
        return found[0] if found else None

    def knows(self, name: bytes) -> bool:
        """Whether this name was noted."""
        return self._database.execute("SELECT 1 FROM files WHERE name = ?", (name,)).fetchone() is not None

    def records(self) -> Iterator[Record]:
        """All that was noted."""
        yield from self._database.execute("SELECT name, digest FROM files")


def packed(records: Iterable[Record]) -> bytes:
    """Records as a file has them."""
    return b"".join(name + digest for name, digest in records)


def unpacked(data: bytes) -> Iterator[Record]:
    """The records of a file; raise ValueError where it breaks off."""
    if len(data) % RECORD_BYTES:
        raise ValueError("breaks off")
    for at in range(0, len(data), RECORD_BYTES):
        yield data[at : at + NAME_BYTES], data[at + NAME_BYTES : at + RECORD_BYTES]

"""How an installation is made again from a backup: files first, each checked, then all rows in one transaction.

Restoring again after an interruption goes on: files that are there and right are left, and without the rows there is
nothing that names them.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, Final

from sqlalchemy import Connection, func, inspect, select

from gallery.errors import BackupDamaged, BackupLocked, BackupTooNew, CopyDiffers, FileAbsent, TargetNotEmpty
from gallery.models import StoreName
from gallery.services.backups import rows, vault
from gallery.services.backups.encryption import Opener, digest_of, temporary
from gallery.services.backups.making import Progress
from gallery.services.schema import known_revisions
from gallery.storage import PhotoStore

# What `migrate`, and a worker that finds nothing to do, write into a new database.
WRITTEN_AT_FIRST: Final = frozenset(
    {
        "catalogue_revision",
        "categories",
        "database_identity",
        "declaration_key",
        "schema_reach",
        "sweep_reports",
    }
)


@dataclass(frozen=True)
class Contents:
    """What a backup holds. gone: keys of files that its rows name and that were destroyed while it was made.

    sealed_to: public half of the key that opens the confidential values of its rows.
    """

    shapes: Sequence[rows.TableShape]
    counted: Sequence[tuple[int, str]]
    files: int
    gone: frozenset[str]
    revision: str
    database: str
    sealed_to: str


class Restore:
    """A backup on its way back."""

    def __init__(self, snapshot: vault.KeptBackup, of: vault.Vault, opener: Opener, told: Progress) -> None:
        self._snapshot, self._vault, self._opener, self._told = snapshot, of, opener, told
        self.contents = self._contents()
        # Keys of the files that `files` has found damaged or missing in the vault, and left out.
        self.damaged: list[str] = []

    def keys(self) -> dict[str, str]:
        """The secrets that went with the backup; empty where they were left out."""
        if "keys.age" not in self._snapshot.parts:
            return {}
        return dict(self._opener.open_json(self._vault.part(self._snapshot, "keys.age")))

    def check_stores(self, private: PhotoStore, public: PhotoStore) -> None:
        """Raise TargetNotEmpty unless both are empty, or this database's: half restored, or what is left of them."""
        for store, name in ((private, StoreName.PRIVATE), (public, StoreName.PUBLIC)):
            owner = store.identity()
            if owner is None and next(iter(store.files()), None) is None:
                continue
            if owner != self.contents.database:
                raise TargetNotEmpty(f"the {name} store")

    def files(self, private: PhotoStore, public: PhotoStore) -> int:
        """Put every file back to where it was, checked; return how many were written. Damaged ones are left out."""
        self.check_stores(private, public)
        for store in (private, public):
            store.claim(self.contents.database)
        places = {"private": private, "public": public}
        written = seen = 0
        for name, digest, key, where in self._listed():
            with temporary() as content:
                if self._opens(name, digest, key, content):
                    written += sum(_put(places[place], key, content) for place in where)
                else:
                    self.damaged.append(key)
            seen += 1
            self._told("files", 1)
        if seen != self.contents.files:
            raise BackupDamaged(self._snapshot.id)
        return written

    def _opens(self, name: str, digest: str, key: str, content: IO[bytes]) -> bool:
        with temporary() as encrypted:
            # A later backup may have encrypted it anew over what this one noted: what it opens to says what it is.
            with suppress(BackupDamaged):
                self._vault.copy_file(bytes.fromhex(name), bytes.fromhex(digest), encrypted)
            try:
                self._opener.open_file(encrypted, key, content)
            except (BackupDamaged, BackupLocked):
                return False
            return True

    def rows(self, connection: Connection) -> int:
        """Write all rows into tables of the backup's version, without foreign keys where they can be switched off.

        Raises CopyDiffers when what is there then is not what was backed up.
        """
        for shape in reversed(self.contents.shapes):
            connection.execute(shape.clause.delete())
        for shape, counted in zip(self.contents.shapes, self.contents.counted, strict=True):
            for part in sorted(self._snapshot.parts):
                if part.startswith(f"tables/{shape.name}/"):
                    lines = list(self._opener.open(self._vault.part(self._snapshot, part)))
                    rows.write(connection, shape, lines)
                    self._told("rows", len(lines))
            found = rows.tally(connection, shape)
            if (found.rows, found.digest) != counted:
                raise CopyDiffers(f"the table {shape.name}")
            rows.continue_numbers(connection, shape)
        return sum(count for count, _ in self.contents.counted)

    def _contents(self) -> Contents:
        said: dict[str, Any] = self._opener.open_json(self._vault.part(self._snapshot, "contents.age"))
        if said["revision"] not in known_revisions():
            raise BackupTooNew(said["revision"])
        return Contents(
            shapes=[rows.TableShape.of_json(each) for each in said["tables"]],
            counted=[(each["rows"], each["digest"]) for each in said["tables"]],
            files=said["files"],
            gone=frozenset(said.get("gone", ())),
            revision=said["revision"],
            database=said["database"],
            sealed_to=said["sealed_to"],
        )

    def _listed(self) -> Iterator[tuple[str, str, str, list[str]]]:
        for part in sorted(self._snapshot.parts):
            if part.startswith("files/"):
                for line in self._opener.open(self._vault.part(self._snapshot, part)):
                    yield tuple(json.loads(line))


def check_empty(connection: Connection) -> None:
    """Raise TargetNotEmpty for a database that has more than the tables and what `migrate` writes into them."""
    present = set(inspect(connection).get_table_names())
    for shape in rows.shapes():
        if shape.name in present - WRITTEN_AT_FIRST:
            count = connection.scalar(select(func.count()).select_from(shape.clause))
            if count:
                raise TargetNotEmpty(f"the table {shape.name} ({count} rows)")


def _put(store: PhotoStore, key: str, content: IO[bytes]) -> bool:
    """Write a file unless it is there as it should be; say whether it was written."""
    try:
        with temporary() as held:
            store.copy_into(key, held)
            if digest_of(held) == digest_of(content):
                return False
    except FileAbsent:
        pass
    store.put_file(key, content)
    return True

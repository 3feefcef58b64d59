"""How a backup is made: rows as one snapshot of the database has them, then the files that these rows name.

The snapshot ends before anything goes to the vault: copying may take hours, and a database can't tidy up meanwhile. A
file is written before its row and removed some time after it, so nearly all that the snapshot names is still there.
What is not is gone if no row names it any more, and missing otherwise; both are named.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO, Any, Final, Protocol

from sqlalchemy import Connection, Engine, text

from gallery.errors import FileAbsent
from gallery.sealing import Sealer
from gallery.services.backups import ledger, rows, vault
from gallery.services.backups.encryption import Locker, digest_of, temporary
from gallery.services.backups.named_files import NamedFile, named_files, write_down, written_down
from gallery.storage import PhotoStore

PART_CHARACTERS: Final = 8 * 1024 * 1024
NAMES_IN_PART: Final = 2000
PURPOSE: Final = "backup file"


@dataclass(frozen=True)
class BackedUp:
    """What is backed up. revision: of the newest migration; identity: of the database."""

    engine: Engine
    private: PhotoStore
    public: PhotoStore
    sealer: Sealer
    identity: str
    revision: str


class Progress(Protocol):
    """Told of each step and each file."""

    def __call__(self, step: str, done: int) -> None:
        """Take note."""


@dataclass
class Made:
    """What came of a backup. missing: keys that rows name and no store has; gone: that rows named when it began."""

    snapshot: vault.KeptBackup | None = None
    written: int = 0
    kept: int = 0
    missing: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


@contextmanager
def one_snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is now for as long as it lasts, and keeps no writer waiting."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            # On SQLite the first statement fixes what is seen.
            connection.execute(text("SELECT count(*) FROM alembic_version"))
            yield connection


class Backup:
    """One backup on its way into a vault."""

    def __init__(
        self, source: BackedUp, into: vault.Vault, locker: Locker, now: Callable[[], datetime], told: Progress
    ) -> None:
        self._source, self._vault, self._locker, self._told = source, into, locker, told
        self._begun_at = now()
        self._stay_alive = into.signs(now, self._begun_at)
        self._id = vault.new_id(self._begun_at)
        self._parts: dict[str, str] = {}
        self._held: list[tuple[str, int]] = []
        self._damaged = into.last_read().damaged
        self._rows = 0
        self.made = Made()

    def run(self, *, keys: dict[str, str] | None) -> Made:
        """Make it. keys: the secrets that go with it, by name; None: they are left out. Raises BackupBusy."""
        self._vault.claim(self._source.identity)
        with self._vault.written(self._begun_at), temporary() as named, temporary() as parts:
            with one_snapshot(self._source.engine) as connection:
                tables = [self._table(connection, shape, parts) for shape in rows.shapes()]
                write_down(self._alive(named_files(connection)), named)
            self._send_held(parts)
            files = self._files(written_down(named))
            self._tell_gone_from_missing()
            if keys is not None:
                self._part("keys.age", self._locker.lock([_json(keys)]))
            self._part("contents.age", self._locker.lock([_json(self._contents(tables, files))]))
            snapshot = vault.KeptBackup(self._id, self._begun_at, self._source.identity, self._rows, files, self._parts)
            self._vault.complete(snapshot)
        self.made.snapshot = snapshot
        return self.made

    def _contents(self, tables: list[dict[str, Any]], files: int) -> dict[str, Any]:
        return {
            "tables": tables,
            "files": files,
            "gone": self.made.gone,
            "revision": self._source.revision,
            "database": self._source.identity,
            "sealed_to": self._source.sealer.recipient,
        }

    def _table(self, connection: Connection, shape: rows.TableShape, parts: IO[bytes]) -> dict[str, Any]:
        counted = rows.RowTally()
        for number, lines in enumerate(_in_parts(rows.read(connection, shape)), start=1):
            counted.add(lines)
            locked = self._locker.lock(lines)
            parts.write(locked)
            self._held.append((f"tables/{shape.name}/{number:06d}.age", len(locked)))
            self._stay_alive()
            self._told("rows", len(lines))
        self._rows += counted.rows
        return shape.as_json() | {"rows": counted.rows, "digest": counted.digest}

    def _send_held(self, parts: IO[bytes]) -> None:
        parts.seek(0)
        for name, size in self._held:
            self._part(name, parts.read(size))

    def _alive(self, named: Iterable[NamedFile]) -> Iterator[NamedFile]:
        for file in named:
            self._stay_alive()
            yield file

    def _tell_gone_from_missing(self) -> None:
        """Leave as missing what rows still name; the rest was destroyed while files were copied."""
        absent = set(self.made.missing)
        if not absent:
            return
        with one_snapshot(self._source.engine) as connection:
            named = {file.key for file in self._alive(named_files(connection)) if file.key in absent}
        self.made.missing, self.made.gone = sorted(named), sorted(absent - named)

    def _files(self, named: Iterable[NamedFile]) -> int:
        count = 0
        with self._known() as known:
            for number, batch in enumerate(_of_size(named, NAMES_IN_PART), start=1):
                records, lines = [], []
                for file in batch:
                    record = self._recorded(file, known)
                    self._told("files", 1)
                    if record is not None:
                        known.add([record])
                        known.mark([record[0]])
                        records.append(record)
                        lines.append(_json([record[0].hex(), record[1].hex(), file.key, _places(file)]))
                count += len(records)
                # What is written is known to the next attempt, should this one be killed.
                self._part(f"names/{number:06d}", ledger.packed(records))
                self._part(f"files/{number:06d}.age", self._locker.lock(lines))
        return count

    @contextmanager
    def _known(self) -> Iterator[ledger.Ledger]:
        with ledger.Ledger() as known:
            known.add(self._vault.all_names())
            listed = (vault.name_of(file.key) for file in self._vault.store.files(vault.FILES))
            known.mark(name for name in listed if name is not None)
            yield known

    def _recorded(self, file: NamedFile, known: ledger.Ledger) -> ledger.Record | None:
        """The record of a file that lies in the vault, now or since an earlier backup; None when it is absent."""
        if not file.changes and (kept := self._kept(self._name(file.key), known)):
            return kept
        store = self._source.private if file.in_private else self._source.public
        with temporary() as content:
            try:
                store.copy_into(file.key, content)
            except FileAbsent:
                self.made.missing += [file.key] if file.in_private and not file.may_lack else []
                return None
            if not file.changes:
                return self._copied(self._name(file.key), file.key, content)
            # Of each content its own copy: encrypted anew, it would not be what earlier backups have recorded.
            name = self._name(f"{file.key} {digest_of(content).hex()}")
            return self._kept(name, known) or self._copied(name, file.key, content)

    def _kept(self, name: bytes, known: ledger.Ledger) -> ledger.Record | None:
        """The record of a file that an earlier backup has, unless it was found damaged there, and still is."""
        digest = known.digest_of(name)
        if digest is None or (name in self._damaged and not self._vault.is_whole(name, digest)):
            return None
        self.made.kept += 1
        return name, digest

    def _copied(self, name: bytes, key: str, content: IO[bytes]) -> ledger.Record:
        with temporary() as written:
            digest = self._locker.lock_file(content, key, written)
            self._vault.store.put_file(vault.file_key(name), written)
        self.made.written += 1
        self._stay_alive()
        return name, digest

    def _part(self, name: str, data: bytes) -> None:
        self._vault.store.put(f"{vault.SNAPSHOTS}/{self._id}/{name}", data)
        self._parts[name] = hashlib.sha256(data).hexdigest()
        self._stay_alive()

    def _name(self, key: str) -> bytes:
        return bytes.fromhex(self._source.sealer.fingerprint(key, purpose=PURPOSE))[: ledger.NAME_BYTES]


def _in_parts(batches: Iterable[list[str]]) -> Iterator[list[str]]:
    """The lines in parts of about PART_CHARACTERS."""
    part: list[str] = []
    size = 0
    for lines in batches:
        part += lines
        size += sum(map(len, lines))
        if size > PART_CHARACTERS:
            yield part
            part, size = [], 0
    if part:
        yield part


def _of_size(named: Iterable[NamedFile], size: int) -> Iterator[list[NamedFile]]:
    remaining = iter(named)
    while batch := list(islice(remaining, size)):
        yield batch


def _places(file: NamedFile) -> list[str]:
    return ["private"] * file.in_private + ["public"] * file.in_public


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

"""Where backups lie: a folder or an object store, with the encrypted files of both stores and snapshots that name them.

backup.json                      whose backups these are
writing                          there while a command writes: when it last said so, and its token
read-back.json                   which backup was last read back, and which files were damaged then
files/ab/NAME.age                a file of the stores, under a keyed digest of its key
snapshots/ID/tables/..., files/...  encrypted rows, and the list of the files that belong to them
snapshots/ID/names/...           the same list for the server: names, and digests of what is encrypted
snapshots/ID/contents.age        what there is, for whoever restores
snapshots/ID/complete.json       written last: without it there is no such backup
"""

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, Final

from gallery.errors import BackupAbsent, BackupBusy, BackupDamaged, BackupOfAnother, FileAbsent
from gallery.services.backups import ledger
from gallery.services.backups.encryption import digest_of, temporary
from gallery.storage import PhotoStore

FORMAT: Final = 1
OWNER: Final = "backup.json"
WRITING: Final = "writing"
READ_BACK: Final = "read-back.json"
FILES: Final = "files"
SNAPSHOTS: Final = "snapshots"
COMPLETE: Final = "complete.json"
# How often a command says that it is alive, and after how long a silence it is taken for killed.
ALIVE_EVERY: Final = timedelta(minutes=1)
KILLED_AFTER: Final = timedelta(minutes=10)
SNAPSHOT: Final = re.compile(r"snapshots/(\d{8}T\d{6}Z-[0-9a-f]{8})/")


@dataclass(frozen=True)
class KeptBackup:
    """A whole backup. parts: SHA-256 of each of its objects by name; files: of both stores, each once."""

    id: str
    made_at: datetime
    database: str
    rows: int
    files: int
    parts: Mapping[str, str]

    def key(self, part: str) -> str:
        """Where a part lies."""
        return f"{SNAPSHOTS}/{self.id}/{part}"


@dataclass(frozen=True)
class LastRead:
    """The backup that was last read back, and the names of files that were damaged or gone then, and still may be."""

    backup: str = ""
    damaged: frozenset[bytes] = frozenset()


class Vault:
    """Backups of one installation in one place."""

    def __init__(self, store: PhotoStore) -> None:
        self.store = store
        self._token = secrets.token_hex(8)

    def claim(self, database: str) -> None:
        """Begin backups of this database here, or go on with them; raise BackupOfAnother."""
        theirs = self.owner()
        if theirs is None and next(iter(self.store.files()), None) is None and self.store.identity() is None:
            self.store.create(OWNER, json.dumps({"format": FORMAT, "database": database}).encode())
            theirs = self.owner()
        if theirs != database:
            raise BackupOfAnother(theirs=theirs or "", ours=database)

    def owner(self) -> str | None:
        """The database whose backups these are; None: there are none."""
        try:
            return str(json.loads(self.store.get(OWNER))["database"])
        except FileAbsent:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise BackupDamaged(OWNER) from error

    @contextmanager
    def written(self, now: datetime) -> Iterator[None]:
        """Keep other writers away; raise BackupBusy while one is at work."""
        self._begin_writing(now)
        try:
            yield
        finally:
            if self._writer()[1] == self._token:
                self.store.delete([WRITING])

    def _begin_writing(self, now: datetime) -> None:
        while not self.store.create(WRITING, self._sign(now)):
            since, _ = self._writer()
            # Whoever it was may have ended since: then the way is free.
            if since is None:
                continue
            if now < since + KILLED_AFTER:
                raise _busy(since, now)
            self.store.put(WRITING, self._sign(now))
            return

    def say_alive(self, now: datetime) -> None:
        """Let others see that the writer is at work; raise BackupBusy where one has come instead after a silence."""
        since, token = self._writer()
        if token != self._token:
            raise _busy(since or now, now)
        self.store.put(WRITING, self._sign(now))

    def _sign(self, now: datetime) -> bytes:
        return f"{now.isoformat()} {self._token}".encode()

    def _writer(self) -> tuple[datetime | None, str]:
        """When the writer last said that it is at work, and its token; None: there is no writer."""
        try:
            since, _, token = self.store.get(WRITING).decode().partition(" ")
        except FileAbsent:
            return None, ""
        return datetime.fromisoformat(since), token

    def signs(self, now: Callable[[], datetime], begun_at: datetime) -> Callable[[], None]:
        """What a writer calls again and again: once in a while it lets others see that the writer is at work."""
        said_at = begun_at

        def give() -> None:
            nonlocal said_at
            if now() - said_at > ALIVE_EVERY:
                said_at = now()
                self.say_alive(said_at)

        return give

    def snapshots(self) -> list[KeptBackup]:
        """The whole backups, the oldest first, by their own moments: names do not tell apart two of one second."""
        whole = [self._snapshot(id_) for id_ in self._ids() if self.store.holds(_key(id_, COMPLETE))]
        return sorted(whole, key=lambda each: (each.made_at, each.id))

    def snapshot(self, id_: str | None) -> KeptBackup:
        """The backup of this name, or the newest; raise BackupAbsent."""
        found = [each for each in self.snapshots() if id_ in (None, each.id)]
        if not found:
            raise BackupAbsent(id_ or "")
        return found[-1]

    def begun(self, *, before: datetime) -> list[str]:
        """Names of backups that were begun before a moment and are not whole."""
        whole = {each.id for each in self.snapshots()}
        return [id_ for id_ in self._ids() if id_ not in whole and _made_at(id_) < before]

    def complete(self, snapshot: KeptBackup) -> None:
        """Make a backup whole."""
        said = {
            "format": FORMAT,
            "made_at": snapshot.made_at.isoformat(),
            "database": snapshot.database,
            "rows": snapshot.rows,
            "files": snapshot.files,
            "parts": dict(snapshot.parts),
        }
        self.store.put(snapshot.key(COMPLETE), json.dumps(said, indent=1).encode())

    def part(self, snapshot: KeptBackup, name: str) -> bytes:
        """A part as it was written; raise BackupDamaged."""
        return self._checked(snapshot.key(name), snapshot.parts[name])

    def names(self, snapshot: KeptBackup) -> Iterator[ledger.Record]:
        """The files that a backup needs."""
        for part in snapshot.parts:
            if part.startswith("names/"):
                yield from ledger.unpacked(self.part(snapshot, part))

    def names_of_begun(self) -> Iterator[ledger.Record]:
        """The files that unfinished backups have written."""
        whole = {each.id for each in self.snapshots()}
        for id_ in self._ids() - whole:
            yield from self._names_begun(id_)

    def all_names(self) -> Iterator[ledger.Record]:
        """The files of whole and unfinished backups, the newest's last: it tells what lies there now."""
        whole = {each.id: each for each in self.snapshots()}
        moments = {id_: whole[id_].made_at if id_ in whole else _made_at(id_) for id_ in self._ids()}
        for id_ in sorted(moments, key=lambda id_: (moments[id_], id_)):
            yield from self.names(whole[id_]) if id_ in whole else self._names_begun(id_)

    def _names_begun(self, id_: str) -> Iterator[ledger.Record]:
        for file in list(self.store.files(_key(id_, "names"))):
            yield from ledger.unpacked(self.store.get(file.key))

    def copy_file(self, name: bytes, digest: bytes, into: IO[bytes]) -> None:
        """Copy an encrypted file of the stores, from its start; raise BackupDamaged."""
        try:
            self.store.copy_into(file_key(name), into)
        except FileAbsent as error:
            raise BackupDamaged(file_key(name)) from error
        if digest_of(into) != digest:
            raise BackupDamaged(file_key(name))

    def is_whole(self, name: bytes, digest: bytes) -> bool:
        """Whether an encrypted file of the stores is there as it was written."""
        with temporary() as read:
            try:
                self.copy_file(name, digest, read)
            except BackupDamaged:
                return False
        return True

    def last_read(self) -> LastRead:
        """What was noted when a backup was last read back; nothing where it can't be read: all is read again then."""
        try:
            said: dict[str, Any] = json.loads(self.store.get(READ_BACK))
            return LastRead(said["backup"], frozenset(bytes.fromhex(name) for name in said["damaged"]))
        except (FileAbsent, ValueError, KeyError, TypeError):
            return LastRead()

    def note_read(self, read: LastRead) -> None:
        """Note which backup was read back, for the next night."""
        said = {"backup": read.backup, "damaged": sorted(name.hex() for name in read.damaged)}
        self.store.put(READ_BACK, json.dumps(said, indent=1).encode())

    def remove(self, id_: str) -> None:
        """Remove a backup's snapshot: what makes it whole goes first."""
        self.store.delete([_key(id_, COMPLETE)])
        self.store.delete([file.key for file in self.store.files(f"{SNAPSHOTS}/{id_}")])

    def _ids(self) -> set[str]:
        listed = (SNAPSHOT.match(file.key) for file in self.store.files(SNAPSHOTS))
        return {found[1] for found in listed if found}

    def _snapshot(self, id_: str) -> KeptBackup:
        try:
            said: dict[str, Any] = json.loads(self.store.get(_key(id_, COMPLETE)))
            made_at = datetime.fromisoformat(said["made_at"])
            return KeptBackup(id_, made_at, said["database"], said["rows"], said["files"], said["parts"])
        except (ValueError, KeyError, TypeError) as error:
            raise BackupDamaged(_key(id_, COMPLETE)) from error

    def _checked(self, key: str, digest: str) -> bytes:
        try:
            data = self.store.get(key)
        except FileAbsent as error:
            raise BackupDamaged(key) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise BackupDamaged(key)
        return data


def new_id(now: datetime) -> str:
    """A name for a backup that begins now; names sort by the second."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def _busy(since: datetime, now: datetime) -> BackupBusy:
    left = since + KILLED_AFTER - now
    return BackupBusy(minutes=max(1, 1 + int(left.total_seconds() // 60)))


def file_key(name: bytes) -> str:
    """Where a file of the stores lies."""
    text = name.hex()
    return f"{FILES}/{text[:2]}/{text}.age"


def name_of(key: str) -> bytes | None:
    """The name of a file of the stores; None for another."""
    found = re.fullmatch(r"files/[0-9a-f]{2}/([0-9a-f]{32})\.age", key)
    return bytes.fromhex(found[1]) if found else None


def _key(id_: str, part: str) -> str:
    return f"{SNAPSHOTS}/{id_}/{part}"


def _made_at(id_: str) -> datetime:
    return datetime.strptime(id_.partition("-")[0] + "+0000", "%Y%m%dT%H%M%SZ%z")

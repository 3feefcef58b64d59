"""PhotoStore: bytes under keys, in a folder or an object store, over one library (obstore)."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, cast
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, NotSupportedError, PreconditionError
from obstore.store import LocalStore, MemoryStore, from_url

from gallery.errors import FileAbsent, Outage
from gallery.storage.files import Flushing, buffered, copy, remove_remains
from gallery.storage.keys import IDENTITY, PROBE, TRASH, thrown_away, trash_key
from gallery.storage.outages import StoreLine, cause_of, told_apart
from gallery.storage.patience import Patience

MEDIA_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
UNREADABLE: Final = "unreadable"


@dataclass(frozen=True)
class StoredFile:
    """What a listing says of a file. modified: when it was last written."""

    key: str
    modified: datetime


class PhotoStore:
    """Bytes under keys. What `put` has returned from survives a power cut.

    Every act raises StoreUnreachable when the store does not answer in time, DiskFull when it has no room.
    """

    def __init__(self, address: str, patience: Patience | None = None) -> None:
        """Open a folder (made if missing, for its owner only), `memory:` or an object-store address such as s3://bucket."""
        patience = patience or Patience()
        self._folder: Path | None = None
        if address == "memory:":
            self._line = StoreLine(address)
            self._store: obstore.store.ObjectStore = MemoryStore()
        elif "://" in address:
            self._line = StoreLine(address)
            limits: dict[str, Any] = patience.limits()
            self._store = from_url(address, **limits)
        else:
            self._folder = Path(address).absolute()
            self._line = StoreLine(address, rest_seconds=0)
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._store = LocalStore(self._folder)
            self._flushing = Flushing(self._folder)

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key, atomically and durably; repeating is harmless."""
        self._put(key, data)

    def create(self, key: str, data: bytes) -> bool:
        """Keep bytes under a key that has none, and say whether it had none; what is there already stays."""
        try:
            with self._used(key):
                obstore.put(self._store, key, data, mode="create")
        except AlreadyExistsError:
            return False
        self._flush(key, is_new=True)
        return True

    def put_file(self, key: str, file: IO[bytes]) -> None:
        """Keep what an open file holds, piece by piece: a file of any size costs little memory."""
        file.seek(0)
        self._put(key, file)

    def open(self, key: str) -> BinaryIO:
        """Open the bytes under a key to be read here and there, as a file is; raise FileAbsent."""
        with self._used(key):
            return buffered(obstore.open_reader(self._store, key), key)

    def get(self, key: str) -> bytes:
        """Return the bytes under a key; raise FileAbsent."""
        with self._used(key):
            return bytes(obstore.get(self._store, key).bytes())

    def copy_into(self, key: str, file: IO[bytes]) -> None:
        """Write the bytes under a key into an open file, piece by piece; raise FileAbsent."""
        begin = file.tell()
        with self._used(key):
            try:
                copy(self._store, key, file)
            except PreconditionError:
                # Put again meanwhile: what is there now is copied.
                file.seek(begin)
                file.truncate()
                copy(self._store, key, file)

    def holds(self, key: str) -> bool:
        """Say whether there are bytes under this key."""
        try:
            with self._used(key):
                obstore.head(self._store, key)
        except FileAbsent:
            return False
        return True

    def signed_address(self, key: str, *, lasts: timedelta) -> str:
        """An address by which anyone gets these bytes from the object store, for this long; a folder has none."""
        with self._used(key):
            return obstore.sign(cast(obstore.store.S3Store, self._store), "GET", key, lasts)

    def origin(self) -> str:
        """Scheme, host and port of the addresses that this object store signs."""
        parts = urlsplit(self.signed_address(IDENTITY, lasts=timedelta(minutes=1)))
        return f"{parts.scheme}://{parts.netloc}"

    def delete(self, keys: Iterable[str]) -> None:
        """Remove these keys; one that is gone already is no error, and why one can't be removed is raised last."""
        failures = _failures(keys, self._delete)
        if failures:
            raise failures[0]

    def delete_older_than(self, keys: Iterable[str], moment: datetime) -> list[Exception]:
        """Remove those of these keys that nobody has written since this moment; return why some can't be removed."""

        def remove(key: str) -> None:
            if self._modified(key) < moment:
                self._delete(key)

        return _failures(keys, remove)

    def throw_away(self, keys: Iterable[str], moment: datetime, *, day: date) -> list[Exception]:
        """Move those that nobody has written since this moment to a day's trash; return why some can't be moved."""

        def move(key: str) -> None:
            if self._modified(key) < moment:
                self._move(key, trash_key(key, day))

        return _failures(keys, move)

    def trash(self) -> Iterator[tuple[str, date, str]]:
        """What lies in the trash: its key there, the day on which it was thrown away, its key before."""
        for file in self._listed(TRASH):
            if found := thrown_away(file.key):
                yield (file.key, *found)

    def take_back(self, key: str) -> None:
        """Put a file of the trash back to where it was; raise FileAbsent."""
        found = thrown_away(key)
        assert found, "a key of the trash"
        self._move(key, found[1])

    def files(self, under: str | None = None) -> Iterator[StoredFile]:
        """Every file but those of the trash, and what says whose the store is and that it can be written.

        under: only those of this folder.
        """
        listed = self._listed(under)
        return (file for file in listed if file.key not in (IDENTITY, PROBE) and not file.key.startswith(TRASH))

    def remove_remains(self, moment: datetime) -> None:
        """Remove from a folder what a killed process had begun to write, and folders that have lost their last file.

        Only what has been so since this moment; obstore lists neither. Why one can't be removed is raised last.
        """
        if self._folder is not None:
            with told_apart():
                remove_remains(self._folder, moment)

    def check_reading(self) -> None:
        """Return when the store can be read now; raise StoreUnreachable."""
        with told_apart():
            if self._folder is not None and not self._folder.is_dir():
                # It would be listed as an empty one.
                raise NotADirectoryError(self._folder)
            next(iter(obstore.list(self._store, chunk_size=1)), None)

    def check_writing(self) -> None:
        """Return when a file can be written and read back now; raise StoreUnreachable or DiskFull."""
        self.check_reading()
        self._put(PROBE, PROBE.encode())
        self.get(PROBE)

    @property
    def folder(self) -> Path | None:
        """Where the files lie on this machine; None in an object store."""
        return self._folder

    def identity(self) -> str | None:
        """The database that this store belongs to; None: nobody has said. UNREADABLE: what it says is damaged."""
        try:
            return str(json.loads(self.get(IDENTITY))["database"])
        except FileAbsent:
            return None
        except (ValueError, KeyError, TypeError):
            return UNREADABLE

    def claim(self, database: str) -> None:
        """Say which database this store belongs to, unless that was said already."""
        self.create(IDENTITY, _identity(database))

    def adopt(self, database: str) -> None:
        """Say which database this store belongs to, whatever was said before."""
        self.put(IDENTITY, _identity(database))

    def _put(self, key: str, data: bytes | IO[bytes]) -> None:
        with self._used(key):
            is_new = self._folder is not None and not (self._folder / key).exists()
            obstore.put(self._store, key, data, attributes=self._attributes(key))
        self._flush(key, is_new=is_new)

    def _attributes(self, key: str) -> dict[str, str] | None:
        # A signed address serves the file as it is kept; folders keep no type.
        media_type = MEDIA_TYPES.get(key.rpartition(".")[2])
        return {"Content-Type": media_type} if media_type and self._folder is None else None

    def _modified(self, key: str) -> datetime:
        with self._used(key):
            return obstore.head(self._store, key)["last_modified"]

    def _delete(self, key: str) -> None:
        with self._used(key):
            obstore.delete(self._store, key)

    def _move(self, key: str, to: str) -> None:
        with self._used(key):
            obstore.rename(self._store, key, to)
        self._flush(to, is_new=False)

    def _flush(self, key: str, *, is_new: bool) -> None:
        """See that a file reaches the disk. is_new: nobody has been told before that it is there."""
        if self._folder is None:
            return
        try:
            self._flushing.flush(self._folder / key)
        except OSError as error:
            if is_new:
                # What did not reach the disk must not pass for the file: an existing key is never written again.
                (self._folder / key).unlink(missing_ok=True)
            raise cause_of(error) from error

    def _listed(self, prefix: str | None = None) -> Iterator[StoredFile]:
        with told_apart():
            for batch in obstore.list(self._store, prefix):
                for meta in batch:
                    yield StoredFile(meta["path"], meta["last_modified"])

    @contextmanager
    def _used(self, key: str) -> Iterator[None]:
        try:
            with self._line.used(), told_apart():
                yield
        except FileNotFoundError as error:
            raise FileAbsent(key) from error


def _identity(database: str) -> bytes:
    return json.dumps({"database": database}).encode()


def _failures(keys: Iterable[str], act: Callable[[str], None]) -> list[Exception]:
    """Do it to each, whatever becomes of the others."""
    failures: list[Exception] = []
    for key in keys:
        try:
            act(key)
        except FileAbsent:
            continue
        except (Outage, OSError, NotSupportedError) as error:
            failures.append(error)
    return failures

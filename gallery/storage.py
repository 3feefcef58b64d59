"""PhotoStore: bytes under keys, in a folder or an object store, over one library (obstore).

Two stores exist: the private one (originals, and renditions of everything) and the public one (renditions of what is
published). The public process opens the second only. Keys are made of digests, never of a stranger's file name, so
putting the same bytes twice is harmless.
"""

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, from_url

from gallery.errors import FileAbsent

READ_AHEAD = 1024 * 1024


def sha256_of(data: bytes) -> str:
    """Digest by which a file is known, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def original_key(sha256: str) -> str:
    """Key of an officer's file, byte for byte."""
    return f"originals/{sha256[:2]}/{sha256}"


def archive_key(reference: str) -> str:
    """Key of an archive that an officer has given, until it is dealt with."""
    return f"archives/{reference}"


def archive_of(key: str) -> str | None:
    """The reference of the archive that a key was made of; None for another file."""
    found = re.fullmatch(r"archives/([0-9a-f]{12})", key)
    return found[1] if found else None


def export_key(reference: str) -> str:
    """Key of the file of an album that an officer has asked for, until it is forgotten."""
    return f"exports/{reference}"


def export_of(key: str) -> str | None:
    """The reference of the album's file that a key was made of; None for another file."""
    found = re.fullmatch(r"exports/([0-9a-f]{12})", key)
    return found[1] if found else None


def rendition_key(digest: str, name: str) -> str:
    """Key of one derivative ("320.webp", ..., "share.jpg") of the picture of this digest."""
    return f"renditions/{digest[:2]}/{digest}/{name}"


def digest_of(key: str) -> str | None:
    """The digest that a key was made of; None for a file that is not ours."""
    match key.split("/"):
        case ["originals", start, digest] | ["renditions", start, digest, _] if start == digest[:2]:
            return digest
    return None


class PhotoStore:
    """Bytes under keys. What `put` has returned from survives a power cut."""

    def __init__(self, address: str) -> None:
        """Open a folder (made if missing, for its owner only), `memory:` or an object-store address such as s3://bucket."""
        self._folder: Path | None = None
        if address == "memory:":
            self._store: obstore.store.ObjectStore = MemoryStore()
        elif "://" in address:
            self._store = from_url(address)
        else:
            self._folder = Path(address).absolute()
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._store = LocalStore(self._folder)

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key, atomically and durably; repeating is harmless."""
        obstore.put(self._store, key, data)
        if self._folder is not None:
            _sync(self._folder / key, self._folder)

    def put_file(self, key: str, file: IO[bytes]) -> None:
        """Keep what an open file holds, piece by piece: a file of any size costs little memory."""
        file.seek(0)
        obstore.put(self._store, key, file)
        if self._folder is not None:
            _sync(self._folder / key, self._folder)

    def open(self, key: str) -> BinaryIO:
        """Open the bytes under a key to be read here and there, as a file is; raise FileAbsent."""
        try:
            return io.BufferedReader(_StoredFile(obstore.open_reader(self._store, key)), READ_AHEAD)
        except FileNotFoundError as error:
            raise FileAbsent(key) from error

    def get(self, key: str) -> bytes:
        """Return the bytes under a key; raise FileAbsent."""
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except FileNotFoundError as error:
            raise FileAbsent(key) from error

    def holds(self, key: str) -> bool:
        """Say whether there are bytes under this key."""
        try:
            obstore.head(self._store, key)
        except FileNotFoundError:
            return False
        return True

    def delete(self, keys: Iterable[str]) -> None:
        """Remove these keys; one that is gone already is no error, and why one can't be removed is raised last."""
        failures = _failures(keys, partial(obstore.delete, self._store))
        if failures:
            raise failures[0]

    def delete_older_than(self, keys: Iterable[str], moment: datetime) -> list[Exception]:
        """Remove those of these keys that nobody has written since this moment; return why some can't be removed."""

        def remove(key: str) -> None:
            if obstore.head(self._store, key)["last_modified"] < moment:
                obstore.delete(self._store, key)

        return _failures(keys, remove)

    def remove_unfinished(self, moment: datetime) -> None:
        """Remove from a folder what a killed process had begun to write before this moment; obstore never lists it."""
        if self._folder is None:
            return
        for path in self._folder.rglob("*#[0-9]*"):
            if path.stat().st_mtime < moment.timestamp():
                path.unlink(missing_ok=True)

    def keys_older_than(self, moment: datetime) -> Iterator[str]:
        """Every key last written before this moment."""
        for batch in obstore.list(self._store):
            for meta in batch:
                if meta["last_modified"] < moment:
                    yield meta["path"]


class _StoredFile(io.RawIOBase):
    """A stored file as Python's readers expect one."""

    def __init__(self, file: "obstore.ReadableFile") -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = bytes(self._file.read(len(buffer)))
        buffer[: len(data)] = data
        return len(data)


def _failures(keys: Iterable[str], remove: Callable[[str], None]) -> list[Exception]:
    """Remove each, whatever becomes of the others."""
    failures: list[Exception] = []
    for key in keys:
        try:
            remove(key)
        except FileNotFoundError:
            continue
        except (BaseError, OSError) as error:
            failures.append(error)
    return failures


def _sync(path: Path, root: Path) -> None:
    """Flush a file and the folders that lead to it: obstore renames atomically but does not flush."""
    for each in (path, *path.parents):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if each == root:
            return

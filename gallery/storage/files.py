"""Stored files as Python's readers expect them; folders flushed to the disk, and removed once they are empty."""

import errno
import io
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

import obstore
from obstore.store import LocalStore

from gallery.errors import FileAbsent
from gallery.storage.keys import is_passing
from gallery.storage.outages import told_apart

READ_AHEAD = 1024 * 1024
# A remote store's answer has to be whole in a minute: so much comes over a slow line, too.
IN_ONE_REQUEST = 8 * 1024 * 1024
MAX_FOLDERS_KNOWN = 10_000
# How obstore calls what it has not written to its end.
UNFINISHED = re.compile(r"#\d")


def buffered(file: "obstore.ReadableFile", key: str) -> BinaryIO:
    """A stored file to be read here and there; raises FileAbsent should it go meanwhile."""
    return io.BufferedReader(_StoredFile(file, key), READ_AHEAD)


def copy(store: "obstore.store.ObjectStore", key: str, file: IO[bytes]) -> None:
    """Write the bytes under a key into an open file, piece by piece.

    A large file comes in several requests: raises PreconditionError should it be put again in between. What lies in a
    folder is read by one open file, in which it stays what it was.
    """
    for piece in _pieces(store, key):
        file.write(piece)


def _pieces(store: "obstore.store.ObjectStore", key: str) -> Iterator[bytes]:
    first = obstore.get(store, key)
    size, version = first.meta["size"], first.meta["e_tag"]
    done, at_once = 0, size if isinstance(store, LocalStore) else IN_ONE_REQUEST
    for piece in first.stream(min_chunk_size=READ_AHEAD):
        yield bytes(piece)
        done += len(piece)
        if done >= at_once:
            break
    for begin in range(done, size, IN_ONE_REQUEST):
        options: obstore.GetOptions = {"range": (begin, min(begin + IN_ONE_REQUEST, size))}
        if version is not None:
            options["if_match"] = version
        yield bytes(obstore.get(store, key, options=options).bytes())


class _StoredFile(io.RawIOBase):
    def __init__(self, file: "obstore.ReadableFile", key: str) -> None:
        self._file, self._key = file, key

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            with told_apart():
                data = bytes(self._file.read(len(buffer)))
        except FileNotFoundError as error:
            # No OSError: whoever reads an archive would take that for damage.
            raise FileAbsent(self._key) from error
        buffer[: len(data)] = data
        return len(data)


def remove_remains(root: Path, moment: datetime) -> None:
    """Remove from a store's folder unfinished files and empty passing folders that are older than this moment.

    Raises OSError for the first that can't be removed, once the others are.
    """
    failures = []
    for name, _, files in os.walk(root, topdown=False):
        folder = Path(name)
        remains = [folder / file for file in files if UNFINISHED.search(file)]
        if not files and is_passing(folder.relative_to(root)):
            remains.append(folder)
        for each in remains:
            try:
                _remove_old(each, moment)
            except OSError as error:
                failures.append(error)
    if failures:
        raise failures[0]


def _remove_old(path: Path, moment: datetime) -> None:
    try:
        if path.stat().st_mtime < moment.timestamp():
            path.rmdir() if path.is_dir() else path.unlink()
    except OSError as error:
        # Another process has removed it, or the folder is in use.
        if error.errno not in (errno.ENOENT, errno.ENOTEMPTY):
            raise


class Flushing:
    """Flushes files and the folders that lead to them to the disk: obstore renames atomically but does not flush.

    A folder is flushed with each file in it; the folders above it only until the way to it is known to be on the disk.
    Of one that goes once it is empty, and may be new again, that is never known.
    """

    def __init__(self, root: Path) -> None:
        """root: the folder of the store, where every way ends."""
        self._root = root
        self._led_to: set[Path] = {root}

    def flush(self, path: Path) -> None:
        """Flush a file of the store; raises OSError, after which nothing is sure to be on the disk."""
        passed = []
        _flush_one(path)
        for folder in path.parents:
            _flush_one(folder)
            if folder in self._led_to:
                break
            if not is_passing(folder.relative_to(self._root)):
                passed.append(folder)
        if len(self._led_to) > MAX_FOLDERS_KNOWN:
            self._led_to = {self._root}
        self._led_to.update(passed)


def _flush_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

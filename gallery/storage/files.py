"""Stored files as Python's readers expect them, and folders flushed to the disk."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import obstore

from gallery.errors import FileAbsent
from gallery.storage.outages import told_apart

READ_AHEAD = 1024 * 1024
# A remote store's answer has to be whole in a minute: so much comes over a slow line, too.
IN_ONE_REQUEST = 8 * 1024 * 1024
MAX_FOLDERS_KNOWN = 10_000


def buffered(file: "obstore.ReadableFile", key: str) -> BinaryIO:
    """A stored file to be read here and there; raises FileAbsent should it go meanwhile."""
    return io.BufferedReader(_StoredFile(file, key), READ_AHEAD)


def pieces(store: "obstore.store.ObjectStore", key: str) -> Iterator[bytes]:
    """The bytes under a key, of a large file in several requests; should it change in between, the library raises."""
    first = obstore.get(store, key)
    size, version = first.meta["size"], first.meta["e_tag"]
    done = 0
    for piece in first.stream(min_chunk_size=READ_AHEAD):
        yield bytes(piece)
        done += len(piece)
        if done >= IN_ONE_REQUEST:
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


class Flushing:
    """Flushes files and the folders that lead to them to the disk: obstore renames atomically but does not flush.

    A folder is flushed with each file in it; the folders above it only until the way to it is known to be on the disk.
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

"""Stored files as Python's readers expect them, and folders flushed to the disk."""

import io
import os
from pathlib import Path
from typing import BinaryIO

import obstore

from gallery.storage.outages import told_apart

READ_AHEAD = 1024 * 1024


def buffered(file: "obstore.ReadableFile") -> BinaryIO:
    """A stored file to be read here and there."""
    return io.BufferedReader(_StoredFile(file), READ_AHEAD)


class _StoredFile(io.RawIOBase):
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
        with told_apart():
            data = bytes(self._file.read(len(buffer)))
        buffer[: len(data)] = data
        return len(data)


def flush(path: Path, root: Path) -> None:
    """Flush a file and the folders that lead to it: obstore renames atomically but does not flush."""
    for each in (path, *path.parents):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if each == root:
            return

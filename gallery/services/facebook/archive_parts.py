"""The parts of one archive kept as one file: one after the other, and at the end how long each is."""

import io
import json
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import IO, cast

MARK = b"\nparts of an archive\n"
LENGTH_BYTES = 8
MAX_PARTS = 50
MAX_LIST_BYTES = 4096


def joined(parts: Sequence[IO[bytes]]) -> IO[bytes]:
    """One file that holds all parts, read from them as it is read; of a single part, that part."""
    if len(parts) == 1:
        return parts[0]
    sizes = json.dumps([part.seek(0, io.SEEK_END) for part in parts]).encode()
    return cast(IO[bytes], _JoinedParts([*parts, io.BytesIO(sizes + len(sizes).to_bytes(LENGTH_BYTES) + MARK)]))


def parted(file: IO[bytes]) -> list[IO[bytes]]:
    """The parts of a file that `joined` has made; of another file, itself."""
    end = file.seek(0, io.SEEK_END)
    tail = MAX_LIST_BYTES + LENGTH_BYTES + len(MARK)
    file.seek(max(0, end - tail))
    sizes = _sizes_in(file.read(tail))
    file.seek(0)
    if not sizes:
        return [file]
    starts = [0, *accumulate(sizes)]
    if starts[-1] > end:
        return [file]
    return [cast(IO[bytes], _Slice(file, start, size)) for start, size in zip(starts, sizes, strict=False)]


def _sizes_in(tail: bytes) -> list[int]:
    """The sizes that the end of a file tells; empty when it tells none."""
    body = tail.removesuffix(MARK)
    if len(body) == len(tail) or len(body) < LENGTH_BYTES:
        return []
    length = int.from_bytes(body[-LENGTH_BYTES:])
    try:
        sizes = json.loads(body[-LENGTH_BYTES - length : -LENGTH_BYTES])
    except ValueError:
        return []
    is_list = isinstance(sizes, list) and len(sizes) <= MAX_PARTS
    return sizes if is_list and all(type(size) is int and size >= 0 for size in sizes) else []


class _Placed(io.RawIOBase):
    """A file of a known size, read at a place of its own."""

    def __init__(self, size: int) -> None:
        self._size, self._place = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = max(0, offset + (0, self._place, self._size)[whence])
        return self._place

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._place)
        data = self._read_at(self._place, left if size is None or size < 0 else min(size, left))
        self._place += len(data)
        return data

    def _read_at(self, place: int, size: int) -> bytes:
        raise NotImplementedError


class _Slice(_Placed):
    """A part of a file."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        super().__init__(size)
        self._file, self._start = file, start

    def _read_at(self, place: int, size: int) -> bytes:
        self._file.seek(self._start + place)
        return self._file.read(size)


class _JoinedParts(_Placed):
    """Files one after the other."""

    def __init__(self, files: Sequence[IO[bytes]]) -> None:
        sizes = [file.seek(0, io.SEEK_END) for file in files]
        super().__init__(sum(sizes))
        self._files, self._starts = files, [0, *accumulate(sizes)]

    def _read_at(self, place: int, size: int) -> bytes:
        found = b""
        while len(found) < size:
            number = bisect_right(self._starts, place + len(found)) - 1
            file = self._files[number]
            file.seek(place + len(found) - self._starts[number])
            piece = file.read(min(size - len(found), self._starts[number + 1] - place - len(found)))
            if not piece:
                break
            found += piece
        return found

"""Reading and writing the binary form of signatures: lengths, ranges and damage are checked here.

The bytes come back from a database that somebody may have changed: every read is bounded and every failure is
SignatureUnreadable.
"""

import hashlib
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from gallery.errors import SignatureUnreadable

_HEADER = struct.Struct("<4s8sI")


def framed(kind: bytes, version: str, body: bytes) -> bytes:
    """Put a body of one kind (4 bytes) under a header that tells its version and reveals damage."""
    return _HEADER.pack(kind, _tag(version), zlib.crc32(body)) + body


def unframed(kind: bytes, version: str, blob: bytes) -> "Reader":
    """Return a reader of the body; raise SignatureUnreadable for damage, another kind or another version."""
    if len(blob) < _HEADER.size:
        raise SignatureUnreadable("truncated header")
    found_kind, tag, checksum = _HEADER.unpack_from(blob)
    body = blob[_HEADER.size :]
    if found_kind != kind:
        raise SignatureUnreadable("not a signature of this kind")
    if tag != _tag(version):
        raise SignatureUnreadable("made by another version of the algorithm")
    if zlib.crc32(body) != checksum:
        raise SignatureUnreadable("damaged")
    return Reader(body)


def _tag(version: str) -> bytes:
    return hashlib.sha256(version.encode()).digest()[:8]


class Reader:
    """Takes arrays from the front of a body, never past its end."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._position = 0

    def count(self, *, limit: int) -> int:
        """Take a number of elements; raise SignatureUnreadable above the limit."""
        number = int(self.array(np.uint16, (1,))[0])
        if number > limit:
            raise SignatureUnreadable("more elements than a signature has")
        return number

    def array(self, dtype: Any, shape: tuple[int, ...]) -> npt.NDArray[Any]:
        """Take a little-endian array of this shape."""
        little = np.dtype(dtype).newbyteorder("<")
        size = int(np.prod(shape)) * little.itemsize
        piece = self._body[self._position : self._position + size]
        if len(piece) != size:
            raise SignatureUnreadable("truncated")
        self._position += size
        return np.frombuffer(piece, little).reshape(shape).astype(dtype, copy=False)

    def end(self) -> None:
        """Raise SignatureUnreadable when bytes are left over."""
        if self._position != len(self._body):
            raise SignatureUnreadable("trailing bytes")


def counted(number: int) -> bytes:
    """The bytes that Reader.count takes."""
    return struct.pack("<H", number)


def little(array: npt.NDArray[Any]) -> bytes:
    """The bytes that Reader.array takes."""
    return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()


def require(condition: bool | np.bool_, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Raise SignatureUnreadable unless the condition holds."""
    if not condition:
        raise SignatureUnreadable(what)

"""A ZIP file given away piece by piece while it is made: one entry is in memory at a time, of a long one a piece."""

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# Every entry bears this moment, so that the same album is the same file. MS-DOS time begins in 1980.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16
_PACKED_ALREADY = (".jpg", ".mp4")

# Of a file that is read piece by piece.
PIECE = 2**20

# What an entry holds: bytes, or a file that lies on the disk until the next entry is asked for.
Content = bytes | Path


class PackageFile(NamedTuple):
    """One file of a package. item: number of the item that it shows, or "" for a file of no item."""

    path: str
    content: Content
    item: str = ""


def pieces_of(content: Content) -> Iterator[bytes]:
    """The content, in pieces that memory has room for."""
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


class _Outlet(BytesIO):
    """What was written since the last `taken`, at the positions of the whole file.

    Standard zipfile goes back to an entry's header once it knows the size: on a stream that can't, it writes entries
    that some programs refuse (stored, with their size behind them). The header of a long entry has been given away by
    then: it was right already, and what zipfile writes there a second time is dropped.
    """

    def __init__(self) -> None:
        super().__init__()
        self._before = 0
        self._is_behind = False

    def tell(self) -> int:
        return self._before + super().tell()

    def seek(self, position: int, whence: int = 0) -> int:
        assert whence == 0, "zipfile seeks from the start only"
        self._is_behind = position < self._before
        return position if self._is_behind else self._before + super().seek(position - self._before)

    def write(self, data: "ReadableBuffer") -> int:
        return memoryview(data).nbytes if self._is_behind else super().write(data)

    def begin_with(self, header: bytes) -> None:
        """Put this in place of the header that was just written."""
        assert len(header) == len(self.getvalue()), "zipfile has written a header and nothing else"
        super().seek(0)
        super().write(header)

    def taken(self) -> bytes:
        """What was written, which is then forgotten."""
        data = self.getvalue()
        self._before += len(data)
        super().seek(0)
        self.truncate(0)
        return data


def streamed(entries: Iterable[PackageFile]) -> Iterator[bytes]:
    """The ZIP file of these entries, in pieces; pictures and films are stored, the rest deflated."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w") as archive:
        for path, content, _ in entries:
            info = zipfile.ZipInfo(path, _MOMENT)
            info.external_attr = _PLAIN_FILE
            info.compress_type = zipfile.ZIP_STORED if path.endswith(_PACKED_ALREADY) else zipfile.ZIP_DEFLATED
            if isinstance(content, Path):
                yield from _stored(archive, outlet, info, content)
            else:
                archive.writestr(info, content)
            yield outlet.taken()
    yield outlet.taken()


def _stored(archive: zipfile.ZipFile, outlet: _Outlet, info: zipfile.ZipInfo, path: Path) -> Iterator[bytes]:
    assert info.compress_type == zipfile.ZIP_STORED, "its size is known before it is read"
    is_long = path.stat().st_size > zipfile.ZIP64_LIMIT
    with archive.open(info, "w", force_zip64=is_long) as entry:
        outlet.begin_with(_header(info, path, is_long=is_long))
        for piece in pieces_of(path):
            entry.write(piece)
            yield outlet.taken()


def _header(info: zipfile.ZipInfo, path: Path, *, is_long: bool) -> bytes:
    whole = copy(info)
    whole.file_size = whole.compress_size = path.stat().st_size
    whole.CRC = 0
    for piece in pieces_of(path):
        whole.CRC = zlib.crc32(piece, whole.CRC)
    return whole.FileHeader(is_long)

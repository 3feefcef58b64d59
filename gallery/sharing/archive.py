"""A ZIP file given away piece by piece while it is made: one entry is in memory at a time."""

import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO

# Every entry bears this moment, so that the same album is the same file. MS-DOS time begins in 1980.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16
_PACKED_ALREADY = (".jpg", ".mp4")

# The path of an entry and its bytes.
Entry = tuple[str, bytes]


class _Outlet(BytesIO):
    """What was written since the last `taken`, at the positions of the whole file.

    Standard zipfile goes back to an entry's header once it knows the size: on a stream that can't, it writes entries
    that some programs refuse (stored, with their size behind them).
    """

    def __init__(self) -> None:
        super().__init__()
        self._before = 0

    def tell(self) -> int:
        return self._before + super().tell()

    def seek(self, position: int, whence: int = 0) -> int:
        assert whence == 0, "zipfile seeks from the start only"
        return self._before + super().seek(position - self._before)

    def taken(self) -> bytes:
        """What was written, which is then forgotten."""
        data = self.getvalue()
        self._before += len(data)
        super().seek(0)
        self.truncate(0)
        return data


def streamed(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The ZIP file of these entries, in pieces of an entry each; pictures and films are stored, the rest deflated."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w") as archive:
        for path, data in entries:
            info = zipfile.ZipInfo(path, _MOMENT)
            info.external_attr = _PLAIN_FILE
            info.compress_type = zipfile.ZIP_STORED if path.endswith(_PACKED_ALREADY) else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
            yield outlet.taken()
    yield outlet.taken()

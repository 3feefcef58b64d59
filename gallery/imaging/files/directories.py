"""The directories of a TIFF, nested ones included: of each, what tells whether it is the photo. Decodes nothing."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MAX_DIRECTORIES = 100
MAX_ENTRIES = 2_000
# Of directories below one directory; cameras have four.
MAX_VALUES = 16
# How each kind writes a directory's number of entries, an entry's head, and a place.
KINDS = {
    b"II*\0": ("<H", "<HHI", "<I"),
    b"MM\0*": (">H", ">HHI", ">I"),
    b"II+\0": ("<Q", "<HHQ", "<Q"),
    b"MM\0+": (">Q", ">HHQ", ">Q"),
}
_FORMS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_SUBFILE, _WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 259, 262
_STRIPS, _ORIENTATION, _STRIP_BYTES, _BELOW = 273, 274, 279, 330
_JPEG, _JPEG_BYTES, _DNG_VERSION = 513, 514, 50_706
_WANTED = frozenset(
    {
        _SUBFILE, _WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, _STRIPS, _ORIENTATION, _STRIP_BYTES, _BELOW, _JPEG,
        _JPEG_BYTES, _DNG_VERSION,
    }
)  # fmt: skip
_REDUCED, _MASK = 1, 4


@dataclass(frozen=True)
class Directory:
    """One page or preview, as its tags (TIFF 6.0, DNG 1.7) describe it. position: where it lies in the file."""

    position: int
    tags: Mapping[int, tuple[int, ...]]

    @property
    def size(self) -> tuple[int, int]:
        """Its width and height; 0 where nothing says them."""
        return self._first(_WIDTH), self._first(_HEIGHT)

    @property
    def pixels(self) -> int:
        """How many it has."""
        return self._first(_WIDTH) * self._first(_HEIGHT)

    @property
    def compression(self) -> int:
        """How it is packed."""
        return self._first(_COMPRESSION)

    @property
    def photometric(self) -> int:
        """What its numbers mean; -1 where nothing says it."""
        return self._first(_PHOTOMETRIC, -1)

    @property
    def is_reduced(self) -> bool:
        """It says that it is a small version of another one."""
        return bool(self._first(_SUBFILE) & _REDUCED)

    @property
    def is_mask(self) -> bool:
        """It is the transparency of another one."""
        return bool(self._first(_SUBFILE) & _MASK)

    @property
    def is_dng(self) -> bool:
        """It says that the file is a DNG."""
        return _DNG_VERSION in self.tags

    @property
    def has_orientation(self) -> bool:
        """It says how it is to be turned."""
        return _ORIENTATION in self.tags

    @property
    def orientation(self) -> int:
        """How it is to be turned: as in EXIF, 1 to 8; 1 where nothing says it."""
        said = self._first(_ORIENTATION, 1)
        return said if 1 <= said <= 8 else 1

    @property
    def streams(self) -> Iterator[tuple[int, int]]:
        """Where a whole file may lie in it, and how many bytes it has."""
        for places, lengths in ((_JPEG, _JPEG_BYTES), (_STRIPS, _STRIP_BYTES)):
            start, length = self.tags.get(places, ()), self.tags.get(lengths, ())
            if len(start) == 1 and len(length) == 1:
                yield start[0], length[0]

    def _first(self, tag: int, otherwise: int = 0) -> int:
        return next(iter(self.tags.get(tag, ())), otherwise)


def is_tiff(data: bytes) -> bool:
    """Whether the file begins like a TIFF."""
    return data[:4] in KINDS


def directories_of(data: bytes) -> list[Directory]:
    """The directories of a TIFF, a directory before those that it names; at most MAX_DIRECTORIES."""
    _, _, placed = KINDS[data[:4]]
    waiting, seen = [_number(data, struct.calcsize(placed), placed)], dict[int, Directory]()
    while waiting and len(seen) < MAX_DIRECTORIES:
        position = waiting.pop(0)
        if position and position not in seen:
            seen[position], following = _directory(data, position)
            waiting += [*seen[position].tags.get(_BELOW, ()), following]
    return list(seen.values())


def starting_at(data: bytes, position: int) -> bytes:
    """A copy of the file with this directory as its first."""
    _, _, placed = KINDS[data[:4]]
    at = struct.calcsize(placed)
    return data[:at] + struct.pack(placed, position) + data[2 * at :]


def _directory(data: bytes, position: int) -> tuple[Directory, int]:
    """A directory, and where the next one is."""
    counted, headed, placed = KINDS[data[:4]]
    head, room = struct.calcsize(headed), struct.calcsize(placed)
    count, start = min(_number(data, position, counted), MAX_ENTRIES), position + struct.calcsize(counted)
    tags = {}
    for at in range(start, min(start + count * (head + room), len(data) - head - room + 1), head + room):
        tag, kind, values = struct.unpack_from(headed, data, at)
        if tag in _WANTED and kind in _FORMS and 0 < values <= MAX_VALUES:
            form = f"{headed[0]}{values}{_FORMS[kind]}"
            place = at + head if struct.calcsize(form) <= room else _number(data, at + head, placed)
            tags[tag] = _numbers(data, place, form)
    return Directory(position, tags), _number(data, start + count * (head + room), placed)


def _numbers(data: bytes, position: int, form: str) -> tuple[int, ...]:
    """Numbers of a file; none beyond its end."""
    return struct.unpack_from(form, data, position) if position + struct.calcsize(form) <= len(data) else ()


def _number(data: bytes, position: int, form: str) -> int:
    return next(iter(_numbers(data, position, form)), 0)

"""What a JPEG will ask of its decoder (ISO/IEC 10918-1, annex B), read from its markers before it is decoded."""

import re
import struct
from dataclasses import dataclass

from gallery.errors import PhotoTooDemanding

# A photo has a dozen markers before its pixels and one or two with each scan; 25 MB of extended XMP make 400.
MAX_MARKERS = 2_000
# Between segments: readers look at each of them alone.
MAX_STRAY_BYTES = 10_000
# What libjpeg-turbo's own fuzzers allow; cameras and encoders write ten, mozjpeg 64 at most.
MAX_SCANS = 500
# Each scan of a large picture goes over the whole of it: 60 megapixels in 33 scans, or 4 in 500.
MAX_SCANNED_PIXELS = 2_000_000_000

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# As RAW files keep what a sensor saw: without loss, which photos never are.
_LOSSLESS = frozenset({0xC3, 0xC7, 0xCB, 0xCF})
_SCAN, _END = 0xDA, 0xD9
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


@dataclass(frozen=True)
class _Frame:
    """What the frame's header says. factors: sampling across and down, for each component."""

    is_progressive: bool
    is_lossless: bool
    width: int
    height: int
    factors: tuple[tuple[int, int], ...]


def coefficient_bytes(data: bytes) -> int:
    """Bytes of coefficients that the decoder keeps: 0 for a JPEG sent in one scan, which is decoded row by row.

    Progressive ones, and those whose components come one after the other, are kept whole, 2 bytes a coefficient.
    Damaged headers count as 0: decoding will refuse them. Raises PhotoTooDemanding for more markers or stray bytes
    than photos have.
    """
    frame, position = _before_pixels(data)
    if frame is None or position + 5 > len(data) or not _is_kept(frame, components_in_scan=data[position + 4]):
        return 0
    pixels = frame.width * frame.height
    most = max((across * down for across, down in frame.factors), default=0) or 1
    return sum(2 * pixels * across * down // most for across, down in frame.factors)


def check_scans(data: bytes, pixels: int) -> None:
    """Raise PhotoTooDemanding for more scans than photos of this many pixels have."""
    _, position = _before_pixels(data)
    if _scans(data, position) > min(MAX_SCANS, MAX_SCANNED_PIXELS // max(1, pixels)):
        raise PhotoTooDemanding


def size_of(head: bytes) -> tuple[int, int] | None:
    """Width and height of the photo that begins with these bytes; None when it is none. Raises PhotoTooDemanding."""
    if not head.startswith(b"\xff\xd8\xff"):
        return None
    frame, _ = _before_pixels(head)
    return None if frame is None or frame.is_lossless else (frame.width, frame.height)


def _before_pixels(data: bytes) -> tuple[_Frame | None, int]:
    """The frame, and where the marker of the first scan lies; the end where there is none."""
    frame, position, stray = None, 2, 0
    for _ in range(MAX_MARKERS):
        found = _MARKER.search(data, position, position + MAX_STRAY_BYTES - stray + 2)
        if found is None:
            is_end = len(data) - position <= MAX_STRAY_BYTES - stray + 2
            break
        stray += found.start() - position
        marker, position = data[found.start() + 1], found.start()
        if marker == _SCAN:
            return frame, position
        if marker in _FRAMES:
            frame = _frame(marker, data[position + 4 : position + 2 + _length(data, position)])
        position += 2 if marker in _STANDALONE else 2 + _length(data, position)
    else:
        is_end = False
    if not is_end:
        raise PhotoTooDemanding
    return frame, len(data)


def _scans(data: bytes, position: int) -> int:
    """How many scans there are from the first one on, counted up to one more than is allowed."""
    scans = 0
    for _ in range(MAX_MARKERS):
        found = _MARKER_IN_SCAN.search(data, position)
        if found is None or data[found.start() + 1] == _END:
            return scans
        scans += data[found.start() + 1] == _SCAN
        position = found.start() + (2 if data[found.start() + 1] in _STANDALONE else 2 + _length(data, found.start()))
    return MAX_SCANS + 1


def _length(data: bytes, position: int) -> int:
    """Bytes of the segment at a marker, those that tell its length included; never fewer than these."""
    return max(2, int.from_bytes(data[position + 2 : position + 4], "big"))


def _frame(marker: int, body: bytes) -> _Frame | None:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        return None
    height, width = struct.unpack_from(">HH", body, 1)
    sampling = body[7 : 6 + 3 * body[5] : 3]
    return _Frame(
        marker & 0x03 == 0x02, marker in _LOSSLESS, width, height, tuple((each >> 4, each & 0x0F) for each in sampling)
    )


def _is_kept(frame: _Frame, *, components_in_scan: int) -> bool:
    return frame.is_progressive or components_in_scan < len(frame.factors)

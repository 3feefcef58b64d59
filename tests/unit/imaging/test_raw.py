"""RAW files and scanners' TIFF: the photo is taken, never its thumbnail."""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gallery.errors import PhotoIsRaw
from gallery.imaging import Limits, as_array
from gallery.imaging.decoding import decode
from gallery.imaging.files.directories import directories_of
from tests import pictures

LIMITS = Limits()
DRAWN = pictures.picture(5).resize((2000, 1500))
THUMBNAIL = DRAWN.resize((160, 120))
CFA, RGB, YCBCR = 32_803, 2, 6
SENSOR = {254: 0, 256: 4000, 257: 3000, 259: 7, 262: CFA}


def raw(parts: Sequence[tuple[dict[int, Any], bytes]], *, first: dict[int, Any], order: str = "<") -> bytes:
    """A camera's file: a first directory with a thumbnail, and below it others, each with the bytes that it holds."""
    thumbnail = THUMBNAIL.tobytes()
    data = bytearray(struct.pack(f"{order}2sHI", b"II" if order == "<" else b"MM", 42, 0))
    below = []
    for tags, held in parts:
        start = len(data)
        data += held
        below.append(directory(data, tags | {273: start, 279: len(held)}, order))
    start = len(data)
    data += thumbnail
    shown = {254: 1, 256: 160, 257: 120, 258: 8, 259: 1, 262: RGB, 273: start, 277: 3, 278: 120, 279: len(thumbnail)}
    struct.pack_into(f"{order}I", data, 4, directory(data, shown | first | ({330: below} if below else {}), order))
    return bytes(data)


def directory(data: bytearray, tags: dict[int, Any], order: str) -> int:
    """Add a directory and say where it lies; values are whole numbers, or lists of places."""
    entries = b""
    for tag, value in sorted(tags.items()):
        places = value if isinstance(value, list) else [value]
        packed = struct.pack(f"{order}{len(places)}I", *places)
        if len(places) > 1:
            data += packed
            packed = struct.pack(f"{order}I", len(data) - len(packed))
        entries += struct.pack(f"{order}HHI", tag, 4, len(places)) + packed
    data += struct.pack(f"{order}H", len(tags)) + entries + bytes(4)
    return len(data) - len(entries) - 6


def preview(image: Image.Image) -> tuple[dict[int, Any], bytes]:
    return {254: 1, 256: image.width, 257: image.height, 259: 7, 262: YCBCR}, pictures.jpeg(image)


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_large_preview_of_a_raw_is_the_photo(order: str) -> None:
    data = raw([(SENSOR, bytes(500)), preview(DRAWN), preview(THUMBNAIL)], first={50_706: 1, 274: 6}, order=order)
    picture = decode(data, LIMITS)
    assert (picture.width, picture.height, picture.media_type) == (1500, 2000, "image/tiff")
    upright = np.asarray(DRAWN.transpose(Image.Transpose.ROTATE_270), dtype=int)
    assert np.abs(as_array(picture) - upright).mean() < 5


def test_a_raw_with_its_thumbnail_alone_is_told_as_raw() -> None:
    with pytest.raises(PhotoIsRaw):
        decode(raw([(SENSOR, bytes(500)), preview(DRAWN.resize((640, 480)))], first={50_706: 1}), LIMITS)


@pytest.mark.parametrize(
    "beginning",
    [b"\0\0\0\x18ftypcrx \0\0\0\1", b"FUJIFILMCCD-RAW 0201", b"IIRO\x08\0\0\0", b"IIU\0\x18\0\0\0"],
    ids=["CR3", "RAF", "ORF", "RW2"],
)
def test_a_raw_that_is_not_read_is_told_as_raw(beginning: bytes) -> None:
    with pytest.raises(PhotoIsRaw):
        decode(beginning + bytes(1000), LIMITS)


@pytest.mark.parametrize("says_so", [True, False], ids=["flagged", "only smaller"])
def test_the_whole_page_of_a_scan_is_taken_for_its_reduced_first(says_so: bool) -> None:
    later = [DRAWN.copy(), DRAWN.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    told = {"tiffinfo": {254: 1}} if says_so else {}
    first = DRAWN.resize((1500, 1125)) if says_so else THUMBNAIL.copy()
    file = pictures.encoded(first, "TIFF", save_all=True, append_images=later, **told)
    picture = decode(file, LIMITS)
    assert np.array_equal(as_array(picture), np.asarray(DRAWN))


def test_directories_that_go_in_circles_come_to_an_end() -> None:
    data = bytearray(raw([], first={50_706: 1}))
    place = struct.unpack_from("<I", data, 4)[0]
    data[-4:] = struct.pack("<I", place)
    assert len(directories_of(bytes(data))) == 1

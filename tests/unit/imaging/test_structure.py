"""Parts of files are counted before a reader goes through them."""

import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from bench.hostile import structures
from gallery.errors import PhotoRefused, PhotoTooDemanding, PhotoUnreadable
from gallery.imaging import Limits
from gallery.imaging.decoding import decode
from gallery.imaging.files.structure import without_burden
from tests import pictures

LIMITS = Limits()
DRAWN = pictures.picture(7).resize((160, 120))
BURDENS: dict[str, Callable[[], bytes]] = {
    "scans": lambda: structures.jpeg_of_scans(1000, 1000, 501),
    "scans of a large picture": lambda: structures.jpeg_of_scans(8000, 8000, 60),
    "0xFF": lambda: structures.jpeg_then(b"\xff", 1_000_000),
    "zeros before the first segment": lambda: structures.jpeg_then(b"\0", 1_000_000),
    "empty segments": lambda: structures.jpeg_then(b"\xff\xe1\0\2", 100_000),
    "restart markers": lambda: structures.jpeg_then(b"\xff\xd0", 100_000),
    "chunks": lambda: structures.png_of_chunks(60_000),
    "directories": lambda: structures.tiff_of_directories(1_100),
    "entries of directories": lambda: structures.tiff_of_directories(900, entries=30),
    "strips": lambda: structures.tiff_of_strips(100_001),
    "directories of a big TIFF": lambda: structures.tiff_of_directories(1_100, is_big=True),
    "blocks of comments": lambda: structures.gif_of_blocks(20_000),
}


@pytest.mark.parametrize("name", BURDENS)
def test_more_parts_than_photos_have_are_refused(name: str) -> None:
    with pytest.raises(PhotoTooDemanding):
        decode(BURDENS[name](), LIMITS)


HARMLESS: dict[str, Callable[[], bytes]] = {
    "some fill bytes": lambda: structures.jpeg_then(b"\xff", 200),
    "200 segments of metadata": lambda: structures.jpeg_then(b"\xff\xe1\0\4ab", 200),
    "a TIFF of 100 pages": lambda: structures.tiff_of_directories(100),
    "a PNG with little chunks": lambda: structures.png_of_chunks(1_000),
    "a comment of 2,000 blocks": lambda: structures.gif_of_blocks(2_000),
    "texts that unfold to a gigabyte": lambda: structures.png_of_texts(1_000, b"zTXt"),
    "international texts that unfold": lambda: structures.png_of_texts(1_000, b"iTXt"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_photos_have_and_what_no_picture_needs_does_no_harm(name: str) -> None:
    assert decode(HARMLESS[name](), LIMITS).width


def test_500_scans_of_a_small_picture_are_gone_through() -> None:
    with pytest.raises(PhotoUnreadable):
        decode(structures.jpeg_of_scans(200, 200, 499), LIMITS)


def test_a_profile_that_unfolds_without_end_costs_nothing() -> None:
    try:
        assert decode(structures.png_with_profile(50_000_000), LIMITS).width
    except PhotoRefused:
        return


@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_of_a_camera_is_not_touched(progressive: bool) -> None:
    for data in (
        pictures.jpeg(DRAWN, progressive=progressive),
        pictures.encoded(DRAWN, "PNG"),
        pictures.encoded(DRAWN, "GIF"),
    ):
        assert without_burden(data) is data


def test_the_orientation_that_imagemagick_writes_is_kept() -> None:
    exif = pictures.exif_with(b"x", orientation=6)
    kept = f"\nexif\n{len(exif):8}\n{exif.hex()}\n".encode()
    body = b"Raw profile type exif\0\0" + zlib.compress(kept)
    data = pictures.encoded(DRAWN, "PNG")
    at = data.index(b"IDAT") - 4
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    picture = decode(data[:at] + chunk + data[at:], LIMITS)
    assert (picture.width, picture.height) == (120, 160)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "TIFF", "GIF"])
def test_a_file_cut_anywhere_is_counted_without_a_fault(file_format: str) -> None:
    data = pictures.encoded(Image.new("RGB", (40, 40)), file_format)
    for end in range(len(data)):
        try:
            decode(data[:end], LIMITS)
        except PhotoRefused:
            continue

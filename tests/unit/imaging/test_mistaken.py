"""Files that somebody takes for photos are named for what they are; a photo is never named so."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from gallery.errors import PhotoTooLarge, PhotoUnreadable
from gallery.errors.photos import FileEmpty, FileIsArchive, FileIsDocument, FileIsVideo
from gallery.imaging import Limits, decode
from gallery.imaging.files import mistaken
from tests import pdfs, pictures

LIMITS = Limits(max_seconds=20)
VIDEO = b"\0\0\0\x18ftypisom" + bytes(5000)


def zipped(*names: str) -> bytes:
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", FileEmpty),
        (VIDEO, FileIsVideo),
        (b"\0\0\0\x08wide\0\0\0\0mdat", FileIsVideo),
        (b"\x1aE\xdf\xa3 a video of the web", FileIsVideo),
        (b"RIFF\0\0\0\0AVI LIST", FileIsVideo),
        (pdfs.pdf(""), FileIsDocument),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileIsDocument),
        (zipped("[Content_Types].xml", "word/document.xml"), FileIsDocument),
        (zipped("mimetype", "content.xml"), FileIsDocument),
        (zipped("IMG_0001.JPG"), FileIsArchive),
        (b"Rar!\x1a\x07", FileIsArchive),
    ],
    ids=["empty", "mp4", "mov", "webm", "avi", "pdf", "doc", "docx", "odt", "zip", "rar"],
)
def test_what_is_taken_for_a_photo_is_named(data: bytes, kind: type[PhotoUnreadable]) -> None:
    with pytest.raises(kind):
        decode(data, LIMITS)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"])
def test_a_damaged_photo_is_not_taken_for_something_else(form: str) -> None:
    file = BytesIO()
    Image.new("RGB", (64, 64)).save(file, form)
    assert mistaken.kind_of(file.getvalue()[:60]) is None


def test_a_damaged_heic_photo_is_not_taken_for_a_film() -> None:
    drawn = Path(__file__).parents[2] / "data" / "drawn.heic"
    with pytest.raises(PhotoUnreadable) as refusal:
        decode(drawn.read_bytes()[:200], LIMITS)
    assert type(refusal.value) is PhotoUnreadable


@pytest.mark.parametrize(("data", "kind"), [(VIDEO, FileIsVideo), (pictures.jpeg(pictures.picture(1)), PhotoTooLarge)])
def test_a_film_that_is_too_large_is_still_called_a_film(data: bytes, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        decode(data, replace(LIMITS, max_bytes=100))

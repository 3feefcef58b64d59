"""HEIC as phones write it: in tiles, cropped, transparent."""

import struct
from io import BytesIO

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from gallery.imaging import Limits, as_array
from gallery.imaging.decoding import decode
from tests import pictures

LIMITS = Limits()
DRAWN = pictures.picture(7).resize((161, 119))


def heic(image: Image.Image, **options: object) -> bytes:
    file = BytesIO()
    # The slower presets take half a minute for twelve megapixels, and nothing here is about size.
    pillow_heif.from_pillow(image).save(file, quality=95, chroma=444, enc_params={"preset": "ultrafast"}, **options)
    return file.getvalue()


def seen(image: Image.Image, **options: object) -> list[int]:
    """The colour in the middle of a HEIC as it is shown."""
    pixels = as_array(decode(heic(image, **options), LIMITS))
    middle: list[int] = pixels[pixels.shape[0] // 2, pixels.shape[1] // 2].tolist()
    return middle


def test_a_small_crop_is_shown() -> None:
    data = bytearray(heic(DRAWN))
    struct.pack_into(">8i", data, data.index(b"clap") + 4, 40, 1, 30, 1, 0, 1, 0, 1)
    picture = decode(bytes(data), LIMITS)
    assert (picture.width, picture.height) == (40, 30)
    assert picture.image.size == (40, 30)


def test_a_photo_in_tiles_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pillow_heif.options, "GRID_TILE_SIZE", 512)  # only when it is written
    drawn = pictures.picture(7).resize((1300, 800))
    picture = decode(heic(drawn), LIMITS)
    assert (picture.width, picture.height) == (1300, 800)
    there = np.asarray(drawn.resize(picture.image.size), np.int16)
    assert np.abs(as_array(picture).astype(np.int16) - there).mean() < 4


def test_a_transparent_heic_is_put_on_white() -> None:
    assert seen(Image.new("RGBA", (64, 64), (255, 0, 0, 0))) == pytest.approx([255, 255, 255], abs=3)


def test_a_grey_heic_stays_grey() -> None:
    assert seen(Image.new("L", (5000, 3000), 90)) == pytest.approx([90, 90, 90], abs=3)

"""Wide colours that no profile names, and HDR, are shown as people see them."""

import struct
from io import BytesIO

import pillow_heif
import pytest
from PIL import Image

from gallery.imaging import Limits, as_array
from gallery.imaging.decoding import decode
from tests import pictures

LIMITS = Limits()
P3, BT2020 = 12, 9
SRGB, PQ, HLG = 13, 16, 18
WHITE_IN_PQ = 148  # 203 candelas per square metre, the white of a page


def seen(image: Image.Image, **options: object) -> list[int]:
    """The colour in the middle of a HEIC as it is shown."""
    file = BytesIO()
    pillow_heif.from_pillow(image).save(file, quality=95, chroma=444, **options)
    pixels = as_array(decode(file.getvalue(), LIMITS))
    middle: list[int] = pixels[pixels.shape[0] // 2, pixels.shape[1] // 2].tolist()
    return middle


def test_wide_colours_named_by_numbers_become_what_a_profile_makes_of_them() -> None:
    image = Image.new("RGB", (64, 64), (200, 90, 60))
    by_profile = as_array(decode(pictures.jpeg(image, icc_profile=pictures.display_p3()), LIMITS))[20, 20].tolist()
    by_numbers = seen(image, color_primaries=P3, transfer_characteristics=SRGB, matrix_coefficients=6)
    assert by_numbers == pytest.approx(by_profile, abs=4)
    assert by_numbers[0] > 205


@pytest.mark.parametrize("primaries", [1, 2])
def test_ordinary_colours_are_left_alone(primaries: int) -> None:
    image = Image.new("RGB", (64, 64), (200, 90, 60))
    assert seen(image, color_primaries=primaries, transfer_characteristics=SRGB) == pytest.approx([200, 90, 60], abs=3)


def test_a_grey_in_hdr_is_the_same_grey() -> None:
    # 36 candelas: a fifth of white, 118 in sRGB.
    grey = Image.new("RGB", (64, 64), (round(255 * 0.408),) * 3)
    shown = seen(grey, color_primaries=BT2020, transfer_characteristics=PQ, matrix_coefficients=9)
    assert shown == pytest.approx([118] * 3, abs=8)


def test_white_in_hdr_is_nearly_white_and_a_lamp_is_no_darker() -> None:
    white, lamp = (
        seen(Image.new("RGB", (64, 64), (value,) * 3), color_primaries=BT2020, transfer_characteristics=PQ)
        for value in (WHITE_IN_PQ, 200)
    )
    assert 235 <= white[0] <= lamp[0] <= 255


def test_a_phones_hdr_of_the_other_kind_is_shown_in_its_brightness() -> None:
    shown = seen(Image.new("RGB", (64, 64), (191, 191, 191)), color_primaries=BT2020, transfer_characteristics=HLG)
    assert 225 <= shown[0] <= 255


def test_wide_colours_of_an_avif_are_converted_too() -> None:
    data = pictures.encoded(Image.new("RGB", (64, 64), (200, 90, 60)), "AVIF", quality=95, subsampling="4:4:4")
    at = data.index(b"colrnclx") + 8
    wide = data[:at] + struct.pack(">HH", P3, SRGB) + data[at + 4 :]
    assert as_array(decode(wide, LIMITS))[20, 20, 0] > as_array(decode(data, LIMITS))[20, 20, 0] + 5

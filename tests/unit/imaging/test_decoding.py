from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from gallery.errors import PhotoRefused, PhotoTooLarge, PhotoTooNarrow, PhotoTooSmall, PhotoUnreadable
from gallery.imaging import WORKING_SIDE, Capture, Limits, as_array, renditions
from gallery.imaging.decoding import decode
from gallery.imaging.process import guard
from tests import pictures

LIMITS = Limits()
DRAWN = pictures.picture(7).resize((160, 120))
HEIC = (Path(__file__).parents[2] / "data" / "drawn.heic").read_bytes()
FILES = {
    "jpeg": pictures.jpeg(DRAWN),
    "png": pictures.encoded(DRAWN, "PNG"),
    "webp": pictures.encoded(DRAWN, "WEBP", quality=90),
    "avif": pictures.encoded(DRAWN, "AVIF", quality=90),
    "heic": HEIC,
    "gif": pictures.encoded(DRAWN, "GIF"),
    "tiff": pictures.encoded(DRAWN, "TIFF", compression="tiff_lzw"),
    "bmp": pictures.encoded(DRAWN, "BMP"),
}


def difference(image: Image.Image, other: Image.Image) -> float:
    """Mean absolute difference of two pictures of one size, 0 to 255."""
    return float(np.abs(np.asarray(image, np.int16) - np.asarray(other.convert("RGB"), np.int16)).mean())


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_picture(name: str) -> None:
    picture = decode(FILES[name], LIMITS)
    assert picture.media_type == f"image/{name}"
    assert (picture.image.mode, picture.width, picture.height) == ("RGB", 160, 120)
    assert difference(picture.image, DRAWN) < 14


@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_refused_or_whole_enough_to_show(name: str) -> None:
    for share in (0.1, 0.5, 0.9):
        data = FILES[name][: int(len(FILES[name]) * share)]
        try:
            assert decode(data, LIMITS).image.size == (160, 120)
        except PhotoUnreadable:
            continue


@pytest.mark.parametrize("name", ["png", "webp", "avif", "heic", "bmp"])
def test_half_a_photo_is_unreadable(name: str) -> None:
    with pytest.raises(PhotoUnreadable):
        decode(FILES[name][: len(FILES[name]) // 2], LIMITS)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"GIF89a", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%!PS-Adobe-3.0 EPSF-3.0\n"],
    ids=["empty", "zero", "header only", "pdf", "svg", "eps"],
)
def test_what_is_no_photo_is_unreadable(data: bytes) -> None:
    with pytest.raises(PhotoUnreadable):
        decode(data, LIMITS)


@pytest.mark.parametrize("file_format", ["ICO", "PPM", "TGA", "PCX", "SGI"])
def test_formats_that_no_phone_writes_are_not_opened(file_format: str) -> None:
    with pytest.raises(PhotoUnreadable):
        decode(pictures.encoded(DRAWN, file_format), LIMITS)


@settings(max_examples=150)
@given(st.binary(max_size=2000))
def test_random_bytes_raise_nothing_but_a_refusal(data: bytes) -> None:
    with pytest.raises(PhotoRefused):
        decode(data, LIMITS)


@settings(max_examples=250)
@given(st.sampled_from(sorted(FILES)), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=30))
@example("tiff", [(4, 0), (5, 255)])
def test_damaged_files_raise_nothing_but_a_refusal(name: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(FILES[name])
    for place, value in changes:
        data[place % len(data)] = value
    try:
        picture = decode(bytes(data), Limits(max_jpeg_pixels=10**6, max_other_pixels=10**6))
    except PhotoRefused:
        return
    assert picture.image.mode == "RGB"


def test_a_file_over_the_limit_is_told_in_megabytes() -> None:
    with pytest.raises(PhotoTooLarge) as refusal:
        decode(b"x" * 3_000_000, Limits(max_bytes=2 * 2**20))
    assert refusal.value.limit_megabytes == 2


@pytest.mark.parametrize("side", [7100, 60_000], ids=["50.4 megapixels", "3,600 megapixels"])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(PhotoTooLarge) as refusal:
        decode(pictures.png_of_declared_size(side, side), LIMITS)
    assert refusal.value.limit_megapixels == 50


def test_a_jpeg_may_be_larger_than_other_pictures() -> None:
    large = pictures.jpeg(Image.new("L", (9000, 6000), 128))
    picture = decode(large, LIMITS)
    assert (picture.width, picture.height) == (9000, 6000)
    assert max(picture.image.size) == WORKING_SIDE


def test_a_jpeg_has_its_limit_too() -> None:
    with pytest.raises(PhotoTooLarge):
        decode(pictures.jpeg(Image.new("L", (4000, 3000))), Limits(max_jpeg_pixels=10**7))


def test_a_progressive_jpeg_that_needs_too_much_memory_is_refused() -> None:
    huge = pictures.jpeg(Image.new("RGB", (9000, 8000)), progressive=True, subsampling=0)
    with pytest.raises(PhotoTooLarge) as refusal:
        decode(huge, LIMITS)
    assert refusal.value.limit_progressive_megapixels == 40


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (400, 2)])
def test_a_picture_too_small_to_show_anything_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(PhotoTooSmall):
        decode(pictures.encoded(Image.new("RGB", size), "PNG"), LIMITS)


@pytest.mark.parametrize("size", [(20_000, 200), (200, 20_000), (1700, 17), (16, 1600), (3000, 31)])
def test_a_picture_that_is_accepted_can_be_described(size: tuple[int, int]) -> None:
    picture = decode(pictures.encoded(Image.new("RGB", size), "PNG"), LIMITS)
    described = next(each for each in renditions(picture)[::-1] if each.name.endswith("00.jpg"))
    assert min(decode(described.data, LIMITS).image.size) >= LIMITS.min_side


@pytest.mark.parametrize("size", [(2_500_000, 16), (16, 2_500_000), (20_000, 199)])
def test_a_thread_is_no_picture(size: tuple[int, int]) -> None:
    with pytest.raises(PhotoTooNarrow) as refusal:
        decode(pictures.encoded(Image.new("1", size), "PNG"), LIMITS)
    assert refusal.value.limit_ratio == 100


def test_deep_greys_are_scaled() -> None:
    ramp = np.linspace(0, 65535, 256 * 64).reshape(64, 256).astype(np.uint16)
    pixels = as_array(decode(pictures.encoded(Image.fromarray(ramp), "PNG"), LIMITS))
    assert (int(pixels.min()), int(pixels.max())) == (0, 255)


@pytest.mark.parametrize("kind", [np.int32, np.float32])
def test_numbers_of_unknown_range_are_scaled_to_their_highest(kind: type) -> None:
    ramp = np.linspace(0, 5000, 64 * 64).reshape(64, 64).astype(kind)
    pixels = as_array(decode(pictures.encoded(Image.fromarray(ramp), "TIFF"), LIMITS))
    assert int(pixels.max()) == 255


def test_print_colours_are_converted() -> None:
    picture = decode(pictures.jpeg(DRAWN.convert("CMYK")), LIMITS)
    assert difference(picture.image, DRAWN) < 8


def test_transparency_is_put_on_white() -> None:
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    assert as_array(decode(pictures.encoded(clear, "PNG"), LIMITS)).min() == 255


def test_a_palette_with_transparency_is_put_on_white() -> None:
    image = Image.new("P", (40, 40), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    pixels = as_array(decode(pictures.encoded(image, "PNG", transparency=1), LIMITS))
    assert pixels.min() == 255


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG", "AVIF"])
def test_of_an_animation_the_first_frame_is_taken(file_format: str) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue", "green")]
    data = pictures.encoded(frames[0], file_format, save_all=True, append_images=frames[1:])
    red, green, blue = as_array(decode(data, LIMITS))[20, 20]
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize("file_format", ["JPEG", "WEBP", "AVIF", "TIFF", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(file_format: str, orientation: int) -> None:
    turned_away = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = DRAWN.transpose(turned_away[orientation]) if orientation > 1 else DRAWN
    data = pictures.encoded(stored, file_format, exif=pictures.exif_with(b"x", orientation=orientation))
    picture = decode(data, LIMITS)
    assert (picture.width, picture.height) == (160, 120)
    assert difference(picture.image, DRAWN) < 14


def test_enormous_exif_data_is_no_harm() -> None:
    data = pictures.jpeg(DRAWN, exif=b"Exif\0\0" + b"\xff" * 60_000)
    assert decode(data, LIMITS).image.size == (160, 120)


def test_phones_wide_colours_become_what_people_see() -> None:
    red = Image.new("RGB", (40, 40), (255, 0, 0))
    seen = as_array(decode(pictures.jpeg(red, icc_profile=pictures.display_p3()), LIMITS))[20, 20]
    plain = as_array(decode(pictures.jpeg(Image.new("RGB", (40, 40), (230, 60, 50))), LIMITS))[20, 20]
    assert seen.tolist() == pytest.approx([255, 0, 0], abs=6)
    narrowed = as_array(
        decode(pictures.jpeg(Image.new("RGB", (40, 40), (200, 90, 60)), icc_profile=pictures.display_p3()), LIMITS)
    )[20, 20]
    assert narrowed[0] > 203, "a P3 value names a stronger red than the same sRGB value"
    assert plain.tolist() == pytest.approx([230, 60, 50], abs=6)


@pytest.mark.parametrize("profile", [b"\0" * 500, b"not a profile"])
def test_a_broken_profile_is_ignored(profile: bytes) -> None:
    assert decode(pictures.jpeg(DRAWN, icc_profile=profile), LIMITS).image.size == (160, 120)


def test_a_profile_for_other_colours_than_the_picture_has_is_ignored() -> None:
    data = pictures.jpeg(DRAWN.convert("L"), icc_profile=pictures.display_p3())
    assert difference(decode(data, LIMITS).image, DRAWN.convert("L").convert("RGB")) < 14


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF"])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(160, 120), (4200, 800)], ids=["small", "large"])
def test_every_kind_of_pixel_is_read(file_format: str, mode: str, size: tuple[int, int]) -> None:
    if file_format == "JPEG" and mode.endswith("A"):
        pytest.skip("no JPEG is transparent")
    drawn = Image.new("RGB", size, (90, 90, 90)).convert(mode)
    pixels = as_array(decode(pictures.encoded(drawn, file_format), LIMITS))
    assert pixels[100, 100].tolist() == pytest.approx([90, 90, 90], abs=6)


def test_a_photo_with_a_film_behind_it_is_a_photo() -> None:
    data = FILES["jpeg"] + b"\0\0\0\x18ftypmp42" + bytes(5000)
    assert decode(data, LIMITS).image.size == (160, 120)


def test_nothing_but_pixels_is_left() -> None:
    picture = decode(pictures.jpeg(DRAWN, exif=pictures.exif_with(b"secret"), comment=b"secret"), LIMITS)
    assert not picture.image.info
    assert not picture.image.getexif()


def test_a_large_webp_keeps_its_transparency_and_colours() -> None:
    image = Image.new("RGBA", (4500, 4000), (200, 60, 30, 255))
    image.paste((0, 0, 0, 0), (0, 0, 2000, 4000))
    pixels = as_array(decode(pictures.encoded(image, "WEBP", quality=80, method=0), LIMITS))
    assert pixels[100, 100].tolist() == [255, 255, 255]
    assert pixels[100, -100].tolist() == pytest.approx([200, 60, 30], abs=8)


def test_when_and_by_which_camera_a_photo_was_taken_is_told_and_nothing_else() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Fabricant", "Modèle 7"
    exif.get_ifd(0x8769).update({0x9003: "2026:11:29 14:05:09", 0x9291: "5", 0xA431: "S123"})
    photo = BytesIO()
    pictures.picture(3).save(photo, "JPEG", exif=exif)
    capture = guard.decode(photo.getvalue(), LIMITS).capture
    assert capture.taken == "2026-11-29T14:05:09.50"
    assert len(capture.camera) == 16
    assert guard.decode(pictures.jpeg(pictures.picture(3)), LIMITS).capture == Capture()

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gallery.imaging import Limits, Picture, decode, renditions, turned
from tests import pictures

SECRET = b"PLANTED-SECRET"


def picture_of(width: int, height: int) -> Picture:
    return decode(pictures.jpeg(pictures.picture(1).resize((width, height))), Limits())


def sizes(picture: Picture) -> dict[str, tuple[int, int]]:
    return {each.name: (each.width, each.height) for each in renditions(picture)}


def test_a_large_photo_has_every_size() -> None:
    assert sizes(picture_of(4000, 3000)) == {
        "320.webp": (320, 240), "320.jpg": (320, 240), "560.webp": (560, 420), "560.jpg": (560, 420),
        "800.webp": (800, 600), "800.jpg": (800, 600),
        "1600.webp": (1600, 1200), "1600.jpg": (1600, 1200), "share.jpg": (2048, 1536),
    }  # fmt: skip


@settings(max_examples=25)
@given(st.integers(16, 1200), st.integers(16, 1200))
def test_nothing_is_enlarged(width: int, height: int) -> None:
    picture = picture_of(width, height)
    for each in renditions(picture):
        assert each.width <= width
        assert each.height <= height


def test_a_small_photo_has_only_the_sizes_it_can_fill() -> None:
    assert sizes(picture_of(500, 300)) == {
        "320.webp": (320, 192), "320.jpg": (320, 192), "560.webp": (500, 300), "560.jpg": (500, 300),
        "share.jpg": (500, 300),
    }  # fmt: skip


def test_sizes_come_small_to_large_with_the_one_for_sharing_last() -> None:
    made = renditions(picture_of(1000, 700))
    assert made[-1].name == "share.jpg"
    assert [each.width for each in made] == sorted(each.width for each in made)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_no_file_carries_anything_but_pixels(file_format: str) -> None:
    options = {"exif": pictures.exif_with(SECRET), "icc_profile": pictures.display_p3()}
    if file_format == "JPEG":
        options["comment"] = SECRET
    if file_format in ("JPEG", "WEBP", "PNG"):
        options["xmp"] = b"<x>" + SECRET + b"</x>"
    data = pictures.encoded(pictures.picture(1), file_format, **options)
    assert SECRET in data
    for each in renditions(decode(data, Limits())):
        assert SECRET not in each.data
        with Image.open(BytesIO(each.data)) as image:
            assert not image.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()


def test_files_are_what_they_say() -> None:
    for each in renditions(picture_of(900, 600)):
        with Image.open(BytesIO(each.data)) as image:
            assert (Image.MIME[str(image.format)], image.size) == (each.media_type, (each.width, each.height))


@pytest.mark.parametrize(("turns", "size"), [(0, (300, 200)), (1, (200, 300)), (2, (300, 200)), (-1, (200, 300))])
def test_quarter_turns_go_clockwise(turns: int, size: tuple[int, int]) -> None:
    picture = picture_of(300, 200)
    result = turned(picture, turns)
    assert result.image.size == (result.width, result.height) == size
    corners = {0: (0, 0), 1: (size[0] - 1, 0), 2: (299, 199), -1: (0, size[1] - 1)}
    assert result.image.getpixel(corners[turns]) == picture.image.getpixel((0, 0))

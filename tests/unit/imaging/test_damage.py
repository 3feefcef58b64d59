"""A damaged JPEG is taken as far as it shows something, and known as damaged; a whole one never is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gallery.errors import PhotoUnreadable
from gallery.imaging import Limits
from gallery.imaging.decoding import decode
from tests import pictures

LIMITS = Limits()
DRAWN = pictures.picture(3).resize((1600, 1200))
PHOTO = pictures.jpeg(DRAWN, quality=90)
PROGRESSIVE = pictures.jpeg(DRAWN, quality=90, progressive=True)
MIDDLE = len(PHOTO) // 2


def zeroed(data: bytes) -> bytes:
    return data[: len(data) // 2] + bytes(4096) + data[len(data) // 2 + 4096 :]


DAMAGED: dict[str, Callable[[], bytes]] = {
    "without its last two bytes": lambda: PHOTO[:-2],
    "cut at 90 %": lambda: PHOTO[: len(PHOTO) * 9 // 10],
    "zeros in the middle": lambda: zeroed(PHOTO),
    "a hole in the middle": lambda: PHOTO[:MIDDLE] + PHOTO[MIDDLE + 4096 :],
    "progressive, cut at 60 %": lambda: PROGRESSIVE[: len(PROGRESSIVE) * 6 // 10],
    "progressive, zeros in the middle": lambda: zeroed(PROGRESSIVE),
    "print colours, cut": lambda: pictures.jpeg(DRAWN.convert("CMYK"))[:-20_000],
    "grey, cut": lambda: pictures.jpeg(DRAWN.convert("L"))[:-20_000],
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_photo_is_taken_and_known_as_damaged(name: str) -> None:
    picture = decode(DAMAGED[name](), LIMITS)
    assert picture.is_damaged
    assert (picture.width, picture.height) == DRAWN.size


WHOLE: dict[str, Callable[[], bytes]] = {
    "baseline": lambda: PHOTO,
    "progressive": lambda: PROGRESSIVE,
    "print colours": lambda: pictures.jpeg(DRAWN.convert("CMYK")),
    "all grey": lambda: pictures.jpeg(pictures.Image.new("RGB", (900, 900), (128, 128, 128))),
    "something behind its end": lambda: PHOTO + b"a film of two seconds" * 1000,
    "padding between its headers": lambda: PHOTO[:20] + bytes(50) + PHOTO[20:],
    "restart markers": lambda: pictures.jpeg(DRAWN, restart_marker_rows=1),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_photo_is_not_said_to_be_damaged(name: str) -> None:
    assert not decode(WHOLE[name](), LIMITS).is_damaged


def test_a_photo_of_which_most_is_missing_is_refused() -> None:
    with pytest.raises(PhotoUnreadable):
        decode(PHOTO[: len(PHOTO) * 3 // 10], LIMITS)


@pytest.mark.photographs
def test_no_real_photograph_is_said_to_be_damaged() -> None:
    shared = Path(__file__).parents[4] / "shared" / "data"
    if not shared.is_dir():
        pytest.skip("needs the real photographs of ../shared/data")
    photographs = sorted(shared.rglob("*.jpg"))[::20]
    assert not [each.name for each in photographs if decode(each.read_bytes(), LIMITS).is_damaged]

"""The photo that a screenshot shows is found, and a photo that has a plain ground stays whole."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from gallery.matching import find_photo
from tests import pictures

BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def shown_on_a_screen(paper: tuple[int, int, int], *, side: int = 0) -> Image.Image:
    """A photo as a telephone shows it, with a status bar and buttons; side: pixels on either side of it."""
    screen = Image.new("RGB", (540 + 2 * side, 1170), paper)
    screen.paste(pictures.picture(1).resize((540, 405)), (side, 382))
    draw = ImageDraw.Draw(screen)
    draw.text((30, 10), "17:42", fill=(128, 128, 128), font_size=24)
    for left in (60, 180, 300, 420):
        draw.ellipse((left, 1080, left + 36, 1116), outline=(128, 128, 128), width=4)
    return screen


@pytest.mark.parametrize("paper", [BLACK, WHITE, (27, 28, 31)])
@pytest.mark.parametrize("side", [0, 60])
def test_the_photo_of_a_screenshot_is_found(paper: tuple[int, int, int], side: int) -> None:
    screen = pictures.recompressed(shown_on_a_screen(paper, side=side), quality=80)
    found = find_photo(np.asarray(screen))
    width = 540 + 2 * side
    assert found == pytest.approx((side / width, 382 / 1170, (side + 540) / width, 787 / 1170), abs=0.012)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["texture", "ring", "watch"])
def test_a_photo_of_an_object_stays_whole(kind: str, seed: int) -> None:
    assert find_photo(np.asarray(pictures.picture(seed, kind))) is None


@pytest.mark.parametrize("ground", [BLACK, WHITE])
def test_an_object_on_a_plain_ground_stays_whole(ground: tuple[int, int, int]) -> None:
    photo = Image.new("RGB", (800, 600), ground)
    draw = ImageDraw.Draw(photo)
    draw.ellipse((250, 150, 550, 450), fill=(150, 90, 40))
    draw.rectangle((100, 500, 700, 560), fill=(90, 40, 30))
    assert find_photo(np.asarray(photo)) is None


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (64, 64), (2, 3)])
def test_what_shows_nothing_stays_whole(size: tuple[int, int]) -> None:
    assert find_photo(np.asarray(Image.new("RGB", size, WHITE))) is None

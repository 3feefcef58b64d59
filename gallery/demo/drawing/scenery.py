"""Where objects are photographed: cloths, tables and floors seen from above, walls and gardens seen from the front."""

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from gallery.demo.drawing.sheet import Values, rgb
from gallery.demo.drawing.texture import TILE, fresh

Pixels = npt.NDArray[np.uint8]

HORIZON = 0.66
"""Share of a picture's height at which the wall of an upright scene meets the floor."""

CARD_PIXELS_A_MILLIMETRE = 4.4


Chance = np.random.Generator


def ground(name: str, random: Chance) -> Pixels:
    """A surface seen from above, (1024, 1024, 3) RGB; no two are alike, or a search would find the table again."""
    return np.asarray(np.clip(_GROUNDS[name](random), 0, 1) * 255, np.uint8)


def wall(name: str, width: int, height: int, random: Chance) -> Values:
    """A wall or a view seen from the front, (h, w, 3) of 0 to 1."""
    surface = ground(name, random).astype(np.float32) / 255
    return np.asarray(cv2.resize(surface[: height * TILE // max(width, height)], (width, height)), np.float32)


def _toned(random: Chance, colour: str, **textures: float) -> Values:
    """A colour that varies by textures of these amounts."""
    tone = np.ones((TILE, TILE), np.float32)
    for name, amount in textures.items():
        tone += amount * fresh(name.replace("_", " "), random)
    return np.asarray(rgb(colour) * tone[..., None], np.float32)


def _planks(random: Chance, colour: str, count: int, *, contrast: float = 1.0) -> Values:
    """Boards side by side, each with its own grain and tone."""
    surface = _toned(random, colour, wood=0.075 * contrast, grain=0.015)
    wide = TILE // count
    for number in range(count):
        rows = slice(number * wide, (number + 1) * wide)
        surface[rows] = np.roll(surface[rows], int(random.integers(TILE)), axis=1)
        surface[rows] *= 1 + float(random.normal(0, 0.035)) * contrast
        surface[number * wide : number * wide + 3] *= 0.72
        surface[number * wide + 3 : number * wide + 5] *= 1.06
    return surface


def _cloth(random: Chance, colour: str) -> Values:
    return _toned(random, colour, weave=0.035, grain=0.03, clouds=0.03)


def _concrete(random: Chance) -> Values:
    surface = _toned(random, "#8f8b84", clouds=0.05, stain=0.025, grain=0.035)
    surface[fresh("grain", random) > 3.1] *= 0.75
    return surface


def _carpet(random: Chance) -> Values:
    surface = _toned(random, "#7d4a3f", grain=0.10, leather=0.03, clouds=0.03)
    across = np.arange(TILE)
    stripes = np.isin(across // 32 % 16, (3, 5, 6, 7, 9))
    surface[:, stripes] = surface[:, stripes] * 0.6 + rgb("#b89468") * 0.4 * (1 + 0.1 * fresh("grain", random)[:, stripes, None])
    return surface


def _quilt(random: Chance) -> Values:
    surface = _toned(random, "#cfc6b4", weave=0.04, grain=0.03, clouds=0.05)
    across, down = np.meshgrid(np.arange(TILE), np.arange(TILE))
    for stripes in (across // 20 % 7 == 2, down // 20 % 7 == 2):
        surface[stripes] *= rgb("#9fb0bd") * 1.25
    return surface


def _plaster(random: Chance) -> Values:
    return _toned(random, "#cdc6b8", clouds=0.03, grain=0.02, pebbles=0.008)


def _bricks(random: Chance) -> Values:
    """Limed bricks, quiet enough to stay behind what stands before them."""
    surface = _toned(random, "#b08a74", stain=0.04, grain=0.04)
    mortar = _toned(random, "#c3b7a4", grain=0.05)
    for row in range(TILE // 32):
        start = row % 2 * 48 - 48
        for left in range(start, TILE, 96):
            surface[row * 32 : row * 32 + 32, max(0, left) : left + 96] *= 1 + float(random.normal(0, 0.05))
            surface[row * 32 : row * 32 + 32, max(0, left) : max(0, left) + 4] = mortar[:32, :4]
        surface[row * 32 : row * 32 + 4] = mortar[:4]
    return np.asarray(cv2.GaussianBlur(surface, (0, 0), 1.2), np.float32)


def _hedge(random: Chance) -> Values:
    surface = _toned(random, "#5d7348", pebbles=0.16, leather=0.10, clouds=0.10)
    return np.asarray(cv2.GaussianBlur(surface, (0, 0), 2.2), np.float32)


def _lawn(random: Chance) -> Values:
    return np.asarray(cv2.GaussianBlur(_toned(random, "#7d8f4e", grain=0.16, clouds=0.06), (0, 0), 0.8), np.float32)


_GROUNDS: dict[str, Callable[[Chance], Values]] = {
    "grey cloth": lambda random: _cloth(random, "#9a9a98"),
    "blue cloth": lambda random: _cloth(random, "#56677c"),
    "green felt": lambda random: _toned(random, "#4e6455", grain=0.05, clouds=0.03),
    "paper": lambda random: _toned(random, "#d8d2c6", grain=0.012, clouds=0.012),
    "slate": lambda random: _toned(random, "#54575a", stain=0.03, grain=0.03, clouds=0.03),
    "linen": lambda random: _cloth(random, "#b9ab93"),
    "oak": lambda random: _planks(random, "#b48a5c", 4),
    "walnut": lambda random: _planks(random, "#7c5539", 5),
    "painted boards": lambda random: _planks(random, "#a8aca6", 6, contrast=0.5),
    "concrete": _concrete,
    "carpet": _carpet,
    "quilt": _quilt,
    "plaster": _plaster,
    "blue wall": lambda random: _toned(random, "#93a3a8", clouds=0.03, grain=0.015),
    "bricks": _bricks,
    "hedge": _hedge,
    "lawn": _lawn,
}


@lru_cache(maxsize=1)
def scale_card() -> Values:
    """The ten-centimetre rule laid beside an exhibit, (76, 480, 4), colour times alpha, and alpha."""
    image = Image.new("RGBA", (480, 76), "#f2f1ec")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(17)
    for millimetre in range(101):
        length = 26 if millimetre % 10 == 0 else 18 if millimetre % 5 == 0 else 11
        x = 18 + millimetre * CARD_PIXELS_A_MILLIMETRE
        draw.line((x, 0, x, length), fill="#333333", width=1)
        if millimetre % 10 == 0:
            draw.text((x - (8 if millimetre == 100 else 4), 27), str(millimetre // 10), fill="#333333", font=font)
    for number, colour in enumerate(("#2b2b2b", "#7d7d7d", "#c9c9c9", "#9c4a3c", "#4f7a55", "#45618c", "#c9a545")):
        draw.rectangle((300 + number * 24, 52, 320 + number * 24, 68), fill=colour)
    draw.text((18, 52), "cm", fill="#333333", font=ImageFont.load_default(14))
    return np.asarray(np.asarray(image, np.float32) / 255, np.float32)

"""What victims really send, made from clean photographs: each change turns one picture (and a seed) into another.

Everything is drawn by code from fixed seeds, so that a photograph gives the same pictures in every run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from gallery.matching.tiers.foreground import find_foreground

Pixels = npt.NDArray[np.uint8]
SCREEN = 1080, 2340
BARS = 84, 150, 190
"""Pixels of a telephone's status bar, of the gallery's title, and of its buttons."""
TENTH, SCENE = 0.1, (1600, 1200)


@dataclass(frozen=True)
class Source:
    """A clean photograph, another one that has nothing to do with it, and the random numbers of the pair."""

    picture: Image.Image
    other: Image.Image
    random: np.random.Generator


Change = Callable[[Source], Image.Image]


def as_jpeg(image: Image.Image, quality: int, long_side: int | None = None) -> Image.Image:
    """Reduce and compress once."""
    small = image.convert("RGB")
    if long_side:
        small.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
    file = BytesIO()
    small.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def through_chats(source: Source) -> Image.Image:
    """Sent by a messenger, and passed on as a preview."""
    return as_jpeg(as_jpeg(source.picture, 70, 1600), 70, 800)


def screenshot(*, dark: bool) -> Change:
    """The photo in a telephone's gallery: status bar, title, the photo as wide as the screen, a row of buttons."""
    paper, ink = ((0, 0, 0), (235, 235, 235)) if dark else ((255, 255, 255), (40, 40, 40))

    def change(source: Source) -> Image.Image:
        screen = Image.new("RGB", SCREEN, paper)
        room = SCREEN[0], SCREEN[1] - sum(BARS)
        shown = ImageOps.contain(source.picture, room, Image.Resampling.LANCZOS)
        screen.paste(shown, ((SCREEN[0] - shown.width) // 2, BARS[0] + BARS[1] + (room[1] - shown.height) // 2))
        draw = ImageDraw.Draw(screen)
        draw.text((50, 22), "17:42", fill=ink, font=_font(40))
        for place in (880, 940, 1000):
            draw.rectangle((place, 28, place + 36, 58), outline=ink, width=5)
        draw.text((140, BARS[0] + 20), "hier", fill=ink, font=_font(46))
        draw.text((140, BARS[0] + 80), "19:03", fill=ink, font=_font(34))
        for number in range(4):
            left = 110 + number * 250
            draw.ellipse((left, SCREEN[1] - 160, left + 60, SCREEN[1] - 100), outline=ink, width=6)
            draw.text((left - 20, SCREEN[1] - 85), ("Envoyer", "Modifier", "Favori", "Effacer")[number], fill=ink,
                      font=_font(28))  # fmt: skip
        return as_jpeg(screen, 85)

    return change


def photographed_print(source: Source) -> Image.Image:
    """A print with a white edge on a wooden table, from the side, under a warm lamp."""
    print_ = ImageOps.expand(as_jpeg(source.picture, 90, 1000), 30, "white")
    table = _wood(1400, 1400, source.random)
    laid = _laid(print_, table, source.random, share=0.72)
    rows, columns = np.mgrid[: laid.shape[0], : laid.shape[1]] / 1400
    lamp = 0.7 + 0.45 * np.exp(-((columns - 0.3) ** 2 + (rows - 0.25) ** 2) / 0.25)
    warm = laid * (1.1, 0.97, 0.74) * lamp[..., None]
    glare = 90 * np.exp(-((columns - 0.55) ** 2 + (rows - 0.4) ** 2) / 0.006)
    return as_jpeg(_image(cv2.GaussianBlur(warm + glare[..., None], (0, 0), 1.1)), 80, 1200)


def photographed_screen(source: Source) -> Image.Image:
    """A screen in a dark room, from the side: its grid of dots against that of the camera."""
    room = np.full((1400, 1400, 3), (16, 15, 20), np.uint8)
    screen = ImageOps.expand(as_jpeg(source.picture, 90, 1100), 45, (8, 8, 9))
    laid = _laid(screen, room, source.random, share=0.86).astype(np.float64)
    rows, columns = np.mgrid[: laid.shape[0], : laid.shape[1]]
    beat = 1 + 0.07 * np.sin(columns * 0.55 + rows * 0.12) * np.sin(rows * 0.47 - columns * 0.08)
    lit = 12 + laid * beat[..., None] * (0.93, 1.0, 1.12)
    return as_jpeg(_image(cv2.GaussianBlur(lit, (0, 0), 0.9)), 80, 1200)


def black_and_white(source: Source) -> Image.Image:
    """Without colours."""
    return source.picture.convert("L").convert("RGB")


def collage(source: Source) -> Image.Image:
    """Beside another photo of the same height, a white line between."""
    height = 900
    one, other = (ImageOps.scale(each, height / each.height) for each in (source.picture, source.other))
    one, other = (ImageOps.fit(each, (min(each.width, 1200), height)) for each in (one, other))
    page = Image.new("RGB", (one.width + 14 + other.width, height), "white")
    first, second = (one, other) if source.random.random() < 0.5 else (other, one)  # noqa: PLR2004
    page.paste(first, (0, 0))
    page.paste(second, (first.width + 14, 0))
    return as_jpeg(page, 85, 1600)


def tenth_of_a_scene(source: Source) -> Image.Image:
    """The object, with what its box holds, as a tenth of the area of a picture of something else."""
    sides = zip(find_foreground(np.asarray(source.picture)).object_box, source.picture.size * 2, strict=True)
    left, top, right, bottom = (round(share * size) for share, size in sides)
    cut = source.picture.crop((left, top, max(right, left + 8), max(bottom, top + 8)))
    scene = ImageOps.fit(source.other, SCENE)
    cut = ImageOps.scale(cut, (TENTH * SCENE[0] * SCENE[1] / (cut.width * cut.height)) ** 0.5)
    cut.thumbnail((SCENE[0] - 40, SCENE[1] - 40))
    mask = ImageOps.expand(Image.new("L", (cut.width - 12, cut.height - 12), 255), 6, 0).filter(ImageFilter.BoxBlur(5))
    left, top = (
        round(source.random.uniform(0.1, 0.9) * (room - side)) for room, side in zip(SCENE, cut.size, strict=True)
    )
    scene.paste(cut, (left, top), mask)
    return as_jpeg(scene, 85)


def in_the_dark(source: Source) -> Image.Image:
    """Indoors in the evening: dark, warm, noisy, compressed."""
    light = (np.asarray(source.picture, np.float64) / 255) ** 1.6 * (0.42, 0.36, 0.27) * 255
    noise = source.random.normal(0, 9, light.shape[:2])[..., None] + source.random.normal(0, 5, light.shape)
    return as_jpeg(_image(light + cv2.GaussianBlur(noise, (0, 0), 0.7)), 75)


def dated(source: Source) -> Image.Image:
    """The orange date that older cameras print."""
    dated_ = source.picture.copy()
    size = max(12, dated_.width // 22)
    ImageDraw.Draw(dated_).text(
        (dated_.width * 0.62, dated_.height * 0.9), "14/07/2019 18:32", fill=(255, 140, 20), font=_font(size)
    )
    return as_jpeg(dated_, 85)


def captioned(source: Source) -> Image.Image:
    """In a white frame with a line of text below, as albums and social networks have it."""
    shown = source.picture
    edge, below = round(0.05 * shown.width), round(0.22 * shown.height)
    page = Image.new("RGB", (shown.width + 2 * edge, shown.height + edge + below), (250, 250, 248))
    page.paste(shown, (edge, edge))
    ImageDraw.Draw(page).text(
        (2 * edge, shown.height + edge + below * 0.3), "Disparue en 2019, merci de partager !", fill=(30, 30, 30),
        font=_font(max(12, page.width // 22)),
    )  # fmt: skip
    return as_jpeg(page, 85)


def _turned(method: Image.Transpose) -> Change:
    return lambda source: source.picture.transpose(method)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _wood(width: int, height: int, random: np.random.Generator) -> Pixels:
    grain = cv2.resize(random.normal(0, 1, (height // 4, 12)), (width, height), interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(random.normal(0, 1, (height, 60)), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip((grain * 9 + fine * 6)[..., None] + (150, 108, 70), 0, 255), np.uint8)


def _laid(image: Image.Image, ground: Pixels, random: np.random.Generator, *, share: float) -> Pixels:
    """The image on the ground, its long side this share of it, seen from the side."""
    side = ground.shape[0]
    scale = share * side / max(image.size)
    half = np.array(image.size) * scale / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    angle = random.uniform(-0.12, 0.12)
    turned = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    seen = turned * (1 + random.uniform(-0.1, 0.1, (4, 1))) + side / 2
    source = np.array([[0, 0], [image.width, 0], [*image.size], [0, image.height]], np.float32)
    placement = cv2.getPerspectiveTransform(source, seen.astype(np.float32))
    over = cv2.warpPerspective(np.asarray(image), placement, (side, side), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full(image.size[::-1], 255, np.uint8), placement, (side, side)) / 255.0
    return np.asarray(over * mask[..., None] + ground * (1 - mask[..., None]), np.uint8)


def _image(numbers: npt.NDArray[np.float64]) -> Image.Image:
    return Image.fromarray(np.clip(numbers, 0, 255).astype(np.uint8))


CHANGES: dict[str, Change] = {
    "as it is": lambda source: source.picture,
    "through two messengers": through_chats,
    "screenshot of a gallery, dark": screenshot(dark=True),
    "screenshot of a gallery, light": screenshot(dark=False),
    "photo of a print": photographed_print,
    "photo of a screen": photographed_screen,
    "turned by 90 degrees": _turned(Image.Transpose.ROTATE_90),
    "turned by 180 degrees": _turned(Image.Transpose.ROTATE_180),
    "mirrored": _turned(Image.Transpose.FLIP_LEFT_RIGHT),
    "black and white": black_and_white,
    "collage of two photos": collage,
    "a tenth of a scene": tenth_of_a_scene,
    "in the dark": in_the_dark,
    "date printed on it": dated,
    "frame with a caption": captioned,
}

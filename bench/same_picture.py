"""Whether the same picture is found again after each change: python -m bench same_picture [FOLDER] [--pictures N].

Pictures of all sets, changed in every way listed below, are searched among all pictures of the folder.
"""

import argparse
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw
from tqdm import tqdm

from gallery.matching import Catalogue, CatalogueEntry, Likelihood, describe, rank
from gallery.matching.evaluation.dataset import read_galleries, read_picture
from gallery.matching.evaluation.evaluation import Described, describe_all

THUMBNAIL = 32, 32
MAX_APART = 4
"""Grey levels of 255, on average."""

Change = Callable[[Image.Image], Image.Image]


def main(arguments: list[str]) -> None:
    """Print how often each change is seen through, and how often the right one is called STRONG."""
    parser = argparse.ArgumentParser(prog="bench same_picture", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--pictures", type=int, default=176, help="how many, evenly spread over all sets")
    options = parser.parse_args(arguments)
    galleries = read_galleries(options.folder)
    print_changes(describe_all(galleries), options.pictures)


def print_changes(described: Described, pictures: int) -> None:
    """Search changed copies of this many of the described pictures among all of them."""
    paths = list(described)
    catalogue = Catalogue(lambda ids: {number: described[paths[number]][1] for number in ids})
    catalogue.add(CatalogueEntry(number, number, described[path][0]) for number, path in enumerate(paths))
    chosen = [place * len(paths) // pictures for place in range(pictures)]
    print(f"{pictures} pictures among {len(paths)}\n{'change':<34}{'R@1':>7}{'STRONG':>8}{'false STRONG':>14}")
    for name, change in CHANGES.items():
        firsts = []
        for number in tqdm(chosen, desc=name, leave=False):
            changed = change(Image.fromarray(read_picture(paths[number])))
            first = rank([describe(np.asarray(changed))], catalogue, limit=1)[0]
            right = first.item_id == number or _is_held_twice(paths[number], paths[first.item_id])
            firsts.append((right, first.likelihood is Likelihood.STRONG))
        right, strong = np.array(firsts).T
        print(f"{name:<34}{right.mean():7.3f}{(right & strong).sum():8}{(~right & strong).sum():14}", flush=True)


def _is_held_twice(path: Path, other: Path) -> bool:
    """Whether two files are one picture or its mirror image, by their pixels alone: the distractors hold such twins."""
    small, others = (
        np.asarray(Image.fromarray(read_picture(each)).convert("L").resize(THUMBNAIL), np.float64)
        for each in (path, other)
    )
    return bool(min(np.abs(small - others).mean(), np.abs(small[:, ::-1] - others).mean()) < MAX_APART)


def _recompressed(image: Image.Image) -> Image.Image:
    file = BytesIO()
    image.save(file, "JPEG", quality=20)
    return Image.open(file).convert("RGB")


def _reduced(image: Image.Image) -> Image.Image:
    return image.resize((max(1, image.width // 4), max(1, image.height // 4)), Image.Resampling.LANCZOS)


def _turned(image: Image.Image) -> Image.Image:
    return image.rotate(7, Image.Resampling.BICUBIC, expand=True)


def _cropped(share: float) -> Change:
    """Keep this share of the area, a little off the middle."""
    side = share**0.5

    def crop(image: Image.Image) -> Image.Image:
        left, top = round(image.width * (1 - side) * 0.4), round(image.height * (1 - side) * 0.6)
        return image.crop((left, top, left + round(image.width * side), top + round(image.height * side)))

    return crop


def _screenshot(image: Image.Image) -> Image.Image:
    width, height = image.width, round(image.width * 2)
    screen = Image.new("RGB", (width, max(height, image.height)), (18, 18, 20))
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, width, round(width * 0.08)), fill=(240, 240, 240))
    screen.paste(image, (0, (screen.height - image.height) // 2))
    draw.text((width * 0.05, screen.height - width * 0.1), "12:41   www", fill=(220, 220, 220))
    return screen


def _captioned(image: Image.Image) -> Image.Image:
    captioned = image.copy()
    draw = ImageDraw.Draw(captioned)
    top = round(image.height * 0.4)
    draw.rectangle((0, top, image.width, top + round(image.height * 0.15)), fill=(255, 255, 255))
    draw.text((image.width * 0.05, top + image.height * 0.05), "RECOGNISE IT? CALL US", fill=(200, 0, 0))
    return captioned


def _colours_shifted(image: Image.Image) -> Image.Image:
    shifted = np.asarray(image).astype(np.float64) * (1.15, 1.0, 0.8) + (8, 0, 12)
    return Image.fromarray(np.clip(shifted, 0, 255).astype(np.uint8))


def _from_a_screen(image: Image.Image) -> Image.Image:
    """Perspective, a ripple of the screen's pixels, falling light and a little blur."""
    width, height = image.size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + np.array([[0.08, 0.05], [-0.03, 0.0], [-0.06, -0.04], [0.02, -0.02]]) * (width, height)
    placement = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    seen = cv2.warpPerspective(np.asarray(image), placement, (width, height), borderValue=(25, 25, 28))
    rows, columns = np.mgrid[:height, :width]
    ripple = 1 + 0.05 * np.sin(columns * 0.9 + rows * 0.35)
    light = 0.75 + 0.35 * columns / width
    lit = np.clip(cv2.GaussianBlur(seen, (0, 0), 0.9) * (ripple * light)[..., None], 0, 255)
    return Image.fromarray(lit.astype(np.uint8))


def _mirrored(image: Image.Image) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


CHANGES: dict[str, Change] = {
    "re-encoded to quality 20": _recompressed,
    "resized to 25 %": _reduced,
    "mirrored": _mirrored,
    "turned by 90 degrees": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "turned by 7 degrees": _turned,
    "cropped to 80 % of the area": _cropped(0.8),
    "cropped to 50 % of the area": _cropped(0.5),
    "screenshot with borders": _screenshot,
    "caption over it": _captioned,
    "colours shifted": _colours_shifted,
    "photographed from a screen": _from_a_screen,
    "mirrored and cropped to 70 %": lambda image: _cropped(0.7)(_mirrored(image)),
}

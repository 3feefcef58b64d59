"""Whether the codes of shared pictures are read, by whom and how fast: python -m bench codes [FOLDER].

Photographs get their band, are shrunk to each size and recompressed at JPEG quality 70, as networks do; OpenCV reads
them as this program did before zxing-cpp (whole, the lower part alone, enlarged). Then come
pictures that only look like codes.
"""

import argparse
import operator
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from gallery.sharing import band, qr
from gallery.sharing.addresses import scanned
from gallery.sharing.codes import read_code

SITE, OWNER = "https://objets.example.fr", "Gendarmerie d’Ille-et-Vilaine · 02 61 91 35 01"
SIZES = (960, 720, 600, 480, 400, 360)
QUALITY = 70
LOWER, SMALL = 0.6, 900

Reader = Callable[[np.ndarray], str]


def main(arguments: list[str]) -> None:
    """Print how many codes each reader reads at each size, its time for a picture, and its time for hostile ones."""
    parser = argparse.ArgumentParser(prog="bench codes", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data/in_the_wild"))
    parser.add_argument("--pictures", type=int, default=40, help="spread over the folder")
    options = parser.parse_args(arguments)
    every = sorted(options.folder.rglob("*.jpg"))
    paths = every[:: max(1, len(every) // options.pictures)][: options.pictures]
    numbers = [f"35-{place:04d}-K" for place in range(len(paths))]
    pictures = [_banded(path, number) for path, number in zip(paths, numbers, strict=True)]
    _tell_read(pictures, [scanned(SITE, number) for number in numbers])
    _tell_hostile()


def _tell_read(pictures: list[Image.Image], texts: list[str]) -> None:
    print("| pixels | reader | read | of | ms a picture |\n|---|---|---|---|---|")
    for size in SIZES:
        seen = [_recompressed(picture, size) for picture in pictures]
        for name, reader in READERS.items():
            began = time.perf_counter()
            said = [reader(picture) for picture in seen]
            took = (time.perf_counter() - began) / len(seen)
            read = sum(map(operator.eq, said, texts))
            print(f"| {size} | {name} | {read} | {len(seen)} | {1000 * took:.1f} |", flush=True)


def _tell_hostile() -> None:
    for what, picture in _hostile().items():
        for name, reader in READERS.items():
            began = time.perf_counter()
            reader(picture)
            print(f"{what}: {name} {1000 * (time.perf_counter() - began):.0f} ms", flush=True)


def by_opencv(picture: np.ndarray) -> str:
    """The text that OpenCV reads in the picture, (h, w, 3) uint8 RGB; empty for none."""
    parts = [picture, picture[round(LOWER * picture.shape[0]) :]]
    if max(picture.shape[:2]) <= SMALL:
        parts.append(cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))
    for part in parts:
        try:
            text, _, _ = cv2.QRCodeDetector().detectAndDecode(np.ascontiguousarray(part[..., ::-1]))
        except (cv2.error, UnicodeDecodeError):
            continue
        if text:
            return text
    return ""


READERS: dict[str, Reader] = {"OpenCV": by_opencv, "this program": read_code}


def _banded(path: Path, number: str) -> Image.Image:
    with Image.open(path) as photo:
        upright = ImageOps.exif_transpose(photo).convert("RGB")
    return band.with_band(upright, band.Band(number, SITE, OWNER))


def _recompressed(picture: Image.Image, size: int) -> np.ndarray:
    small = picture.copy()
    small.thumbnail((size, size), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    small.save(buffer, "JPEG", quality=QUALITY)
    with Image.open(buffer) as seen:
        return np.asarray(seen)


def _hostile() -> dict[str, np.ndarray]:
    """Pictures of 1,600 by 1,600 pixels that keep a reader of codes busy."""
    finder = np.pad(qr.modules("x")[:7, :7], 1)
    many = np.where(np.tile(finder, (88, 88)).repeat(2, 0).repeat(2, 1), 0, 255).astype(np.uint8)
    noise = np.random.default_rng(10).integers(0, 2, (800, 800), dtype=np.uint8).repeat(2, 0).repeat(2, 1) * 255
    return {name: np.stack([grey] * 3, axis=2) for name, grey in {"corners of codes": many, "noise": noise}.items()}

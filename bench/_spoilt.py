"""Photographs spoilt by code, as officers spoil them, and their descriptions kept in a folder.

Every fault is drawn from a fixed seed, so that two runs spoil alike.
"""

import hashlib
import pickle
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from gallery import matching
from gallery.matching import Signature, describe, findability_of
from gallery.matching.evaluation.dataset import read_picture

Pixels = npt.NDArray[np.uint8]
Fault = Callable[[Pixels], Pixels]
EDGE = 1024
AS_IT_IS = "as it is"
_seconds = [float("inf")]


class TimeUsed(Exception):  # noqa: N818  no error
    """What may be used of a processor is used: what is kept so far is told, and another run goes on."""


@dataclass(frozen=True)
class Described:
    """A photo as the catalogue has it, and the numbers that a rule may look at."""

    compact: bytes
    details: bytes
    numbers: Mapping[str, float]

    @property
    def signature(self) -> Signature:
        """What searches run on."""
        return Signature.from_bytes(self.compact, self.details)


def _shifted(picture: Pixels, share: float) -> Pixels:
    """The photo as a small part of a plain table, a little off its middle."""
    height, width = picture.shape[:2]
    table = np.random.default_rng(1).integers(165, 180, picture.shape, dtype=np.uint8)
    small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    top, left = round((height - small.shape[0]) * 0.45), round((width - small.shape[1]) * 0.55)
    table[top : top + small.shape[0], left : left + small.shape[1]] = small
    return table


def _among_things(picture: Pixels, share: float) -> Pixels:
    """The photo as a small part of a table that is full of things."""
    height, width = picture.shape[:2]
    draw, shifted = np.random.default_rng(2), _shifted(picture, share)
    table = draw.integers(165, 180, picture.shape, dtype=np.uint8)
    for _ in range(60):
        x, y, w, h = (draw.random(4) * (width, height, width / 5, height / 5)).astype(int).tolist()
        colour = [int(each) for each in draw.integers(0, 255, 3)]
        cv2.rectangle(table, (x, y), (x + w, y + h), colour, -1)
        cv2.putText(table, chr(65 + x % 26) * 3, (x, y + h), cv2.FONT_HERSHEY_SIMPLEX, 1, (255 - colour[0],) * 3, 2)
    rows, columns = (round(side * share) for side in (height, width))
    top, left = round((height - rows) * 0.45), round((width - columns) * 0.55)
    table[top : top + rows, left : left + columns] = shifted[top : top + rows, left : left + columns]
    return table


def _blurred(picture: Pixels, share: float) -> Pixels:
    """Out of focus by this share of the long side."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), share * max(picture.shape[:2])), np.uint8)


def _glaring(picture: Pixels, share: float) -> Pixels:
    """Three lamps reflected on what is in the middle, each of this share of the side."""
    height, width = picture.shape[:2]
    down, across = np.ogrid[:height, :width]
    light = np.zeros((height, width))
    for x, y in ((0.5, 0.5), (0.35, 0.4), (0.62, 0.64)):
        away = np.hypot((across / width - x), (down / height - y))
        light = np.maximum(light, np.clip(1.6 - away / share, 0, 1))
    return np.asarray(picture * (1 - light[..., None]) + 255 * light[..., None], np.uint8)


FAULTS: Mapping[str, Fault] = {
    "small, a quarter as wide": partial(_shifted, share=0.25),
    "small, a third as wide, among things": partial(_among_things, share=0.33),
    "blurred a little": partial(_blurred, share=0.004),
    "with reflections": partial(_glaring, share=0.1),
    "with large reflections": partial(_glaring, share=0.17),
}


def end_after(seconds: float) -> None:
    """Describe and search nothing more once the program has used this much of a processor."""
    _seconds[0] = seconds


def check_time() -> None:
    """Raise TimeUsed when the time is."""
    if time.process_time() > _seconds[0]:
        raise TimeUsed


def described(kept: Path, path: Path, fault: str) -> Described:
    """A photo's description with a fault or AS_IT_IS, made once and kept in a folder."""
    return kept_description(kept, f"{path} {fault}", partial(_spoilt, path, fault))


def _spoilt(path: Path, fault: str) -> Pixels:
    picture = read_picture(path, edge=EDGE)
    return FAULTS[fault](picture) if fault in FAULTS else picture


def kept_description(kept: Path, name: str, draw: Callable[[], Pixels]) -> Described:
    """The description of what is drawn, made once for this name and kept in a folder."""
    file = kept / hashlib.sha256(f"{name} {EDGE} {matching.current_version()}".encode()).hexdigest()[:24]
    if not file.exists():
        check_time()
        picture = draw()
        signature = describe(picture)
        made = Described(signature.compact(), signature.details_bytes(), _numbers(picture, signature))
        file.write_bytes(pickle.dumps(made))
        return made
    found = pickle.loads(file.read_bytes())  # noqa: S301  what this program has written
    assert isinstance(found, Described)
    return found


def _numbers(picture: Pixels, signature: Signature) -> dict[str, float]:
    told = findability_of(signature, picture)
    return {"share": told.object_share or 0.0, "median_size": told.point_size or 0.0, "lit": told.lit_share or 0.0}

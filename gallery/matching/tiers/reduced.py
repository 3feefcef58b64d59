"""One picture at the size that every tier works on.

Knows Pillow and OpenCV, never files nor formats: what comes in is already upright sRGB.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

LONG_SIDE = 800
"""Pixels of the long side of the reduced picture. More adds details and time; a smaller picture is never enlarged."""

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Reduced:
    """A picture of 800 pixels at most. colour (h, w, 3) uint8 RGB; grey (h, w) uint8; contrast in grey levels."""

    colour: Pixels
    grey: Pixels

    @property
    def contrast(self) -> int:
        """Standard deviation of the grey levels, 0 (a white wall) to 127, rounded."""
        return round(float(self.grey.std()))


def reduce(picture: Pixels) -> Reduced:
    """Bring a picture to the common size; raise ValueError when the array is no picture.

    picture: (h, w, 3) uint8 RGB, h and w at least 1.
    """
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or 0 in picture.shape:
        raise ValueError(f"not a (h, w, 3) uint8 picture: {picture.shape} {picture.dtype}")
    colour = _shrunk(picture)
    return Reduced(colour=colour, grey=cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False))


def _shrunk(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    if max(height, width) <= LONG_SIDE:
        return np.ascontiguousarray(picture)
    scale = LONG_SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    image = Image.fromarray(np.ascontiguousarray(picture))
    # Halving first is four times as fast as one Lanczos pass and moves few pixels by more than a grey level.
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))

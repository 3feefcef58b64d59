"""Oil paint: a sketch of flat shapes, gone over with a loaded brush. Arrays only, nothing of frames or motifs."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from gallery.demo.drawing.shapes import Point, Points, circle
from gallery.demo.drawing.sheet import Values, rgb
from gallery.demo.drawing.texture import sample

_SUBPIXEL_BITS = 4
_BRUSHES = ((30, 2.6), (17, 2.4), (9, 2.2), (6, 1.8))
"""Width of each brush in pixels, from the first coat on, and how many times as long its dabs are."""


@dataclass(frozen=True)
class Paint:
    """A colour, another one at the lower edge, how mottled it is, and how much it covers, 0 to 1."""

    colour: str
    below: str = ""
    tone: float = 0
    strength: float = 1


class Sketch:
    """What a picture shows, in flat and shaded areas, before the brush. values: (h, w, 3) of 0 to 1."""

    def __init__(self, width: int, height: int, random: np.random.Generator, *, top: str, bottom: str) -> None:
        """A ground that goes from one colour to another."""
        share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
        self.random = random
        self.values = np.asarray(np.repeat(rgb(top) * (1 - share) + rgb(bottom) * share, width, axis=1), np.float32)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, in pixels."""
        return self.values.shape[1], self.values.shape[0]

    def fill(self, outline: Points, paint: Paint, *, softness: float = 0) -> None:
        """Put an area on top. softness: blur of its edge."""
        self._put(outline, paint, softness)

    def trace(self, path: Points, thickness: float, paint: Paint, *, softness: float = 0) -> None:
        """Put a line on top, thickness pixels wide."""
        self._put(path, paint, softness, thickness)

    def _put(self, outline: Points, paint: Paint, softness: float, thickness: float = 0) -> None:
        origin = self.random.integers(1024, size=2) if paint.tone else np.zeros(2, int)
        left, top, right, bottom = self._around(outline, 4 * softness + thickness)
        if left >= right or top >= bottom:
            return
        below = self.values[top:bottom, left:right]
        cover = _cover(outline - (left, top), (right - left, bottom - top), softness, thickness)
        low, high = outline[:, 1].min(), outline[:, 1].max()
        share = np.clip((np.arange(top, bottom) - low) / max(1.0, high - low), 0, 1).astype(np.float32)[:, None, None]
        area = rgb(paint.colour) * (1 - share) + rgb(paint.below or paint.colour) * share
        if paint.tone:
            place = int(origin[0]) + left, int(origin[1]) + top
            area = area * (1 + paint.tone * sample("stain", *place, right - left, bottom - top)[..., None])
        below += (cover * np.float32(paint.strength))[..., None] * (area - below)

    def _around(self, outline: Points, margin: float) -> tuple[int, int, int, int]:
        """The part of the picture in which an outline and what is blurred about it lie: left, top, right, bottom."""
        first = np.maximum(np.floor(outline.min(axis=0) - margin - 2).astype(int), 0)
        last = np.minimum(np.ceil(outline.max(axis=0) + margin + 3).astype(int), self.size)
        return int(first[0]), int(first[1]), int(last[0]), int(last[1])

    def ball(self, centre: Point, radius: float, colour: str, *, light: tuple[float, float] = (-0.45, -0.5)) -> None:
        """A round thing, lit from one side, with the light that a table throws back."""
        x, y = centre
        width, height = self.size
        across = (np.arange(width, dtype=np.float32)[None, :] - x) / radius
        down = (np.arange(height, dtype=np.float32)[:, None] - y) / radius
        out = np.sqrt(np.clip(1 - across**2 - down**2, 0, 1))
        facing = np.clip(across * light[0] + down * light[1] + 0.74 * out, 0, 1)
        bounce = 0.16 * np.clip(down - 0.35, 0, 1)
        area = rgb(colour) * (0.28 + 0.88 * facing + bounce)[..., None] + (0.55 * facing**16)[..., None]
        cover = _cover(circle((x, y), radius), self.size, 1)
        self.values += cover[..., None] * (np.clip(area, 0, 1) - self.values)


def _cover(outline: Points, size: tuple[int, int], softness: float, thickness: float = 0) -> Values:
    """How far each pixel of a picture of this size is covered by an area, or by a line of this thickness, (h, w)."""
    width, height = size
    cover = np.zeros((height, width), np.uint8)
    contour = np.round(outline * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    if thickness:
        cv2.polylines(cover, [contour], False, (255,), max(1, round(thickness)), cv2.LINE_AA, _SUBPIXEL_BITS)
    else:
        cv2.fillPoly(cover, [contour], (255,), cv2.LINE_AA, _SUBPIXEL_BITS)
    soft = cv2.GaussianBlur(cover, (0, 0), softness) if softness else cover
    return np.asarray(soft / np.float32(255), np.float32)


def brushed(sketch: Sketch, *, liveliness: float = 0.05) -> tuple[Values, npt.NDArray[np.uint8]]:
    """The sketch in dabs of paint, and how thick the paint lies: (h, w, 3) of 0 to 1, and (h, w) uint8.

    liveliness: how much one dab's colour differs from the next.
    """
    width, height = sketch.size
    painted = np.asarray(np.clip(sketch.values, 0, 1) * 255, np.uint8).copy()
    thickness = np.full((height, width), 90, np.uint8)
    directions = _directions(sketch.values)
    for brush, stretch in _BRUSHES:
        count = int(1.5 * width * height / (brush * brush * stretch))
        places = sketch.random.uniform((0, 0), (width, height), (count, 2)).astype(np.intp)
        moods = 1 + sketch.random.normal(0, liveliness, (count, 1)) + sketch.random.normal(0, liveliness * 0.5, (count, 3))
        turns = sketch.random.normal(0, 9, count)
        loads = sketch.random.integers(40, 200, count)
        for (x, y), mood, turn, load in zip(places, moods, turns, loads, strict=True):
            colour = np.clip(sketch.values[y, x] * mood, 0, 1) * 255
            box = (int(x), int(y)), (int(brush * stretch / 2), int(brush / 2)), float(directions[y, x] + turn), 0, 360
            cv2.ellipse(painted, *box, tuple(colour.tolist()), -1, cv2.LINE_AA)
            cv2.ellipse(thickness, *box, (int(load),), -1, cv2.LINE_AA)
    return np.asarray(painted / np.float32(255), np.float32), thickness


def _directions(values: Values) -> Values:
    """Degrees in which a painter would draw the brush: along edges, and level where there are none, (h, w)."""
    grey = cv2.GaussianBlur(values.mean(axis=-1), (0, 0), 5)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    along = np.degrees(np.arctan2(across, -down))
    along = (along + 90) % 180 - 90
    return np.asarray(np.where(np.hypot(across, down) > 0.03, along, 0), np.float32)

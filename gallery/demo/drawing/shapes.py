"""Outlines and the antialiased masks that are made of them. Knows plane geometry and OpenCV, nothing of objects."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Points = npt.NDArray[np.float64]
"""An outline or a line: (n, 2), x and y in pixels."""
Point = tuple[float, float]

_SUBPIXEL_BITS = 4


@dataclass(frozen=True, eq=False)
class Mask:
    """How far each pixel is covered: (h, w) uint8, its top left corner at (left, top)."""

    left: int
    top: int
    cover: npt.NDArray[np.uint8]


def filled(*outlines: Points) -> Mask:
    """The inside of outlines; where two overlap, there is a hole."""
    mask, contours = _room(outlines, margin=2)
    cv2.fillPoly(mask.cover, contours, (255,), cv2.LINE_AA, _SUBPIXEL_BITS)
    return mask


def stroke(line: Points, width: float, *, closed: bool = False) -> Mask:
    """A line of this width with round ends."""
    return strokes([line], width, closed=closed)


def strokes(lines: Sequence[Points], width: float, *, closed: bool = False) -> Mask:
    """Several lines of one width in one mask."""
    mask, contours = _room(lines, margin=int(width / 2) + 3)
    cv2.polylines(mask.cover, contours, closed, (255,), max(1, round(width)), cv2.LINE_AA, _SUBPIXEL_BITS)
    return mask


def discs(centres: Sequence[Point] | Points, radius: float) -> Mask:
    """Round spots of one size in one mask."""
    return filled(*(circle((x, y), radius, points=24) for x, y in centres))


def lettering(text: str, centre: Point, height: float, *, degrees: float = 0, serif: bool = True) -> Mask:
    """A text about its centre. serif: an engraver's letters (no accents), else a printer's."""
    cover = _engraved(text, height) if serif else _printed(text, height)
    if degrees:
        turned = Image.fromarray(cover).rotate(degrees, Image.Resampling.BICUBIC, expand=True)
        cover = np.asarray(turned).copy()
    x, y = centre
    return Mask(round(x - cover.shape[1] / 2), round(y - cover.shape[0] / 2), cover)


def _engraved(text: str, height: float) -> npt.NDArray[np.uint8]:
    scale, weight = height / 22, max(1, round(height / 14))
    (width, _), baseline = cv2.getTextSize(text, cv2.FONT_HERSHEY_COMPLEX, scale, weight)
    cover = np.zeros((int(height) + 2 * baseline + 6, width + 8), np.uint8)
    place = (4, int(height) + baseline + 2)
    cv2.putText(cover, text, place, cv2.FONT_HERSHEY_COMPLEX, scale, (255,), weight, cv2.LINE_AA)
    return cover


def _printed(text: str, height: float) -> npt.NDArray[np.uint8]:
    font = ImageFont.load_default(height * 1.35)
    left, top, right, bottom = (round(side) for side in font.getbbox(text))
    image = Image.new("L", (right - left + 4, bottom - top + 4))
    ImageDraw.Draw(image).text((2 - left, 2 - top), text, fill=255, font=font)
    return np.asarray(image).copy()


def _room(outlines: Sequence[Points], *, margin: int) -> tuple[Mask, list[npt.NDArray[np.int32]]]:
    """An empty mask around outlines, and the outlines in its subpixels."""
    everything = np.concatenate(outlines)
    left, top = (int(side) - margin for side in np.floor(everything.min(axis=0)))
    right, bottom = (int(side) + margin for side in np.ceil(everything.max(axis=0)))
    scale = 1 << _SUBPIXEL_BITS
    contours = [np.round((outline - (left, top)) * scale).astype(np.int32) for outline in outlines]
    return Mask(left, top, np.zeros((bottom - top + 1, right - left + 1), np.uint8)), contours


def line(*points: Point) -> Points:
    """Straight from point to point."""
    return np.array(points, np.float64)


def circle(centre: Point, radius: float, *, points: int = 96) -> Points:
    """A circle's outline."""
    return oval(centre, (radius, radius), points=points)


def oval(centre: Point, half_axes: tuple[float, float], *, degrees: float = 0, points: int = 96) -> Points:
    """An ellipse's outline, of half axes across and down, turned clockwise."""
    (x, y), (across, down) = centre, half_axes
    angles = np.linspace(0, 2 * np.pi, points, endpoint=False)
    outline = np.stack([x + across * np.cos(angles), y + down * np.sin(angles)], axis=1)
    return turned(outline, degrees, centre) if degrees else outline


def arc(centre: Point, radius: float, first: float, last: float, *, points: int = 40) -> Points:
    """Part of a circle, between two angles in degrees, clockwise from the right."""
    x, y = centre
    angles = np.radians(np.linspace(first, last, points))
    return np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], axis=1)


def around(centre: Point, radius: float, count: int, *, first: float = -90) -> Points:
    """Points at equal distances on a circle, from the top on, clockwise."""
    x, y = centre
    angles = np.radians(first + np.arange(count) * 360 / count)
    return np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], axis=1)


def box(left: float, top: float, right: float, bottom: float, *, radius: float = 0) -> Points:
    """A rectangle's outline, its corners rounded."""
    radius = min(radius, (right - left) / 2, (bottom - top) / 2)
    if radius <= 0:
        return line((left, top), (right, top), (right, bottom), (left, bottom))
    corners = [(right, top, -90), (right, bottom, 0), (left, bottom, 90), (left, top, 180)]
    pieces = []
    for x, y, first in corners:
        inside = (x - radius if x == right else x + radius, y - radius if y == bottom else y + radius)
        pieces.append(arc(inside, radius, first, first + 90, points=12))
    return np.concatenate(pieces)


def curve(*points: Point, closed: bool = False, steps: int = 12) -> Points:
    """A smooth line through points (Catmull-Rom)."""
    knots = np.array(points, np.float64)
    around_knots = (
        np.concatenate([knots[-1:], knots, knots[:2]])
        if closed
        else np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    )
    share = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [_span(around_knots[at : at + 4], share) for at in range(len(around_knots) - 3)]
    return np.concatenate(pieces if closed else [*pieces, knots[-1:]])


def _span(four: Points, share: Points) -> Points:
    before, start, end, after = four
    return np.asarray(
        start
        + 0.5 * share * (end - before + share * (2 * before - 5 * start + 4 * end - after))
        + 0.5 * share**3 * (3 * (start - end) + after - before)
    )


def turned(points: Points, degrees: float, about: Point) -> Points:
    """Points turned clockwise about one of them or any other."""
    angle = np.radians(degrees)
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray((points - about) @ matrix + about)


def moved(points: Points, right: float, down: float) -> Points:
    """Points shifted."""
    return np.asarray(points + (right, down))


def mirrored(points: Points, x: float) -> Points:
    """A right half, and its mirror image about a vertical axis: one outline."""
    other = points[::-1] * (-1, 1) + (2 * x, 0)
    return np.concatenate([points, other])


def evenly(path: Points, distance: float) -> Points:
    """Points at equal distances along a path."""
    steps = np.hypot(*np.diff(path, axis=0).T)
    along = np.concatenate([[0], np.cumsum(steps)])
    wanted = np.arange(0, along[-1], distance)
    return np.stack([np.interp(wanted, along, path[:, axis]) for axis in (0, 1)], axis=1)

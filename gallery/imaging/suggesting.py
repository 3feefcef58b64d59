"""What a picture may show of people and their papers: places to look at. Nothing of it is hidden unasked.

OpenCV's own cascades and plain edges, and a learned model for text where one is installed: it misses things, and says
so where it is shown.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from gallery.imaging import text_lines
from gallery.imaging.picture import Picture, as_array
from gallery.imaging.redaction import Place

Grey = npt.NDArray[Any]
Rectangle = Sequence[int]
# Long sides of what is searched; the smallest face there is a thirtieth of the photo.
SIDE, LINES_SIDE, FACES_SIDE = 1024, 1600, 800
MAX_OF_A_KIND = 8
SMALLEST_FACE = 26
# Agreeing windows of a cascade, measured: bench/private_parts.py.
FACE_WINDOWS, PROFILE_WINDOWS, PLATE_WINDOWS = 5, 6, 4
# A line of text, in pixels of LINES_SIDE and shares of its box.
LINE_HEIGHT = (7, 110)
LINE_RATIO, LINE_FILLED = 2.5, 0.4
# Of a letter: pixels of the widest stroke, how much darker than the paper (of 255), its height as a share of the line.
STROKE, FAINTEST_INK, SMALLEST_LETTER = 11, 24, 0.3
FEWEST_LETTERS, LETTERS_FOR_RATIO = 5, 0.7
# A screen, as shares of the picture, and how much lighter it is than what surrounds it (of 255).
SCREEN_AREA = (0.01, 0.6)
SCREEN_LIGHTER = 60
# What is around it that must be hidden too, as a share of its size.
MARGIN = 0.12

_asking = Lock()


class PrivateKind(enum.StrEnum):
    """What a place may show."""

    FACE = "face"
    PLATE = "plate"
    TEXT = "text"
    SCREEN = "screen"


@dataclass(frozen=True)
class PrivatePlace:
    """A place that may be private. place: left, top, right, bottom as shares of the picture's sides."""

    kind: PrivateKind
    place: Place


def suggested(picture: Picture) -> list[PrivatePlace]:
    """Places of a picture that may show a face, a plate, text or a screen, eight of a kind at most; slow."""
    pixels = as_array(picture)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small, faces = _fitted(grey, SIDE), _fitted(grey, FACES_SIDE)
    found = {
        PrivateKind.FACE: _placed(_faces(faces), faces),
        PrivateKind.PLATE: _placed(_plates(small), small),
        PrivateKind.SCREEN: _placed(_screens(small), small),
        PrivateKind.TEXT: _texts(pixels, grey),
    }
    return [PrivatePlace(kind, place) for kind, places in found.items() for place in places[:MAX_OF_A_KIND]]


def _detected(name: str, grey: Grey, *, step: float, windows: int, smallest: tuple[int, int]) -> list[Rectangle]:
    """What a cascade finds. step: from one searched size to the next; windows: that have to agree."""
    # It keeps the picture at hand in itself: it is asked by one thread at a time.
    with _asking:
        return [*map(tuple, _cascade(name).detectMultiScale(grey, step, windows, minSize=smallest))]


@cache
def _cascade(name: str) -> cv2.CascadeClassifier:
    folder = cv2.data.haarcascades  # type: ignore[attr-defined]
    return cv2.CascadeClassifier(f"{folder}haarcascade_{name}.xml")


def _faces(grey: Grey) -> list[Rectangle]:
    size = (SMALLEST_FACE, SMALLEST_FACE)
    front = _detected("frontalface_alt2", grey, step=1.1, windows=FACE_WINDOWS, smallest=size)
    mirrored = np.ascontiguousarray(grey[:, ::-1])
    left, right = (
        _detected("profileface", each, step=1.2, windows=PROFILE_WINDOWS, smallest=size) for each in (grey, mirrored)
    )
    return _largest([*front, *left, *((grey.shape[1] - x - w, y, w, h) for x, y, w, h in right)])


def _plates(grey: Grey) -> list[Rectangle]:
    return _largest(_detected("russian_plate_number", grey, step=1.05, windows=PLATE_WINDOWS, smallest=(40, 12)))


def _texts(pixels: npt.NDArray[np.uint8], grey: Grey) -> list[Place]:
    if text_lines.is_installed():
        return _placed(_largest(text_lines.find_lines(pixels)), grey)
    large = _fitted(grey, LINES_SIDE)
    return _placed(_lines(large), large)


def _lines(grey: Grey) -> list[Rectangle]:
    """Lines of text, however they are turned: many thin strokes close together, in a long narrow box."""
    found = []
    for operation in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT):
        strokes = cv2.morphologyEx(grey, operation, np.ones((STROKE, STROKE), np.uint8))
        level, _ = cv2.threshold(strokes, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        ink = np.uint8(255) * (strokes > max(level, FAINTEST_INK))
        joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 19), np.uint8))
        outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        found += [cv2.boundingRect(outline) for outline in outlines if _is_line(outline, ink)]
    return _largest(found)


def _is_line(outline: npt.NDArray[Any], ink: Grey) -> bool:
    _, sides, _ = cv2.minAreaRect(outline)
    low, long = sorted(sides)
    if not LINE_HEIGHT[0] <= low <= LINE_HEIGHT[1] or long < LINE_RATIO * low:
        return False
    if cv2.contourArea(outline) < LINE_FILLED * low * long:
        return False
    x, y, width, height = cv2.boundingRect(outline)
    letters, _ = cv2.findContours(ink[y : y + height, x : x + width], cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    tall = [each for each in letters if cv2.boundingRect(each)[3] >= SMALLEST_LETTER * low]
    # Letters are about half as wide as they are high.
    return len(tall) >= max(FEWEST_LETTERS, LETTERS_FOR_RATIO * long / low)


def _screens(grey: Grey) -> list[Rectangle]:
    """Bright four-sided areas that are lighter than what is around them."""
    found = []
    whole = grey.shape[0] * grey.shape[1]
    for level in (150, 190, 225):
        _, light = cv2.threshold(cv2.GaussianBlur(grey, (5, 5), 0), level, 255, cv2.THRESH_BINARY)
        outlines, _ = cv2.findContours(light, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for outline in outlines:
            area = cv2.contourArea(outline)
            if SCREEN_AREA[0] * whole <= area <= SCREEN_AREA[1] * whole and _is_screen(outline, area, grey):
                found.append(cv2.boundingRect(outline))
    return _largest(found)


def _is_screen(outline: npt.NDArray[Any], area: float, grey: Grey) -> bool:
    hull = cv2.convexHull(outline)
    corners = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, closed=True), closed=True)
    if len(corners) != 4 or area < 0.85 * cv2.contourArea(corners):
        return False
    inside = np.zeros(grey.shape, np.uint8)
    cv2.fillConvexPoly(inside, corners, 255)
    around = cv2.dilate(inside, np.ones((25, 25), np.uint8)) - inside
    if not around.any():
        return False
    return bool(cv2.mean(grey, inside)[0] - cv2.mean(grey, around)[0] >= SCREEN_LIGHTER)


def _fitted(grey: Grey, side: int) -> Grey:
    scale = min(1.0, side / max(grey.shape))
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey


def _largest(boxes: Iterable[Rectangle]) -> list[Rectangle]:
    """The boxes without those that lie in a larger one, the largest first."""
    kept: list[Rectangle] = []
    for x, y, w, h in sorted(boxes, key=lambda box: -box[2] * box[3]):
        middle = (x + w / 2, y + h / 2)
        if not any(a <= middle[0] <= a + c and b <= middle[1] <= b + d for a, b, c, d in kept):
            kept.append((x, y, w, h))
    return kept


def _placed(boxes: Iterable[Rectangle], grey: Grey) -> list[Place]:
    """Boxes with a margin, as shares of the sides."""
    height, width = grey.shape
    places = []
    for x, y, w, h in boxes:
        across, down = MARGIN * w, MARGIN * h
        left, top = max(0.0, (x - across) / width), max(0.0, (y - down) / height)
        places.append((left, top, min(1.0, (x + w + across) / width), min(1.0, (y + h + down) / height)))
    return places

"""The surface tier: whether what is drawn on an object agrees all over it, once the candidate is laid over the query.

Other flavours of one packaging share their brand's details and differ in the rest. Knows small grey pictures and where
details of both lie, never how these were found.
"""

import cv2
import numpy as np
import numpy.typing as npt

from gallery.matching.tiers.foreground import Foreground

Surface = npt.NDArray[np.uint8]
"""(h, w) grey of the object, 1 to 255; 0 beside it: of people and rooms nothing is kept."""

SURFACE_SIDE = 160
"""Pixels of the long side; a smaller picture is never enlarged."""

_BLOCK, _STEP = 10, 5
_SEARCHED = 3
"""Pixels by which a block may lie beside its place: objects are not flat."""
_DRAWN, _EMPTY = 8.0, 2.0
"""Grey levels of standard deviation from which something is drawn in a block, and below which nothing is."""
_ALIKE = 0.6
_MIN_BLOCKS, _MIN_PLACES = 4, 4


def surface_of(grey: npt.NDArray[np.uint8], foreground: Foreground) -> Surface:
    """Keep the object of a reduced grey picture, small."""
    height, width = grey.shape
    share = min(1.0, SURFACE_SIDE / max(height, width))
    size = max(1, round(width * share)), max(1, round(height * share))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    on_object = cv2.resize(foreground.mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(np.where(on_object > 0, np.maximum(small, 1), 0), np.uint8)


def agreeing_share(query: Surface, candidate: Surface, places: npt.NDArray[np.float32]) -> float | None:
    """The share of the object's blocks, 0 to 1, that are drawn alike; None where too few can be compared.

    places: (n, 4), details that agree, x and y in the query's picture then in the candidate's, as shares of the sides.
    """
    laid = _laid_over(query, candidate, places)
    if laid is None:
        return None
    places_of_blocks = _blocks(query, laid)
    if len(places_of_blocks) < _MIN_BLOCKS:
        return None
    return sum(_is_alike(query, laid, top, left) for top, left in places_of_blocks) / len(places_of_blocks)


def _laid_over(query: Surface, candidate: Surface, places: npt.NDArray[np.float32]) -> Surface | None:
    """The candidate where the details put it in the query's picture; None where they put it nowhere."""
    if len(places) < _MIN_PLACES:
        return None
    height, width = query.shape
    target = places[:, :2] * np.array([width, height], np.float32)
    source = places[:, 2:] * np.array(candidate.shape[::-1], np.float32)
    placement, _ = cv2.findHomography(source, target, 0)
    if placement is None or not np.isfinite(placement).all():
        return None
    return np.asarray(cv2.warpPerspective(candidate, placement, (width, height)), np.uint8)


def _blocks(query: Surface, laid: Surface) -> list[tuple[int, int]]:
    """Top and left of each block that lies on both objects and in one of which something is drawn."""
    both = ((query > 0) & (laid > 0)).astype(np.uint8)
    on_both = cv2.erode(both, np.ones((_BLOCK, _BLOCK), np.uint8), anchor=(0, 0)) > 0
    is_drawn = np.maximum(_spread(query), _spread(laid)) >= _DRAWN
    down, across = (range(_SEARCHED, side - _BLOCK - _SEARCHED + 1, _STEP) for side in query.shape)
    rows, columns = np.nonzero((on_both & is_drawn)[np.ix_(down, across)])
    return [(down[row], across[column]) for row, column in zip(rows.tolist(), columns.tolist(), strict=True)]


def _spread(surface: Surface) -> npt.NDArray[np.float64]:
    """Standard deviation, in grey levels, of the block that begins at each pixel."""
    numbers = surface.astype(np.float64)
    mean, squares = (cv2.blur(each, (_BLOCK, _BLOCK), anchor=(0, 0)) for each in (numbers, numbers * numbers))
    return np.asarray(np.sqrt(np.maximum(squares - mean * mean, 0)))


def _is_alike(query: Surface, laid: Surface, top: int, left: int) -> bool:
    block = query[top : top + _BLOCK, left : left + _BLOCK]
    if block.std() < _EMPTY:
        return False
    around = laid[top - _SEARCHED : top + _BLOCK + _SEARCHED, left - _SEARCHED : left + _BLOCK + _SEARCHED]
    return bool(cv2.matchTemplate(around, block, cv2.TM_CCOEFF_NORMED).max() > _ALIKE)

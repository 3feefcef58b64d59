"""Where in a picture the object probably is: what differs from the border, and the middle, count more.

Knows pictures, never features. A box that a person drew replaces the guess of where to look.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Shares = npt.NDArray[np.float64]

Box = tuple[float, float, float, float]
"""Left, top, right and bottom of the object, as shares of the picture's width and height, 0 to 1."""

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
SIDE = 96
WEIGHT_UNIT = 15
"""The most that a point can count; the least is 1."""

_BORDER = 8
_LIKELY, _MIN_PIXELS, _ROUNDS = 0.5, 50, 2
_SPREAD_OF_POINTS, _FLOOR_OF_POINTS = 0.8, 0.5
_SPREAD_OF_COLOURS, _FLOOR_OF_COLOURS = 0.5, 0.05
_OUTSIDE_OF_BOX = 0.1
_SEED = 1


@dataclass(frozen=True, eq=False)
class Foreground:
    """small: (96, 96, 3) uint8 RGB, the whole picture; mask: (96, 96) bool, the object; box: where it is said to be."""

    small: Pixels
    mask: npt.NDArray[np.bool_]
    box: Box | None

    @property
    def object_box(self) -> Box:
        """What encloses the object: the box that was drawn, else one around the guess, else the whole picture."""
        if self.box:
            return self.box
        rows, columns = (np.flatnonzero(self.mask.any(axis=axis)) for axis in (1, 0))
        if not len(rows):
            return WHOLE
        edges = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
        left, top, right, bottom = (float(edge / SIDE) for edge in edges)
        return left, top, right, bottom

    @property
    def of_colours(self) -> Shares:
        """What each pixel of the small picture counts for the object's colours, (96, 96), 0 to 1."""
        return (self.mask + _FLOOR_OF_COLOURS) * _centred(self.box, _SPREAD_OF_COLOURS)

    def of_points(self, positions: npt.NDArray[np.floating], width: int, height: int) -> npt.NDArray[np.uint8]:
        """What points (n, 2), in pixels of a picture of this size, count: (n,) uint8, 1 to 15."""
        soft = cv2.GaussianBlur(self.mask.astype(np.float32), (0, 0), 2) + _FLOOR_OF_POINTS
        weights = np.sqrt(soft / soft.max() * _centred(self.box, _SPREAD_OF_POINTS))
        columns, rows = _places(positions, width, height)
        return np.asarray(np.clip(np.rint(weights[rows, columns] * WEIGHT_UNIT), 1, WEIGHT_UNIT), np.uint8)

    def holds(self, positions: npt.NDArray[np.floating], width: int, height: int) -> npt.NDArray[np.bool_]:
        """Which points (n, 2), in pixels of a picture of this size, lie on the object or at its edge: (n,) bool."""
        columns, rows = _places(positions, width, height)
        return np.asarray(cv2.dilate(self.mask.astype(np.uint8), np.ones((3, 3), np.uint8))[rows, columns] > 0)


def _places(positions: npt.NDArray[np.floating], width: int, height: int) -> npt.NDArray[np.int64]:
    """Columns and rows in the small picture, (2, n), of points in pixels of a picture of this size."""
    return (positions * (SIDE / np.array([width, height]))).astype(np.int64).clip(0, SIDE - 1).T


def find_foreground(colour: Pixels, box: Box | None = None) -> Foreground:
    """Guess which part of an RGB picture is the object: all of it when nothing differs from the border."""
    small = cv2.resize(colour, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    background = _background(box)
    likely = (_unlike(small, background) >= _LIKELY) & ~background
    tells = min(likely.sum(), (~likely).sum()) >= _MIN_PIXELS
    return Foreground(small, _segmented(small, background, likely) if tells else np.ones_like(background), box)


def _background(box: Box | None) -> npt.NDArray[np.bool_]:
    """What is taken for background: all outside of the box, or a border."""
    background = np.ones((SIDE, SIDE), np.bool_)
    left, top, right, bottom = _sides(box) if box else (_BORDER, _BORDER, SIDE - _BORDER, SIDE - _BORDER)
    background[top:bottom, left:right] = False
    return background


def _sides(box: Box) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(min(1.0, max(0.0, side)) * SIDE) for side in box)
    left, top = min(left, SIDE - 1), min(top, SIDE - 1)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _unlike(small: Pixels, background: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """How much rarer each pixel's colour is in the background than elsewhere: (96, 96), 0 to 1, half when alike."""
    if background.all() or not background.any():
        return np.ones(background.shape, np.float32)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.int64)
    cells = (lab[..., 0] // 32 * 16 + ((lab[..., 1] - 88) // 5).clip(0, 15)) * 16 + ((lab[..., 2] - 88) // 5).clip(
        0, 15
    )
    behind, before = (
        np.bincount(cells[region], minlength=8 * 16 * 16) / region.sum() for region in (background, ~background)
    )
    share = before / (before + behind + 1e-4)
    return np.asarray(cv2.GaussianBlur(share[cells].astype(np.float32), (0, 0), 2), np.float32)


def _segmented(
    small: Pixels, background: npt.NDArray[np.bool_], likely: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Tell the object from what lies around it (GrabCut: Rother, Kolmogorov and Blake, 2004)."""
    mask = np.full(background.shape, cv2.GC_PR_BGD, np.uint8)
    mask[likely], mask[background] = cv2.GC_PR_FGD, cv2.GC_BGD
    # GrabCut draws its first clusters at random: the same pixels must give the same object.
    cv2.setRNGSeed(_SEED)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(cv2.cvtColor(small, cv2.COLOR_RGB2BGR), mask, (0, 0, 1, 1), *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.asarray(mask == cv2.GC_PR_FGD)


def _centred(box: Box | None, spread: float) -> Shares:
    """A hill over the middle of the picture, or of the box: (96, 96), 0 to 1, low outside of a box."""
    left, top, right, bottom = _sides(box) if box else (0, 0, SIDE, SIDE)
    places = np.arange(SIDE) + 0.5
    across = (places - (left + right) / 2) / ((right - left) / 2)
    down = (places - (top + bottom) / 2) / ((bottom - top) / 2)
    hill = np.exp(-(down[:, None] ** 2 + across**2) / (2 * spread**2))
    if box:
        outside = np.maximum(np.abs(down)[:, None], np.abs(across)) > 1
        hill[outside] *= _OUTSIDE_OF_BOX
    return np.asarray(hill)

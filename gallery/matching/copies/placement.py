"""How a given picture lies on a published one, to a fraction of a pixel, when it may be a copy of it.

A copy is scaled, turned by any angle and shifted, and nothing else: another photo of the same thing never lies so well.
OpenCV's RANSAC begins from a fixed seed, so that the same pictures always give the same placement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from gallery.matching.evidence import PointPair
from gallery.matching.tiers.reduced import Pixels

Matrix = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Truths = npt.NDArray[np.bool_]
Size = tuple[int, int]

BLOCK = 24
"""Pixels of the side of a block that is looked for again."""

MAX_SIDE, MIN_SIDE = 640, 200
"""Long side, in pixels, at which two pictures are compared: never more than the given one has, where that is enough."""

_MIN_PAIRS = 4
_FIRST_TOLERANCE = 0.012
"""Share of the given picture's long side by which a verified pair of points may miss the first placement."""
_SEARCHES = ((10, 1.5), (4, 1.0))
"""Pixels around its place in which a block is looked for, and by how many it may then miss the placement."""
_MAX_BLOCKS, _MIN_BLOCKS = 150, 4
_MIN_TELLING, _VERY_PLACE = 12, 0.35
"""Pixels by which a block of a copy may miss its place, and of how many blocks that is asked at least."""
_CONTRAST, _FOUND = 4.0, 0.7
_MIN_SCALE = 0.02


@dataclass(frozen=True, eq=False)
class Placement:
    """A published picture, reduced, and where each pixel of it lies in the given one.

    published: (h, w, 3) uint8. matrix: (2, 3), from its pixels to the given picture's. found: how many blocks of it the
    given picture shows near their place, of those the more telling half; held: how many of these at the very place.
    """

    published: Pixels
    matrix: Matrix
    found: int = 0
    held: int = 0

    @property
    def size(self) -> Size:
        """Width and height of the reduced published picture."""
        height, width = self.published.shape[:2]
        return width, height

    @property
    def stretch(self) -> float:
        """Largest over smallest enlargement: 1 for a copy."""
        most, least = np.linalg.svd(self.matrix[:, :2], compute_uv=False)
        return float(most / max(least, 1e-9))

    def in_given(self, points: Matrix, given: Pixels) -> Matrix:
        """Where points of the reduced picture, (n, 2), lie in the given one, as shares of its sides."""
        height, width = given.shape[:2]
        return np.asarray((points @ self.matrix[:, :2].T + self.matrix[:, 2]) / (width, height), np.float64)

    def laid_on(self, given: Pixels) -> tuple[Pixels, Truths]:
        """The given picture as it covers the published one: (h, w, 3) uint8, and (h, w) bool, what it covers."""
        scale = _scale_of(self.matrix)
        matrix = self.matrix
        if scale > 1:
            height, width = given.shape[:2]
            size = max(1, round(width / scale)), max(1, round(height / scale))
            given = cv2.resize(given, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
            matrix = matrix * [[size[0] / width], [size[1] / height]]
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        laid = cv2.warpAffine(given, matrix, self.size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        inside = cv2.warpAffine(np.full(given.shape[:2], 255, np.uint8), matrix, self.size, flags=flags)
        return laid.astype(np.uint8, copy=False), inside > 250


def placed_by_points(given: Pixels, published: Pixels, points: Sequence[PointPair]) -> Placement | None:
    """The placement on which most verified points agree; None when there are too few.

    given, published: (h, w, 3) uint8 RGB. points: of the given picture (query) and the published one (candidate).
    """
    if len(points) < _MIN_PAIRS:
        return None
    pairs = np.array(points, np.float64)
    seen = pairs[:, :2] * given.shape[1::-1]
    shown = pairs[:, 2:] * published.shape[1::-1]
    tolerance = _FIRST_TOLERANCE * max(given.shape[:2])
    matrix, _ = cv2.estimateAffinePartial2D(shown, seen, method=cv2.RANSAC, ransacReprojThreshold=tolerance)
    if matrix is None:
        return None
    placed = np.asarray(matrix, np.float64)
    is_likely = _MIN_SCALE < _scale_of(placed) < 1 / _MIN_SCALE
    return _settled(given, published, placed) if is_likely else None


def placed_whole(given: Pixels, published: Pixels) -> Placement:
    """The placement of the whole of one picture on the whole of the other."""
    (height, width), (rows, columns) = given.shape[:2], published.shape[:2]
    matrix = np.array([[width / columns, 0, 0], [0, height / rows, 0]])
    return _settled(given, published, matrix)


def grey_of(picture: Pixels) -> Floats:
    """Grey levels, (h, w) float32, a little blurred: what compression adds is finer than what it keeps."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return cv2.GaussianBlur(grey, (0, 0), 0.8).astype(np.float32, copy=False)


def _settled(given: Pixels, published: Pixels, matrix: Matrix) -> Placement:
    """Reduce the published picture, find its blocks around their places, and fit the placement to where they are."""
    scale = _scale_of(matrix)
    long_side = max(published.shape[:2])
    share = min(MAX_SIDE, max(MIN_SIDE, long_side * min(1.0, scale))) / long_side
    height, width = (max(1, round(side * share)) for side in published.shape[:2])
    reduced = cv2.resize(published, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    matrix = matrix * [published.shape[1] / width, published.shape[0] / height, 1]
    placement = Placement(reduced, matrix)
    for reach, tolerance in _SEARCHES:
        placement = _fitted(given, placement, reach, tolerance)
    return placement


def _fitted(given: Pixels, placement: Placement, reach: int, tolerance: float) -> Placement:
    laid, inside = placement.laid_on(given)
    places, moves = _moves(grey_of(placement.published), grey_of(laid), inside, reach)
    found = np.isfinite(moves[:, 0])
    if found.sum() < _MIN_BLOCKS:
        return replace(placement, found=0, held=0)
    source, target = places[found], places[found] + moves[found]
    correction, _ = cv2.estimateAffine2D(source, target, method=cv2.RANSAC, ransacReprojThreshold=tolerance)
    if correction is None or not np.isfinite(correction).all():
        return replace(placement, found=0, held=0)
    whole = np.asarray(placement.matrix @ np.vstack([correction, [0, 0, 1]]), np.float64)
    misses = np.linalg.norm(source @ correction[:, :2].T + correction[:, 2] - target, axis=1)
    telling = misses[: max(_MIN_TELLING, len(misses) // 2)]
    return replace(placement, matrix=whole, found=len(telling), held=int((telling <= _VERY_PLACE).sum()))


def _moves(published: Floats, laid: Floats, inside: Truths, reach: int) -> tuple[Matrix, Matrix]:
    """The most telling blocks, (n, 2) their middles, and by how much each lies elsewhere in the laid picture.

    Returns (n, 2) twice; NaN where a block is not found.
    """
    places, moves = [], []
    for left, top in _telling_blocks(published, inside, reach):
        block = published[top : top + BLOCK, left : left + BLOCK]
        around = laid[top - reach : top + BLOCK + reach, left - reach : left + BLOCK + reach]
        places.append((left + BLOCK / 2, top + BLOCK / 2))
        likeness = np.asarray(cv2.matchTemplate(around, block, cv2.TM_CCOEFF_NORMED), np.float32)
        moves.append(_move(likeness, reach))
    return np.array(places, np.float64).reshape(-1, 2), np.array(moves, np.float64).reshape(-1, 2)


def _telling_blocks(published: Floats, inside: Truths, reach: int) -> list[tuple[int, int]]:
    """Left and top of blocks that can be found in one place only, the best first."""
    height, width = published.shape
    strength = cv2.boxFilter(cv2.cornerMinEigenVal(published, 3), -1, (BLOCK, BLOCK))
    blocks = [
        (left, top)
        for top in range(reach, height - BLOCK - reach + 1, BLOCK)
        for left in range(reach, width - BLOCK - reach + 1, BLOCK)
        if inside[top - reach : top + BLOCK + reach, left - reach : left + BLOCK + reach].all()
        and published[top : top + BLOCK, left : left + BLOCK].std() >= _CONTRAST
    ]
    blocks.sort(key=lambda place: (-strength[place[1] + BLOCK // 2, place[0] + BLOCK // 2], place))
    return blocks[:_MAX_BLOCKS]


def _move(likeness: Floats, reach: int) -> tuple[float, float]:
    """Where the block is, from its expected place, to a fraction of a pixel; NaN where it isn't."""
    _, best, _, (column, row) = cv2.minMaxLoc(likeness)
    if not best >= _FOUND:
        return np.nan, np.nan
    across, down = likeness[row], likeness[:, column]
    return column + _peak(across, column) - reach, row + _peak(down, row) - reach


def _peak(values: Floats, place: int) -> float:
    """How far beside a maximum the top of the parabola through its neighbours lies, within half a step."""
    if not 0 < place < len(values) - 1:
        return 0.0
    before, middle, after = (float(value) for value in values[place - 1 : place + 2])
    curve = before - 2 * middle + after
    return 0.0 if curve >= 0 else 0.5 * (before - after) / curve


def _scale_of(matrix: Matrix) -> float:
    """Pixels of the given picture for one of the published."""
    return float(np.sqrt(abs(np.linalg.det(matrix[:, :2])))) or 1e-9

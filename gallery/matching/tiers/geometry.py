"""The detail tier: which local features of two photos agree on one placement of the object.

Knows features and plane geometry. Every step is deterministic: each matched pair proposes a placement, the best one is
refined, and nothing is drawn at random.
"""

import threading
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from gallery.matching.tiers.local_features import LocalFeatures

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

_RATIO = 0.85
_MIN_PAIRS = 4
_TOLERANCE = 0.035
"""Share of the candidate's long side by which a pair may miss a placement: objects are not flat."""
_SCALE_OCTAVES = 1.0
_ANGLE_DEGREES = 40.0
_REFINEMENTS = 3
_PROPOSALS = 150
"""Pairs, the nearest first, each of which proposes a placement: hundreds agree only where the best do too."""
_CELL = 6.0
"""Pixels within which points are one detail: SIFT puts several directions and sizes on one spot."""
_ROWS = 128
"""Descriptors of a query compared at once: their distances stay near the processor."""
_kept = threading.local()
"""Each thread fills one array of distances again and again: a new one would come from the system (`memory`)."""


@dataclass(frozen=True, eq=False)
class Correspondence:
    """Verified pairs of points, and how they lie in the query's picture.

    query, candidate: (n,) int64, numbers of features. details: how many distinct spots they are; inside: how many of
    them lie on the object in both pictures. agreement: share of the query's features in the area that they span which
    are verified, 0 to 1. centring: how deep the middle of the query's picture lies in that area, in long sides;
    negative when it lies outside.
    """

    query: Numbers
    candidate: Numbers
    details: int
    inside: int
    agreement: float
    centring: float


_NOTHING = Correspondence(np.zeros(0, np.int64), np.zeros(0, np.int64), 0, 0, 0.0, -1.0)


def verify(query: LocalFeatures, candidate: LocalFeatures) -> Correspondence:
    """Find the pairs of points that agree on one placement of the query's object in the candidate."""
    pairs = match(query.descriptors, candidate.descriptors)
    if len(pairs[0]) < _MIN_PAIRS:
        return _NOTHING
    agreeing = _agreeing(query, candidate, *pairs)
    chosen = pairs[0][agreeing], pairs[1][agreeing]
    source, target = query.positions[chosen[0]], candidate.positions[chosen[1]]
    both = query.inside[chosen[0]] & candidate.inside[chosen[1]]
    inside = _distinct(source[both], target[both])
    return Correspondence(*chosen, _distinct(source, target), inside, *_spread(query, chosen[0]))


def one_a_spot(query: LocalFeatures, candidate: LocalFeatures, found: Correspondence) -> Floats:
    """Where the verified details lie, one pair of points for each that was counted.

    Returns (details, 4) float32, x and y in the query's picture then in the candidate's, as shares of their sides.
    """
    source, target = query.positions[found.query], candidate.positions[found.candidate]
    rows = [np.unique(_cells(points), return_index=True)[1] for points in (source, target)]
    kept = np.sort(min(rows, key=len))
    sides = np.array([query.width, query.height, candidate.width, candidate.height], np.float32)
    return np.asarray(np.column_stack([source[kept], target[kept]]) / sides, np.float32)


def match(query: npt.NDArray[np.uint8], candidate: npt.NDArray[np.uint8]) -> tuple[Numbers, Numbers]:
    """Pair descriptors by Lowe's ratio test, each candidate descriptor once. (n, 128) and (m, 128) uint8."""
    if not len(query) or len(candidate) < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    nearest, first, second = _two_nearest(query, candidate)
    kept = np.flatnonzero(first < _RATIO**2 * second)
    kept = kept[np.argsort(first[kept], kind="stable")]
    _, unique = np.unique(nearest[kept], return_index=True)
    kept = kept[np.sort(unique)]
    return kept, nearest[kept]


def _two_nearest(query: npt.NDArray[np.uint8], candidate: npt.NDArray[np.uint8]) -> tuple[Numbers, Floats, Floats]:
    """The nearest of m rows to each of n, and the squares of its distance and of that of the next: (n,) each."""
    nearest, first, second = np.empty(len(query), np.int64), *np.empty((2, len(query)), np.float32)
    right = candidate.astype(np.float32)
    lengths = np.einsum("ij,ij->i", right, right)
    room = _room(_ROWS * len(right))
    for start in range(0, len(query), _ROWS):
        block = slice(start, start + _ROWS)
        left = query[block].astype(np.float32)
        squares = np.einsum("ij,ij->i", left, left)
        distances = np.matmul(-2 * left, right.T, out=room[: len(left) * len(right)].reshape(len(left), -1))
        distances += lengths
        rows, found = np.arange(len(left)), distances.argmin(axis=1)
        nearest[block], first[block] = found, distances[rows, found] + squares
        distances[rows, found] = np.inf
        second[block] = distances.min(axis=1) + squares
    return nearest, first, second


def _room(size: int) -> Floats:
    """An array of this thread's of at least so many numbers, with what was in it."""
    if len(getattr(_kept, "room", ())) < size:
        _kept.room = np.empty(size, np.float32)
    return np.asarray(_kept.room)


def _agreeing(query: LocalFeatures, candidate: LocalFeatures, left: Numbers, right: Numbers) -> npt.NDArray[np.bool_]:
    """Which pairs agree on the best placement: (n,) bool."""
    source, target = query.positions[left], candidate.positions[right]
    octaves = np.log2(candidate.sizes[right] / query.sizes[left])
    turns = candidate.angles[right] - query.angles[left]
    tolerance = _TOLERANCE * max(candidate.width, candidate.height)
    alike = _alike(octaves, turns)
    support = alike & (_single_pair_misses(source, target, octaves, turns) < (2 * tolerance) ** 2)
    best = int(support.sum(axis=1).argmax())
    return _refined(source, target, support[best], alike[best], tolerance)


def _alike(octaves: Floats, turns: Floats) -> npt.NDArray[np.bool_]:
    """Which of n pairs are scaled and turned as each of the first p is: (p, n) bool."""
    scaled = np.abs(octaves[:_PROPOSALS, None] - octaves) < _SCALE_OCTAVES
    turned = turns % 360
    apart = np.abs(turned[:_PROPOSALS, None] - turned)
    return np.asarray(scaled & ((apart < _ANGLE_DEGREES) | (apart > 360 - _ANGLE_DEGREES)))


def _single_pair_misses(source: Floats, target: Floats, octaves: Floats, turns: Floats) -> Floats:
    """Squares of the misses in pixels of pair j under the placement that pair i alone proposes: (p, n) float32."""
    factor, angle = np.exp2(octaves[:_PROPOSALS]), np.deg2rad(turns[:_PROPOSALS])
    along, across = (factor * each for each in (np.cos(angle), np.sin(angle)))
    # A placement puts its own pair in place: what that one would miss by is taken off all others.
    over = _placed(source, along, -across) - target[:, 0]
    down = _placed(source, across, along) - target[:, 1]
    for each in (over, down):
        each -= each.diagonal()[:, None].copy()
        each *= each
    over += down
    return over


def _placed(points: Floats, first: Floats, second: Floats) -> Floats:
    """One coordinate of n points under p turns: (p, n) float32."""
    return np.asarray(np.column_stack([first, second]).astype(np.float32) @ points.T, np.float32)


def _refined(
    source: Floats, target: Floats, support: npt.NDArray[np.bool_], alike: npt.NDArray[np.bool_], tolerance: float
) -> npt.NDArray[np.bool_]:
    """Fit an affine placement to the support, gather what agrees with it, and again."""
    for _ in range(_REFINEMENTS):
        if support.sum() < _MIN_PAIRS:
            return support
        misses = _affine_misses(source, target, support)
        gathered = alike & (misses < tolerance)
        if gathered.sum() < _MIN_PAIRS or (gathered == support).all():
            break
        support = gathered
    return support


def _affine_misses(source: Floats, target: Floats, support: npt.NDArray[np.bool_]) -> Floats:
    design = np.column_stack([source, np.ones(len(source), np.float32)])
    # A little pull towards the identity's size keeps three points on a line from exploding.
    placement, *_ = np.linalg.lstsq(design[support], target[support], rcond=1e-4)
    return np.asarray(np.linalg.norm(design @ placement - target, axis=1), np.float32)


def _distinct(source: Floats, target: Floats) -> int:
    """Number of distinct spots among pairs, on whichever side has fewer."""
    if not len(source):
        return 0
    return min(len(np.unique(_cells(points))) for points in (source, target))


def _cells(points: Floats) -> Numbers:
    """One number a spot."""
    columns, rows = (points / _CELL).astype(np.int64).T
    return np.asarray(columns << 32 | rows)


def _spread(features: LocalFeatures, verified: Numbers) -> tuple[float, float]:
    """Agreement and centring of verified features of a picture."""
    if len(verified) < _MIN_PAIRS:
        return _NOTHING.agreement, _NOTHING.centring
    hull = cv2.convexHull(features.positions[verified])
    area = np.zeros((features.height, features.width), np.uint8)
    cv2.fillConvexPoly(area, np.rint(hull).astype(np.int32), 1)
    columns, rows = np.rint(features.positions).astype(np.int64).T
    inside = area[rows.clip(0, features.height - 1), columns.clip(0, features.width - 1)].sum()
    middle = (features.width / 2, features.height / 2)
    depth = cv2.pointPolygonTest(hull, middle, measureDist=True)
    return min(1.0, len(verified) / max(1, int(inside))), depth / max(features.width, features.height)

"""Where things lie in the drawing of two photos side by side, with a line between each pair of verified points."""

from collections.abc import Sequence
from dataclasses import dataclass

from gallery.matching import PointPair

SIDE = 500
GAP = 24
# More lines hide the photos that they lie over.
MAX_LINES = 80

Size = tuple[int, int]


@dataclass(frozen=True)
class MatchFrame:
    """Where a photo lies, in the drawing's units."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class MatchLine:
    """From a point of the given photo to the same detail in the found one, in the drawing's units."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class MatchDrawing:
    """A drawing of two photos. lines: the most alike details first, 80 at most."""

    width: int
    height: int
    given: MatchFrame
    candidate: MatchFrame
    lines: Sequence[MatchLine]


def draw(points: Sequence[PointPair], *, given: Size, candidate: Size) -> MatchDrawing:
    """Lay out two photos of these pixels, each within a square, and lines between their points."""
    sizes = [_fitted(given), _fitted(candidate)]
    height = max(size[1] for size in sizes)
    left, right = (MatchFrame(0, (height - size[1]) // 2, *size) for size in sizes)
    right = MatchFrame(left.width + GAP, right.y, right.width, right.height)
    lines = [
        MatchLine(*_at(left, each.query_x, each.query_y), *_at(right, each.candidate_x, each.candidate_y))
        for each in points[:MAX_LINES]
    ]
    return MatchDrawing(right.x + right.width, height, left, right, lines)


def _fitted(size: Size) -> Size:
    scale = SIDE / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _at(frame: MatchFrame, across: float, down: float) -> Size:
    return frame.x + round(across * frame.width), frame.y + round(down * frame.height)

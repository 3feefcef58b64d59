"""Where things lie in the drawing of two photos side by side: what was compared of each, and which points agree."""

from collections.abc import Sequence
from dataclasses import dataclass

from gallery.matching import Box, PointPair

SIDE = 500
GAP = 24
# More lines hide the photos that they lie over.
MAX_LINES = 80

Size = tuple[int, int]


@dataclass(frozen=True)
class MatchFrame:
    """Where a photo lies, or a part of it, in the drawing's units."""

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
    """A drawing of two photos. lines: the most alike details first, 80 at most; frames: around the object in each."""

    width: int
    height: int
    given: MatchFrame
    candidate: MatchFrame
    lines: Sequence[MatchLine]
    frames: Sequence[MatchFrame]


def draw(points: Sequence[PointPair], object_boxes: Sequence[Box], *, given: Size, candidate: Size) -> MatchDrawing:
    """Lay out two photos of these pixels, each within a square, lines between their points, and a frame in each."""
    sizes = [_fitted(given), _fitted(candidate)]
    height = max(size[1] for size in sizes)
    left, right = (MatchFrame(0, (height - size[1]) // 2, *size) for size in sizes)
    right = MatchFrame(left.width + GAP, right.y, right.width, right.height)
    lines = [
        MatchLine(*_at(left, each.query_x, each.query_y), *_at(right, each.candidate_x, each.candidate_y))
        for each in points[:MAX_LINES]
    ]
    frames = [_part(side, box) for side, box in zip((left, right), object_boxes, strict=False)]
    return MatchDrawing(right.x + right.width, height, left, right, lines, frames)


def _fitted(size: Size) -> Size:
    scale = SIDE / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _part(frame: MatchFrame, box: Box) -> MatchFrame:
    left, top = _at(frame, box[0], box[1])
    right, bottom = _at(frame, box[2], box[3])
    return MatchFrame(left, top, right - left, bottom - top)


def _at(frame: MatchFrame, across: float, down: float) -> Size:
    return frame.x + round(across * frame.width), frame.y + round(down * frame.height)

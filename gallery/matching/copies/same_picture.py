"""Whether a given picture is a copy of a published one, and where it was changed: one laid on the other.

Another photo of the same thing, however alike, is no copy: only what lies at the very place counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from gallery.matching.copies.changes import changes_among, find_spots
from gallery.matching.copies.placement import BLOCK, Placement, Size, grey_of, placed_by_points, placed_whole
from gallery.matching.copies.shown_part import Frame, Sides, agreeing_part, shown_part
from gallery.matching.evidence import PointPair
from gallery.matching.tiers.foreground import Box
from gallery.matching.tiers.reduced import Pixels

_MIN_HELD, _MIN_HELD_SHARE = 9, 0.75
_MAX_STRETCH = 1.015
_MIN_AREA = (2 * BLOCK) ** 2
_EDGE = 0.012
"""Share of the given picture's sides within which its edge and that of the published one are the same."""

_MIN_DETAILS, _MIN_DETAILS_SHARE, _DETAILS_TOLERANCE = 24, 0.8, 0.0015

Corner = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Copy:
    """A given picture that shows a published one again.

    given, published: both in the same place, (h, w, 3) uint8. shown: the part of the published picture that the given
    one shows; changed: where it shows something else there; both as shares of the published picture's sides. outline:
    the corners of the shown part in the given picture, as shares of its sides. mirrored: left for right.
    """

    given: Pixels
    published: Pixels
    shown: Box
    outline: tuple[Corner, ...]
    changed: tuple[Box, ...]
    mirrored: bool

    @property
    def is_unaltered(self) -> bool:
        """Whether the part that is shown is as it was published."""
        return not self.changed and not self.mirrored

    @property
    def corners(self) -> list[PointPair]:
        """The corners of the shown part in both pictures."""
        left, top, right, bottom = self.shown
        there = [(left, top), (right, top), (right, bottom), (left, bottom)]
        return [PointPair(*seen, *shown) for seen, shown in zip(self.outline, there, strict=True)]

    @property
    def covered_share(self) -> float:
        """How much of the given picture is of the published one, 0 to 1."""
        polygon = np.array(self.outline, np.float32).clip(0, 1)
        return float(cv2.contourArea(polygon))

    @property
    def shown_share(self) -> float:
        """How much of the published picture is shown, 0 to 1."""
        left, top, right, bottom = self.shown
        return (right - left) * (bottom - top)


def find_copy(
    given: Pixels, published: Pixels, points: Sequence[PointPair], *, mirrored: bool = False, as_whole: bool = False
) -> Copy | None:
    """The given picture as a copy of the published one; None when it is none.

    given, published: (h, w, 3) uint8 RGB. points: details of both that agree, as a candidate has them. mirrored: they
    agree with the mirror image. as_whole: try the whole of one on the whole of the other too, for pictures with few
    details.
    """
    seen = np.ascontiguousarray(given[:, ::-1]) if mirrored else given
    pairs = [PointPair(1 - each.query_x, *each[1:]) for each in points] if mirrored else points
    for placement in _placements(seen, published, pairs, as_whole=as_whole):
        if _holds(placement):
            copy = _compared(seen, placement, mirrored=mirrored)
            if copy is not None:
                return copy
    return None


def _placements(
    given: Pixels, published: Pixels, points: Sequence[PointPair], *, as_whole: bool
) -> Iterator[Placement]:
    placed = placed_by_points(given, published, points)
    if placed is not None:
        yield placed
    if as_whole:
        yield placed_whole(given, published)


def _holds(placement: Placement) -> bool:
    return (
        placement.held >= _MIN_HELD
        and placement.held >= _MIN_HELD_SHARE * placement.found
        and placement.stretch <= _MAX_STRETCH
    )


def _compared(given: Pixels, placement: Placement, *, mirrored: bool) -> Copy | None:
    laid, inside = placement.laid_on(given)
    core = agreeing_part(grey_of(placement.published), grey_of(laid), inside)
    if core is None:
        return None
    spots = find_spots(placement.published, laid, core)
    shown = shown_part(core, spots, inside, _common_edges(placement, given))
    if shown.area < _MIN_AREA:
        return None
    return Copy(
        given=laid,
        published=placement.published,
        shown=_shares(shown, placement.size),
        outline=_outline(shown, placement, given, mirrored=mirrored),
        changed=tuple(_shares(each, placement.size) for each in changes_among(spots, shown)),
        mirrored=mirrored,
    )


def _common_edges(placement: Placement, given: Pixels) -> Sides:
    """Which edges of the published picture are an edge of the given one too."""
    width, height = placement.size
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    seen = placement.in_given(corners, given)

    def is_common(first: int, second: int) -> bool:
        beside = [(np.abs(seen[[first, second]] - edge) <= _EDGE).all(axis=0).any() for edge in (0, 1)]
        return bool(any(beside))

    return Sides(left=is_common(0, 3), top=is_common(0, 1), right=is_common(1, 2), bottom=is_common(3, 2))


def _shares(frame: Frame, size: tuple[int, int]) -> Box:
    width, height = size
    return frame.left / width, frame.top / height, frame.right / width, frame.bottom / height


def _outline(frame: Frame, placement: Placement, given: Pixels, *, mirrored: bool) -> tuple[Corner, ...]:
    left, top, right, bottom = frame.left, frame.top, frame.right, frame.bottom
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)
    seen = placement.in_given(corners, given)
    return tuple((1 - x if mirrored else x, y) for x, y in seen.tolist())


def lies_as_a_copy(points: Sequence[PointPair], given: Size, published: Size) -> bool:
    """Whether details alone, where the published picture itself is not at hand, lie as those of a copy do.

    given, published: width and height of both pictures. points: as in find_copy; all those of a mirrored copy too.
    """
    if len(points) < _MIN_DETAILS:
        return False
    pairs = np.array(points, np.float64)
    seen, shown = pairs[:, :2] * given, pairs[:, 2:] * published
    for sign in (1, -1):
        tolerance = _DETAILS_TOLERANCE * max(published)
        turned = seen * (sign, 1)
        matrix, kept = cv2.estimateAffinePartial2D(turned, shown, method=cv2.RANSAC, ransacReprojThreshold=tolerance)
        if matrix is not None and kept.sum() >= max(_MIN_DETAILS, _MIN_DETAILS_SHARE * len(points)):
            return True
    return False

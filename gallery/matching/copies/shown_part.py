"""Which part of a published picture a copy shows: a screenshot shows other things beside a picture that was cropped.

Knows blocks that agree and rectangles, not what else was changed.
"""

from dataclasses import astuple, dataclass

import cv2
import numpy as np

from gallery.matching.copies.placement import BLOCK, Floats, Truths

_MIN_AGREEING, _MIN_AGREEING_SHARE = 16, 0.5
_STEP = BLOCK // 2
_TEXTURE, _AGREES = 6.0, 0.7
_SMALLEST_GROUP, _SMALLEST_GROUP_SHARE = 4, 0.02
_OTHER, _SAME = 0.3, 0.03
_BESIDE = 0.6
"""Share of a strip that is something else from which the strip is beside the part, not changed."""
_MARGIN = 5
"""Pixels left out at an end of the part, at the published picture's edge too unless both share it: what is beside it
is mixed into the spots that lie there."""


@dataclass(frozen=True)
class Frame:
    """A rectangle of pixels or of blocks; right and bottom are not in it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """The rows and columns of it."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def area(self) -> int:
        """How much is in it."""
        return max(0, self.right - self.left) * max(0, self.bottom - self.top)

    def within(self, other: "Frame") -> "Frame":
        """What is in both."""
        return Frame(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )


@dataclass(frozen=True)
class Sides:
    """Something about each side of a picture."""

    left: bool
    top: bool
    right: bool
    bottom: bool

    @property
    def across(self) -> tuple[bool, bool]:
        """Left and right."""
        return self.left, self.right

    @property
    def down(self) -> tuple[bool, bool]:
        """Top and bottom."""
        return self.top, self.bottom


def agreeing_part(published: Floats, laid: Floats, inside: Truths) -> Frame | None:
    """The rectangle around all blocks that agree, in pixels; None when too few of the blocks in it do, or it is a line.

    published, laid: grey levels (h, w) of both pictures in one place; inside: (h, w) bool, what the given picture
    covers.
    """
    likeness, deviation = _block_statistics(published, laid)
    eroded = cv2.erode(inside.astype(np.uint8), np.ones((BLOCK, BLOCK), np.uint8))
    covered = _sampled(eroded.astype(np.float32)) > 0
    textured = covered & (deviation >= _TEXTURE)
    agreeing = _grouped(textured & (likeness >= _AGREES))
    if agreeing.sum() < _MIN_AGREEING:
        return None
    core = _bounds(agreeing)
    if agreeing[core.slices].sum() < _MIN_AGREEING_SHARE * textured[core.slices].sum():
        return None
    part = _in_pixels(core, published.shape).within(_bounds(inside))
    return part if part.area else None


def shown_part(core: Frame, spots: Truths, inside: Truths, common: Sides) -> Frame:
    """The part of the published picture that the given one shows, to a few pixels.

    core: what agrees. spots: (h, w) bool, where both differ. common: which edges both pictures share, so that nothing
    beside them is something else.
    """
    limits = _bounds(inside)
    common = _without_chance(common, core, limits, spots)
    ends = Frame(
        limits.left if common.left else core.left,
        limits.top if common.top else core.top,
        limits.right if common.right else core.right,
        limits.bottom if common.bottom else core.bottom,
    )
    rows = spots[ends.top : ends.bottom]
    left, right = _settled((ends.left, ends.right), (limits.left, limits.right), rows, common.across)
    columns = spots[:, left:right].T
    top, bottom = _settled((ends.top, ends.bottom), (limits.top, limits.bottom), columns, common.down)
    return Frame(left, top, right, bottom)


def _without_chance(common: Sides, core: Frame, limits: Frame, spots: Truths) -> Sides:
    """The common edges without a single one up to which nearly all is something else: it lies there by chance."""
    sides = astuple(common)
    if sum(sides) != 1:
        return common
    strips = (
        Frame(limits.left, core.top, core.left, core.bottom),
        Frame(core.left, limits.top, core.right, core.top),
        Frame(core.right, core.top, limits.right, core.bottom),
        Frame(core.left, core.bottom, core.right, limits.bottom),
    )
    others = [bool(strip.area) and spots[strip.slices].mean() > _BESIDE for strip in strips]
    return Sides(*(is_common and not other for is_common, other in zip(sides, others, strict=True)))


def _block_statistics(published: Floats, laid: Floats) -> tuple[Floats, Floats]:
    """Correlation of the blocks of both pictures, (r, c), and the deviation of those of the published one, (r, c)."""
    means = [_blurred(each) for each in (published, laid)]
    variances = [
        np.maximum(_blurred(each * each) - mean * mean, 0) for each, mean in zip((published, laid), means, strict=True)
    ]
    together = _blurred(published * laid) - means[0] * means[1]
    likeness = together / np.sqrt((variances[0] + 1) * (variances[1] + 1))
    return _sampled(likeness), np.sqrt(_sampled(variances[0]))


def _blurred(picture: Floats) -> Floats:
    return cv2.boxFilter(picture, -1, (BLOCK, BLOCK)).astype(np.float32, copy=False)


def _sampled(values: Floats) -> Floats:
    """One value for each block; blocks overlap by half."""
    return values[..., _STEP::_STEP, _STEP::_STEP]


def _grouped(blocks: Truths) -> Truths:
    """Those blocks that have neighbours: a single one agrees by chance."""
    count, labels, table, _ = cv2.connectedComponentsWithStats(blocks.astype(np.uint8), connectivity=8)
    least = max(_SMALLEST_GROUP, _SMALLEST_GROUP_SHARE * blocks.sum())
    kept = [label for label in range(1, count) if table[label, cv2.CC_STAT_AREA] >= least]
    return np.asarray(np.isin(labels, kept))


def _bounds(blocks: Truths) -> Frame:
    rows, columns = np.flatnonzero(blocks.any(axis=1)), np.flatnonzero(blocks.any(axis=0))
    return Frame(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _settled(
    ends: tuple[int, int], limits: tuple[int, int], spots: Truths, common: tuple[bool, bool]
) -> tuple[int, int]:
    """Where the part begins and ends among the columns of spots, within limits; common edges stay where they are."""
    (first, last), (least, most) = ends, limits
    if not spots.size:
        return first, first
    differing = spots.mean(axis=0)
    if not common[0]:
        first = _moved(first, differing, range(least, last), lines=last - first, step=-1)
    if not common[1]:
        last = _moved(last - 1, differing, range(first, most), lines=last - first, step=1) + 1
    return first, max(first, last)


def _moved(line: int, differing: Floats, allowed: range, *, lines: int, step: int) -> int:
    """From a line, back behind what is something else at this end, on while nearly nothing is, and back by the margin.

    lines: how many the part has so far.
    """
    back = (differing[line::-step] - _OTHER)[: max(0, lines - 1)]
    line -= step * int(np.argmax(np.concatenate([[0], np.cumsum(back)])))
    while line + step in allowed and differing[line + step] <= _SAME:
        line += step
    return line - step * _MARGIN


def _in_pixels(blocks: Frame, shape: tuple[int, ...]) -> Frame:
    """The pixels of a rectangle of blocks: to the picture's edge where it touches it, else to a last block's middle."""
    rows, columns = shape
    down, across = (rows - 1) // _STEP, (columns - 1) // _STEP
    return Frame(
        left=0 if blocks.left == 0 else (blocks.left + 1) * _STEP,
        top=0 if blocks.top == 0 else (blocks.top + 1) * _STEP,
        right=columns if blocks.right >= across else blocks.right * _STEP,
        bottom=rows if blocks.bottom >= down else blocks.bottom * _STEP,
    )

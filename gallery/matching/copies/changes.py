"""Where a copy shows something else than the published picture did: an inlaid face, another number, a text over it.

Knows two pictures that lie on each other, and compares small spots of them in the same light.
"""

import cv2
import numpy as np

from gallery.matching.copies.placement import Floats, Truths
from gallery.matching.copies.shown_part import Frame
from gallery.matching.tiers.reduced import Pixels

_SPOT, _AROUND = 9, 15
"""Pixels of the side of the smallest change that is looked for, and of what tells how much there is to be seen."""
_COLOUR, _TIMES_USUAL_COLOUR = 22.0, 7.0
_STROKES, _TIMES_USUAL_STROKES, _MIN_CONTRAST = 0.3, 6.0, 15.0
_LUMINANCE = np.array([0.3, 0.6, 0.1], np.float32)
_MIN_PIXELS = 60
_JOINED = 13
"""Pixels between changes up to which they are one."""


def find_spots(published: Pixels, laid: Pixels, core: Frame) -> Truths:
    """Where small spots differ by more than compression does, (h, w) bool, in the light of the core.

    published, laid: (h, w, 3) uint8 in one place. core: where they agree.
    """
    shown, seen = (cv2.GaussianBlur(each, (0, 0), 1.0).astype(np.float32) for each in (published, laid))
    relit = np.stack([_relit(seen[..., each], shown[..., each], core) for each in range(3)], axis=-1)
    colours, strokes = _colour_differences(shown, relit), _stroke_differences(shown, relit)
    return np.asarray(
        (colours > max(_COLOUR, _TIMES_USUAL_COLOUR * float(np.median(colours[core.slices]))))
        | (strokes > max(_STROKES, _TIMES_USUAL_STROKES * float(np.median(strokes[core.slices]))))
    )


def _colour_differences(shown: Floats, relit: Floats) -> Floats:
    """By how many levels the mean colour of each spot differs, (h, w)."""
    return np.asarray(np.abs(cv2.boxFilter(shown - relit, -1, (_SPOT, _SPOT))).max(axis=-1), np.float32)


def _stroke_differences(shown: Floats, relit: Floats) -> Floats:
    """How much of each spot's drawing differs, (h, w), against the contrast there: other digits have the same mean."""
    published, given = shown @ _LUMINANCE, relit @ _LUMINANCE
    mean = cv2.boxFilter(published, -1, (_AROUND, _AROUND))
    squares = cv2.boxFilter(published * published, -1, (_AROUND, _AROUND))
    contrast = np.sqrt(np.maximum(squares - mean * mean, 0))
    misses = cv2.boxFilter(np.abs(published - given), -1, (_SPOT, _SPOT))
    return np.asarray(misses / (contrast + _MIN_CONTRAST), np.float32)


def changes_among(spots: Truths, shown: Frame) -> list[Frame]:
    """The differing spots of the shown part, those near each other as one, the largest first."""
    inside = spots[shown.slices]
    joined = cv2.dilate(inside.astype(np.uint8), np.ones((_JOINED, _JOINED), np.uint8))
    count, labels, table, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for label in range(1, count):
        if inside[labels == label].sum() >= _MIN_PIXELS:
            left, top, width, height, _ = table[label].tolist()
            left, top = left + shown.left, top + shown.top
            found.append(Frame(left, top, left + width, top + height))
    return sorted(found, key=lambda frame: -frame.area)


def _relit(given: Floats, published: Floats, core: Frame) -> Floats:
    """One channel brought to the light of the other, as most pixels of the core say."""
    values, wanted = (each[core.slices][::3, ::3].ravel() for each in (given, published))
    kept = np.ones(len(values), np.bool_)
    gain, offset = 1.0, 0.0
    for _ in range(3):
        spread = float(values[kept].var())
        if spread < 1:
            break
        gain = float(np.cov(values[kept], wanted[kept], bias=True)[0, 1]) / spread
        offset = float(wanted[kept].mean()) - gain * float(values[kept].mean())
        misses = np.abs(values * gain + offset - wanted)
        kept = misses <= max(4.0, 2.5 * float(np.median(misses)))
    return np.asarray(given * gain + offset, np.float32)

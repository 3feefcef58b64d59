"""Where the photo lies in a screenshot, or in a frame with a caption: what is plain around it is no part of it.

Knows one picture. It is careful: a photo of an object on a plain ground has to stay whole, so that only what ends in
straight edges over nearly the whole width is taken for a photo.
"""

import numpy as np
import numpy.typing as npt

from gallery.matching.tiers.foreground import Box
from gallery.matching.tiers.reduced import Pixels

_LOOKED_AT = 400
"""Pixels of the long side. Single pixels are taken, not means: noise is what tells a dark photo from a black bar."""
_ALIKE, _NEAR = 4, 24
"""Grey levels of a channel within which pixels are of a bar's colour, and within which a photo's may be near it."""
_ROUNDED_TO, _MIXED = 8, 4
_OF_BORDER, _PLAIN, _PLAIN_BESIDE, _NEAR_AT_EDGE = 0.3, 0.6, 0.8, 0.3
_MIN_SIDE, _MIN_SHARE, _MAX_SHARE = 64, 0.08, 0.92

Numbers = npt.NDArray[np.int16]
Truths = npt.NDArray[np.bool_]
Run = tuple[int, int]


def find_photo(picture: Pixels) -> Box | None:
    """The part of an RGB picture (h, w, 3) that is the photo; None when it is all of it, or there is any doubt."""
    step = max(1, -(-max(picture.shape[:2]) // _LOOKED_AT))
    small = picture[::step, ::step].astype(np.int16)
    height, width = small.shape[:2]
    if min(height, width) * step < _MIN_SIDE:
        return None
    away = np.abs(small - _border_colour(small)).max(axis=2)
    if (_border(away) <= _ALIKE).mean() < _OF_BORDER:
        return None
    down = _photo_rows(away)
    across = _photo_rows(away[slice(*down)].T) if down else None
    if down is None or across is None:
        return None
    top, bottom, left, right = *down, *across
    share = (bottom - top) * (right - left) / (height * width)
    if min(bottom - top, right - left) * step < _MIN_SIDE or not _MIN_SHARE <= share <= _MAX_SHARE:
        return None
    return left / width, top / height, right / width, bottom / height


def _border(pixels: Numbers) -> Numbers:
    """The outermost pixels, in a row."""
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])


def _border_colour(pixels: Numbers) -> npt.NDArray[np.float64]:
    """The commonest colour of the outermost pixels, (3,)."""
    border = _border(pixels)
    cells = (border // _ROUNDED_TO) @ np.array([1, 256, 65_536])
    values, counts = np.unique(cells, return_counts=True)
    return np.asarray(np.median(border[cells == values[counts.argmax()]], axis=0))


def _photo_rows(away: Numbers) -> Run | None:
    """The rows, from the first to behind the last, that are the photo: all of them when none beside is plain.

    away: (h, w), how far each pixel is from the colour of what is plain.
    """
    is_plain = (away <= _ALIKE).mean(axis=1) >= _PLAIN
    first, last = _longest_run(~is_plain)
    if last == first:
        return None
    beside = np.concatenate([is_plain[:first], is_plain[last:]])
    if not len(beside):
        return first, last
    is_unlike = (away <= _NEAR).mean(axis=1) <= _NEAR_AT_EDGE
    # Compression mixes the photo's edge with the bar beside it.
    firsts = np.flatnonzero(is_unlike[first : first + _MIXED]) if first else [0]
    lasts = np.flatnonzero(is_unlike[first:last][::-1][:_MIXED]) if last < len(away) else [0]
    if not len(firsts) or not len(lasts) or beside.mean() < _PLAIN_BESIDE:
        return None
    return first + int(firsts[0]), last - int(lasts[0])


def _longest_run(truths: Truths) -> Run:
    """Where the longest unbroken run of true begins, and where it ends; (0, 0) without any."""
    bounds = np.flatnonzero(np.diff(np.concatenate([[False], truths, [False]]).astype(np.int8)))
    runs = [(int(begin), int(end)) for begin, end in zip(bounds[::2], bounds[1::2], strict=True)]
    return max(runs, key=lambda run: run[1] - run[0], default=(0, 0))

"""Whether a picture from anywhere is a copy of a published photo, with the band that an album puts under it or without.

The whole that an album would hold is composed anew and laid on the picture, so that a changed number in the band shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from gallery.matching import Candidate, Copy, Pixels, PointPair, find_copy
from gallery.sharing import band

_COMPARED_SIDE = 800
# Differing bits of the hash up to which two pictures are tried on each other without any detail that agrees.
_TRIED_BITS = 40
_NEARLY_ALL = 0.8
# Of the photo's height: less of the band than a hundredth of that may be no band.
_INTO_BAND = 1.01


@dataclass(frozen=True)
class Resemblance:
    """What a search said of the picture and the photo: details that agree, whether mirrored, differing bits."""

    points: Sequence[PointPair]
    mirrored: bool
    hash_bits: int

    @classmethod
    def of(cls, candidate: Candidate) -> "Resemblance":
        """What it said of its candidate."""
        measured = candidate.measurement
        return cls(candidate.points, measured.mirrored, measured.hash_bits)


def copy_of(picture: Pixels, photo: bytes, found: Resemblance, *, says: band.Band) -> Copy | None:
    """The picture as a copy of the photo; None when it is none.

    picture: (h, w, 3) uint8 RGB. photo: the public JPEG for sharing; says: what its band does in an album of ours.
    """
    as_whole = found.hash_bits <= _TRIED_BITS
    alone = find_copy(picture, _opened(photo), found.points, mirrored=found.mirrored, as_whole=as_whole)
    if alone is None:
        return None
    with Image.open(BytesIO(photo), formats=["JPEG"]) as image:
        whole = band.banded(image.convert("RGB"), says)
    points = _in_whole(alone.corners, whole)
    copy = find_copy(picture, np.asarray(whole.whole), points, mirrored=found.mirrored)
    return alone if copy is None or not _shows_band(copy, whole) else copy


def most_of_it(copies: Sequence[Copy]) -> Copy:
    """The copy that the most of a picture is; an unaltered one of nearly as much goes before it.

    Not any unaltered one: a small copy may have been pasted into an altered one to vouch for it.
    """
    most = max(each.covered_share for each in copies)
    return max(
        (each for each in copies if each.covered_share >= _NEARLY_ALL * most),
        key=lambda each: (each.is_unaltered, each.covered_share),
    )


def _shows_band(copy: Copy, banded: band.BandedPhoto) -> bool:
    """Whether any of the band is in the part that the copy of the whole shows.

    Where none is, the photo's own edge is not that of the whole, and a text along it passes for something beside it.
    """
    return copy.shown[3] * banded.whole.height > _INTO_BAND * banded.photo_size[1]


def _opened(photo: bytes) -> Pixels:
    with Image.open(BytesIO(photo), formats=["JPEG"]) as image:
        image.draft("RGB", (_COMPARED_SIDE, _COMPARED_SIDE))
        return np.asarray(image.convert("RGB"))


def _in_whole(points: Sequence[PointPair], banded: band.BandedPhoto) -> list[PointPair]:
    """These points in the coordinates of the photo with its band."""
    (width, height), (across, down) = banded.whole.size, banded.photo_size
    left = (width - across) // 2
    return [
        each._replace(
            candidate_x=(left + each.candidate_x * across) / width, candidate_y=each.candidate_y * down / height
        )
        for each in points
    ]

"""How well a photo will be found by searches, as far as its own signature tells, and what would mend it.

Knows signatures, never searches. What each advice recovers was measured by bench/findability.py; docs/matching.md has
the figures, and the rules that were measured and refused.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from gallery.matching.signature import Signature
from gallery.matching.tiers.foreground import Box
from gallery.matching.tiers.reduced import Pixels, reduce

# Chosen on one half of the objects of bench/findability.py, measured on the other (2026-11-30).
SMALL_SHARE = 0.07
BLURRED_PIXELS = 7.0
LIT_SHARE = 0.014
_LIT = 250


class Advice(enum.StrEnum):
    """What to do so that an object is found better. NUMBER: of what no photo tells, so that `advise` never says it."""

    SHARPER = "sharper"
    CLOSER = "closer"
    WITHOUT_LAMPS = "without_lamps"
    ANOTHER_VIEW = "another_view"
    NUMBER = "number"


@dataclass(frozen=True)
class Findability:
    """What is kept of one photo for this; None: not known.

    object_share: of the picture that the box around the object takes, 0 to 1. point_size: median diameter of its local
    features in pixels of the reduced picture; a blurred photo has only large ones. lit_share: of the box around the
    object that the largest spot without any drawing left takes, 0 to 1, if it lies inside: a lamp, reflected.
    """

    object_share: float | None = None
    point_size: float | None = None
    lit_share: float | None = None

    @property
    def is_small(self) -> bool:
        """Whether the object takes too little of the picture."""
        return self.object_share is not None and self.object_share <= SMALL_SHARE

    @property
    def is_blurred(self) -> bool:
        """Whether the photo is not sharp."""
        return self.point_size is not None and self.point_size >= BLURRED_PIXELS

    @property
    def is_glaring(self) -> bool:
        """Whether a lamp hides a part of the object."""
        return self.lit_share is not None and self.lit_share >= LIT_SHARE


def findability_of(signature: Signature, picture: Pixels | None = None) -> Findability:
    """What a signature with its details tells, and the picture that it was made of, (h, w, 3) uint8 RGB.

    Raise ValueError for a signature that was read without its details. Without the picture lit_share is not known.
    """
    if signature.details is None:
        raise ValueError("this signature was read without its details")
    box = left, top, right, bottom = signature.details.object_box
    sizes = signature.details.features.sizes
    return Findability(
        object_share=round((right - left) * (bottom - top), 4),
        point_size=round(float(np.median(sizes)), 2) if len(sizes) else None,
        lit_share=None if picture is None else round(_lit_share(reduce(picture).grey, box), 4),
    )


def _lit_share(grey: npt.NDArray[np.uint8], box: Box) -> float:
    """Share of the box of its largest spot of white that does not reach the box's border, as a white ground does."""
    left, top, right, bottom = box
    height, width = grey.shape
    # OpenCV ends the process where there is no pixel.
    first, above = min(int(left * width), width - 1), min(int(top * height), height - 1)
    inside = grey[above : int(bottom * height) + 1, first : int(right * width) + 1]
    _, _, spots, _ = cv2.connectedComponentsWithStats((inside >= _LIT).astype(np.uint8))
    corners, sides, areas = spots[1:, :2], spots[1:, 2:4], spots[1:, 4]
    is_within = (corners > 0).all(axis=1) & (corners + sides < inside.shape[::-1]).all(axis=1)
    return float(areas[is_within].max(initial=0)) / inside.size


def advise(photos: Sequence[Findability]) -> Advice | None:
    """What would help most to find the object of these photos; None when nothing does, or there is no photo.

    One good photo is enough: an object is found by the photo that resembles most.
    """
    if not photos:
        return None
    if all(each.is_blurred for each in photos):
        return Advice.SHARPER
    if all(each.is_small for each in photos):
        return Advice.CLOSER
    if all(each.is_glaring for each in photos):
        return Advice.WITHOUT_LAMPS
    return Advice.ANOTHER_VIEW if len(photos) == 1 else None

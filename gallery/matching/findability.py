"""How well a photo will be found by searches, as far as its own signature tells, and what would mend it.

Knows signatures, never searches. What each advice recovers was measured by bench/findability.py; docs/matching.md has
the figures, and the rules that were measured and refused.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gallery.matching.signature import Signature

# Chosen on one half of the objects of bench/findability.py, measured on the other (2026-11-30).
SMALL_SHARE = 0.07
BLURRED_PIXELS = 7.0


class Advice(enum.StrEnum):
    """What to do so that an object is found better. NUMBER: of what no photo tells, so that `advise` never says it."""

    SHARPER = "sharper"
    CLOSER = "closer"
    ANOTHER_VIEW = "another_view"
    NUMBER = "number"


@dataclass(frozen=True)
class Findability:
    """What is kept of one photo for this; None: not known.

    object_share: of the picture that the box around the object takes, 0 to 1. point_size: median diameter of its local
    features in pixels of the reduced picture; a blurred photo has only large ones.
    """

    object_share: float | None = None
    point_size: float | None = None

    @property
    def is_small(self) -> bool:
        """Whether the object takes too little of the picture."""
        return self.object_share is not None and self.object_share <= SMALL_SHARE

    @property
    def is_blurred(self) -> bool:
        """Whether the photo is not sharp."""
        return self.point_size is not None and self.point_size >= BLURRED_PIXELS


def findability_of(signature: Signature) -> Findability:
    """What a signature with its details tells; raise ValueError for one that was read without."""
    if signature.details is None:
        raise ValueError("this signature was read without its details")
    left, top, right, bottom = signature.details.object_box
    sizes = signature.details.features.sizes
    return Findability(
        object_share=round((right - left) * (bottom - top), 4),
        point_size=round(float(np.median(sizes)), 2) if len(sizes) else None,
    )


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
    return Advice.ANOTHER_VIEW if len(photos) == 1 else None

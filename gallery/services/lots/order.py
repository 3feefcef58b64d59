"""The order in which photos were taken: each camera by its own clock, and where that says nothing, by name."""

import re
from collections.abc import Iterable

from gallery.models import LotPhoto

DIGITS = re.compile(r"([0-9]+)")


def in_order(photos: Iterable[LotPhoto]) -> list[LotPhoto]:
    """The photos camera by camera, each camera's in the order of taking."""
    return sorted(photos, key=lambda photo: (photo.camera, photo.taken, natural(photo.name), photo.id))


def natural(name: str) -> list[tuple[int, str]]:
    """What sorts names as people count.

    >>> sorted(["IMG_10.jpg", "IMG_9.jpg", "img_11.jpg"], key=natural)
    ['IMG_9.jpg', 'IMG_10.jpg', 'img_11.jpg']
    """
    parts = DIGITS.split(name.casefold())
    return [(int(part[:18]), "") if part.isdecimal() and part.isascii() else (-1, part) for part in parts]

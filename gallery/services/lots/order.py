"""The order in which photos were taken: each series by its camera's clock, and where that says nothing, by name."""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache

from gallery.models import LotPhoto

DIGITS = re.compile(r"([0-9]+)")
SERIES_DIGITS = 16
# Names of photos: an act puts those of its case in order several times.
REMEMBERED = 2**14
# In the place of a number: a card is there that names no one object, so what follows belongs to none before it.
CARD_OF_NO_OBJECT = "?"
# A card seems to be there and could not be read: an object begins whose number somebody has to type.
UNREAD_CARD = "!"


def series_of(camera: str, folder: str) -> str:
    """Names a series: a digest of a camera and of the folder in which its photos lay, or of the camera alone.

    Two telephones of one model can't be told apart by what they write, and their photos would be mixed up.
    """
    return hashlib.sha256(f"{camera}\n{folder}".encode()).hexdigest()[:SERIES_DIGITS] if folder else camera


def in_order(photos: Iterable[LotPhoto]) -> list[LotPhoto]:
    """The photos series by series, each in the order of taking."""
    return sorted(photos, key=lambda photo: (photo.camera, photo.taken, natural(photo.name), photo.id))


def may_show_card(photo: LotPhoto) -> bool:
    """Whether a card that could not be read may be seen on it: nobody has hidden anything there, or said otherwise."""
    return photo.number == UNREAD_CARD and photo.hidden is None


@lru_cache(maxsize=REMEMBERED)
def natural(name: str) -> tuple[tuple[int, str], ...]:
    """What sorts names as people count.

    >>> sorted(["IMG_10.jpg", "IMG_9.jpg", "img_11.jpg"], key=natural)
    ['IMG_9.jpg', 'IMG_10.jpg', 'img_11.jpg']
    """
    parts = DIGITS.split(name.casefold())
    return tuple((int(part[:18]), "") if part.isdecimal() and part.isascii() else (-1, part) for part in parts)

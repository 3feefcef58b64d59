"""Which waiting photos show the same object: what cards say, what officers have said, and what the clock proposes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from gallery.models import LotPhoto
from gallery.services.items.numbers import read_public_number
from gallery.services.lots.order import in_order

# Between two photos of one object; laying down the next one takes longer.
LONGEST_PAUSE = timedelta(seconds=12)
MAX_PROPOSED = 8


@dataclass(frozen=True)
class PhotoGroup:
    """Photos of one object, in order. key: of the group, and the card's number when there is one.

    is_proposed: nobody has said so; the photos were taken one soon after the other.
    """

    key: str
    number: str
    photos: tuple[LotPhoto, ...]
    is_proposed: bool = False


def groups_of(photos: Iterable[LotPhoto]) -> list[PhotoGroup]:
    """All photos in groups: those of cards and of officers first, then those proposed, in the order of taking.

    A photo with a card begins its object, and what the same camera takes up to the next card belongs to it.
    """
    placed: dict[str, list[LotPhoto]] = {}
    loose: list[LotPhoto] = []
    numbers: set[str] = set()
    for photo, key in keys_of(in_order(photos)):
        numbers |= {photo.number} - {""}
        (placed.setdefault(key, []) if key else loose).append(photo)
    # A photo that was taken for a number (services/lots/receiving.py) needs no card in the picture.
    known = [
        PhotoGroup(key, key if key in numbers or read_public_number(key) == key else "", tuple(some))
        for key, some in placed.items()
    ]
    return known + [_proposed(some) for some in _by_time(loose)]


def keys_of(ordered: Sequence[LotPhoto]) -> list[tuple[LotPhoto, str]]:
    """Each photo with the key of its group; empty for one that neither a card nor an officer has placed."""
    keyed = []
    for _, series in groupby(ordered, key=lambda photo: photo.camera):
        number = ""
        for photo in series:
            number = photo.number or number
            keyed.append((photo, number if photo.moved_to is None else photo.moved_to))
    return keyed


def _proposed(photos: Sequence[LotPhoto]) -> PhotoGroup:
    return PhotoGroup(f"p{photos[0].public_id}", "", tuple(photos), is_proposed=True)


def _by_time(loose: Sequence[LotPhoto]) -> list[list[LotPhoto]]:
    """Photos of one camera that follow each other soon; a photo whose file names no time stands alone."""
    found: list[list[LotPhoto]] = []
    for photo in loose:
        if found and len(found[-1]) < MAX_PROPOSED and _is_soon(found[-1][-1], photo):
            found[-1].append(photo)
        else:
            found.append([photo])
    return found


def _is_soon(before: LotPhoto, after: LotPhoto) -> bool:
    if before.camera != after.camera or before.moved_to is not None or after.moved_to is not None:
        return False
    instants = [_instant(each.taken) for each in (before, after)]
    return None not in instants and instants[1] - instants[0] <= LONGEST_PAUSE  # type: ignore[operator]


def _instant(taken: str) -> datetime | None:
    try:
        return datetime.fromisoformat(taken[:19])
    except ValueError:
        return None

"""Which waiting photos show the same object: what cards say, what officers have said, and what is only proposed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from gallery.models import LotPhoto, PhotoLot
from gallery.services.items.numbers import read_public_number
from gallery.services.lots.order import CARD_OF_NO_OBJECT, in_order

# Between two photos of one object, where nothing else is known of them; laying down the next one takes longer.
LONGEST_PAUSE = timedelta(seconds=12)
MAX_PROPOSED = 8


@dataclass(frozen=True)
class PhotoGroup:
    """Photos of one object, in order. key: of the group, and the card's number when there is one.

    is_proposed: nobody has said so; the photos look alike, or were taken one soon after the other.
    """

    key: str
    number: str
    photos: tuple[LotPhoto, ...]
    is_proposed: bool = False

    @property
    def lot(self) -> PhotoLot:
        """Where its photos wait."""
        return self.photos[0].lot


def groups_of(photos: Iterable[LotPhoto]) -> list[PhotoGroup]:
    """All photos in groups, each at the place of its first photo, so that what is accepted stays where it was.

    A photo with a card begins its object, and what follows in its series up to the next card belongs to it; what
    follows a card that names no object belongs to none. What neither a card nor an officer has placed is proposed: by
    look and time once it was compared, until then by time.
    """
    placed: dict[str, list[LotPhoto]] = {}
    fresh: list[LotPhoto] = []
    numbers: set[str] = set()
    ordered = in_order(photos)
    for photo, key in keys_of(ordered):
        numbers |= {photo.number} - {""}
        if key:
            placed.setdefault(f"d{key}", []).append(photo)
        elif photo.together:
            placed.setdefault(f"p{photo.together}", []).append(photo)
        else:
            fresh.append(photo)
    groups = [_group(name, some, numbers) for name, some in placed.items()]
    groups += [_group("p", some, numbers) for some in _by_time(fresh)]
    places = {photo: place for place, photo in enumerate(ordered)}
    return sorted(groups, key=lambda group: places[group.photos[0]])


def keys_of(ordered: Sequence[LotPhoto]) -> list[tuple[LotPhoto, str]]:
    """Each photo with the key of its group; empty for one that neither a card nor an officer has placed."""
    keyed = []
    for _, series in groupby(ordered, key=lambda photo: photo.camera):
        number = ""
        for photo in series:
            number = (photo.number or number).removesuffix(CARD_OF_NO_OBJECT)
            keyed.append((photo, number if photo.moved_to is None else photo.moved_to))
    return keyed


def pauses_of(ordered: Sequence[LotPhoto]) -> list[float | None]:
    """Seconds since the photo before it, of each; infinite where that is no neighbour, None where no clock tells."""
    pauses: list[float | None] = [float("inf")]
    for before, after in pairwise(ordered):
        pauses.append(_seconds(before, after) if before.camera == after.camera else float("inf"))
    return pauses[: len(ordered)]


def _group(name: str, photos: Sequence[LotPhoto], numbers: set[str]) -> PhotoGroup:
    if name.startswith("p"):
        return PhotoGroup(f"p{photos[0].public_id}", "", tuple(photos), is_proposed=True)
    key = name[1:]
    # A photo that was taken for a number (services/lots/receiving.py) needs no card in the picture.
    is_number = key in numbers or read_public_number(key) == key
    return PhotoGroup(key, key if is_number else "", tuple(photos))


def _by_time(loose: Sequence[LotPhoto]) -> list[list[LotPhoto]]:
    """Photos of one series that follow each other soon; a photo whose file names no time stands alone."""
    found: list[list[LotPhoto]] = []
    for photo, pause in zip(loose, pauses_of(loose), strict=True):
        is_soon = pause is not None and pause <= LONGEST_PAUSE.total_seconds()
        if found and len(found[-1]) < MAX_PROPOSED and is_soon:
            found[-1].append(photo)
        else:
            found.append([photo])
    return found


def _seconds(before: LotPhoto, after: LotPhoto) -> float | None:
    first, second = _instant(before.taken), _instant(after.taken)
    return None if first is None or second is None else (second - first).total_seconds()


def _instant(taken: str) -> datetime | None:
    try:
        return datetime.fromisoformat(taken[:19])
    except ValueError:
        return None

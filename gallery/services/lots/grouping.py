"""Which waiting photos show the same object: what cards say, what officers have said, and what is only proposed.

What a card says of the photos after it is doubted where they look different or were taken much later: shown, not
decided.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from math import isfinite
from statistics import median

from gallery.models import LotPhoto, PhotoLot
from gallery.services.items.numbering.numbers import read_public_number
from gallery.services.lots.order import CARD_OF_NO_OBJECT, UNREAD_CARD, in_order

# Between two photos of one object, where nothing else is known of them; laying down the next one takes longer.
LONGEST_PAUSE = timedelta(seconds=12)
MAX_PROPOSED = 8
# Under one card a pause is doubted if it is LONG_PAUSES times the lot's usual one, and not short.
LONG_PAUSES, SHORTEST_LONG_PAUSE = 10, timedelta(minutes=2)
# In the place of what a photo is put together with: it looks unlike those before it under its card (proposing.py).
DOUBTED = "?"
# Ends the key of a photo that an officer has moved along with those before it, without answering what is asked of it.
STILL_ASKED = "?"
# Begins the key of what follows a card that could not be read.
UNREAD_KEY = "c"
# Begins the key of what nobody has decided.
PROPOSED_KEY = "p"


@dataclass(frozen=True)
class Doubt:
    """A photo with which another object may begin. minutes: since the photo before it; 0 where looks alone tell."""

    photo: LotPhoto
    minutes: int = 0


@dataclass(frozen=True)
class PhotoGroup:
    """Photos of one object, in order. key: of the group, and the card's number when there is one.

    is_proposed: nobody has said so; the photos look alike, or were taken one soon after the other. doubts: about what
    a card says, until an officer has answered.
    """

    key: str
    number: str
    photos: tuple[LotPhoto, ...]
    is_proposed: bool = False
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_unread(self) -> bool:
        """Whether it begins with a card that could not be read."""
        return self.key.startswith(UNREAD_KEY)

    @property
    def lot(self) -> PhotoLot:
        """Where its photos wait."""
        return self.photos[0].lot


def groups_of(photos: Iterable[LotPhoto]) -> list[PhotoGroup]:
    """All photos in groups, each at the place of its first photo, so that what is accepted stays where it was.

    A photo with a card begins its object, and what follows in its series up to the next card belongs to it, even where
    the card could not be read; what follows a card that names no object belongs to none. What neither a card nor an
    officer has placed is proposed: by look and time once it was compared, until then by time.
    """
    placed: dict[str, list[LotPhoto]] = {}
    fresh: list[LotPhoto] = []
    numbers: set[str] = set()
    ordered = in_order(photos)
    for photo, key in keys_of(ordered):
        numbers |= {photo.number} - {""}
        if key:
            placed.setdefault(f"d{key}", []).append(photo)
        elif photo.together and photo.together != DOUBTED:
            placed.setdefault(f"{PROPOSED_KEY}{photo.together}", []).append(photo)
        else:
            fresh.append(photo)
    long = _long_pause(placed)
    groups = [_group(name, some, numbers, long) for name, some in placed.items()]
    groups += [_group(PROPOSED_KEY, some, numbers, long) for some in _by_time(fresh)]
    places = {photo: place for place, photo in enumerate(ordered)}
    return sorted(groups, key=lambda group: places[group.photos[0]])


def proposed_key(photo: LotPhoto) -> str:
    """The key of a proposed group that begins with this photo."""
    return f"{PROPOSED_KEY}{photo.public_id}"


def keys_of(ordered: Sequence[LotPhoto]) -> list[tuple[LotPhoto, str]]:
    """Each photo with the key of its group; empty for one that neither a card nor an officer has placed."""
    keyed = []
    for _, series in groupby(ordered, key=lambda photo: photo.camera):
        number = ""
        for photo in series:
            is_unread = photo.number == UNREAD_CARD
            number = f"{UNREAD_KEY}{photo.public_id}" if is_unread else photo.number or number
            number = number.removesuffix(CARD_OF_NO_OBJECT)
            keyed.append((photo, number if photo.moved_to is None else photo.moved_to.removesuffix(STILL_ASKED)))
    return keyed


def pauses_of(ordered: Sequence[LotPhoto]) -> list[float | None]:
    """Seconds since the photo before it, of each; infinite where that is no neighbour, None where no clock tells."""
    pauses: list[float | None] = [float("inf")]
    for before, after in pairwise(ordered):
        pauses.append(_seconds(before, after) if before.camera == after.camera else float("inf"))
    return pauses[: len(ordered)]


def _group(name: str, photos: Sequence[LotPhoto], numbers: set[str], long_pause: float) -> PhotoGroup:
    if name.startswith(PROPOSED_KEY):
        return PhotoGroup(proposed_key(photos[0]), "", tuple(photos), is_proposed=True)
    key = name[1:]
    if key.startswith(UNREAD_KEY):
        return PhotoGroup(key, "", tuple(photos), is_proposed=True)
    # A photo that was taken for a number (services/lots/receiving.py) needs no card in the picture.
    is_number = key in numbers or read_public_number(key) == key
    return PhotoGroup(key, key if is_number else "", tuple(photos), doubts=tuple(_doubts(photos, long_pause)))


def _doubts(photos: Sequence[LotPhoto], long_pause: float) -> Iterator[Doubt]:
    """Where another object may begin among photos under one card; what officers have placed is not doubted."""
    for photo, pause in zip(photos, _known_pauses(photos), strict=True):
        is_long = pause >= long_pause
        is_by_card = photo.moved_to is None and (is_long or photo.together == DOUBTED)
        is_still_asked = photo.moved_to is not None and photo.moved_to.endswith(STILL_ASKED)
        if photo is not photos[0] and (is_by_card or is_still_asked):
            yield Doubt(photo, round(pause / 60) if is_long else 0)


def _long_pause(placed: Mapping[str, Sequence[LotPhoto]]) -> float:
    """Seconds from which a pause under a card is long, by what is usual in the lot."""
    usual = [pause for photos in placed.values() for pause in _known_pauses(photos) if pause > 0]
    return max(SHORTEST_LONG_PAUSE.total_seconds(), LONG_PAUSES * median(usual) if usual else 0)


def _known_pauses(photos: Sequence[LotPhoto]) -> list[float]:
    """Seconds since the photo before each; 0 where no clock tells."""
    return [pause if pause is not None and isfinite(pause) else 0 for pause in pauses_of(photos)]


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

"""The zones on the page where parts of a photo are hidden: read from its form, written into it, in per cent."""

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict

from gallery.imaging import Place
from gallery.services.items.redaction import MAX_PLACES
from gallery.web.backoffice import wording

SIDES = {
    "left": lazy_gettext("Bord gauche (en %)"),
    "top": lazy_gettext("Bord haut (en %)"),
    "right": lazy_gettext("Bord droit (en %)"),
    "bottom": lazy_gettext("Bord bas (en %)"),
}
WHOLE = 100
DECIMALS = 2
# A zone that an officer has drawn or that is hidden already; the others are only proposed.
OWN = "zone"


@dataclass(frozen=True)
class Zone:
    """A part of a photo as it is shown. kind: OWN, or what it was proposed as; is_hidden: it is to be."""

    kind: str
    place: Place
    is_hidden: bool

    @property
    def text(self) -> str:
        """The zone as the form sends it."""
        return f"{self.kind}:" + ",".join(f"{WHOLE * side:.{DECIMALS}f}" for side in self.place)

    @property
    def name(self) -> str:
        """What it is, in words."""
        return wording.zone_kind(self.kind)

    @property
    def where(self) -> str:
        """Where it lies, in words."""
        left, top, right, bottom = (round(WHOLE * side) for side in self.place)
        return gettext(
            "de %(left)s à %(right)s pour cent de la largeur, de %(top)s à %(bottom)s pour cent de la hauteur",
            left=left,
            right=right,
            top=top,
            bottom=bottom,
        )

    @classmethod
    def read(cls, text: str, *, is_hidden: bool) -> Self | None:
        """The zone that a form has sent; None for what no form of ours sends."""
        kind, _, numbers = text.partition(":")
        sides = numbers.split(",")
        if kind not in wording.ZONE_KINDS or len(sides) != len(SIDES):
            return None
        place = place_of(sides)
        return None if place is None else cls(kind, place, is_hidden)


def place_of(sides: Sequence[str]) -> Place | None:
    """Left, top, right and bottom in per cent, with a comma or a point, as shares; None when they are no zone."""
    try:
        left, top, right, bottom = (float(Decimal(side.strip().replace(",", "."))) / WHOLE for side in sides)
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return (left, top, right, bottom) if 0 <= left < right <= 1 and 0 <= top < bottom <= 1 else None


def sent(form: MultiDict[str, str], hidden: Iterable[Place]) -> list[Zone]:
    """The zones of a form, in order: all that are hidden already, and new ones as far as there is room."""
    ticked, before = set(form.getlist("cache")), {zone.text for zone in kept(hidden)}
    texts = list(dict.fromkeys(form.getlist("zones")))
    read = {text: Zone.read(text, is_hidden=text in ticked) for text in texts}
    new = [text for text in texts if read[text] is not None and text not in before]
    too_many = set(new[room(before.intersection(texts)) :])
    return [zone for text, zone in read.items() if zone is not None and text not in too_many]


def room(zones: Sized) -> int:
    """How many zones a photo may have besides these; one that got them from photos of the same file may have more."""
    return max(0, MAX_PLACES - len(zones))


def kept(places: Iterable[Place]) -> list[Zone]:
    """The zones of what is hidden already."""
    return [Zone(OWN, place, is_hidden=True) for place in places]


def share_covered(place: Place, others: Iterable[Place]) -> float:
    """The largest share of a place that one of the others covers."""
    return max((_overlap(place, other) / _area(place) for other in others), default=0.0)


def _overlap(one: Place, other: Place) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, across) * max(0.0, down)


def _area(place: Place) -> float:
    return (place[2] - place[0]) * (place[3] - place[1])

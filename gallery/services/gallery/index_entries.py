"""One published item as the gallery's index keeps it, and the orders in which such items stand."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gallery.services.words.folding import fold

FAR = date.max.toordinal()


class Facet(enum.StrEnum):
    """What an item has a value of, or several, and is chosen by."""

    CATEGORY = "category"
    DEPARTEMENT = "departement"
    COLOUR = "colour"
    BRAND = "brand"
    MATERIAL = "material"
    UNIT = "unit"


FACETS = tuple(Facet)


class Sort(enum.StrEnum):
    """The orders of the gallery. BEST: those first that answer the words best; without words, the newest."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"
    STOLEN_LAST = "stolen_last"
    TITLE = "title"


@dataclass(frozen=True)
class IndexEntry:
    """What the index keeps of one item.

    values: in the order of Facet, the item's values: key in the address, and the words that it stands for.
    title: as it is written. published_at: in seconds. first_day, last_day: ordinals of the theft window; an unknown
    end is open.
    """

    item_id: int
    number: str
    title: str
    published_at: float
    values: tuple[tuple[tuple[str, str], ...], ...]
    first_day: int
    last_day: int

    def values_of(self, facet: Facet) -> tuple[tuple[str, str], ...]:
        """The item's values of one facet."""
        return self.values[FACETS.index(facet)]


ORDERS: Mapping[Sort, Callable[[IndexEntry], tuple[Any, ...]]] = {
    Sort.NEWEST: lambda entry: (-entry.published_at, -entry.item_id),
    Sort.OLDEST: lambda entry: (entry.published_at, entry.item_id),
    Sort.STOLEN_LAST: lambda entry: (
        entry.last_day == FAR,
        -entry.last_day,
        -entry.published_at,
        -entry.item_id,
    ),
    Sort.TITLE: lambda entry: (fold(entry.title), entry.item_id),
}


NEWEST = ORDERS[Sort.NEWEST]

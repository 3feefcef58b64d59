"""What the gallery is filtered, counted and sorted by: arrays over the published items, in memory, no database."""

import enum
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, reduce
from itertools import chain
from operator import and_, attrgetter
from typing import Any

import numpy as np

from gallery.services.words import ranking
from gallery.services.words.folding import fold, written_by_stem
from gallery.services.words.item_words import FoundWord

FAR = date.max.toordinal()
# How exactly a visitor may know the day of a theft, in days around it.
MARGINS_DAYS = 0, 7, 31, 183


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
class Filters:
    """What a visitor asks for. chosen: values by facet, one of which an item must have. margin_days: around the day."""

    text: str = ""
    chosen: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    stolen_on: date | None = None
    margin_days: int = 0

    @property
    def conditions(self) -> list[str]:
        """Names of the conditions in force: "text", "stolen_on", and facets."""
        plain = [name for name in ("text", "stolen_on") if getattr(self, name)]
        return plain + [facet.value for facet in Facet if self.chosen.get(facet)]


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


@dataclass(frozen=True)
class ValueCount:
    """A value of a facet, how it is written, and how many items one would see with it."""

    value: str
    label: str
    items: int


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


class FacetIndex:
    """Which items have which values of one facet: pairs of places, in the entries and among the values."""

    def __init__(self, values: Sequence[Sequence[tuple[str, str]]]) -> None:
        pairs = list(chain.from_iterable(values))
        distinct = dict.fromkeys(pairs)
        self.labels: dict[str, str] = {}
        for key, label in distinct:
            self.labels.setdefault(key, label)
        self._numbers = {key: number for number, key in enumerate(self.labels)}
        numbers = {(key, label): self._numbers[key] for key, label in distinct}
        self._items = np.repeat(np.arange(len(values)), np.fromiter(map(len, values), np.int64, len(values)))
        self._values = np.fromiter(map(numbers.__getitem__, pairs), np.int64, len(pairs))
        self._totals = np.bincount(self._values, minlength=len(self._numbers))

    def having(self, keys: Collection[str], size: int) -> np.ndarray:
        """(size,) bool: the items that have one of these values."""
        wanted = [self._numbers[key] for key in keys if key in self._numbers]
        mask = np.zeros(size, dtype=bool)
        found = self._values == wanted[0] if len(wanted) == 1 else np.isin(self._values, wanted)
        mask[self._items[found]] = True
        return mask

    def counts(self, mask: np.ndarray, chosen: Collection[str]) -> list[ValueCount]:
        """How many items of a mask have each value; values that none has are absent, unless they are chosen."""
        numbers = self._totals
        if not mask.all():
            numbers = np.bincount(self._values[mask[self._items]], minlength=len(self._numbers))
        return [
            ValueCount(key, self.labels[key], int(items))
            for key, items in zip(self._numbers, numbers, strict=True)
            if items or key in chosen
        ]


class Choice:
    """The items that meet some filters, and those that would meet them without one of the conditions."""

    def __init__(
        self, index: "GalleryIndex", filters: Filters, masks: Mapping[str, np.ndarray], scores: np.ndarray
    ) -> None:
        self._index, self._filters, self._masks, self._scores = index, filters, masks, scores
        self.mask = self._all_of(masks.values())

    def order(self, sort: Sort) -> np.ndarray:
        """Places of all items of the index in this order."""
        if sort is Sort.BEST:
            return np.asarray(np.argsort(-self._scores, kind="stable"))
        return self._index.order(sort)

    @property
    def total(self) -> int:
        """How many items there are."""
        return int(self.mask.sum())

    def counts(self, facet: Facet) -> list[ValueCount]:
        """How many items each value of a facet would show, the other conditions being kept."""
        chosen = self._filters.chosen.get(facet, ())
        return self._index.facets[facet].counts(self._without(facet.value), chosen)

    def total_without(self, condition: str) -> int:
        """How many items there would be without this condition."""
        return int(self._without(condition).sum())

    def total_with_only(self, condition: str) -> int:
        """How many items there would be with this condition and no other."""
        return int(self._masks[condition].sum())

    def _without(self, condition: str) -> np.ndarray:
        if condition not in self._masks:
            return self.mask
        return self._all_of(mask for name, mask in self._masks.items() if name != condition)

    def _all_of(self, masks: Iterable[np.ndarray]) -> np.ndarray:
        return reduce(and_, masks, np.ones(len(self._index.entries), dtype=bool))


class GalleryIndex:
    """The published items at one moment, newest first. Never changes: threads share it."""

    def __init__(self, entries: Iterable[IndexEntry]) -> None:
        self.entries = sorted(entries, key=ORDERS[Sort.NEWEST])
        self.ids, self._first_days, self._last_days = (
            np.fromiter(map(attrgetter(name), self.entries), np.int64, len(self.entries))
            for name in ("item_id", "first_day", "last_day")
        )
        self.facets = {
            facet: FacetIndex([entry.values[number] for entry in self.entries]) for number, facet in enumerate(FACETS)
        }
        self._places = {entry.number: place for place, entry in enumerate(self.entries)}
        self._orders: dict[Sort, np.ndarray] = {Sort.NEWEST: np.arange(len(self.entries))}

    def choose(self, filters: Filters, words: Sequence[FoundWord]) -> Choice:
        """The items that meet the filters; words: where those of the text were found."""
        size = len(self.entries)
        masks = {
            facet.value: self.facets[facet].having(values, size) for facet, values in filters.chosen.items() if values
        }
        scores = ranking.scores([self._having(word) for word in words], size)
        if filters.text:
            masks["text"] = ranking.answering(scores)
        if filters.stolen_on:
            masks["stolen_on"] = self._stolen_about(filters.stolen_on, timedelta(filters.margin_days))
        return Choice(self, filters, masks, scores)

    def has_any(self, word: FoundWord) -> bool:
        """Whether some published item has a word, under whichever name."""
        return any(mask.any() for mask in self._having(word))

    def rank_of(self, entry: IndexEntry, sort: Sort, order: np.ndarray) -> float:
        """Where an item stands in an order, or would stand between two others when it is no longer published."""
        place = self._places.get(entry.number)
        if place is not None:
            return float(np.flatnonzero(order == place)[0])
        if sort is Sort.BEST:
            return -1.0
        keys = [ORDERS[sort](self.entries[each]) for each in order]
        return bisect_left(keys, ORDERS[sort](entry)) - 0.5

    def totals(self, facet: Facet) -> dict[str, int]:
        """How many items there are of each value of a facet."""
        everything = np.ones(len(self.entries), dtype=bool)
        return {each.value: each.items for each in self.facets[facet].counts(everything, ())}

    @cached_property
    def written_words(self) -> Mapping[str, str]:
        """The words of titles, brands and materials as they are written, by stem: what a misspelt one may be."""
        texts = chain(
            (entry.title for entry in self.entries),
            (label for facet in (Facet.BRAND, Facet.MATERIAL) for label in self.facets[facet].labels.values()),
        )
        return written_by_stem(texts)

    def find(self, number: str) -> IndexEntry | None:
        """The item of this number, if it is published."""
        place = self._places.get(number)
        return None if place is None else self.entries[place]

    def similar_to(self, number: str, *, limit: int) -> list[int]:
        """Row ids of items of the same category that share most in brand, materials and colours, the newest first."""
        entry = self.find(number)
        if entry is None:
            return []
        size = len(self.entries)
        points = np.zeros(size, dtype=np.int64)
        for facet, weight in ((Facet.BRAND, 3), (Facet.MATERIAL, 2), (Facet.COLOUR, 1)):
            for key, _ in entry.values_of(facet):
                points[self.facets[facet].having([key], size)] += weight
        of_kind = self.facets[Facet.CATEGORY].having([key for key, _ in entry.values_of(Facet.CATEGORY)], size)
        of_kind[self._places[number]] = False
        candidates = np.flatnonzero(of_kind & (points > 0))
        best = candidates[np.argsort(-points[candidates], kind="stable")[:limit]]
        return [int(each) for each in self.ids[best]]

    def _having(self, word: FoundWord) -> tuple[np.ndarray, np.ndarray]:
        exact = np.isin(self.ids, word.item_ids)
        if word.category_codes:
            exact |= self.facets[Facet.CATEGORY].having(word.category_codes, len(self.entries))
        return exact, np.isin(self.ids, word.near_ids)

    def _stolen_about(self, day: date, margin: timedelta) -> np.ndarray:
        first, last = day.toordinal() - margin.days, day.toordinal() + margin.days
        return np.asarray((self._first_days <= last) & (self._last_days >= first))

    def order(self, sort: Sort) -> np.ndarray:
        """Places of all items in this order."""
        if sort not in self._orders:
            key = ORDERS[sort]
            order = sorted(range(len(self.entries)), key=lambda place: key(self.entries[place]))
            self._orders[sort] = np.array(order, dtype=np.int64)
        return self._orders[sort]

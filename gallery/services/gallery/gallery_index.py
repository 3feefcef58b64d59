"""What the gallery is filtered, counted and sorted by: arrays over the published items, in memory, no database."""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, partial, reduce
from itertools import chain
from operator import and_, attrgetter

import numpy as np

from gallery.services.gallery.facet_index import FacetIndex, Moves, ValueCount
from gallery.services.gallery.index_entries import FACETS, NEWEST, ORDERS, Facet, IndexEntry, Sort
from gallery.services.words import ranking
from gallery.services.words.counted import CountedWords
from gallery.services.words.folding import written_by_stem
from gallery.services.words.item_words import FoundWord

# How exactly a visitor may know the day of a theft, in days around it.
MARGINS_DAYS = 0, 7, 31, 183


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


NUMBERS = "item_id", "first_day", "last_day"


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


@dataclass(frozen=True)
class _Columns:
    """What an index keeps of its entries, in their order. numbers: arrays, by name of the entry's field."""

    numbers: Mapping[str, np.ndarray]
    facets: Mapping[Facet, FacetIndex]
    by_number: Mapping[str, IndexEntry]


class GalleryIndex:
    """The published items at one moment, newest first. Never changes: threads share it."""

    def __init__(self, entries: Iterable[IndexEntry]) -> None:
        in_order = sorted(entries, key=NEWEST)
        columns = _Columns(
            {name: np.fromiter(map(attrgetter(name), in_order), np.int64, len(in_order)) for name in NUMBERS},
            {facet: FacetIndex.of([entry.values_of(facet) for entry in in_order]) for facet in FACETS},
            {entry.number: entry for entry in in_order},
        )
        self._hold(in_order, columns, {})

    def changed(self, gone: Collection[int], come: Iterable[IndexEntry]) -> "GalleryIndex":
        """The index without the items of these rows, and with these entries: as if it had been built of all of them.

        It costs some passes over arrays, and nothing in Python for an entry that stays.
        """
        new = sorted(come, key=NEWEST)
        stays = ~np.isin(self.ids, [*gone, *(entry.item_id for entry in new)])
        entries = self.entries.copy()
        for place in np.flatnonzero(~stays)[::-1].tolist():
            del entries[place]
        for entry in new:
            insort(entries, entry, key=NEWEST)
        moves = Moves.of(stays, [_place_in(entries, entry) for entry in new])
        orders = {sort: self._moved_order(sort, moves, entries) for sort in tuple(self._orders)}
        changed = GalleryIndex(())
        changed._hold(entries, self._moved_columns(moves, new, entries), orders)
        if self._titles is not None:
            left = (self.entries[place].title for place in moves.left.tolist())
            changed._titles = self._titles.changed(left, (entry.title for entry in new))
        return changed

    def _hold(self, entries: list[IndexEntry], columns: _Columns, orders: Mapping[Sort, np.ndarray]) -> None:
        self.entries, self.ids, self.facets, self._columns = (
            entries,
            columns.numbers["item_id"],
            columns.facets,
            columns,
        )
        self._orders = {**orders, Sort.NEWEST: np.arange(len(entries))}
        self._titles: CountedWords | None = None

    def _moved_columns(self, moves: Moves, new: Sequence[IndexEntry], entries: Sequence[IndexEntry]) -> _Columns:
        held = self._columns
        by_number = dict(held.by_number)
        for place in moves.left.tolist():
            del by_number[self.entries[place].number]
        by_number.update((entry.number, entry) for entry in new)
        return _Columns(
            {name: moves.row(held.numbers[name], [getattr(entry, name) for entry in new]) for name in NUMBERS},
            {facet: held.facets[facet].changed(moves, partial(_values_at, entries, facet)) for facet in FACETS},
            by_number,
        )

    def _moved_order(self, sort: Sort, moves: Moves, entries: Sequence[IndexEntry]) -> np.ndarray:
        order, key = moves.places(self._orders[sort]), ORDERS[sort]
        for place in moves.came.tolist():
            at = bisect_left(order, key(entries[place]), key=lambda each: key(entries[each]))
            order = np.insert(order, at, place)
        return order

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
        known = self.find(entry.number)
        if known is not None:
            return float(np.flatnonzero(order == _place_in(self.entries, known))[0])
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
        if self._titles is None:
            self._titles = CountedWords(entry.title for entry in self.entries)
        facets = (self.facets[facet].labels.values() for facet in (Facet.BRAND, Facet.MATERIAL))
        return written_by_stem(chain.from_iterable(facets)) | self._titles.by_stem

    def find(self, number: str) -> IndexEntry | None:
        """The item of this number, if it is published."""
        return self._columns.by_number.get(number)

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
        of_kind[_place_in(self.entries, entry)] = False
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
        numbers = self._columns.numbers
        return np.asarray((numbers["first_day"] <= last) & (numbers["last_day"] >= first))

    def order(self, sort: Sort) -> np.ndarray:
        """Places of all items in this order."""
        if sort not in self._orders:
            key = ORDERS[sort]
            order = sorted(range(len(self.entries)), key=lambda place: key(self.entries[place]))
            self._orders[sort] = np.array(order, dtype=np.int64)
        return self._orders[sort]


def _place_in(entries: Sequence[IndexEntry], entry: IndexEntry) -> int:
    return bisect_left(entries, NEWEST(entry), key=NEWEST)


def _values_at(entries: Sequence[IndexEntry], facet: Facet, place: int) -> tuple[tuple[str, str], ...]:
    return entries[place].values_of(facet)

"""Which items of the gallery have which values of one facet: arrays of pairs, in the order of the items."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

Values = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ValueCount:
    """A value of a facet, how it is written, and how many items one would see with it."""

    value: str
    label: str
    items: int


@dataclass(frozen=True)
class Moves:
    """Where the rows of a list have gone. to: (n,) new place of each row, -1 for those that left; came: new places.

    left: (m,) old places of those that left, ascending. came is ascending too.
    """

    to: np.ndarray
    left: np.ndarray
    came: np.ndarray

    @classmethod
    def of(cls, stays: np.ndarray, came: Sequence[int]) -> "Moves":
        """The moves by which these rows stay, (n,) bool, and others come to these places of the new list."""
        places = np.array(came, np.int64)
        to = np.full(len(stays), -1)
        to[stays] = np.delete(np.arange(int(stays.sum()) + len(places)), places)
        return cls(to, np.flatnonzero(~stays), places)

    def row(self, values: np.ndarray, new: Sequence[int]) -> np.ndarray:
        """A value for each row of the new list. values: of the old one; new: of those that came."""
        moved = np.empty(len(values) - len(self.left) + len(self.came), values.dtype)
        moved[self.to[self.to >= 0]] = values[self.to >= 0]
        moved[self.came] = new
        return moved

    def places(self, old: np.ndarray) -> np.ndarray:
        """Places of rows in the new list, without those that left."""
        moved = self.to[old]
        return np.asarray(moved[moved >= 0])


class FacetIndex:
    """Which items have which values of one facet: pairs of places, in the entries and among the values.

    Values stand in the order in which the items have them first, and are written as the first of these writes them.
    """

    def __init__(self, labels: Mapping[str, str], items: np.ndarray, values: np.ndarray) -> None:
        self.labels, self._items, self._values = labels, items, values
        self._numbers = {key: number for number, key in enumerate(labels)}
        self._totals = np.bincount(values, minlength=len(labels))

    @classmethod
    def of(cls, values: Sequence[Values]) -> "FacetIndex":
        """The index of the values, (key, as it is written), that each item has."""
        pairs = list(chain.from_iterable(values))
        distinct = dict.fromkeys(pairs)
        labels: dict[str, str] = {}
        for key, label in distinct:
            labels.setdefault(key, label)
        places = {key: number for number, key in enumerate(labels)}
        numbers = {pair: places[pair[0]] for pair in distinct}
        items = np.repeat(np.arange(len(values)), np.fromiter(map(len, values), np.int64, len(values)))
        return cls(labels, items, np.fromiter(map(numbers.__getitem__, pairs), np.int64, len(pairs)))

    def changed(self, moves: Moves, values_at: Callable[[int], Values]) -> "FacetIndex":
        """The index after items have moved, left and come. values_at: of the item at a place of the new list."""
        stay = moves.to[self._items] >= 0
        items, values = moves.to[self._items[stay]], self._values[stay]
        numbers, new = dict(self._numbers), [values_at(place) for place in moves.came.tolist()]
        came = np.array([numbers.setdefault(key, len(numbers)) for key, _ in chain.from_iterable(new)], np.int64)
        places = np.repeat(moves.came, np.array([len(each) for each in new], np.int64))
        at = np.searchsorted(items, places)
        items, values = np.insert(items, at, places), np.insert(values, at, came)
        # Of several pairs with one value the first is written last.
        first = np.full(len(numbers), len(values))
        first[values[::-1]] = np.arange(len(values))[::-1]
        used = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(values))]
        renumbered = np.zeros(len(numbers), np.int64)
        renumbered[used] = np.arange(len(used))
        keys = list(numbers)
        labels = {keys[each]: dict(values_at(int(items[first[each]])))[keys[each]] for each in used.tolist()}
        return FacetIndex(labels, items, renumbered[values])

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

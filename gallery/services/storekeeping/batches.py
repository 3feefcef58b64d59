"""Listings of a store, taken in pieces that one query can ask about."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

BATCH = 200
Element = TypeVar("Element")


def in_batches(elements: Iterable[Element]) -> Iterator[list[Element]]:
    """The elements in batches of this size; the last may be smaller."""
    remaining = iter(elements)
    while batch := list(islice(remaining, BATCH)):
        yield batch

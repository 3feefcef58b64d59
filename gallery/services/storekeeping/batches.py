"""Many files of a store: listings taken in pieces that one query can ask about, and acts on one after the other."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from gallery.errors import Outage

BATCH = 200
Element = TypeVar("Element")


def in_batches(elements: Iterable[Element]) -> Iterator[list[Element]]:
    """The elements in batches of this size; the last may be smaller."""
    remaining = iter(elements)
    while batch := list(islice(remaining, BATCH)):
        yield batch


@contextmanager
def each_attempted() -> Iterator[Callable[[Callable[[], object]], None]]:
    """Gives what does an act whatever has become of those before; the first outage is raised at the end."""
    outages: list[Outage] = []

    def attempt(act: Callable[[], object]) -> None:
        try:
            act()
        except Outage as outage:
            outages.append(outage)

    yield attempt
    if outages:
        raise outages[0]

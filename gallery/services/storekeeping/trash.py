"""The trash of the private store: what was swept can be had back, until it is emptied."""

from collections.abc import Collection, Iterator
from datetime import date
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import GivenArchive
from gallery.services.storekeeping import named
from gallery.services.storekeeping.batches import each_attempted, in_batches
from gallery.services.transaction import end_reading
from gallery.storage import PhotoStore, archive_of, digest_of

Thrown = tuple[str, date, str]


def take_back_named(session: Session, store: PhotoStore) -> int:
    """Put back what a row names and the store lacks, as after an older dump was restored; return how many files.

    Why one can't be put back is raised last.
    """
    taken: list[str] = []

    def take_back(key: str, before: str) -> None:
        if not store.holds(before):
            store.take_back(key)
            taken.append(key)

    with each_attempted() as attempt:
        for batch in in_batches(store.trash()):
            wanted = _named(session, [before for _, _, before in batch])
            end_reading(session)
            for key, _, before in batch:
                if before in wanted:
                    attempt(partial(take_back, key, before))
    return len(taken)


def empty(store: PhotoStore, *, thrown_before: date) -> int:
    """Remove for good what was thrown away before a day; return how many files.

    Why one can't be removed is raised last.
    """
    removed = 0
    with each_attempted() as attempt:
        for batch in in_batches(_older(store, thrown_before)):
            attempt(partial(store.delete, [key for key, _, _ in batch]))
            removed += len(batch)
    return removed


def remove(store: PhotoStore, before: Collection[str]) -> None:
    """Remove for good, whenever they were thrown away, the files that lay under these keys before."""
    wanted = set(before)
    store.delete([key for key, _, earlier in store.trash() if earlier in wanted])


def count(store: PhotoStore) -> int:
    """How many files lie there."""
    return sum(1 for _ in store.trash())


def _older(store: PhotoStore, thrown_before: date) -> Iterator[Thrown]:
    return (each for each in store.trash() if each[1] < thrown_before)


def _named(session: Session, keys: list[str]) -> set[str]:
    references = {reference for key in keys if (reference := archive_of(key))}
    known = named.among(session, keys)
    known |= set(session.scalars(select(GivenArchive.reference).where(GivenArchive.reference.in_(references))))
    return {key for key in keys if (digest_of(key) or archive_of(key)) in known}

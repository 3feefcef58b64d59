"""Files that no row names any more, or never did: found and removed, once they are old enough.

A file comes before its row, so a young one without a row may be on its way; a photo's row goes before its files, and so
does that of a given archive.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from gallery.models import ArchiveState, GivenArchive, Item, ItemPhoto, ItemStatus
from gallery.services import revision
from gallery.services.albums import exports
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore, archive_of, digest_of, export_of

BATCH = 200


@dataclass(frozen=True)
class Swept:
    """One batch of old files: how many were looked at, the keys that nothing names, and why some of those stay."""

    seen: int
    orphans: tuple[str, ...]
    failures: Sequence[Exception] = ()

    @property
    def removed(self) -> int:
        """How many files went, unless it was a dry run."""
        return len(self.orphans) - len(self.failures)


def sweep_private(
    session: Session, store: PhotoStore, *, older_than: datetime, dry_run: bool = False
) -> Iterator[Swept]:
    """Remove from the private store what no photo has, and archives and albums nobody waits for, batch by batch."""
    for keys in _batches(store.keys_older_than(older_than)):
        orphans = _unnamed(keys, _named(session, keys, _all_photos()))
        orphans += _useless_archives(session, keys) + _useless_exports(session, keys)
        end_reading(session)
        yield Swept(len(keys), orphans, [] if dry_run else store.delete_older_than(orphans, older_than))
    if not dry_run:
        store.remove_unfinished(older_than)


def sweep_public(
    session: Session, store: PhotoStore, *, older_than: datetime, dry_run: bool = False
) -> Iterator[Swept]:
    """Remove from the public store what no public photo of a published item has, batch by batch."""
    for keys in _batches(store.keys_older_than(older_than)):
        with atomic(session):
            # Whoever publishes leaves the files that are there already: not while we decide to remove them.
            revision.hold(session)
            orphans = _unnamed(keys, _named(session, keys, _public_photos()))
            failures = [] if dry_run else store.delete_older_than(orphans, older_than)
        yield Swept(len(keys), orphans, failures)
    if not dry_run:
        store.remove_unfinished(older_than)


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(keys)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _unnamed(keys: Iterable[str], named: set[str]) -> tuple[str, ...]:
    """The keys of ours whose digest nothing names; a file that we did not put there stays."""
    return tuple(key for key in keys if (digest := digest_of(key)) is not None and digest not in named)


def _named(session: Session, keys: Iterable[str], photos: Select[str, str]) -> set[str]:
    digests = {digest for key in keys if (digest := digest_of(key)) is not None}
    wanted = photos.where(ItemPhoto.original_sha256.in_(digests) | ItemPhoto.rendition_digest.in_(digests))
    return {digest for row in session.execute(wanted) for digest in row}


def _useless_archives(session: Session, keys: Iterable[str]) -> tuple[str, ...]:
    """The archives that were forgotten, made into drafts or refused: their files ought to be gone."""
    references = {key: reference for key in keys if (reference := archive_of(key)) is not None}
    of_use = select(GivenArchive.reference).where(
        GivenArchive.reference.in_(references.values()),
        GivenArchive.state.not_in((ArchiveState.DONE, ArchiveState.REFUSED)),
    )
    waiting = set(session.scalars(of_use))
    return tuple(key for key, reference in references.items() if reference not in waiting)


def _useless_exports(session: Session, keys: Iterable[str]) -> tuple[str, ...]:
    """The files of albums that were forgotten."""
    references = {key: reference for key in keys if (reference := export_of(key)) is not None}
    wanted = exports.of_use(session, list(references.values()))
    return tuple(key for key, reference in references.items() if reference not in wanted)


def _all_photos() -> Select[str, str]:
    return select(ItemPhoto.original_sha256, ItemPhoto.rendition_digest)


def _public_photos() -> Select[str, str]:
    return (
        _all_photos()
        .join(Item, ItemPhoto.item_id == Item.id)
        .where(Item.status == ItemStatus.PUBLISHED, ItemPhoto.is_private.is_(False))
    )

"""Files that no row names any more, or never did: found and removed, once they are old enough.

A file comes before its row, so a young one without a row may be on its way; a photo's row goes before its files, and so
does that of a given archive. Nothing is removed from a store of another database, nor at once so much that only a wrong
or an older database can be the reason.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import StoreRefused, TooManyOrphans
from gallery.models import ArchiveState, GivenArchive, Item, ItemPhoto, ItemStatus, StoreName
from gallery.services import revision
from gallery.services.albums import exports
from gallery.services.storekeeping import named, ownership, released, reports
from gallery.services.storekeeping.batches import in_batches
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore, archive_of, digest_of, export_of

# What everyday mishaps leave behind: forms that were not sent, killed imports. A wrong database leaves everything.
MAX_UNEXPLAINED = 100
MAX_UNEXPLAINED_SHARE = 0.02


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


@dataclass(frozen=True)
class Sweep:
    """How to sweep. older_than: younger files are left; approved: an operator has said yes to any number of files."""

    older_than: datetime
    now: datetime
    dry_run: bool = False
    approved: bool = False


@dataclass
class _Found:
    """What one look through a store has found. old: files old enough to go; suspects: those of them that no row named.

    files: those that are ours, of any age; unexplained: old ones of these that no row names and nobody has released.
    """

    old: int = 0
    files: int = 0
    unexplained: int = 0
    suspects: list[str] = field(default_factory=list)


def sweep_private(session: Session, store: PhotoStore, sweep: Sweep) -> Iterator[Swept]:
    """Throw away what no photo has, archives and albums' files nobody waits for, batch by batch; raise StoreRefused."""
    return _reported(session, StoreName.PRIVATE, sweep, _sweep_private(session, store, sweep))


def sweep_public(session: Session, store: PhotoStore, sweep: Sweep) -> Iterator[Swept]:
    """Remove what no public photo of a published item has, batch by batch; raise StoreRefused.

    For good, without a trash: withdrawn means gone, and all of it can be made again from the private store.
    """
    return _reported(session, StoreName.PUBLIC, sweep, _sweep_public(session, store, sweep))


def _sweep_private(session: Session, store: PhotoStore, sweep: Sweep) -> Iterator[Swept]:
    found = _looked_through(session, store, StoreName.PRIVATE, sweep)
    yield Swept(found.old, ())
    for keys in in_batches(found.suspects):
        orphans = _unnamed(keys, named.among(session, keys))
        ended, unknown = _useless_archives(session, keys)
        ended += _useless_exports(session, keys)
        end_reading(session)
        failures = []
        if not sweep.dry_run:
            failures = store.throw_away(orphans + unknown, sweep.older_than, day=sweep.now.date())
            # Of an archive that was dealt with, nobody wants the file back; others' messages are in it. An album's file
            # can be made again.
            failures += store.delete_older_than(ended, sweep.older_than)
        yield Swept(0, orphans + unknown + ended, failures)
    _end(store, StoreName.PRIVATE, sweep, found)


def _sweep_public(session: Session, store: PhotoStore, sweep: Sweep) -> Iterator[Swept]:
    found = _looked_through(session, store, StoreName.PUBLIC, sweep)
    yield Swept(found.old, ())
    for keys in in_batches(found.suspects):
        with atomic(session):
            # Whoever publishes leaves the files that are there already: not while we decide to remove them.
            revision.hold(session)
            orphans = _unnamed(keys, _public(session, keys))
            failures = [] if sweep.dry_run else store.delete_older_than(orphans, sweep.older_than)
        yield Swept(0, orphans, failures)
    _end(store, StoreName.PUBLIC, sweep, found)


def _end(store: PhotoStore, name: StoreName, sweep: Sweep, found: _Found) -> None:
    if sweep.dry_run:
        _refuse_many(name, sweep, found)
    else:
        store.remove_remains(sweep.older_than)


def _reported(session: Session, name: StoreName, sweep: Sweep, batches: Iterator[Swept]) -> Iterator[Swept]:
    try:
        yield from batches
    except StoreRefused as refusal:
        _record(session, name, sweep, refusal)
        raise
    _record(session, name, sweep, None)


def _record(session: Session, name: StoreName, sweep: Sweep, refusal: StoreRefused | None) -> None:
    if not sweep.dry_run:
        with atomic(session):
            reports.record(session, name, refusal, now=sweep.now)


def _looked_through(session: Session, store: PhotoStore, name: StoreName, sweep: Sweep) -> _Found:
    """List the store once; raise StoreRefused where nothing may be removed before an operator has looked."""
    ownership.check(session, store, name)
    of_public = name is StoreName.PUBLIC
    found = _Found()
    for batch in in_batches(store.files()):
        found.files += sum(_is_ours(file.key) for file in batch)
        old = [file.key for file in batch if file.modified < sweep.older_than]
        found.old += len(old)
        found.unexplained += _unexplained(session, [key for key in old if _is_ours(key)])
        found.suspects += _unnamed(old, _public(session, old) if of_public else named.among(session, old))
        found.suspects += [] if of_public else [key for key in old if archive_of(key) or export_of(key)]
    end_reading(session)
    if not sweep.dry_run:
        _refuse_many(name, sweep, found)
    return found


def _is_ours(key: str) -> bool:
    return bool(digest_of(key) or archive_of(key))


def _refuse_many(name: StoreName, sweep: Sweep, found: _Found) -> None:
    if not sweep.approved and found.unexplained > min(MAX_UNEXPLAINED, found.files * MAX_UNEXPLAINED_SHARE):
        raise TooManyOrphans(name, unexplained=found.unexplained, files=found.files)


def _unexplained(session: Session, keys: Sequence[str]) -> int:
    """How many of these keys no row names, public or not, and nobody has released."""
    orphans = _unnamed(keys, named.among(session, keys))
    let_go = released.among(session, [digest_of(key) or "" for key in orphans])
    references = {reference for key in keys if (reference := archive_of(key))}
    given = set(session.scalars(select(GivenArchive.reference).where(GivenArchive.reference.in_(references))))
    return sum(digest_of(key) not in let_go for key in orphans) + len(references - given)


def _unnamed(keys: Iterable[str], known: set[str]) -> tuple[str, ...]:
    """The keys of ours whose digest nothing names; a file that we did not put there stays."""
    return tuple(key for key in keys if (digest := digest_of(key)) is not None and digest not in known)


def _public(session: Session, keys: Iterable[str]) -> set[str]:
    """The digests among those of these keys that the public may see."""
    digests = {digest for key in keys if (digest := digest_of(key)) is not None}
    wanted = (
        select(ItemPhoto.rendition_digest)
        .join(Item, ItemPhoto.item_id == Item.id)
        .where(Item.status == ItemStatus.PUBLISHED, ItemPhoto.is_private.is_(False))
    )
    return set(session.scalars(wanted.where(ItemPhoto.rendition_digest.in_(digests))))


def _useless_archives(session: Session, keys: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The archives that were made into drafts or refused, and those that no row knows: their files ought to be gone."""
    references = {key: reference for key in keys if (reference := archive_of(key)) is not None}
    rows = select(GivenArchive.reference, GivenArchive.state).where(GivenArchive.reference.in_(references.values()))
    states = {row.reference: row.state for row in session.execute(rows)}
    ended = (ArchiveState.DONE, ArchiveState.REFUSED)
    return (
        tuple(key for key, reference in references.items() if states.get(reference) in ended),
        tuple(key for key, reference in references.items() if reference not in states),
    )


def _useless_exports(session: Session, keys: Iterable[str]) -> tuple[str, ...]:
    """The files of albums that were forgotten."""
    references = {key: reference for key in keys if (reference := export_of(key)) is not None}
    wanted = exports.of_use(session, list(references.values()))
    return tuple(key for key, reference in references.items() if reference not in wanted)

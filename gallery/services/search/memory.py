"""The catalogue that searches run on, kept in step with the database by every process that searches."""

import logging
import threading
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, sessionmaker

from gallery import matching
from gallery.errors import SignatureUnreadable
from gallery.models import FORMER_PHOTOS, Item, ItemPhoto, ItemStatus, StoredSignature
from gallery.services import revision
from gallery.services.search.snapshots import Snapshots

LOADED_AT_ONCE = 1000
# Items whose changes are asked for one by one: of more, all photos are looked at.
MOST_NAMED = 2000
NEVER = -1
UNPUBLISHED = (ItemStatus.DRAFT, ItemStatus.WITHDRAWN)
log = logging.getLogger(__name__)


class Scope(Enum):
    """Which photos a catalogue holds.

    PUBLIC: those that are public. FORMER: those that were, of items that no longer are. UNPUBLISHED: of items that are
    not public and were not returned. ALL: every one, for the desk, which then narrows.
    """

    PUBLIC = "public"
    FORMER = "former"
    UNPUBLISHED = "unpublished"
    ALL = "all"


class MemoryCatalogue:
    """Signatures of the public photos of published items, or of all photos, by signature id, for several threads.

    A search sees everything that was committed before it began: `current` compares one number, and on a change looks
    at the items that it was of, and loads only the signatures that are new. folder: of the snapshot that the processes
    of this machine map and so have in memory once, with the public photos; None: each has its own.
    """

    def __init__(
        self, sessions: sessionmaker[Session], folder: Path | None = None, *, scope: Scope = Scope.PUBLIC
    ) -> None:
        self._sessions, self._scope = sessions, scope
        self._snapshots = Snapshots(folder) if folder else None
        self._catalogue = matching.Catalogue(self._load_details)
        # When each signature was made: SQLite gives the id of the last one, deleted, to the next.
        self._made: dict[int, int] = {}
        self._mapped = ""
        self._revision = NEVER
        self._refreshing = threading.Lock()

    def current(self, *, narrowed_to: Collection[int] | None = None) -> matching.Catalogue:  # noqa: ARG002
        """The catalogue as the database has it now: all of it, since ranking narrows by itself."""
        with self._refreshing, self._sessions() as session:
            # Read before the signatures: what is committed in between is loaded now or next time, never missed.
            number = revision.current(session)
            if number != self._revision:
                self._follow(session, number)
            return self._catalogue

    def _follow(self, session: Session, number: int) -> None:
        changed = revision.compared_items_changed(session, since=self._revision, until=number)
        is_mapped = self._map_newest()
        if is_mapped or self._revision == NEVER or changed is None or len(changed) > MOST_NAMED:
            # All of it again, should it fail half-way.
            self._revision, changed = NEVER, None
        self._refresh(session, changed)
        self._revision = number

    def write_snapshot(self, *, min_new: int, now: datetime) -> bool:
        """Write all as a snapshot for the processes of this machine, unless too little has changed since the last one.

        min_new: photos that came or went, or a tenth of all if these are more, since writing costs in proportion to
        all. Nearly a day after the last one a single photo that went is enough: its signature lies there until then.
        """
        catalogue = self.current()
        if self._snapshots is None:
            return False
        written = self._snapshots.made()
        gone = sum(self._made.get(each) != made_at for each, made_at in written.items())
        came = sum(self._made[each] != written.get(each) for each in catalogue.entry_ids())
        has_gone = gone > 0 or not written
        if came + gone < max(min_new, len(catalogue) // 10) and not (has_gone and self._snapshots.is_old(now=now)):
            return False
        self._snapshots.write(catalogue.as_segment(), self._made, now=now)
        return True

    def _map_newest(self) -> bool:
        """Map the newest snapshot; whether there was one that was not mapped yet."""
        newest = self._snapshots.newest() if self._snapshots else None
        if newest is None or newest.name == self._mapped:
            return False
        self._mapped = newest.name
        try:
            segment, self._made = newest.mapped()
        except SignatureUnreadable:
            # A snapshot is a copy of what the database has, and nothing more.
            return False
        self._catalogue = matching.Catalogue.of_segment(segment, self._load_details)
        return True

    def _refresh(self, session: Session, items_changed: Collection[int] | None) -> None:
        """Load what is new and leave out what is gone: of these items, or of all where nobody knows which."""
        found = session.execute(signatures_in(session, self._scope, items_changed))
        wanted = {row.id: (row.item_id, _instant(row.made_at)) for row in found}
        held = self._catalogue.entry_ids() if items_changed is None else self._catalogue.entry_ids_of(items_changed)
        gone = [each for each in held if each not in wanted or wanted[each][1] != self._made[each]]
        self._catalogue.remove(gone)
        # Anew: a snapshot may be written of the one before.
        kept = set[int]() if items_changed is None else self._made.keys() - set(gone)
        self._made = {each: self._made[each] for each in kept}
        self._made |= {each: made_at for each, (_, made_at) in wanted.items()}
        missing = sorted(wanted.keys() - held.difference(gone))
        items = {each: item_id for each, (item_id, _) in wanted.items()}
        for start in range(0, len(missing), LOADED_AT_ONCE):
            self._load(session, missing[start : start + LOADED_AT_ONCE], items)
        if self._snapshots and not self._mapped and len(missing) >= LOADED_AT_ONCE:
            log.warning(
                "no copy of the catalogue to map in %s: this process has its %d photos in memory for itself",
                self._snapshots.folder,
                len(missing),
            )

    def _load(self, session: Session, ids: Sequence[int], items: Mapping[int, int]) -> None:
        entries = []
        for signature_id, compact in session.execute(
            select(StoredSignature.id, StoredSignature.compact).where(StoredSignature.id.in_(ids))
        ):
            try:
                signature = matching.Signature.from_bytes(compact)
            except SignatureUnreadable:
                continue
            entries.append(matching.CatalogueEntry(signature_id, items[signature_id], signature))
        self._catalogue.add(entries)

    def _load_details(self, ids: Sequence[int]) -> dict[int, bytes]:
        with self._sessions() as session:
            return stored_details(session, ids)


def stored_details(session: Session, ids: Sequence[int]) -> dict[int, bytes]:
    """The detail bytes of signatures, by id."""
    rows = session.execute(select(StoredSignature.id, StoredSignature.details).where(StoredSignature.id.in_(ids)))
    return {row.id: row.details for row in rows}


def _instant(made_at: datetime) -> int:
    """Microseconds since 1970."""
    return round(made_at.timestamp() * 1e6)


def signatures_in(session: Session, scope: Scope, items: Collection[int] | None = None) -> Select[int, int, datetime]:
    """Id, item and time of the signatures of this scope that this version of the matcher has made.

    items: whose; None: of all.
    """
    if scope is Scope.FORMER:
        former = FORMER_PHOTOS.of(session)
        wanted = select(StoredSignature.id, former.c.item_id, StoredSignature.made_at)
        wanted = _of_this_version(wanted.join(former, StoredSignature.photo_id == former.c.photo_id))
        return wanted if items is None else wanted.where(former.c.item_id.in_(items))
    wanted = select(StoredSignature.id, ItemPhoto.item_id, StoredSignature.made_at)
    wanted = wanted.join(ItemPhoto, StoredSignature.photo_id == ItemPhoto.id).where(ItemPhoto.item_id.is_not(None))
    wanted = _of_this_version(wanted if items is None else wanted.where(ItemPhoto.item_id.in_(items)))
    if scope is Scope.ALL:
        return wanted
    is_of_scope = Item.status.in_(UNPUBLISHED if scope is Scope.UNPUBLISHED else (ItemStatus.PUBLISHED,))
    return wanted.join(Item, ItemPhoto.item_id == Item.id).where(ItemPhoto.is_private.is_(False), is_of_scope)


def _of_this_version(wanted: Select[int, int, datetime]) -> Select[int, int, datetime]:
    return wanted.where(StoredSignature.version == matching.current_version())

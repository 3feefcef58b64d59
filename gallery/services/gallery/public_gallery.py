"""The index of the gallery as it is kept in memory: built of the database once, and then brought up to date."""

import threading
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import ColumnElement, Row, Select, Text, cast, func, select
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import Case, Category, Item, ItemStatus, Unit
from gallery.services import measures, revision
from gallery.services.gallery.gallery_index import GalleryIndex
from gallery.services.gallery.index_entries import FAR, IndexEntry
from gallery.services.words.folding import key_of, parts_of

Number = TypeVar("Number", int, np.ndarray)
# Beyond this many changed items, reading all is quicker than naming each.
MANY = 500


class PublicGallery:
    """The index of what is published, kept in step with the database as the catalogue of searches is."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._entries: dict[int, tuple[int, IndexEntry]] = {}
        self._units: Sequence[Row[str, str]] = ()
        self._index = GalleryIndex([])
        self._revision = -1
        self._refreshing = threading.Lock()

    def current(self) -> GalleryIndex:
        """The index as the database has it now."""
        with self._refreshing, self._sessions() as session:
            # Read before the items: what is committed in between is loaded now or next time, never missed.
            number = revision.current(session)
            if number != self._revision:
                self._refresh(session, revision.items_changed(session, since=self._revision, until=number))
                self._revision = number
                measures.index_built(len(self._entries))
            return self._index

    def _refresh(self, session: Session, changed: Collection[int] | None) -> None:
        """Load the items that are new or were changed, with their case, since they were loaded.

        changed: the only ones that may have been; None: any.
        """
        if changed is None or len(changed) > MANY:
            self._compare(session)
        else:
            self._take(changed, _read(session, Item.id.in_(changed)) if changed else {})

    def _compare(self, session: Session) -> None:
        units = session.execute(select(Unit.code, Unit.name).order_by(Unit.id)).all()
        if units != self._units:
            # Entries carry the name of their unit, of which versions of items know nothing.
            self._entries, self._units, self._index = {}, units, GalleryIndex([])
        versions = _versions(session)
        changed = [key for key, each in self._entries.items() if versions.get(key) != each[0]]
        new = versions.keys() - self._entries.keys()
        if len(changed) + len(new) <= MANY:
            self._take(changed, _read(session, Item.id.in_([*changed, *new])))
        else:
            self._entries = _read(session)
            self._index = GalleryIndex(entry for _, entry in self._entries.values())

    def _take(self, changed: Collection[int], found: Mapping[int, tuple[int, IndexEntry]]) -> None:
        """Put what was found into the place of what has changed."""
        if changed or found:
            self._index = self._index.changed(changed, [entry for _, entry in found.values()])
            for key in changed:
                self._entries.pop(key, None)
            self._entries.update(found)


def _versions(session: Session) -> dict[int, int]:
    """By row of each published item, a number that changes with the item and with its case.

    Read as one text: a row object for each of many thousands of items would take longest.
    """
    line: ColumnElement[str] = cast(Item.id, Text)
    for each in (Item.version, Item.case_id, Case.version):
        line = line + "," + cast(each, Text)
    text = session.scalar(
        select(func.aggregate_strings(line, ","))
        .select_from(Item)
        .join(Item.case)
        .where(Item.status == ItemStatus.PUBLISHED)
    )
    ids, *versions = np.fromstring(text or "", dtype=np.int64, sep=",").reshape(-1, 4).T
    return dict(zip(ids.tolist(), _packed(*versions).tolist(), strict=True))


def _packed(version: Number, case_id: Number, case_version: Number) -> Number:
    """The three as one number each: 20 bits for a version, 24 for a case."""
    packed: Number = (version << 44) ^ (case_id << 20) ^ case_version
    return packed


def _read(session: Session, *conditions: ColumnElement[bool]) -> dict[int, tuple[int, IndexEntry]]:
    """By row, the published items that meet these conditions, each with the number of `_versions`."""
    rows = session.execute(_entries().where(Item.status == ItemStatus.PUBLISHED, *conditions))
    return {row.id: (_packed(row.version, row.case_id, row.case_version), _entry(row)) for row in rows}


def _entries() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Item.id,
            Item.public_number,
            Item.title,
            Item.brand,
            Item.materials,
            Item.colours,
            Item.published_at,
            Item.version,
            Item.case_id,
            Case.version.label("case_version"),
            Category.code.label("category"),
            Unit.departement,
            Unit.code.label("unit_code"),
            Unit.name.label("unit_name"),
            Case.theft_from,
            Case.theft_until,
        )
        .join(Item.category)
        .join(Item.case)
        .join(Unit, Item.unit_id == Unit.id)
    )


def _entry(row: Row[*tuple[Any, ...]]) -> IndexEntry:
    return IndexEntry(
        item_id=row.id,
        number=row.public_number,
        title=row.title,
        published_at=row.published_at.timestamp(),
        values=(
            ((row.category, row.category),),
            ((row.departement, row.departement),),
            tuple((each, each) for each in row.colours),
            _named(row.brand),
            _named(*parts_of(row.materials)),
            ((row.unit_code, row.unit_name),),
        ),
        first_day=row.theft_from.toordinal() if row.theft_from else 0,
        last_day=row.theft_until.toordinal() if row.theft_until else FAR,
    )


@lru_cache(10_000)
def _named(*values: str) -> tuple[tuple[str, str], ...]:
    """Each value once, by the key that an address calls it by."""
    return tuple({key: (key, each.strip()) for each in values if (key := key_of(each))}.values())

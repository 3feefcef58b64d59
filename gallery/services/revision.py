"""The revision of what is public: one number, by which every process knows that what it holds has changed."""

from collections.abc import Collection, Sequence
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from gallery.database import read_alone
from gallery.models import CatalogueChange, CatalogueRevision
from gallery.services import keyed_rows
from gallery.services.shared_reading import SharedReading

NUMBER = select(CatalogueRevision.number)
# For the driver itself.
NUMBER_AS_TEXT = str(NUMBER)
# Changes of certain items that are remembered: whoever is further behind looks at all items.
MAX_REMEMBERED = 1000
_readings: WeakKeyDictionary[Engine, SharedReading[int]] = WeakKeyDictionary()


def touch(session: Session) -> None:
    """Tell every process, in the same transaction, that what a search may find, or a public page shows, has changed."""
    _next_number(session)


def touch_items(session: Session, item_ids: Collection[int], *, photos_of: Collection[int] = ()) -> None:
    """As `touch`, when what the gallery lists, filters or sorts by changes in these items alone, or in none.

    The words of a page are nothing of the kind, and neither is what a search compares. photos_of: items of which only
    that has changed.
    """
    # Whoever has the number keeps the row until the end of the transaction: numbers follow one another as commits do.
    number = _next_number(session)
    # In place of one that a database whose revision was set back still has under this number.
    named = {"item_ids": sorted(item_ids), "photo_item_ids": sorted(photos_of)}
    keyed_rows.put(session, CatalogueChange, number=number, **named)
    if number % 100 == 0:
        session.execute(delete(CatalogueChange).where(CatalogueChange.number <= number - MAX_REMEMBERED))


def items_changed(session: Session, *, since: int, until: int) -> set[int] | None:
    """Rows of the items of which revisions after `since`, up to `until`, have changed something that the gallery lists.

    None if some revision named no items, or is no longer remembered.
    """
    changes = _changes(session, since, until)
    return None if changes is None else set().union(*(each.item_ids for each in changes))


def compared_items_changed(session: Session, *, since: int, until: int) -> set[int] | None:
    """Rows of the items of which they have changed what a search may find, or what it compares.

    None as for `items_changed`, and if a program of an earlier version was at work.
    """
    changes = _changes(session, since, until)
    if changes is None or any(each.photo_item_ids is None for each in changes):
        return None
    return set().union(*(each.item_ids + (each.photo_item_ids or []) for each in changes))


def _changes(session: Session, since: int, until: int) -> Sequence[CatalogueChange] | None:
    # Asked even when nothing can come of it: a role that may not read the table is to fail at its first look, which
    # readiness tells, not at the first change.
    wanted = CatalogueChange.number > max(since, until - MAX_REMEMBERED), CatalogueChange.number <= until
    changes = session.scalars(select(CatalogueChange).where(*wanted)).all()
    if not 0 < until - since <= MAX_REMEMBERED:
        return None
    return changes if len(changes) == until - since else None


def _next_number(session: Session) -> int:
    grown = update(CatalogueRevision).values(number=CatalogueRevision.number + 1).returning(CatalogueRevision.number)
    number = session.scalar(grown)
    if number is None:
        keyed_rows.ensure(session, CatalogueRevision, id=1, number=0)
        number = session.scalar(grown)
    assert number is not None
    return number


def current(session: Session) -> int:
    """The number of what is committed: 0 before anything was."""
    return session.scalar(NUMBER) or 0


def committed(sessions: sessionmaker[Session]) -> int:
    """The committed revision, read outside any session's transaction: for what asks on every request."""
    engine: Engine = sessions.kw["bind"]
    shared = _readings.get(engine) or _readings.setdefault(engine, SharedReading())
    return shared.made_by(lambda: _committed(engine))


def _committed(engine: Engine) -> int:
    try:
        return read_alone(engine, NUMBER_AS_TEXT) or 0
    except engine.dialect.loaded_dbapi.Error:
        # Again through SQLAlchemy, whose errors everybody knows.
        with engine.connect() as connection:
            return connection.scalar(NUMBER) or 0


def hold(session: Session) -> None:
    """Wait until no other transaction has touched the catalogue without being committed, and let none do so."""
    keyed_rows.ensure(session, CatalogueRevision, id=1, number=0)
    session.execute(select(CatalogueRevision.number).with_for_update())

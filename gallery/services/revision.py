"""The revision of what is public: one number, by which every process knows that what it holds has changed."""

from collections.abc import Collection

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import CatalogueChange, CatalogueRevision
from gallery.services import keyed_rows

NUMBER = select(CatalogueRevision.number)
# For the driver itself.
NUMBER_AS_TEXT = str(NUMBER)
# Changes of certain items that are remembered: whoever is further behind looks at all items.
MAX_REMEMBERED = 1000


def touch(session: Session) -> None:
    """Tell every process, in the same transaction, that what a search may find, or a public page shows, has changed."""
    _next_number(session)


def touch_items(session: Session, item_ids: Collection[int]) -> None:
    """As `touch`, when what the gallery lists, filters or sorts by changes in these items alone, or in none.

    Photos, what a search compares and the words of a page are nothing of the kind.
    """
    # Whoever has the number keeps the row until the end of the transaction: numbers follow one another as commits do.
    number = _next_number(session)
    # In place of one that a database whose revision was set back still has under this number.
    keyed_rows.put(session, CatalogueChange, number=number, item_ids=sorted(item_ids))
    if number % 100 == 0:
        session.execute(delete(CatalogueChange).where(CatalogueChange.number <= number - MAX_REMEMBERED))


def items_changed(session: Session, *, since: int, until: int) -> set[int] | None:
    """Rows of the items that revisions after `since`, up to `until`, were of.

    None if some revision named no items, or is no longer remembered.
    """
    # Asked even when nothing can come of it: a role that may not read the table is to fail at its first look, which
    # readiness tells, not at the first change.
    wanted = CatalogueChange.number > max(since, until - MAX_REMEMBERED), CatalogueChange.number <= until
    changes = session.scalars(select(CatalogueChange.item_ids).where(*wanted)).all()
    if not 0 < until - since <= MAX_REMEMBERED:
        return None
    return set().union(*changes) if len(changes) == until - since else None


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
    try:
        return _read_alone(engine)
    except engine.dialect.loaded_dbapi.Error:
        # Again through SQLAlchemy, whose errors everybody knows.
        with engine.connect() as connection:
            return connection.scalar(NUMBER) or 0


def _read_alone(engine: Engine) -> int:
    # The driver's own cursor: a tenth of the processor's time of SQLAlchemy's on SQLite, a third on PostgreSQL.
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(NUMBER_AS_TEXT)
        found = cursor.fetchone()
        return found[0] if found else 0
    finally:
        connection.close()


def hold(session: Session) -> None:
    """Wait until no other transaction has touched the catalogue without being committed, and let none do so."""
    keyed_rows.ensure(session, CatalogueRevision, id=1, number=0)
    session.execute(select(CatalogueRevision.number).with_for_update())

"""The revision of what is public: one number, by which every process knows that what it holds has changed."""

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import CatalogueRevision
from gallery.services import keyed_rows

NUMBER = select(CatalogueRevision.number)
# For the driver itself.
NUMBER_AS_TEXT = str(NUMBER)


def touch(session: Session) -> None:
    """Tell every process, in the same transaction, that what a search may find, or a public page shows, has changed."""
    grown = update(CatalogueRevision).values(number=CatalogueRevision.number + 1).returning(CatalogueRevision.number)
    if session.execute(grown).first() is None:
        keyed_rows.ensure(session, CatalogueRevision, id=1, number=0)
        session.execute(grown)


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

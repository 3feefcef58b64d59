"""The revision of what is public: one number, by which every process knows that what it holds has changed."""

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import CatalogueRevision


def touch(session: Session) -> None:
    """Tell every process, in the same transaction, that what a search may find, or a public page shows, has changed."""
    result = session.execute(
        update(CatalogueRevision).values(number=CatalogueRevision.number + 1).returning(CatalogueRevision.number)
    )
    if result.first() is None:
        session.add(CatalogueRevision(id=1, number=1))
        session.flush()


def current(session: Session) -> int:
    """The number of what is committed: 0 before anything was."""
    return session.scalar(select(CatalogueRevision.number)) or 0


def committed(sessions: sessionmaker[Session]) -> int:
    """The same, read outside of any session's transaction: for what asks at every request and mostly nothing else."""
    # Core's connection takes half of the processor's time of an ORM session.
    engine: Engine = sessions.kw["bind"]
    with engine.connect() as connection:
        return connection.scalar(select(CatalogueRevision.number)) or 0


def hold(session: Session) -> None:
    """Wait until no other transaction has touched the catalogue without being committed, and let none do so."""
    session.execute(select(CatalogueRevision.number).with_for_update())

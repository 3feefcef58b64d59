"""The revision of what is public: one number, by which every process knows that what it holds has changed."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gallery.models import CatalogueRevision


def touch(session: Session) -> None:
    """Tell every process, in the same transaction, that what a search may find has changed."""
    result = session.execute(
        update(CatalogueRevision).values(number=CatalogueRevision.number + 1).returning(CatalogueRevision.number)
    )
    if result.first() is None:
        session.add(CatalogueRevision(id=1, number=1))
        session.flush()


def hold(session: Session) -> None:
    """Wait until no other transaction has touched the catalogue without being committed, and let none do so."""
    session.execute(select(CatalogueRevision.number).with_for_update())

"""The only place that commits and rolls back."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from gallery.database import WRITES


@contextmanager
def atomic(session: Session) -> Iterator[Session]:
    """Do all of the block in one writing transaction, or nothing.

    What the session had read before is read anew inside, so a decision rests on what is true now. Does not nest.
    """
    changes = [*session.new, *session.dirty, *session.deleted]
    assert not changes, "changes belong inside atomic()"
    session.commit()
    session.connection(execution_options={WRITES: True})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def end_reading(session: Session) -> None:
    """Give the connection back before slow work; a later read sees what is new."""
    session.rollback()

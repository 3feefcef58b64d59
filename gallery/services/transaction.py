"""The only place that commits and rolls back."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from gallery.database import WRITES
from gallery.errors import ChangedMeanwhile


@contextmanager
def atomic(session: Session) -> Iterator[Session]:
    """Do all of the block in one writing transaction, or nothing.

    What the session had read before is read anew inside, so a decision rests on what is true now. Does not nest.
    Raises ChangedMeanwhile when another transaction has changed a row since it was read inside.
    """
    changes = [*session.new, *session.dirty, *session.deleted]
    assert not changes, "changes belong inside atomic()"
    session.commit()
    session.connection(execution_options={WRITES: True})
    try:
        yield session
        session.commit()
    except StaleDataError as error:
        session.rollback()
        raise ChangedMeanwhile from error
    except BaseException:
        session.rollback()
        raise


def end_reading(session: Session) -> None:
    """Give the connection back before slow work; a later read sees what is new."""
    session.rollback()

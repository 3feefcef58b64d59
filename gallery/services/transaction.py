"""The only place that commits and rolls back."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from gallery.database import WRITES
from gallery.errors import ChangedMeanwhile

log = logging.getLogger(__name__)

# PostgreSQL's names: a key that another transaction has taken, a row that it has removed, and two that wait for each
# other. On SQLite, where whoever writes is alone, none of them comes of another's work.
MEANWHILE = frozenset({"23505", "23503", "40P01"})


@contextmanager
def atomic(session: Session) -> Iterator[Session]:
    """Do all of the block in one writing transaction, or nothing.

    What the session had read before is read anew inside, so a decision rests on what is true now. Does not nest.
    Raises ChangedMeanwhile when another transaction has changed a row since it was read inside, or came first.
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
    except DBAPIError as error:
        session.rollback()
        state = getattr(error.orig, "sqlstate", "")
        if state in MEANWHILE:
            # In case it is a fault of our own, which comes again; without values, which may be of persons.
            constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
            log.warning("a transaction gave way to another: %s, constraint %s", state, constraint)
            raise ChangedMeanwhile from error
        raise
    except BaseException:
        session.rollback()
        raise


def end_reading(session: Session) -> None:
    """Give the connection back before slow work; a later read sees what is new."""
    session.rollback()

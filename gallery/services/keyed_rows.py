"""Rows that are there once, under a key that two processes may come to at one moment: both get on, neither fails."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from gallery.database import Base

INSERTS: Mapping[str, Callable[..., Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def ensure(session: Session, table: type[Base], **values: Any) -> None:
    """Add a row unless there is one under its key; inside atomic().

    Where another transaction is adding it, this waits for that one to end; what is read afterwards has the row.
    """
    session.execute(_insert(session, table, values).on_conflict_do_nothing())


def put(session: Session, table: type[Base], **values: Any) -> None:
    """Add a row, or write these values over the one under its primary key; inside atomic()."""
    key = [column.name for column in table.__table__.primary_key]
    others = {name: value for name, value in values.items() if name not in key}
    session.execute(_insert(session, table, values).on_conflict_do_update(index_elements=key, set_=others))


def _insert(session: Session, table: type[Base], values: Mapping[str, Any]) -> Any:
    return INSERTS[session.get_bind().dialect.name](table).values(dict(values))

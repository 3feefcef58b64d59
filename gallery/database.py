"""Plain SQLAlchemy: the engine, sessions, the declarative base and the column types of all tables. No Flask."""

import enum
import sqlite3
import time
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, Enum, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

WRITES = "gallery_writes"
BUSY_SECONDS = 30
BETWEEN_TRIES = 0.02


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware and in UTC on the Python side, whatever the database keeps. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn an aware instant into UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give SQLite's naive instants their zone back."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


def word(kind: type[enum.StrEnum]) -> Enum:
    """Column type for an enumeration: its lower-case value as text, checked by the database."""
    return Enum(
        kind,
        values_callable=lambda each: [member.value for member in each],
        native_enum=False,
        create_constraint=True,
        name=kind.__name__.lower(),
        length=32,
    )


class Base(DeclarativeBase):
    """All tables; constraints carry names so that migrations can drop them on SQLite too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[str]: JSON, list[dict[str, Any]]: JSON}


def open_engine(address: str) -> Engine:
    """Connect lazily to a database; on SQLite with WAL, foreign keys, and BEGIN IMMEDIATE for writers."""
    url = make_url(address)
    if url.get_backend_name() == "postgresql":
        return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Make sessions on this engine."""
    return sessionmaker(engine)


def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ARG001
    # Python's own transaction control begins too late and never IMMEDIATE: SQLAlchemy's begin event below does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    _switch_to_wal(cursor)
    for pragma in ("foreign_keys=ON", "synchronous=FULL", f"busy_timeout={BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _switch_to_wal(cursor: sqlite3.Cursor) -> None:
    """Switch, and wait for another process that switches the same new file: SQLite does not by itself."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(BETWEEN_TRIES)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # Under WAL a transaction that read first and writes later fails at once if another has committed in between.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

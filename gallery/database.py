"""Plain SQLAlchemy: the engine, sessions, the declarative base and the column types of all tables. No Flask."""

import enum
import os
import sqlite3
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, Enum, MetaData, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

WRITES = "gallery_writes"
_readers: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
BUSY_SECONDS = 30
BETWEEN_TRIES = 0.02
# Connections of a process for single statements, each of which takes a ten-thousandth of a second.
READERS = 1
# A server that does not answer within this time is down: a page must not wait for the network's own two minutes.
CONNECT_SECONDS = POOL_SECONDS = 5
KEPT_CONNECTIONS = 5
FILE_MODE = 0o600
# PostgreSQL's name for it.
DISK_FULL = "53100"
# A statement past its time, and a lock that another transaction has kept.
GIVEN_UP = ("57014", "55P03")


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


def open_engine(address: str, *, connections: int = 3 * KEPT_CONNECTIONS) -> Engine:
    """Connect lazily to a database; on SQLite with WAL, foreign keys, and BEGIN IMMEDIATE for writers.

    connections: how many there are at most, of which KEPT_CONNECTIONS stay open while nobody needs them.
    What goes wrong says no value that was given or found: errors go into logs, and values may be a person's.
    """
    url = make_url(address)
    if url.get_backend_name() == "postgresql":
        engine = _postgresql(url, _size(connections - READERS))
    else:
        # What is in memory has one connection for each thread.
        size = _size(connections) if url.database not in (None, "", ":memory:") else {}
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True, **size)
        event.listen(engine, "do_connect", _keep_to_owner)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "handle_error", _say_no_values)
    return engine


def _size(connections: int) -> dict[str, Any]:
    return {"pool_size": KEPT_CONNECTIONS, "max_overflow": max(0, connections - KEPT_CONNECTIONS)}


def _postgresql(url: URL, size: dict[str, Any]) -> Engine:
    connecting = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_SECONDS}
    url, told = url.set(drivername="postgresql+psycopg"), {"pool_timeout": POOL_SECONDS, "hide_parameters": True}
    engine = create_engine(url, pool_pre_ping=True, connect_args=connecting, **size, **told)
    alone = {"pool_size": READERS, "max_overflow": 0, "pool_reset_on_return": None}
    reader = _readers[engine] = create_engine(url, connect_args={**connecting, "autocommit": True}, **alone, **told)
    event.listen(engine, "engine_disposed", lambda _: reader.dispose())
    return engine


def read_alone(engine: Engine, statement: str) -> Any:
    """The first value of one statement that writes nothing, read outside any transaction; None without a row.

    For what is asked on every request: the driver's own cursor takes a tenth of the processor's time of SQLAlchemy's on
    SQLite, and on PostgreSQL connections of their own, without a transaction and without being asked first whether they
    still work, take a third of that. Raises the driver's errors.
    """
    connection = _readers.get(engine, engine).raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(statement)
        found = cursor.fetchone()
    except BaseException:
        # It may be cut, which nobody would find out before the next statement.
        connection.invalidate()
        raise
    connection.close()
    return found and found[0]


class CommitWatch:
    """Tells whoever waits whether anything was committed since, for one statement that writes nothing.

    On SQLite that is exact. On PostgreSQL it is so for all databases of the server together.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # SQLite counts, for each connection, what the others have committed.
        self._own: Connection | None = None

    def state(self) -> str:
        """A text that is the one before for as long as nothing was committed."""
        if self._engine.dialect.name == "postgresql":
            with self._engine.connect() as connection:
                return str(connection.exec_driver_sql("SELECT pg_current_snapshot()").scalar_one())
        self._own = self._own or self._engine.connect()
        with self._own.begin():
            return str(self._own.exec_driver_sql("PRAGMA data_version").scalar_one())

    def close(self) -> None:
        """Give the connection back."""
        if self._own is not None:
            self._own.close()
            self._own = None


def why_down(error: BaseException) -> str | None:
    """One line on why a database does not answer; None when the error means anything else."""
    if isinstance(error, PoolTimeoutError):
        return "all of its connections are in use"
    is_down = isinstance(error, OperationalError | InterfaceError)
    if not isinstance(error, DBAPIError) or not (is_down or error.connection_invalidated):
        return None
    # SQLite has one class of errors for what it can't reach and for a statement that is wrong.
    is_wrong = getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR
    return None if is_wrong else _first_line(error.orig)


def is_given_up(error: BaseException) -> bool:
    """Whether PostgreSQL has given one statement up, as it was told to after some time: others go on."""
    return getattr(getattr(error, "orig", None), "sqlstate", "") in GIVEN_UP


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Make sessions on this engine."""
    return sessionmaker(engine)


def is_full(error: BaseException) -> bool:
    """Whether a disk of the database is full."""
    original = getattr(error, "orig", None)
    return (
        getattr(original, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
        or getattr(original, "sqlstate", "") == DISK_FULL
    )


def _say_no_values(context: ExceptionContext) -> None:
    """Keep only the first line of a database's message: PostgreSQL's next ones repeat values ("Key (email)=(...)")."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (_first_line(error), *error.args[1:])


def _first_line(error: BaseException | None) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _keep_to_owner(_dialect: Dialect, _record: ConnectionPoolEntry, arguments: Any, _options: Any) -> None:
    """Make the file for its owner only, or make it so again; SQLite gives what it lays beside it the same mode."""
    file = Path(arguments[0])
    if str(file) == ":memory:":
        return
    # SQLite says in its own words, right afterwards, what can't be made or changed here.
    with suppress(OSError):
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_WRONLY, FILE_MODE))
        for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm", "-journal"))):
            if each.exists() and each.stat().st_mode & 0o077:
                each.chmod(FILE_MODE)


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

"""Databases of tests: made once, and left as they were by each test."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event, insert, select, text
from sqlalchemy.orm import Session, sessionmaker

from gallery.database import Base, open_engine, session_factory
from gallery.models import Category
from gallery.services import schema
from gallery.services.items import categories
from gallery.services.transaction import atomic
from tests.waiting import PATIENCE, begin, wait_until

# The statement that writes the categories as they were made.
_put_categories: WeakKeyDictionary[Engine, str] = WeakKeyDictionary()


def made(address: str) -> Engine:
    """A database with all tables, and the one in which migrations keep their place."""
    engine = open_engine(address)
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))
    return engine


def begin_anew(engine: Engine) -> None:
    """Put the newest revision and our categories in place of what tests of another module have made of them."""
    # A test that failed may have left rows that need their categories.
    remove_rows(engine)
    with session_factory(engine)() as session, atomic(session):
        session.execute(text("DELETE FROM categories"))
        if engine.name == "postgresql":
            session.execute(text("ALTER SEQUENCE categories_id_seq RESTART"))
        session.execute(text("DELETE FROM alembic_version"))
        session.execute(text("INSERT INTO alembic_version VALUES (:known)"), {"known": schema.known_revisions()[-1]})
        categories.ensure_categories(session)
    _put_categories.pop(engine, None)
    with engine.connect() as connection:
        rows = [row._asdict() for row in connection.execute(select(Category.__table__))]
    put = insert(Category).values(rows).compile(engine, compile_kwargs={"literal_binds": True})
    _put_categories[engine] = str(put)
    remove_rows(engine)


def remove_rows(engine: Engine) -> None:
    """Leave the categories only, as they were made, in one request: one a table would take longer than many a test."""
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    script = ";".join(f"DELETE FROM {name}" for name in tables if name != "categories")
    if engine in _put_categories:
        script += f";DELETE FROM categories;{_put_categories[engine]}"
    if engine.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.cursor().executescript(f"BEGIN IMMEDIATE;{script};COMMIT")
    else:
        with engine.begin() as connection:
            connection.exec_driver_sql(script)


def is_waited_for(engine: Engine) -> bool:
    """Whether a transaction waits for another one; on PostgreSQL, where it can be seen."""
    with engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def while_another_waits(
    sessions: sessionmaker[Session], act: Callable[[Session], object], *, then: Callable[[Session], object]
) -> None:
    """Do the act, and commit it once another transaction that does the next one waits for it."""

    def other() -> None:
        with sessions() as session, atomic(session):
            then(session)

    engine: Engine = sessions.kw["bind"]
    with sessions() as session:
        with atomic(session):
            act(session)
            session.flush()
            attempt = begin(other)
            # On SQLite whoever writes second waits before it reads anything, where nobody sees it.
            wait_until(
                lambda: attempt.done() or engine.name == "sqlite" or is_waited_for(engine), "the other transaction"
            )
        attempt.result(PATIENCE)


@contextmanager
def asked_of(database: Engine | Connection) -> Iterator[list[str]]:
    """The statements that a database is asked inside, in order; engines live on, so nobody listens after the end."""
    asked: list[str] = []

    def note(*given: Any) -> None:
        asked.append(given[2])

    event.listen(database, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database, "before_cursor_execute", note)

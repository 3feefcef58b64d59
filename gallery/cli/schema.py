"""The database's tables, brought to this version by Alembic, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, event, insert, inspect

from gallery.database import WRITES, open_engine
from gallery.models import SchemaReach
from gallery.services.schema import MIGRATIONS

# Any number, as long as every process that migrates takes the same one.
POSTGRESQL_LOCK = 20_261_124


def upgrade(address: str, revision: str = "head") -> None:
    """Bring the tables to a revision. All of it happens or nothing; a second process waits, and finds it done."""
    with writing_connection(address) as connection:
        command.upgrade(_configuration(connection), revision)
        _note_reach(connection)


def downgrade(address: str, revision: str) -> None:
    """Take the tables back to a revision; "base" is none."""
    with writing_connection(address) as connection:
        command.downgrade(_configuration(connection), revision)
        _note_reach(connection)


def make_anew(connection: Connection, revision: str) -> None:
    """Give a database without rows of its own the tables of a revision, whatever tables it had."""
    configuration = _configuration(connection)
    if MigrationContext.configure(connection).get_current_revision() is not None:
        command.downgrade(configuration, "base")
    command.upgrade(configuration, revision)
    _note_reach(connection)


def upgrade_on(connection: Connection) -> None:
    """Bring the tables of a connection to this program's version, in its transaction."""
    command.upgrade(_configuration(connection), "head")
    _note_reach(connection)


def after(revision: str) -> list[tuple[str, str]]:
    """The migrations after a revision, oldest first, each with why it may take something away, if it does."""
    scripts = _scripts().iterate_revisions("head", revision or "base")
    due = [(each.revision, str(getattr(each.module, "takes_away", ""))) for each in scripts]
    return due[::-1]


@contextmanager
def writing_connection(address: str) -> Iterator[Connection]:
    """A connection in a transaction that no other migration shares, with SQLite's foreign keys checked at its end.

    SQLite changes a table by building it anew: with foreign keys on, dropping the old one would empty the tables that
    refer to it, and inside a transaction they can't be switched off.
    """
    engine = open_engine(address)
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys=OFF"))
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            if not is_sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({POSTGRESQL_LOCK})")
            yield connection
            if is_sqlite:
                _check_foreign_keys(connection)
    finally:
        engine.dispose()


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _configuration(connection: Connection) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    return configuration


def _note_reach(connection: Connection) -> None:
    """Tell older programs whether they still work: only what has been taken away since stops them."""
    if not inspect(connection).has_table(SchemaReach.__tablename__):
        return
    at = MigrationContext.configure(connection).get_current_revision() or "base"
    # From the present one down to the first.
    applied = list(_scripts().iterate_revisions(at, "base"))
    taking = (each.revision for each in applied if getattr(each.module, "takes_away", ""))
    connection.execute(delete(SchemaReach))
    connection.execute(insert(SchemaReach).values(id=1, revision=next(taking, applied[-1].revision)))


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    assert not broken, f"a migration left references to nothing: {broken[:5]}"

"""Migrations: they make the tables of the models, and carry rows both ways."""

import multiprocessing
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Connection, Engine, LargeBinary, MetaData, Table, func, inspect, select, text
from sqlalchemy.engine import make_url

from gallery.cli import schema
from gallery.database import Base, open_engine
from gallery.models import FULL_TEXT_TABLE
from tests.waiting import LONG_PATIENCE

SCRIPTS = ScriptDirectory(str(schema.MIGRATIONS))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]
OPTIONS = {
    "compare_type": True,
    "compare_server_default": True,
    "include_name": lambda name, kind, _: kind != "table" or is_ours(name),
}
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every upgrade and downgrade would import all migrations anew."""
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda config: SCRIPTS)


@pytest.fixture
def address(database_address: str, tmp_path: Path) -> Iterator[str]:
    """A database without any table, on each of the two systems."""
    if database_address.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server = open_engine(database_address).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS migrations WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE migrations"))
    yield make_url(database_address).set(database="migrations").render_as_string(hide_password=False)
    server.dispose()


@pytest.fixture
def engine_of(address: str) -> Iterator[Engine]:
    engine = open_engine(address)
    yield engine
    engine.dispose()


def is_ours(name: str) -> bool:
    """Leave out what Alembic and SQLite's full-text index keep for themselves."""
    return name != "alembic_version" and not name.startswith(FULL_TEXT_TABLE)


def checks_of(connection: Connection) -> dict[str, dict[str, set[str]]]:
    """The words that each CHECK allows, by table and constraint."""
    return {table: words_of(connection, table) for table in counts(connection)}


def words_of(connection: Connection, table: str) -> dict[str, set[str]]:
    checks = inspect(connection).get_check_constraints(table)
    return {str(each["name"]): set(re.findall(r"'(\w+)'", each["sqltext"])) for each in checks}


def fill(connection: Connection) -> None:
    """Put one row into each table that has none, with a word that its CHECK allows."""
    empty = {name for name, number in counts(connection).items() if not number}
    metadata = MetaData()
    metadata.reflect(connection, only=empty)
    for table in metadata.sorted_tables:
        if table.name in empty:
            words = {kind: min(allowed) for kind, allowed in words_of(connection, table.name).items()}
            connection.execute(table.insert().values(**row_of(table, words)))


KINDS = {"declaration_mails": "mailkind", "claim_proofs": "proofkind"}
STATES = {
    "claims": "claimstate",
    "claim_steps": "claimstate",
    "album_exports": "exportstate",
    "declarations": "declarationstate",
    "declared_addresses": "addressstate",
    "declaration_mails": "mailstate",
    "proposals": "proposalstate",
}


def row_of(table: Table, words: dict[str, str]) -> dict[str, Any]:
    kinds = {
        "status": "itemstatus",
        "role": "officerrole",
        "kind": KINDS.get(table.name, "unitkind"),
        "signature_state": "signaturestate",
        "network": "network",
        "state": STATES.get(table.name, "archivestate"),
        "level": "proposallevel",
        "person": "addressee",
        "stage": "poststage",
        "outcome": "photooutcome",
        "store": "storename",
    }
    return {
        column.name: words.get(f"ck_{table.name}_{kinds.get(column.name)}") or value_for(column.type)
        for column in table.columns
        if not column.nullable
    }


def value_for(kind: Any) -> Any:
    if isinstance(kind, JSON):
        return []
    if isinstance(kind, LargeBinary):
        return b"sealed"
    return {int: 1, bool: True, datetime: NOW, date: NOW.date(), str: "one"}[kind.python_type]


def counts(connection: Connection) -> dict[str, int]:
    names = filter(is_ours, inspect(connection).get_table_names())
    asked = {name: select(func.count()).select_from(sqlalchemy.table(name)) for name in names}
    return {name: connection.execute(each).scalar_one() for name, each in asked.items()}


def test_upgrade_from_nothing_makes_the_tables_of_the_models(address: str, engine_of: Engine) -> None:
    schema.upgrade(address)
    with engine_of.connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        assert compare_metadata(context, Base.metadata) == []
        migrated = checks_of(connection)
    with engine_of.begin() as connection:
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
        assert checks_of(connection) == migrated


def guards_of(connection: Connection) -> list[tuple[str, ...]]:
    """What PostgreSQL keeps rows from roles with: policies, views, functions."""
    asked = (
        "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies",
        "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
        "SELECT proname, prosrc, CAST(prosecdef AS text) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND proname LIKE 'published%'",
        "SELECT relname, CAST(relrowsecurity AS text), CAST(reloptions AS text) FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')",
    )
    rows = [tuple(map(str, row)) for each in asked for row in connection.execute(text(each.replace("::", "\\:\\:")))]
    return sorted(row for row in rows if row[0] != "alembic_version")


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_migrations_guard_rows_as_the_models_do(address: str, engine_of: Engine) -> None:
    schema.upgrade(address)
    with engine_of.begin() as connection:
        migrated = guards_of(connection)
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
        assert guards_of(connection) == migrated
    assert len(migrated) > 20


def test_upgrade_twice_changes_nothing(address: str, engine_of: Engine) -> None:
    schema.upgrade(address)
    with engine_of.begin() as connection:
        fill(connection)
    schema.upgrade(address)
    with engine_of.connect() as connection:
        assert set(counts(connection).values()) == {1}


def test_each_revision_goes_up_down_and_up_with_rows_in(address: str, engine_of: Engine) -> None:
    """One database goes through all of them: beginning each from nothing would be hundreds of upgrades."""
    for before, revision in pairwise(["base", *REVISIONS]):
        schema.upgrade(address, revision)
        with engine_of.begin() as connection:
            fill(connection)
        schema.downgrade(address, before)
        schema.upgrade(address, revision)
        with engine_of.begin() as connection:
            fill(connection)
            assert set(counts(connection).values()) == {1}, revision


def test_addresses_of_accounts_get_one_spelling_and_no_account_is_lost(address: str, engine_of: Engine) -> None:
    schema.upgrade(address, "0013")
    kept = ["ZOE\u0301@rennes.example", "zoé@rennes.example", "nomail", "Ａ@rennes.example"]
    with engine_of.begin() as connection:
        fill(connection)
        officers = Table("officers", MetaData(), autoload_with=connection)
        for place, email in enumerate(kept, start=10):
            words = {"ck_officers_officerrole": "agent"}
            own = {"id": place, "email": email, "public_id": f"p{place}", "fs_uniquifier": f"u{place}"}
            connection.execute(officers.insert().values(**row_of(officers, words) | own))
    schema.upgrade(address, "0014")
    with engine_of.connect() as connection:
        rows = connection.execute(select(officers.c.email, officers.c.active).order_by(officers.c.id)).all()[1:]
    assert [tuple(row) for row in rows] == [
        ("ZOE\u0301@rennes.example", False),
        ("zoé@rennes.example", True),
        ("nomail", True),
        ("a@rennes.example", True),
    ]


def test_a_table_built_anew_keeps_the_rows_that_refer_to_it(address: str, engine_of: Engine) -> None:
    schema.upgrade(address)
    with engine_of.begin() as connection:
        fill(connection)
    with schema.writing_connection(address) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("item_photos") as batch:
            batch.alter_column("alt_text", nullable=True)
    with engine_of.connect() as connection:
        assert counts(connection)["signatures"] == 1


def test_a_migration_that_fails_leaves_nothing_behind(address: str, engine_of: Engine) -> None:
    schema.upgrade(address)

    def fail() -> None:
        with schema.writing_connection(address) as connection:
            connection.execute(text("CREATE TABLE half_way (id INTEGER)"))
            raise InterruptedError

    pytest.raises(InterruptedError, fail)
    with engine_of.connect() as connection:
        assert "half_way" not in inspect(connection).get_table_names()


def test_two_processes_that_start_at_once_both_succeed(address: str, engine_of: Engine) -> None:
    # Alembic's proxies are global to a process, so threads would not do.
    together = multiprocessing.get_context("spawn")
    processes = [together.Process(target=schema.upgrade, args=(address,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(LONG_PATIENCE)
    assert [process.exitcode for process in processes] == [0, 0]
    with engine_of.connect() as connection:
        assert "items" in inspect(connection).get_table_names()

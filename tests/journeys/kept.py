"""What an instance keeps of victims: files, texts in them, rows; read while the service runs."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

# The journal keeps that there was a declaration; nothing else does.
KEPT = {"declaration_key", "declaration_changes"}


def files_in(instance: Path) -> set[str]:
    """The stored photos and files, but for what a database, a key or a process keeps for itself."""
    return {
        str(each.relative_to(instance)) for each in instance.rglob("*") if each.is_file() and "sqlite3" not in each.name
    }


def found_in(instance: Path, *texts: str) -> list[tuple[str, str]]:
    """Which of these texts stand as such in which file, of the database with its log above all."""
    contents = {each: each.read_bytes() for each in instance.rglob("*") if each.is_file()}
    return [(each.name, text) for each, data in contents.items() for text in texts if text.encode() in data]


def rows_in(instance: Path, table: str) -> int:
    return int(asked(instance, f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608


def victims_tables(instance: Path) -> set[str]:
    """The tables about victims that have any row."""
    names = {name for (name,) in asked(instance, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    theirs = {each for each in names if re.match("declar|proposals|claim", each)} - KEPT
    assert len(theirs) > 10
    return {each for each in theirs if rows_in(instance, each)}


def is_compared(instance: Path) -> bool:
    """Whether no item waits to be compared with what is declared."""
    return bool(
        asked(instance, "SELECT 1 FROM compared_items JOIN items ON items.id = item_id WHERE as_of >= updated_at")
    )


def asked(instance: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{instance / 'gallery.sqlite3'}?mode=ro", uri=True)) as connection:
        return connection.execute(question).fetchall()

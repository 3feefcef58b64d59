"""Rows of any table as lines of text, the same from SQLite and from PostgreSQL, and back.

A line is a JSON array of the row's values. Tables are described by the kinds of their columns, so that a backup can be
read by a program whose tables have changed since.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Cast,
    Column,
    Connection,
    Date,
    LargeBinary,
    TableClause,
    Text,
    cast,
    column,
    func,
    insert,
    select,
    table,
)
from sqlalchemy.sql.type_api import TypeEngine
from sqlalchemy.types import NullType, TypeDecorator, UserDefinedType

from gallery.database import Base, UtcDateTime
from gallery.models import CatalogueChange, OpenedDeclaration
from gallery.services.storekeeping.batches import in_batches

AT_ONCE: Final = 500
# A row of a proof may be 50 MB.
AT_ONCE_WITH_BYTES: Final = 8
MODULUS: Final = 1 << 256
# A row of the first must not outlast what it opens: a copy of a cookie would open the copy of its row for good. By the
# second, processes follow this database alone.
LEFT_OUT: Final = frozenset({OpenedDeclaration.__tablename__, CatalogueChange.__tablename__})


class JsonText(UserDefinedType[str]):
    """A JSON column as the text that the database keeps, so that nothing is read into it."""

    cache_ok = True

    def column_expression(self, column: Any) -> Cast[str]:
        """Ask for its text."""
        return cast(column, Text)


TYPES: Final[Mapping[str, TypeEngine[Any]]] = {
    "plain": NullType(),
    "boolean": Boolean(create_constraint=False),
    "bytes": LargeBinary(),
    "date": Date(),
    "instant": UtcDateTime(),
    "json": JsonText(),
}


@dataclass(frozen=True)
class TableShape:
    """A table: its name, its primary key, and the kind of each column in order."""

    name: str
    key: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]

    @property
    def clause(self) -> TableClause:
        """The table for queries, with types that change nothing of what is kept."""
        return table(self.name, *(column(name, TYPES[kind]) for name, kind in self.columns))

    def as_json(self) -> dict[str, Any]:
        """What a backup says of it."""
        return {"name": self.name, "key": list(self.key), "columns": [list(each) for each in self.columns]}

    @property
    def at_once(self) -> int:
        """How many rows to have in memory."""
        has_bytes = any(kind == "bytes" for _, kind in self.columns)
        return AT_ONCE_WITH_BYTES if has_bytes else AT_ONCE

    @classmethod
    def of_json(cls, given: Mapping[str, Any]) -> "TableShape":
        """What `as_json` said."""
        return cls(given["name"], tuple(given["key"]), tuple((name, kind) for name, kind in given["columns"]))


@dataclass
class RowTally:
    """How many rows, and what they are, whatever their order: the sum of the SHA-256 of their lines."""

    rows: int = 0
    total: int = 0

    def add(self, lines: Iterable[str]) -> None:
        """Count these rows."""
        for line in lines:
            self.rows += 1
            self.total = (self.total + int.from_bytes(hashlib.sha256(line.encode()).digest())) % MODULUS

    @property
    def digest(self) -> str:
        """The sum, 64 hexadecimal digits."""
        return f"{self.total:064x}"


def shapes() -> list[TableShape]:
    """All tables of this program that are backed up and moved, each after those that it refers to."""
    return [
        TableShape(
            each.name,
            tuple(key.name for key in each.primary_key),
            tuple((every.name, _kind(every)) for every in each.columns),
        )
        for each in Base.metadata.sorted_tables
        if each.name not in LEFT_OUT
    ]


def read(connection: Connection, shape: TableShape) -> Iterator[list[str]]:
    """The lines of all rows in the order of their key, in batches."""
    clause = shape.clause
    wanted = select(clause).order_by(*(clause.c[name] for name in shape.key))
    with connection.execute(wanted, execution_options={"yield_per": shape.at_once}) as rows:
        for partition in rows.partitions():
            yield [line_of(row) for row in partition]


def write(connection: Connection, shape: TableShape, lines: Iterable[str]) -> None:
    """Insert rows; raise what the database raises for one that is there already."""
    statement = insert(shape.clause)
    for batch in in_batches(lines):
        connection.execute(statement, [values_of(shape, line) for line in batch])


def tally(connection: Connection, shape: TableShape) -> RowTally:
    """Count what a table has."""
    counted = RowTally()
    for lines in read(connection, shape):
        counted.add(lines)
    return counted


def line_of(row: Sequence[Any]) -> str:
    """The line of a row."""
    return json.dumps([_said(value) for value in row], ensure_ascii=False, separators=(",", ":"))


def values_of(shape: TableShape, line: str) -> dict[str, Any]:
    """The values of a line, by column; raise ValueError for one that is not of such a table."""
    values = json.loads(line)
    return {name: _meant(kind, value) for (name, kind), value in zip(shape.columns, values, strict=True)}


def continue_numbers(connection: Connection, shape: TableShape) -> None:
    """Let PostgreSQL number a table's next row after its last one, as SQLite does by itself."""
    if connection.dialect.name != "postgresql" or shape.key != ("id",):
        return
    sequence = connection.scalar(select(func.pg_get_serial_sequence(shape.name, "id")))
    if sequence is not None:
        highest = func.max(shape.clause.c.id)
        connection.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))


def _kind(of: Column[Any]) -> str:
    kind = of.type
    if isinstance(kind, UtcDateTime):
        return "instant"
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    for base, name in ((JSON, "json"), (LargeBinary, "bytes"), (Boolean, "boolean"), (Date, "date")):
        if isinstance(kind, base):
            return name
    return "plain"


def _said(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _meant(kind: str, value: Any) -> Any:
    if value is None:
        return None
    match kind:
        case "bytes":
            return base64.b64decode(value)
        case "instant":
            return datetime.fromisoformat(value)
        case "date":
            return date.fromisoformat(value)
    return value

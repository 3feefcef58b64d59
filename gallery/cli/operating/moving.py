"""`flask move` and `flask move-store`: the rows into another database, the files into another store."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Connection, inspect, select

from gallery.cli import schema
from gallery.cli.command import Command, CommandAlone, CommandRefused
from gallery.cli.operating.counting import Counting
from gallery.cli.resources import open_resources
from gallery.cli.spoken import said
from gallery.config import addresses
from gallery.database import WRITES, open_engine
from gallery.models import DatabaseIdentity, StoreName
from gallery.services import stores
from gallery.services.backups import moving, rows
from gallery.services.backups.making import Progress
from gallery.services.schema import known_revisions
from gallery.services.storekeeping import ownership


@click.command("move", cls=CommandAlone)
@click.argument("source")
@click.argument("target")
def move(source: str, target: str) -> None:
    """Copy every row of the database SOURCE into the empty one TARGET (sqlite:///... or postgresql://...), compared.

    Stop the service first; nobody can write into SOURCE meanwhile. Run again after an interruption, it goes on.
    """
    for address, judged in ((source, addresses.why_no_database), (target, addresses.why_no_lasting_database)):
        why = judged(address)
        if why is not None or not address:
            raise CommandRefused(said("this is no address of a database: {why}", why=why))
    with _locked(source) as connection, Counting() as told:
        count = _moved(connection, target, told)
    click.echo(
        said(
            "{count} rows moved and compared. Set database_url to the new address, then start the service.", count=count
        )
    )


@click.command("move-store", cls=Command)
@click.argument("name", type=click.Choice([name.value for name in StoreName]))
@click.argument("target")
def move_store(name: str, target: str) -> None:
    """Copy every file of the private or public store to TARGET, a folder or s3://bucket/prefix, and compare each.

    Stop the service first. Run again after an interruption, it goes on.
    """
    if (why := addresses.why_no_store(target)) is not None:
        raise CommandRefused(said("{target}: {why}", target=target, why=why))
    with open_resources() as given, given.sessions() as session, Counting() as told:
        store = given.private if name == StoreName.PRIVATE else given.public
        ownership.check(session, store, StoreName(name))
        other = stores.open_other(given.settings, target)
        files, written = moving.move_files(store, other, ownership.identity(session), told)
    click.echo(
        said(
            '{files} files compared, {written} written. Set {name}_store = "{target}", then start the service.',
            files=files,
            written=written,
            name=name,
            target=target,
        )
    )


@contextmanager
def _locked(address: str) -> Iterator[Connection]:
    engine = open_engine(address)
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            _check_version(connection)
            moving.let_nobody_write(connection)
            yield connection
    finally:
        engine.dispose()


def _check_version(connection: Connection) -> None:
    has_one = inspect(connection).has_table("alembic_version")
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() if has_one else None
    if found != known_revisions()[-1]:
        raise CommandRefused(
            said("the database to move is of another version than this program: `flask migrate` first")
        )


def _moved(source: Connection, target: str, told: Progress) -> int:
    identity = source.scalar(select(DatabaseIdentity.identity)) or ""
    with schema.writing_connection(target) as connection:
        if not moving.is_begun(connection, identity):
            schema.make_anew(connection, known_revisions()[-1])
            moving.begin(connection, identity)
    engine = open_engine(target)
    counted: list[tuple[rows.TableShape, rows.RowTally]] = []
    try:
        writing = engine.execution_options(**{WRITES: True})
        for shape in rows.shapes():
            tally = rows.RowTally()
            for lines in rows.read(source, shape):
                with writing.begin() as connection:
                    moving.copy(lines, shape, connection)
                tally.add(lines)
                told("rows", len(lines))
            counted.append((shape, tally))
        with writing.begin() as connection:
            moving.end(connection, counted)
    finally:
        engine.dispose()
    return sum(tally.rows for _, tally in counted)

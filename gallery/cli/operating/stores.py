"""`flask store`: which database the stores belong to, and what is in the trash."""

from datetime import timedelta

import click
from sqlalchemy.orm import Session

from gallery.cli.command import Command
from gallery.cli.resources import now, open_resources
from gallery.cli.spoken import said, told
from gallery.errors import StoreRefused
from gallery.models import StoreName
from gallery.services.resources import Resources
from gallery.services.storekeeping import ownership, reports, trash, wording
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore

NOT_OURS = 1


@click.group("store")
def store() -> None:
    """The two stores of photos: whose they are, and the trash."""


@store.command("status", cls=Command)
@click.pass_context
def status(context: click.Context) -> None:
    """Say whose each store is and what is in the trash. Exit status: 0 both are this database's; 1 one is not."""
    with open_resources() as given, given.sessions() as session:
        click.echo(said("database {identity}", identity=ownership.identity(session)))
        ours = [_is_ours(given, session, name) for name in StoreName]
        click.echo(said("trash of the private store: {count} files", count=trash.count(given.private)))
    context.exit(0 if all(ours) else NOT_OURS)


@store.command("adopt", cls=Command)
@click.argument("name", type=click.Choice([name.value for name in StoreName]))
def adopt(name: str) -> None:
    """Make a store this database's, whatever it says: its sweep then removes what this database does not name."""
    with open_resources() as given, given.sessions() as session:
        ownership.adopt(session, _store(given, StoreName(name)))
        with atomic(session):
            reports.record(session, StoreName(name), None, now=now())
    click.echo(said("The {name} store is this database's from now on.", name=name))


@store.command("restore", cls=Command)
def restore() -> None:
    """Put back from the trash what the database names and the private store lacks; the worker does it every hour."""
    with open_resources() as given, given.sessions() as session:
        ownership.check(session, given.private, StoreName.PRIVATE)
        click.echo(said("{count} files put back.", count=trash.take_back_named(session, given.private)))


@store.command("empty-trash", cls=Command)
@click.option("--all", "everything", is_flag=True, help="However young; otherwise what is older than `trash_days`.")
def empty_trash(everything: bool) -> None:
    """Remove for good what is in the trash; the worker does it for what is older than `trash_days`."""
    with open_resources() as given, given.sessions() as session:
        ownership.check(session, given.private, StoreName.PRIVATE)
        kept_from = now() + timedelta(days=1) if everything else now() - timedelta(days=given.settings.trash_days)
        click.echo(
            said("{count} files removed for good.", count=trash.empty(given.private, thrown_before=kept_from.date()))
        )


def _store(given: Resources, name: StoreName) -> PhotoStore:
    return given.private if name is StoreName.PRIVATE else given.public


def _is_ours(given: Resources, session: Session, name: StoreName) -> bool:
    try:
        ownership.check(session, _store(given, name), name)
    except StoreRefused as refusal:
        click.echo(told(wording.why(refusal)))
        return False
    click.echo(said("the {name} store belongs to it", name=name))
    return True

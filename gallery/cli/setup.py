"""`flask migrate` and `flask secrets`: what a machine needs before it serves."""

import click
from sqlalchemy.orm import Session

from gallery import config
from gallery.cli import schema
from gallery.cli.command import FirstCommand
from gallery.cli.resources import current_settings, open_resources
from gallery.cli.spoken import said
from gallery.cli.words import sentence_for
from gallery.config import Settings
from gallery.database import open_engine
from gallery.errors import Outage, StoreRefused
from gallery.sealing import Sealer
from gallery.services import schema as tables
from gallery.services.items import categories, items, signatures
from gallery.services.search import pgvector
from gallery.services.storekeeping import ownership
from gallery.services.transaction import atomic
from gallery.services.words import item_words

MIGRATIONS_DUE = 1


@click.command("migrate", cls=FirstCommand)
@click.option("--check", is_flag=True, help="Change nothing: say what is due, with exit status 1 when anything is.")
@click.pass_context
def migrate(context: click.Context, check: bool) -> None:
    """Bring the database to this version; can be repeated, and by several processes at once.

    Exit status: 0 it is up to date; 1 `--check` has found that something is due; 2 it can't be brought there.
    """
    settings = current_settings()
    if check:
        context.exit(_tell_due(settings))
    bring_up_to_date(settings)
    if settings.sealing_identity:
        _mark_stores()
    click.echo(said("The database is up to date."))


def _tell_due(settings: Settings) -> int:
    """Say which migrations are due, and which of them an older program does not survive."""
    engine = open_engine(settings.database_address)
    with Session(engine) as session:
        found = tables.look(session)
    engine.dispose()
    if found.can_be_used:
        click.echo(
            said(
                "No migration is due: the database is at {found}, this program at {known}.",
                found=found.found,
                known=found.known,
            )
        )
        return 0
    if found.fit in (tables.Fit.TOO_NEW, tables.Fit.HALF_MOVED):
        raise found.error
    for revision, takes_away in schema.after(found.found):
        stops = said(": processes of an older program stop being ready ({what})", what=takes_away) if takes_away else ""
        click.echo(said("{revision} is due{stops}", revision=revision, stops=stops))
    return MIGRATIONS_DUE


@click.command("secrets", cls=FirstCommand)
def secrets() -> None:
    """Make the secrets that are missing, and name their files."""
    for path in config.make_secrets():
        click.echo(path)


def bring_up_to_date(settings: Settings) -> None:
    """Migrate, and add what the tables lack: categories, search words, what signatures tell, digests, a catalogue."""
    engine = open_engine(settings.database_address)
    with Session(engine) as session:
        tables.refuse_half_moved(session)
        found = tables.look(session)
    if found.fit is tables.Fit.TOO_NEW:
        raise found.error
    # Tables that only gained something serve a program that was put back, too.
    if found.fit is not tables.Fit.NEWER:
        schema.upgrade(settings.database_address)
    with Session(engine) as session:
        with atomic(session):
            categories.ensure_categories(session)
            item_words.fill_missing(session)
            if settings.sealing_identity:
                items.fill_number_keys(session, sealer=Sealer(settings.sealing_identity, settings.digest_key))
        if settings.catalogue == "pgvector":
            pgvector.ensure_tables(session)
        # A catalogue may have a million photos: apart, so that the pages' writes wait for none of it.
        signatures.fill_from_signatures(session)
    engine.dispose()


def _mark_stores() -> None:
    """Let new stores say that they are this database's, and tell of one that is not."""
    with open_resources() as given, given.sessions() as session:
        for name, store in ownership.both(given):
            try:
                ownership.check(session, store, name)
            except (StoreRefused, Outage) as error:
                click.echo(said("Beware: {why}", why=sentence_for(error)), err=True)

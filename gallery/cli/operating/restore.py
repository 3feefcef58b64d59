"""`flask restore`: an installation made again from a backup, or tried in a folder that is removed afterwards."""

import tempfile
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
from sqlalchemy import inspect, select
from sqlalchemy.exc import SQLAlchemyError

from gallery.cli import schema
from gallery.cli.command import CommandAlone, CommandRefused
from gallery.cli.operating.backup import open_vault, say_missing
from gallery.cli.operating.counting import Counting
from gallery.cli.resources import now
from gallery.cli.spoken import said
from gallery.config import Settings, load_settings, secret_files
from gallery.database import open_engine
from gallery.errors import BackupAbsent, BackupOfAnother, GalleryError, Outage
from gallery.models import DatabaseIdentity
from gallery.services import stores
from gallery.services.audit import RestoreTest
from gallery.services.backups import restore_tests, restoring
from gallery.services.backups.encryption import Opener
from gallery.services.backups.making import one_snapshot
from gallery.services.backups.named_files import named_files
from gallery.services.backups.restoring import Restore
from gallery.services.backups.vault import Vault
from gallery.services.search import snapshots
from gallery.services.storekeeping.wording import in_one_line

PARTS = ("all", "database", "stores")
INCOMPLETE = 1


@click.command("restore", cls=CommandAlone)
@click.argument("source")
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the secret half of the key (AGE-SECRET-KEY-1...).",
)
@click.option("--snapshot", help="Which backup; the newest if it is not given.")
@click.option("--list", "lists", is_flag=True, help="Only list the backups; needs no key.")
@click.option("--test", "tests", is_flag=True, help="Restore into a folder of TMPDIR, compare, and remove it.")
@click.option("--only", "parts", type=click.Choice(PARTS), default="all", help="What to restore.")
@click.option("--with-keys", is_flag=True, help="The secrets too, where the backup has them.")
@click.pass_context
def restore(
    context: click.Context,
    source: str,
    identity: Path | None,
    snapshot: str | None,
    lists: bool,
    tests: bool,
    parts: str,
    with_keys: bool,
) -> None:
    """Make database and stores again of the backups in SOURCE, a folder or s3://bucket/prefix.

    Writes over nothing: refuses a database with rows, and stores of another one. Run again after an interruption, it
    goes on. Exit status: 0 restored, or the test has passed; 1 files are damaged in the backup, or some that the
    database names are missing afterwards.
    """
    settings = load_settings(())
    vault = open_vault(settings, source)
    if vault.owner() is None:
        raise BackupAbsent
    if lists:
        _list(vault)
        return
    if identity is None:
        raise CommandRefused(said("--identity: the file with the key that opens the backup"))
    opener = Opener(identity.read_text("utf-8"))
    with Counting() as told:
        if tests:
            test = partial(_passes, vault, snapshot, opener, settings=settings, told=told)
            # Only of the newest it tells whether a loss could be made good.
            context.exit(0 if (test() if snapshot else _noted(vault, test)) else INCOMPLETE)
        opened = Restore(vault.snapshot(snapshot), vault, opener, told)
        if with_keys:
            _restore_keys(opened, settings)
        _restore(opened, settings, parts)
    is_whole = _has_all(settings, opened.contents.gone)
    context.exit(0 if is_whole and not opened.damaged else INCOMPLETE)


def _list(vault: Vault) -> None:
    for each in vault.snapshots():
        click.echo(
            said(
                "{id}  {made_at:%Y-%m-%d %H:%M} UTC  {rows} rows  {files} files",
                id=each.id,
                made_at=each.made_at,
                rows=each.rows,
                files=each.files,
            )
        )


def _noted(vault: Vault, test: Callable[[], bool]) -> bool:
    """Test, and note beside the backups how that ended; the server's next backup tells its monitors."""
    try:
        has_passed = test()
    except (GalleryError, OSError, SQLAlchemyError):
        _note(vault, has_passed=False)
        raise
    _note(vault, has_passed=has_passed)
    return has_passed


def _note(vault: Vault, *, has_passed: bool) -> None:
    try:
        restore_tests.note(vault, RestoreTest(now(), has_passed))
    except Outage as error:
        click.echo(
            said(
                "the outcome could not be noted beside the backups, so the server does not learn of it ({why}): "
                "let this machine write into {folder}/ there",
                why=in_one_line(error),
                folder=restore_tests.FOLDER,
            ),
            err=True,
        )


def _passes(vault: Vault, snapshot: str | None, opener: Opener, *, settings: Settings, told: Counting) -> bool:
    opened = Restore(vault.snapshot(snapshot), vault, opener, told)
    with tempfile.TemporaryDirectory(prefix="gallery-restore-test-") as folder:
        # Nothing of the installation's own: a database and two folders that are removed with this.
        tried = replace(
            settings,
            instance=Path(folder),
            database_url="",
            public_database_url="",
            public_store="",
            private_store="",
            snapshot_folder="",
            picture_delivery="process",
            catalogue="memory",
        )
        _restore(opened, tried, "all")
        is_whole = _has_all(tried, opened.contents.gone) and not opened.damaged
    if is_whole:
        click.echo(
            said("The backup can be restored: every row and every file is as it was. Nothing of the test is left.")
        )
    return is_whole


def _restore(opened: Restore, settings: Settings, parts: str) -> None:
    private, public = stores.open_private(settings), stores.open_public(settings)
    opened.check_stores(private, public)
    if parts == "stores":
        _check_database_is_its(opened, settings)
    else:
        _check_database_is_empty(settings)
    if parts != "database":
        written = opened.files(private, public)
        click.echo(said("{files} files checked, {written} written.", files=opened.contents.files, written=written))
        for key in opened.damaged:
            click.echo(said("damaged in the backup, and left out: {key}", key=key), err=True)
    if parts != "stores":
        click.echo(said("{count} rows restored and compared.", count=_restore_rows(opened, settings)))
        # Of what was there before.
        snapshots.forget(settings.snapshot_path, now=now())


def _restore_rows(opened: Restore, settings: Settings) -> int:
    with schema.writing_connection(settings.database_address) as connection:
        restoring.check_empty(connection)
        schema.make_anew(connection, opened.contents.revision)
        count = opened.rows(connection)
        schema.upgrade_on(connection)
    return count


def _restore_keys(opened: Restore, settings: Settings) -> None:
    keys = opened.keys()
    if not keys:
        raise CommandRefused(said("this backup has no keys: put back your own copy of secrets/"))
    if foreign := sorted(set(keys) - secret_files.NAMES):
        raise CommandRefused(
            said("this backup is none of ours: there is no secret called {foreign!r}", foreign=foreign[0])
        )
    for name, value in keys.items():
        if not secret_files.put_back(settings.instance, name, value):
            raise CommandRefused(said("secrets/{name} is there and is another one: move it away first", name=name))
    click.echo(said("{keys} secrets put back.", keys=len(keys)))


def _check_database_is_empty(settings: Settings) -> None:
    engine = open_engine(settings.database_address)
    try:
        with engine.connect() as connection:
            restoring.check_empty(connection)
    finally:
        engine.dispose()


def _check_database_is_its(opened: Restore, settings: Settings) -> None:
    engine = open_engine(settings.database_address)
    try:
        with engine.connect() as connection:
            has_one = inspect(connection).has_table(DatabaseIdentity.__tablename__)
            ours = connection.scalar(select(DatabaseIdentity.identity)) if has_one else None
    finally:
        engine.dispose()
    if ours != opened.contents.database:
        raise BackupOfAnother(theirs=opened.contents.database, ours=str(ours))


def _has_all(settings: Settings, gone: Collection[str]) -> bool:
    """Whether the stores have what the database names, except what is gone; the database may be newer or older."""
    places = {"private": stores.open_private(settings), "public": stores.open_public(settings)}
    engine = open_engine(settings.database_address)
    missing = []
    try:
        with one_snapshot(engine) as connection:
            for file in named_files(connection):
                store = places["private" if file.in_private else "public"]
                if not (file.changes or file.may_lack) and file.key not in gone and not store.holds(file.key):
                    missing.append(file.key)
    finally:
        engine.dispose()
    say_missing(missing)
    return not missing

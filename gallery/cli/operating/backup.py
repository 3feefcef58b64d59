"""`flask backup` and `flask backup-key`: database and stores, encrypted, to a folder or an object store."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click
import pyrage

from gallery.cli.command import Command, CommandAlone, CommandRefused
from gallery.cli.operating.counting import Counting
from gallery.cli.resources import now, open_resources
from gallery.cli.spoken import said
from gallery.config import Settings, kept_secrets, secret_files
from gallery.errors import BackupDamaged
from gallery.services import audit, schema, stores
from gallery.services.backups import keeping, restore_tests
from gallery.services.backups.encryption import Locker
from gallery.services.backups.making import BackedUp, Backup, Made
from gallery.services.backups.vault import KeptBackup, Vault
from gallery.services.resources import Resources
from gallery.services.schema import Fit
from gallery.services.storekeeping import ownership
from gallery.services.transaction import atomic

INCOMPLETE = 1
NAMED_AT_MOST = 10


@click.command("backup", cls=Command)
@click.argument("destination")
@click.option("--to", "recipients", multiple=True, help="Key (age1...) to encrypt to, besides `backup_recipients`.")
@click.option("--verify", is_flag=True, help="Read back all that the backup needs, earlier files too.")
@click.option("--verify-in-turn", is_flag=True, help="What is new, and a thirtieth of the earlier files each day.")
@click.option("--expire-days", type=click.IntRange(min=1), help="Then remove backups older than this, but the newest.")
@click.option("--with-keys", is_flag=True, help="The installation's secrets as well: who opens it opens everything.")
@click.pass_context
def backup(
    context: click.Context,
    destination: str,
    recipients: tuple[str, ...],
    verify: bool,
    verify_in_turn: bool,
    expire_days: int | None,
    with_keys: bool,
) -> None:
    """Back up database and both stores to DESTINATION, a folder or s3://bucket/prefix; only new files are copied.

    Exit status: 0 it is whole; 1 files that the database names are missing, or what was read back is damaged.
    """
    with open_resources() as given:
        vault = open_vault(given.settings, destination)
        made = _make(given, vault, recipients, with_keys=with_keys)
        with given.sessions() as session, atomic(session):
            restore_tests.take_over(session, vault)
        assert made.snapshot is not None
        is_whole = _report(made, made.snapshot)
        if verify or verify_in_turn:
            is_whole = _read_back(vault, made.snapshot, in_turn=not verify) and is_whole
        if is_whole:
            with given.sessions() as session, atomic(session):
                audit.record_backup(session, now=now())
        if expire_days and is_whole:
            before = now() - timedelta(days=expire_days)
            old, files = keeping.expire(vault, before=before, now=now)
            click.echo(said("{old} older backups removed, and {files} files that none needs.", old=old, files=files))
    context.exit(0 if is_whole else INCOMPLETE)


@click.command("backup-key", cls=CommandAlone)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_key(file: Path) -> None:
    """Make a key for backups: the secret half goes into FILE, the public half is shown, for `backup_recipients`."""
    if file.exists():
        raise _is_there(file)
    identity = pyrage.x25519.Identity.generate()
    made = f"# public key: {identity.to_public()}\n{identity}"
    secret_files.write(file.absolute(), made)
    # Whatever was there first stays, a link that leads nowhere too.
    if not file.exists() or file.read_bytes().strip() != made.encode("ascii"):
        raise _is_there(file)
    click.echo(identity.to_public())


def _is_there(file: Path) -> CommandRefused:
    return CommandRefused(said("{file} is there already, and may be the key of backups", file=file))


def open_vault(settings: Settings, place: str) -> Vault:
    """The backups in a folder or an object store."""
    return Vault(stores.open_other(settings, place))


def say_missing(keys: Sequence[str]) -> None:
    """Name files that no store has."""
    if keys:
        click.echo(said("{keys} files that the database names are in no store:", keys=len(keys)), err=True)
    _name_some(keys)


def _name_some(keys: Sequence[str]) -> None:
    for key in keys[:NAMED_AT_MOST]:
        click.echo(f"  {key}", err=True)


def _make(given: Resources, vault: Vault, recipients: tuple[str, ...], *, with_keys: bool) -> Made:
    keys = [*given.settings.backup_recipients.split(), *recipients]
    if not keys:
        raise CommandRefused(said("there is no key to encrypt to: `flask backup-key FILE`, then set backup_recipients"))
    try:
        locker = Locker(keys)
    except pyrage.RecipientError as error:
        raise CommandRefused(said("--to: this is no public age key (age1...)")) from error
    with given.sessions() as session:
        found = schema.look(session)
        if found.fit is not Fit.SAME:
            # What a newer table has besides would stay behind.
            raise CommandRefused(
                said("only the program of the tables' own version can back them up: {line}", line=found.line)
            )
        identity = ownership.identity(session)
        source = BackedUp(session.get_bind().engine, given.private, given.public, given.sealer, identity, found.found)
    with Counting() as told:
        return Backup(source, vault, locker, now, told).run(keys=kept_secrets(given.settings) if with_keys else None)


def _report(made: Made, snapshot: KeptBackup) -> bool:
    click.echo(
        said(
            "Backup {id}: {rows} rows, {files} files, of which {written} were copied now.",
            id=snapshot.id,
            rows=snapshot.rows,
            files=snapshot.files,
            written=made.written,
        )
    )
    if made.gone:
        click.echo(
            said(
                "{gone} files were destroyed in the service while it was made, and are not in it.", gone=len(made.gone)
            )
        )
    say_missing(made.missing)
    return not made.missing


def _read_back(vault: Vault, snapshot: KeptBackup, *, in_turn: bool) -> bool:
    try:
        with Counting() as told:
            read = keeping.check(vault, snapshot, told, in_turn=in_turn)
    except BackupDamaged as error:
        click.echo(
            said("Read back and found damaged: {what}. Remove it there, and back up again.", what=error.what), err=True
        )
        return False
    if read.damaged:
        click.echo(
            said(
                "{damaged} of {objects} objects that were read back are damaged; the next backup copies them again:",
                damaged=len(read.damaged),
                objects=read.objects,
            ),
            err=True,
        )
        _name_some(read.damaged)
        return False
    click.echo(said("{objects} objects read back, all as they were written.", objects=read.objects))
    return True

"""`flask worker` and `flask sweep`: what goes on behind the pages."""

import logging
import signal
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

import click
from sqlalchemy.orm import Session

from gallery import logs
from gallery.cli.children import stop_on_signal
from gallery.cli.command import Command
from gallery.cli.resources import current_settings, now, open_resources
from gallery.cli.spoken import said, told
from gallery.errors import StoreRefused
from gallery.models import StoreName
from gallery.services import forgetting, sweeping
from gallery.services.claims import claim_ending
from gallery.services.declarations import inbox, lifecycle
from gallery.services.declarations.opening import visits
from gallery.services.forgetting import Forgotten
from gallery.services.items import deletion
from gallery.services.resources import Resources
from gallery.services.storekeeping import ownership, wording
from gallery.services.sweeping import Sweep, Swept
from gallery.services.transaction import atomic
from gallery.worker import Worker

SOME_LEFT = 1


@click.command("worker", cls=Command)
@click.option("--once", is_flag=True, help="Describe what is due now, then end.")
def worker(once: bool) -> None:
    """Do all background work: file, compare, mail, describe, sweep; as many as you like may run. SIGTERM ends it."""
    logs.begin(current_settings().log_format, level=logging.INFO)
    with stop_on_signal((signal.SIGTERM, signal.SIGINT)) as stop, open_resources(waits=not once, writes=once) as given:
        working = Worker(given, stop)
        if once:
            click.echo(said("{count} photos described.", count=working.run_once()))
        else:
            working.run()


@click.command("sweep", cls=Command)
@click.option("--dry-run", is_flag=True, help="Count only; remove nothing.")
@click.option("--yes", is_flag=True, help="However many files the database does not know: they may go.")
@click.pass_context
def sweep(context: click.Context, dry_run: bool, yes: bool) -> None:
    """Remove files older than `orphan_hours` that no row names, from both stores; forget unsent forms and sessions.

    Files of the private store go to its trash. Exit status: 0 all is done; 1 files could not be removed, or a store was
    left alone, with the reason.
    """
    failures = 0
    with open_resources() as given, given.sessions() as session:
        older_than = now() - timedelta(hours=given.settings.orphan_hours)
        how = Sweep(older_than=older_than, now=now(), dry_run=dry_run, approved=yes)
        for name, batches in (
            ("public", sweeping.sweep_public(session, given.public, how)),
            ("private", sweeping.sweep_private(session, given.private, how)),
        ):
            failures += _tell_sweep(name, batches, dry_run=dry_run)
        old = _forgotten(given, session, dry_run=dry_run)
        click.echo(f"{_kinds(old)} {said('to forget' if dry_run else 'forgotten')}")
    context.exit(SOME_LEFT if failures else 0)


def _kinds(old: Forgotten) -> str:
    return said(
        "{drafts} unsent forms, {archives} archives, {exports} files of albums, {photos} deleted photos, "
        "{waiting} waiting photos, {lines} lines of the journal and {sessions} sessions",
        drafts=old.drafts,
        archives=len(old.archives),
        exports=len(old.exports),
        photos=old.photos,
        waiting=old.waiting,
        lines=old.lines,
        sessions=old.sessions,
    )


def _tell_sweep(name: str, batches: Iterable[Swept], *, dry_run: bool) -> int:
    """Say what becomes of a store's files, and return how many could not be removed."""
    seen = orphans = failures = 0
    refusal = None
    try:
        for batch in batches:
            seen, failures = seen + batch.seen, failures + len(batch.failures)
            orphans += len(batch.orphans) if dry_run else batch.removed
            for failure in batch.failures:
                click.echo(said("not removed: {failure}", failure=failure), err=True)
    except StoreRefused as error:
        refusal = error
    if dry_run or not refusal:
        click.echo(
            said(
                "{name} store: {seen} old files, {orphans} orphans {what}",
                name=name,
                seen=seen,
                orphans=orphans,
                what=said("found" if dry_run else "removed"),
            )
        )
    if refusal:
        click.echo(told(wording.why(refusal)), err=True)
    return failures + bool(refusal)


def _forgotten(given: Resources, session: Session, *, dry_run: bool) -> Forgotten:
    if dry_run:
        return forgetting.count_old(session, given.settings, now=now())
    with atomic(session):
        visits.purge(session, now=now())
    with atomic(session):
        forgotten = forgetting.forget_old(session, given.settings, now=now())
    with suppress(StoreRefused):
        ownership.check(session, given.private, StoreName.PRIVATE)
        given.private.delete(forgotten.keys)
        deletion.destroy(session, private=given.private, public=given.public)
    return forgotten


@click.command("purge", cls=Command)
@click.option("--dry-run", is_flag=True, help="Count only; erase nothing.")
def purge(dry_run: bool) -> None:
    """Erase claims and victims' declarations that have been over for as long as the settings say; end what is due."""
    with open_resources() as given, given.sessions() as session:
        if dry_run:
            click.echo(
                said("{count} claims to erase.", count=claim_ending.count_due(session, given.settings, now=now()))
            )
            click.echo(
                said("{count} declarations to erase.", count=lifecycle.count_due(session, given.settings, now=now()))
            )
            click.echo(
                said(
                    "{count} drops that no key opens to erase.",
                    count=inbox.count_garbage(session, given.settings, now=now()),
                )
            )
            return
        with atomic(session):
            garbage = inbox.purge_unreadable(session, given.settings, now=now())
            claims = claim_ending.purge(session, given.settings, now=now())
            done = lifecycle.purge(session, given.settings, now=now())
    click.echo(
        said("{erased} claims erased, {warned} told that they end soon.", erased=claims.erased, warned=claims.warned)
    )
    click.echo(
        said(
            "{erased} declarations erased, {ended} ended, {warned} told that they end soon.",
            erased=done.erased,
            ended=done.ended,
            warned=done.warned,
        )
    )
    click.echo(said("{garbage} drops that no key opens erased.", garbage=garbage))
    if done.kept or claims.kept:
        kept = done.kept + claims.kept
        click.echo(
            said(
                "{kept} have ended and are kept until their owners have been told, by the page, a mail or a call.",
                kept=kept,
            )
        )


@click.command("inbox", cls=Command)
@click.option("--retry", is_flag=True, help="Have the worker try all of them again.")
def inbox_command(retry: bool) -> None:
    """Count what victims have sent and the worker could not open or file; --retry once the cause is mended."""
    with open_resources() as given, given.sessions() as session:
        found = inbox.stuck(session)
        click.echo(
            said(
                "{unreadable} drops that no key opens, {unfiled} that can't be filed.",
                unreadable=found.unreadable,
                unfiled=found.unfiled,
            )
        )
        if retry:
            with atomic(session):
                click.echo(said("{count} will be tried again.", count=inbox.try_again(session, all_of_them=True)))

"""`flask facebook`: a unit's page, and albums published on it."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Never

import click
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import ObjectDeletedError
from tqdm import tqdm

from gallery.cli.albums import chosen
from gallery.cli.command import Command, CommandRefused
from gallery.cli.resources import now, open_resources
from gallery.cli.spoken import said
from gallery.models import DOUBTFUL, FacebookPost, PostStage, Unit
from gallery.services.albums import compose, package, public_page
from gallery.services.facebook import connection, outbox, sender
from gallery.services.facebook.graph import Graph, GraphError
from gallery.services.facebook.outbox import PostProgress
from gallery.services.people import units
from gallery.services.resources import Resources
from gallery.services.transaction import atomic, end_reading
from gallery.sharing import Album
from gallery.web.album_words import surroundings

NOT_PUBLISHED = 1
PAUSE_SECONDS = 1.0
FAULTS = {
    "token": "the token has expired or is none: `flask facebook connect` with a new one",
    "permission": "the token does not allow to publish on the page (pages_manage_posts)",
    "page": "Facebook knows no such page",
    "rate": "Facebook asks to wait",
    "photo": "Facebook refuses the photo",
    "refused": "Facebook refuses",
    "temporary": "Facebook is out of order",
    "network": "no answer from Facebook",
    DOUBTFUL: "the answer was lost: look whether the post is on the page before you resume",
    sender.NOTHING_LEFT: "nothing of the album is public any more, or Facebook refused every photo",
    sender.CHANGED: "objects of the album are described otherwise by now: `flask facebook publish` once more",
    sender.NOTED: "an address had been noted for the album",
    sender.NO_PAGE: "the unit has no page",
}


@click.group("facebook")
def facebook() -> None:
    """Publish on the Facebook page of a unit. Untried against the real Facebook (docs/operations.md)."""


@facebook.command("connect", cls=Command)
@click.option("--unit", "unit_code", required=True, metavar="CODE")
@click.option("--page", "page_id", required=True, metavar="NUMBER", help="The page's number, digits only.")
def connect(unit_code: str, page_id: str) -> None:
    """Keep a unit's page and its token, which is asked for or read from standard input, and sealed."""
    if not page_id.isdecimal():
        raise click.UsageError(said("--page is a number."))
    token = _asked_token()
    with open_resources() as given, given.sessions() as session:
        name = _told(lambda: Graph(given.settings.graph_address, token).page_name(page_id))
        with atomic(session):
            unit = units.get_by_code(session, unit_code)
            connection.connect(session, given, unit, connection.FacebookAccess(page_id=page_id, token=token), by=None)
    click.echo(
        said("{unit_code} publishes on « {name} » ({page_id}).", unit_code=unit_code, name=name, page_id=page_id)
    )


@facebook.command("disconnect", cls=Command)
@click.option("--unit", "unit_code", required=True, metavar="CODE")
def disconnect(unit_code: str) -> None:
    """Forget a unit's page and its token."""
    with open_resources() as given, given.sessions() as session, atomic(session):
        connection.disconnect(session, units.get_by_code(session, unit_code), by=None, now=now())


@facebook.command("publish", cls=Command)
@click.option("--unit", "unit_code", default="", metavar="CODE", help="All published items of this unit.")
@click.option("--case", "case_number", default="", metavar="NUMBER", help="Published items of this case.")
@click.option("--item", "numbers", multiple=True, metavar="NUMBER", help="These items, in this order; repeat it.")
@click.option("--title", help="Title of the album, for the list of postings.")
@click.option("--text", help="Text of the post; default: the one that the preview proposes.")
@click.option("--dry-run", is_flag=True, help="Make every picture, ask Facebook for the page's name; publish nothing.")
@click.pass_context
def publish(
    context: click.Context,
    unit_code: str,
    case_number: str,
    numbers: Sequence[str],
    title: str | None,
    text: str | None,
    dry_run: bool,
) -> None:
    """Publish an album on its unit's page: unpublished photos first, then the post that shows them.

    Exit status: 0 it is online; 1 it stopped or waits, with the reason, and `resume` goes on; 2 nothing was begun.
    """
    if not (unit_code or case_number or numbers):
        raise click.UsageError(said("Say which: --unit, --case or --item."))
    with open_resources(writes=True) as given, given.sessions() as session:
        unit, items = chosen(given, session, unit_code, case_number, numbers)
        code = public_page.draw_code()
        around = surroundings(given.settings, unit.departement)
        album = package.album_of(items, around, compose.Edits(title=title, post=text), code=code)
        if dry_run:
            _rehearse(given, session, unit, album)
            return
        with atomic(session):
            post = outbox.begin(session, unit, album, by=None, now=now())
        context.exit(_run(given, session, post))


@facebook.command("resume", cls=Command)
@click.argument("reference")
@click.option("--unit", "unit_code", required=True, metavar="CODE")
@click.pass_context
def resume(context: click.Context, reference: str, unit_code: str) -> None:
    """Go on with a post that has stopped; REFERENCE as `publish` told it.

    Exit status: 0 it is online; 1 it stopped again or waits, with the reason; 2 nothing was begun.
    """
    with open_resources(writes=True) as given, given.sessions() as session:
        with atomic(session):
            post = outbox.lock(session, reference, unit=units.get_by_code(session, unit_code))
            outbox.resume(session, post)
        context.exit(_run(given, session, post))


def _asked_token() -> str:
    """The token, never as an argument: those are seen in the list of processes and kept by the shell."""
    if sys.stdin.isatty():
        return str(click.prompt(said("Token of the page"), hide_input=True)).strip()
    return sys.stdin.readline().strip()


def _run(given: Resources, session: Session, post: FacebookPost) -> int:
    """Work at a post until it is online, stands still or waits, and tell how it went."""
    try:
        _work(given, session, post)
        return _tell(outbox.progress_of(post))
    except ObjectDeletedError:
        click.echo(said("Not online: an officer has taken it off the list."), err=True)
        return NOT_PUBLISHED


def _work(given: Resources, session: Session, post: FacebookPost) -> None:
    """A worker may do a part of it."""
    progress: tqdm[Never] = tqdm(total=outbox.progress_of(post).total, unit="photo", disable=None)
    with progress:
        while post.stage in sender.ON_ITS_WAY and post.retry_at is None:
            if not sender.advance(session, given, only=post.id):
                time.sleep(PAUSE_SECONDS)
                end_reading(session)
            progress.n = outbox.progress_of(post).sent
            progress.refresh()


def _tell(progress: PostProgress) -> int:
    post, reference = progress.post, progress.post.posting.reference
    click.echo(
        said(
            "{sent} of {total} photos sent, {refused} left out. Posting {reference}.",
            sent=progress.sent,
            total=progress.total,
            refused=progress.refused,
            reference=reference,
        )
    )
    if post.stage is PostStage.PUBLISHED:
        click.echo(post.posting.address)
        return 0
    click.echo(said("Not online: {fault}.", fault=said(FAULTS[post.fault])), err=True)
    if post.retry_at is not None:
        click.echo(said("The worker goes on at {retry_at:%H:%M} UTC.", retry_at=post.retry_at), err=True)
    return NOT_PUBLISHED


def _rehearse(given: Resources, session: Session, unit: Unit, album: Album) -> None:
    outbox.check(album)
    page = connection.get(session, unit)
    graph = Graph(given.settings.graph_address, connection.token_of(page, given.sealer))
    name = _told(lambda: graph.page_name(page.page_id))
    sizes = sender.rehearse(session, unit, album, public=given.public)
    click.echo(
        said(
            "Nothing was published. {sizes} photos of {items} items, {megabytes:.1f} MB, would be "
            "shown on « {name} » ({page_id}) with this text:\n\n{post}",
            sizes=len(sizes),
            items=len(album.items),
            name=name,
            page_id=page.page_id,
            post=album.post,
            megabytes=sum(sizes) / 2**20,
        )
    )


def _told(call: Callable[[], str]) -> str:
    try:
        return call()
    except GraphError as error:
        raise CommandRefused(said(FAULTS[error.fault.value])) from None

"""`flask reindex`: recompute signatures made by an older version of the matcher."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click
from sqlalchemy.orm import Session
from tqdm import tqdm

from gallery.cli.command import Command
from gallery.cli.pool import in_processes, private_store
from gallery.cli.resources import now, open_resources
from gallery.cli.spoken import said
from gallery.cli.words import sentence_for
from gallery.config import Settings
from gallery.errors import FileAbsent, PhotoRefused
from gallery.services.items import failed, signatures
from gallery.services.items.signatures import DuePhoto, MadeSignature
from gallery.services.resources import Resources
from gallery.services.transaction import atomic, end_reading

PHOTOS_AT_ONCE = 200
SOME_FAILED = 1


@dataclass(frozen=True)
class ReindexTask:
    """One photo for a process of the pool."""

    due: DuePhoto
    settings: Settings


@dataclass(frozen=True)
class Refused:
    """A photo that can't be described, and why, in a sentence."""

    photo_id: int
    why: str


@click.command("reindex", cls=Command)
@click.option("--failed", "of_failed", is_flag=True, help="Try the photos again that could not be described at all.")
@click.pass_context
def reindex(context: click.Context, of_failed: bool) -> None:
    """Recompute the signatures that another version of the matcher made, while the sites answer.

    Can be stopped and run again: what is done stays done. Until its signature is new a photo is found by browsing only.
    Exit status: 0 all is new; 1 some photos could not be described, each by name with its reason; 2 a store or the
    database does not answer.
    """
    done, refused = 0, 0
    with open_resources(writes=True) as given, given.sessions() as session:
        total = failed.count(session) if of_failed else signatures.count_outdated(session)
        tasks = _tasks(given, failed.after if of_failed else signatures.outdated)
        for made in tqdm(in_processes(make, tasks), total=total, unit="photo", disable=None):
            if isinstance(made, Refused):
                refused += 1
                click.echo(f"{_name(session, made)}: {made.why}", err=True)
            else:
                _keep(session, made)
                done += 1
        without = failed.count(session)
    click.echo(said("{done} signatures made anew, {refused} failed.", done=done, refused=refused))
    if without:
        click.echo(
            said(
                "{without} photos have no signature, since they could not be described: `flask reindex --failed`",
                without=without,
            )
        )
    context.exit(SOME_FAILED if refused else 0)


def make(task: ReindexTask) -> MadeSignature | Refused:
    """What a process of the pool does; raises Outage when the photo's file can't be had now."""
    private = private_store(task.settings)
    try:
        return signatures.make(task.due, settings=task.settings, private=private)
    except (PhotoRefused, FileAbsent) as error:
        return Refused(task.due.photo_id, sentence_for(error))


def _name(session: Session, refused: Refused) -> str:
    name = failed.names_of(session, [refused.photo_id]).get(refused.photo_id, f"photo {refused.photo_id}")
    end_reading(session)
    return name


def _tasks(given: Resources, next_ones: Callable[[Session, int, int], list[DuePhoto]]) -> Iterator[ReindexTask]:
    last = 0
    with given.sessions() as session:
        while found := next_ones(session, last, PHOTOS_AT_ONCE):
            end_reading(session)
            last = found[-1].photo_id
            yield from (ReindexTask(due, given.settings) for due in found)


def _keep(session: Session, made: MadeSignature) -> None:
    with atomic(session):
        signatures.keep(session, made, now=now())

"""`flask reindex`: signatures of an older version of the matcher are made anew."""

from collections.abc import Iterator
from dataclasses import dataclass

import click
from sqlalchemy.orm import Session
from tqdm import tqdm

from gallery.cli.command import Command
from gallery.cli.desk import Desk, now, open_desk
from gallery.cli.pool import in_processes, store_at
from gallery.cli.words import sentence_for
from gallery.config import Settings
from gallery.errors import GalleryError
from gallery.services.items import signatures
from gallery.services.items.signatures import DuePhoto, MadeSignature
from gallery.services.transaction import atomic, end_reading

PHOTOS_AT_ONCE = 200
SOME_FAILED = 1


@dataclass(frozen=True)
class Task:
    """One photo for a process of the pool."""

    due: DuePhoto
    settings: Settings


@click.command("reindex", cls=Command)
@click.pass_context
def reindex(context: click.Context) -> None:
    """Make anew the signatures that another version of the matcher made, while the sites answer.

    Can be stopped and run again: what is done stays done. Until its signature is new a photo is found by browsing only.
    Exit status: 0 all is new; 1 some photos could not be described, each with its reason.
    """
    done, failed = 0, 0
    with open_desk() as desk, desk.sessions() as session:
        total = signatures.count_outdated(session)
        for made in tqdm(in_processes(make, _tasks(desk)), total=total, unit="photo", disable=None):
            if isinstance(made, str):
                failed += 1
                click.echo(made, err=True)
            else:
                _keep(session, made)
                done += 1
    click.echo(f"{done} signatures made anew, {failed} failed.")
    context.exit(SOME_FAILED if failed else 0)


def make(task: Task) -> MadeSignature | str:
    """What a process of the pool does; what went wrong, in a sentence, for a photo that can't be described."""
    try:
        return signatures.make(task.due, settings=task.settings, private=store_at(task.settings.private_store_address))
    except GalleryError as error:
        return f"photo {task.due.photo_id}: {sentence_for(error)}"


def _tasks(desk: Desk) -> Iterator[Task]:
    last = 0
    with desk.sessions() as session:
        while found := signatures.outdated(session, after_photo_id=last, limit=PHOTOS_AT_ONCE):
            end_reading(session)
            last = found[-1].photo_id
            yield from (Task(due, desk.settings) for due in found)


def _keep(session: Session, made: MadeSignature) -> None:
    with atomic(session):
        signatures.keep(session, made, now=now())

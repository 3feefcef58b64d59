"""`flask album`: the package of an album, written to a file while it is made."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Never

import click
from sqlalchemy.orm import Session
from tqdm import tqdm

from gallery.cli.command import Command
from gallery.cli.resources import now, open_resources
from gallery.cli.spoken import said
from gallery.errors import CaseNotFound
from gallery.models import Case, Network, Unit
from gallery.services.albums import compose, package, postings, public_page
from gallery.services.gallery.public_records import PublicItem
from gallery.services.people import units
from gallery.services.resources import Resources
from gallery.services.transaction import atomic, end_reading
from gallery.sharing import pictures
from gallery.sharing.archive import PackageFile
from gallery.sharing.networks.packages import PACKAGES
from gallery.web.album_words import surroundings


@click.command("album", cls=Command)
@click.option("--unit", "unit_code", default="", metavar="CODE", help="All published items of this unit.")
@click.option("--case", "case_number", default="", metavar="NUMBER", help="Published items of this case.")
@click.option("--item", "numbers", multiple=True, metavar="NUMBER", help="These items, in this order; repeat it.")
@click.option("--network", type=click.Choice(list(PACKAGES)), default="facebook", show_default=True)
@click.option(
    "--output", required=True, type=click.Path(dir_okay=False, allow_dash=True), help="FILE, or - for a pipe."
)
@click.option("--title", help="Title of the album.")
def album(
    unit_code: str, case_number: str, numbers: Sequence[str], network: str, output: str, title: str | None
) -> None:
    """Make the package of an album: pictures, captions, cover, and how to put it on the network."""
    if not (unit_code or case_number or numbers):
        raise click.UsageError(said("Say which: --unit, --case or --item."))
    with open_resources(writes=True) as given, given.sessions() as session:
        unit, items = chosen(given, session, unit_code, case_number, numbers)
        around = surroundings(given.settings, unit.departement)
        made = package.album_of(items, around, compose.Edits(title=title), code=public_page.draw_code())
        digests = compose.photo_digests(session, package.numbers_of(made))
        entries = package.entries(given, made, Network(network), digests, made_at=now())
        missing = pictures.missing_letters(made)
        if missing:
            click.echo(said("The cover and the film can't show these letters: {missing}", missing=missing), err=True)
        # Making the package may take an hour, and no server keeps a transaction open for so long.
        end_reading(session)
        _write(entries, made.photo_count, output)
        with atomic(session):
            postings.record(session, unit, package.exported(made, Network(network)), by=None, now=now())
    count = said(
        "{photos} photos of {items} items in {output}.", photos=made.photo_count, items=len(made.items), output=output
    )
    click.echo(count, err=True)


def chosen(
    given: Resources, session: Session, unit_code: str, case_number: str, numbers: Sequence[str]
) -> tuple[Unit, list[PublicItem]]:
    """The published items that a command's options ask for, and their unit; raise NotFound, NoLongerInAlbum."""
    unit = units.get_by_code(session, unit_code) if unit_code else None
    if numbers:
        unit = unit or compose.unit_of(session, numbers[0])
        return unit, compose.all_of_numbers(session, unit, numbers)
    if case_number:
        case = _case(given, session, unit, case_number)
        return case.unit, compose.of_unit(session, case.unit, case=case)
    assert unit is not None, "one of the three was given"
    return unit, compose.of_unit(session, unit)


def _case(given: Resources, session: Session, unit: Unit | None, case_number: str) -> Case:
    found = compose.cases_of_number(session, case_number, unit=unit, sealer=given.sealer)
    if not found:
        raise CaseNotFound(case_number)
    if len(found) > 1:
        raise click.UsageError(said("Several units have a case of this number: add --unit."))
    return found[0]


@contextmanager
def _opened(output: str) -> Iterator[BinaryIO]:
    """Standard output, or a file that takes its name once it is whole."""
    if output == "-":
        yield sys.stdout.buffer
        return
    partial = Path(f"{output}.partial")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)


def _write(entries: Iterable[PackageFile], photos: int, output: str) -> None:
    progress: tqdm[Never] = tqdm(total=photos, unit="photo", disable=None)
    with progress, _opened(output) as file:
        for piece in package.streamed(entries, told=progress.update):
            file.write(piece)

"""`flask export-list`: a unit's items as the list that `flask import` reads, with the photos that it names."""

from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy.orm import Session

from gallery.cli.command import Command
from gallery.cli.resources import now, open_resources
from gallery.cli.spoken import said
from gallery.errors import CaseNotFound
from gallery.models import Case, Unit
from gallery.services import audit, cases
from gallery.services.imports.lists import LIST_NAME
from gallery.services.items import lists, original_names
from gallery.services.items.lists import Wanted
from gallery.services.people import units
from gallery.services.resources import Resources
from gallery.services.spreadsheets import item_table
from gallery.services.spreadsheets.item_table import TableWords
from gallery.services.transaction import atomic
from gallery.storage import original_key
from gallery.web import labels
from gallery.web.languages import in_french


@click.command("export-list", cls=Command)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--unit", "unit_code", required=True, metavar="CODE", help="Unit that keeps the items.")
@click.option("--case", "case_number", default="", metavar="NUMBER", help="Only the items of this case.")
@click.option("--confidential", is_flag=True, help="Also what only officers of the unit may read.")
@click.option("--photos", is_flag=True, help="Also the originals of the photos, as the officers gave them.")
def export_list(folder: Path, unit_code: str, case_number: str, confidential: bool, photos: bool) -> None:
    """Write a unit's items into FOLDER/objets.csv, for a spreadsheet or for `flask import`.

    The journal says so. Exit status: 0 the list is there; 2 nothing was written.
    """
    with open_resources() as given, given.sessions() as session:
        unit = units.get_by_code(session, unit_code)
        case = _case(session, unit, case_number, given) if case_number else None
        narrowed = lists.narrow(session, unit, Wanted(case=case), sealer=given.sealer)
        ids = lists.ids_of(session, narrowed)
        words = TableWords(in_french(labels.COLOURS), is_confidential=confidential)
        with atomic(session):
            audit.record(session, None, words.act, case or unit, now=now(), items=len(ids))
        folder.mkdir(parents=True, exist_ok=True)
        copied = _copy_photos(session, ids, folder, given) if photos else 0
        _write(folder / LIST_NAME, b"".join(item_table.written(session, ids, words, sealer=given.sealer)))
    click.echo(
        said(
            "{ids} items in {place}, {copied} photos beside it.", ids=len(ids), copied=copied, place=folder / LIST_NAME
        )
    )


def _case(session: Session, unit: Unit, number: str, given: Resources) -> Case:
    case = cases.find_by_number(session, unit, number, sealer=given.sealer)
    if case is None:
        raise CaseNotFound(number)
    return case


def _copy_photos(session: Session, ids: Sequence[int], folder: Path, given: Resources) -> int:
    copied = 0
    for items in item_table.batches(session, ids):
        for item in items:
            for name, photo in original_names.named(item):
                _write(folder / name, given.private.get(original_key(photo.original_sha256)))
                copied += 1
    return copied


def _write(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, for its owner alone."""
    partial = Path(f"{path}.partial")
    try:
        partial.touch(mode=0o600)
        partial.write_bytes(data)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise

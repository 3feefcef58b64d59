"""`flask import`: a folder of photos, or the albums of a Facebook archive, become items."""

from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Never, TextIO

import click
from sqlalchemy.orm import Session
from tqdm import tqdm

from gallery.cli.command import Command, CommandRefused
from gallery.cli.imports.run import Run
from gallery.cli.imports.tally import Account, Tally
from gallery.cli.pool import archive_at
from gallery.cli.resources import now, open_resources
from gallery.cli.spoken import said
from gallery.services.days import day_in_paris
from gallery.services.facebook import facebook_albums
from gallery.services.imports import folder as folders
from gallery.services.imports import lists, vocabulary
from gallery.services.imports.destination import Authorisation, Destination
from gallery.services.imports.lists import LIST_NAME
from gallery.services.imports.plan import Defaults, Plan
from gallery.services.items import categories
from gallery.services.items.categories import UNSORTED
from gallery.services.items.checks import MAX_NAME, Consultation
from gallery.services.people import units
from gallery.services.words.tidying import tidy_line
from gallery.web import labels
from gallery.web.languages import in_french

TITLE = "Objet retrouvé"
OPERATORS_LEAVE = "import en ligne de commande, sous la responsabilité de l’opérateur"
LONGEST_TITLE = 160
SOME_REFUSED = 1


@click.command("import", cls=Command)
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--facebook-export",
    "archive",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Instead of FOLDER: the archive of the unit's page, in its JSON form; repeat it for each part.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be added, known or refused; write nothing.")
@click.option("--unit", "unit_code", required=True, metavar="CODE", help="Unit that keeps the items.")
@click.option("--publish", is_flag=True, help="Publish each item that the list describes.")
@click.option("--undescribed", is_flag=True, help="With --publish: the photos too that no list describes.")
@click.option(
    "--vouched",
    is_flag=True,
    help="With --publish: nobody and nothing private is visible in the photos, and the authorisation covers them.",
)
@click.option("--foves-by", default="", metavar="NAME", help="With --publish: who consulted FOVeS.")
@click.option("--foves-on", type=click.DateTime(["%Y-%m-%d"]), help="With --publish: the day on which that was.")
@click.option("--case", "case_number", default="", metavar="NUMBER", help="Case of items for which no row names one.")
@click.option("--category", default=UNSORTED, metavar="CODE", help="Category of items for which no row names one.")
@click.option("--title", default=TITLE, show_default=True, help="Title of items for which no row has one.")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"The list that describes the items; default: {LIST_NAME} in the folder, if there is one.",
)
@click.option("--authorised-by", default="", metavar="NAME", help="Magistrate who allowed publication.")
@click.option("--authorised-on", type=click.DateTime(["%Y-%m-%d"]), help="Day on which publication was allowed.")
@click.option(
    "--report",
    type=click.File("w", encoding="utf-8", lazy=False),
    help="CSV file to write: photo or row, public number, new or known.",
)
@click.pass_context
def import_folder(
    context: click.Context,
    folder: Path | None,
    archive: tuple[Path, ...],
    dry_run: bool,
    unit_code: str,
    publish: bool,
    undescribed: bool,
    vouched: bool,
    foves_by: str,
    foves_on: datetime | None,
    case_number: str,
    category: str,
    title: str,
    csv_file: Path | None,
    authorised_by: str,
    authorised_on: datetime | None,
    report: TextIO | None,
) -> None:
    """Make items of the photos in FOLDER: one a photo, or as objets.csv says (docs/operations.md).

    Or drafts of the albums of a Facebook archive. Can be run again: what is there already is left as it is. Exit
    status: 0 all is in; 1 something was refused, each with its reason; 2 nothing could be done, or no more of it.
    """
    _refuse_mixture(folder, archive, publish=publish, undescribed=undescribed, csv_file=csv_file)
    leave = _given_leave(authorised_by, authorised_on)
    consulted = _given_check(publish, vouched=vouched, by=foves_by, on=foves_on)
    own_case = "" if archive else _case_of_today(publish)
    defaults = Defaults(tidy_line(title)[:LONGEST_TITLE] or TITLE, category, case_number or own_case)
    with open_resources(writes=True) as given, given.sessions() as session, _told_when_the_pool_breaks():
        units.get_by_code(session, unit_code)
        source = Source(folder, archive, csv_file, takes_unlisted=undescribed or not publish, report=report)
        plan = _plan(session, source, defaults)
        if publish and not undescribed:
            _refuse_undescribed(plan)
        progress: tqdm[Never] = tqdm(total=_photos_of(plan), unit="photo", disable=None)
        with progress:
            run = Run(
                given,
                session,
                plan,
                archive,
                Destination(given, unit_code, publish, consulted=consulted),
                leaves=_leaves(plan, leave, defaults.case_number if publish and not case_number else None),
                required_case=case_number if publish else "",
                account=Account(progress, report, publishes=publish),
            )
            tally = run.foresee() if dry_run else run.go()
    _tell(tally, dry_run=dry_run)
    context.exit(SOME_REFUSED if tally.refused else 0)


@dataclass(frozen=True)
class Source:
    """Where an import reads, and what it leaves. report: a file that may lie in the folder and is no list of it."""

    folder: Path | None
    archive: tuple[Path, ...]
    csv_file: Path | None
    takes_unlisted: bool
    report: TextIO | None


def _refuse_mixture(
    folder: Path | None, archive: Sequence[Path], *, publish: bool, undescribed: bool, csv_file: Path | None
) -> None:
    if bool(folder) == bool(archive):
        raise click.UsageError(said("Give a FOLDER or a --facebook-export."))
    if archive and (publish or undescribed or csv_file):
        raise click.UsageError(said("A --facebook-export makes drafts: without --publish, --undescribed and --csv."))
    if undescribed and not publish:
        raise click.UsageError(said("--undescribed goes with --publish; drafts of undescribed photos need no leave."))


def _refuse_undescribed(plan: Plan) -> None:
    """Raise Refusal when nothing at all describes the photos: a forgotten list must not publish them."""
    if not plan.has_list and plan.refusals:
        raise CommandRefused(
            said(
                "no list describes these photos: add {list_name} (docs/operations.md), or say with "
                "--undescribed that they are to be published without a description",
                list_name=LIST_NAME,
            )
        )


def _plan(session: Session, source: Source, defaults: Defaults) -> Plan:
    categories.get_by_code(session, defaults.category_code)
    if source.folder is None:
        return facebook_albums.read_plan(archive_at(source.archive), defaults)
    aside = [Path(source.report.name)] if source.report else []
    return folders.read_folder(
        lists.files_in(source.folder, aside=aside),
        source.csv_file,
        vocabulary=vocabulary.known(session, in_french(labels.COLOURS)),
        defaults=defaults,
        takes_unlisted=source.takes_unlisted,
    )


def _leaves(plan: Plan, leave: Authorisation | None, own_case: str | None) -> dict[str, Authorisation | None]:
    """What to record in each case that has no authorisation; the import's own case is the operator's doing."""
    leaves = {item.case_number: leave for item in plan.items}
    if own_case is not None and own_case in leaves and leave is None:
        click.echo(
            said("No case given: the items go in one whose authorisation reads « {leave} ».", leave=OPERATORS_LEAVE)
        )
        leaves[own_case] = Authorisation(OPERATORS_LEAVE, day_in_paris(now()).isoformat())
    return leaves


def _given_leave(authorised_by: str, authorised_on: datetime | None) -> Authorisation | None:
    if bool(authorised_by) != bool(authorised_on):
        raise click.UsageError(said("--authorised-by and --authorised-on go together."))
    return Authorisation(authorised_by, authorised_on.date().isoformat()) if authorised_on else None


def _given_check(publish: bool, *, vouched: bool, by: str, on: datetime | None) -> Consultation | None:
    """What is vouched for of what is to be public; refused where a part of it is missing, or the day is to come."""
    name, is_given = tidy_line(by)[:MAX_NAME], vouched or bool(by) or on is not None
    if not publish and is_given:
        raise click.UsageError(said("--vouched, --foves-by and --foves-on go with --publish."))
    if not publish:
        return None
    if not (vouched and name and on) or on.date() > day_in_paris(now()):
        raise click.UsageError(
            said(
                "--publish needs --vouched (nobody and nothing private is visible, and the authorisation covers the "
                "photos), and --foves-by NAME and --foves-on DAY: who consulted FOVeS, and when."
            )
        )
    return Consultation(name, on.date())


def _case_of_today(publish: bool) -> str:
    """Number of the case for items without one; a published import never lends its leave to an unpublished one."""
    return f"Import {day_in_paris(now()).isoformat()}{', publication' if publish else ''}"


def _photos_of(plan: Plan) -> int:
    return sum(len(item.photos) for item in plan.items)


@contextmanager
def _told_when_the_pool_breaks() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise CommandRefused(
            said("a process of the pool was killed, perhaps for want of memory; run the import again")
        ) from error


def _tell(tally: Tally, *, dry_run: bool) -> None:
    if tally.damaged:
        click.echo(said("{damaged} photos look damaged: they are named above.", damaged=tally.damaged))
    if dry_run:
        click.echo(
            said(
                "Nothing was written. {added} items with {photos} photos would be added and {described} "
                "described, {published} of them published; {known} are there already; {refused} refused.",
                **asdict(tally),
            )
        )
        return
    click.echo(
        said(
            "{added} items with {photos} photos added and {described} described, {published} of them "
            "published; {known} were there already; {refused} refused. {seconds:.0f} s ({rate:.1f} "
            "photos a second).",
            **asdict(tally),
            rate=tally.photos / max(tally.seconds, 0.001),
        )
    )

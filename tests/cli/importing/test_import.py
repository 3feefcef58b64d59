"""`flask import`, with its pool of processes."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen

import psutil
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.cli import importing
from gallery.config import Settings
from gallery.models import AuditEntry, Case, Item, ItemPhoto, ItemStatus, StoredSignature, Unit
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.cases import CaseSecrets
from gallery.services.items.items import ItemSecrets
from gallery.services.items.renditions import keys_of
from gallery.storage import PhotoStore, original_key
from tests.cli.importing.conftest import Command, count, draw, refused, statuses
from tests.factories import VOUCHED, Factory
from tests.waiting import LONG_PATIENCE, wait_until


def test_it_works_and_can_be_run_again(
    flask: Command, session: Session, unit: Unit, folder: Path, tmp_path: Path, sealer: Sealer
) -> None:
    draw(folder, 3)
    (folder / "03.jpg").write_bytes(b"no photo")
    (folder / "objets.csv").write_text("clé,photos,titre,catégorie,couleurs\nB,00.jpg|01.jpg,Bague,Bijoux,doré\n")
    report = tmp_path / "report.csv"
    published = ("import", folder, "--unit", unit.code, "--publish", *VOUCHED, "--undescribed")
    done = flask(*published, "--report", report)
    assert done.exit_code == 1
    assert "2 items with 3 photos added and 0 described, 2 of them published; 0 were there" in done.output
    assert "refused: 03.jpg: not a readable photo" in done.output
    assert statuses(session) == {ItemStatus.PUBLISHED: 2}
    ring = session.scalars(select(Item).where(Item.title == "Bague")).one()
    assert (len(ring.photos), ring.category.code, ring.colours) == (2, "jewellery", ["gold"])
    assert "sous la responsabilité" in cases.open_secrets(ring.case, sealer).authorised_by
    assert ["objets.csv:2", ring.public_number, "new"] in list(csv.reader(report.open()))

    (folder / "03.jpg").unlink()
    done = flask(*published)
    assert done.exit_code == 0
    assert (
        "0 items with 0 photos added and 0 described, 0 of them published; 2 were there already; 0 refused"
        in done.output
    )


@pytest.mark.usefixtures("without_pool")
def test_a_damaged_photo_is_taken_and_named(flask: Command, unit: Unit, folder: Path) -> None:
    draw(folder, 2)
    photo = folder / "01.jpg"
    photo.write_bytes(photo.read_bytes()[:-2])
    foreseen, done = (flask("import", folder, "--unit", unit.code, *words) for words in (("--dry-run",), ()))
    assert (done.exit_code, "2 items with 2 photos added" in done.output) == (0, True)
    assert all("damaged: 01.jpg: parts of it" in each.output for each in (foreseen, done))


@pytest.mark.usefixtures("without_pool")
def test_a_store_out_of_order_ends_it_and_refuses_no_photo(
    flask: Command, session: Session, unit: Unit, folder: Path, settings: Settings
) -> None:
    draw(folder, 2)
    obstacle = Path(settings.private_store_address, "originals")
    obstacle.write_text("in the way")
    ended = flask("import", folder, "--unit", unit.code)
    assert (ended.exit_code, "a store does not answer" in ended.output, refused(ended)) == (2, True, [])
    obstacle.unlink()
    assert flask("import", folder, "--unit", unit.code).exit_code == 0
    assert statuses(session) == {ItemStatus.DRAFT: 2}


@pytest.mark.usefixtures("without_pool")
def test_without_publish_items_are_drafts_in_a_case_of_the_day_in_paris(
    flask: Command, session: Session, unit: Unit, folder: Path, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The command's clock, which nothing passes in.
    monkeypatch.setattr(importing, "now", lambda: datetime(2026, 7, 14, 22, 30, tzinfo=UTC))
    draw(folder, 1)
    assert flask("import", folder, "--unit", unit.code, "--category", "jewellery").exit_code == 0
    assert statuses(session) == {ItemStatus.DRAFT: 1}
    case = session.scalars(select(Case)).one()
    assert cases.open_secrets(case, sealer).case_number == "Import 2026-07-15"


@pytest.mark.usefixtures("without_pool")
def test_publishing_into_a_case_without_authorisation_is_refused_before_any_work(
    flask: Command, session: Session, make: Factory, unit: Unit, folder: Path
) -> None:
    draw(folder, 1)
    make.case(unit, CaseSecrets(case_number="7/2026"))
    arguments = ("import", folder, "--unit", unit.code, "--case", "7/2026", "--publish", *VOUCHED, "--undescribed")
    refused = flask(*arguments)
    assert (refused.exit_code, "no authorisation to publish" in refused.output) == (2, True)
    assert statuses(session) == {}
    allowed = flask(*arguments, "--authorised-by", "Mme la procureure", "--authorised-on", "2026-10-01")
    assert allowed.exit_code == 0
    assert statuses(session) == {ItemStatus.PUBLISHED: 1}


def test_publishing_what_nothing_describes_has_to_be_asked_for_in_so_many_words(
    flask: Command, session: Session, unit: Unit, folder: Path
) -> None:
    draw(folder, 1)
    refused = flask("import", folder, "--unit", unit.code, "--publish", *VOUCHED)
    assert (refused.exit_code, "--undescribed" in refused.output) == (2, True)
    assert count(session, Item) == 0


@pytest.mark.parametrize(
    "vouched",
    [
        (),
        ("--vouched",),
        ("--vouched", "--foves-by", "Adjudante Morvan"),
        ("--foves-by", "Adjudante Morvan", "--foves-on", "2026-07-01"),
        ("--vouched", "--foves-by", " ", "--foves-on", "2026-07-01"),
        ("--vouched", "--foves-by", "Adjudante Morvan", "--foves-on", "2999-01-01"),
    ],
    ids=["nothing", "nobody", "no day", "not vouched", "no name", "a day to come"],
)
def test_nothing_is_published_unless_somebody_vouches_for_it(
    flask: Command, session: Session, unit: Unit, folder: Path, vouched: tuple[str, ...]
) -> None:
    draw(folder, 1)
    refused = flask("import", folder, "--unit", unit.code, "--publish", "--undescribed", *vouched)
    assert (refused.exit_code, "--publish needs --vouched" in refused.output) == (2, True)
    assert count(session, Item) == 0


@pytest.mark.usefixtures("without_pool")
def test_who_vouches_for_what_is_published_is_in_its_history(
    flask: Command, session: Session, unit: Unit, folder: Path
) -> None:
    draw(folder, 1)
    refused = flask("import", folder, "--unit", unit.code, *VOUCHED)
    assert (refused.exit_code, "go with --publish" in refused.output) == (2, True)
    assert flask("import", folder, "--unit", unit.code, "--publish", *VOUCHED, "--undescribed").exit_code == 0
    assert statuses(session) == {ItemStatus.PUBLISHED: 1}
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "vouch_for_photos"))
    assert (entry.subject_kind, entry.details) == (
        "item", {"consulted_by": "Adjudante Morvan", "consulted_on": "2026-07-01"},
    )  # fmt: skip


@pytest.mark.usefixtures("without_pool")
def test_a_dry_run_decodes(flask: Command, unit: Unit, folder: Path) -> None:
    for number in range(5):
        (folder / f"{number}.jpg").write_bytes(b"<html><title>Connexion</title></html>")
    done = flask("import", folder, "--unit", unit.code, "--dry-run")
    assert "0 items with 0 photos would be added" in done.output
    assert "5 refused" in done.output


@pytest.mark.parametrize(
    "options",
    [
        ["--unit", "NONE"],
        ["--unit", "GGD35", "--category", "none"],
        ["--unit", "GGD35", "--authorised-by", "X"],
        ["--unit", "GGD35", "--csv", "absent.csv"],
        [],
    ],
    ids=["unit", "category", "authorisation", "csv", "no unit"],
)
def test_wrong_options_are_status_2(flask: Command, unit: Unit, folder: Path, options: list[str]) -> None:
    draw(folder, 1)
    assert flask("import", folder, *options).exit_code == 2


@pytest.mark.slow
def test_killed_in_the_middle_it_leaves_no_row_without_its_file_and_completes_when_run_again(
    flask: Command,
    spawn: Callable[..., Popen[str]],
    session: Session,
    unit: Unit,
    folder: Path,
    private: PhotoStore,
    public: PhotoStore,
) -> None:
    draw(folder, 12)
    process = spawn(
        "import", folder, "--unit", unit.code, "--publish", *VOUCHED, "--undescribed", before=HALTS_AFTER_ONE
    )
    family = wait_for_rows(session, process)
    process.kill()
    assert count(session, Item) == 1, "each object is written as soon as it is prepared"
    assert psutil.wait_procs(family, timeout=LONG_PATIENCE)[1] == [], "a process of the pool outlives its parent"
    every_row_has_its_files(session, private, public)

    assert flask("import", folder, "--unit", unit.code, "--publish", *VOUCHED, "--undescribed").exit_code == 0
    assert (count(session, Item), count(session, ItemPhoto), count(session, StoredSignature)) == (12, 12, 12)
    assert session.scalar(select(func.count(ItemPhoto.original_sha256.distinct()))) == 12
    every_row_has_its_files(session, private, public)


# The pool goes on, and prepares what is never written.
HALTS_AFTER_ONE = """
import signal
from gallery.cli.imports.run import Run
write = Run._write
def write_one(run, prepared):
    write(run, prepared)
    signal.pause()
Run._write = write_one
"""


def wait_for_rows(session: Session, process: Popen[str]) -> list[psutil.Process]:
    """The import's processes, once the first item is written."""

    def written() -> int:
        assert process.poll() is None, process.stdout.read()
        return count(session, Item)

    wait_until(written, "the first item")
    return psutil.Process(process.pid).children(recursive=True)


def every_row_has_its_files(session: Session, private: PhotoStore, public: PhotoStore) -> None:
    for photo in session.scalars(select(ItemPhoto)):
        assert private.holds(original_key(photo.original_sha256))
        assert all(private.holds(key) and public.holds(key) for key in keys_of(photo))


@pytest.mark.usefixtures("without_pool")
def test_what_is_exported_is_imported_elsewhere_as_it_was(
    flask: Command, session: Session, make: Factory, unit: Unit, folder: Path
) -> None:
    secret = ItemSecrets(serial_number="00123", withheld={"inscriptions": "- à Léa\n= 1998"})
    make.item(make.case(unit), title="=Bague", secret=secret, with_photos=2, colours=("gold", "red"))
    make.unit("GGD44", departement="44")
    options = ("--confidential", "--photos")
    assert "1 items" in flask("export-list", folder / "a", "--unit", unit.code, *options).output
    for _ in range(2):
        assert flask("import", folder / "a", "--unit", "GGD44").exit_code == 0
    assert "is there already" not in flask("import", folder / "a", "--unit", unit.code).output
    assert count(session, Item) == 2, "an export that is imported where it comes from changes nothing"
    flask("export-list", folder / "b", "--unit", "GGD44", *options)
    before, after = (
        list(csv.DictReader((folder / each / "objets.csv").open(encoding="utf-8-sig", newline=""), delimiter=";"))
        for each in ("a", "b")
    )
    own = {"clé", "photos"}
    assert [{name: row[name] for name in row.keys() - own} for row in before] == [
        {name: row[name] for name in row.keys() - own} for row in after
    ]
    assert len(after[0]["photos"].split("|")) == 2

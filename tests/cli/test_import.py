"""`flask import`, with its pool of processes."""

import csv
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen

import psutil
import pytest
from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.cli import importing
from gallery.models import Case, Item, ItemPhoto, ItemStatus, Signature, Unit
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.cases import CaseSecrets
from gallery.services.items.renditions import keys_of
from gallery.services.transaction import end_reading
from gallery.storage import PhotoStore, original_key
from tests import pictures
from tests.factories import Factory

Command = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder


def draw(folder: Path, count: int) -> None:
    for seed in range(count):
        (folder / f"{seed:02}.jpg").write_bytes(pictures.jpeg(pictures.picture(seed)))


def statuses(session: Session) -> dict[ItemStatus, int]:
    end_reading(session)
    return {row[0]: row[1] for row in session.execute(select(Item.status, func.count()).group_by(Item.status))}


def test_it_works_and_can_be_run_again(
    flask: Command, session: Session, unit: Unit, folder: Path, tmp_path: Path, sealer: Sealer
) -> None:
    draw(folder, 3)
    (folder / "03.jpg").write_bytes(b"no photo")
    (folder / "objets.csv").write_text("clé,photos,titre,catégorie,couleurs\nB,00.jpg|01.jpg,Bague,Bijoux,doré\n")
    report = tmp_path / "report.csv"
    done = flask("import", folder, "--unit", unit.code, "--publish", "--report", report)
    assert done.exit_code == 1
    assert "2 items added, 2 of them published; 0 were there already; 1 refused. 3 photos" in done.output
    assert "refused: 03.jpg: not a readable photo" in done.output
    assert statuses(session) == {ItemStatus.PUBLISHED: 2}
    ring = session.scalars(select(Item).where(Item.title == "Bague")).one()
    assert (len(ring.photos), ring.category.code, ring.colours) == (2, "jewellery", ["gold"])
    assert "sous la responsabilité" in cases.open_secrets(ring.case, sealer).authorised_by
    assert ["objets.csv:2", ring.public_number, "new"] in list(csv.reader(report.open()))

    (folder / "03.jpg").unlink()
    done = flask("import", folder, "--unit", unit.code, "--publish")
    assert done.exit_code == 0
    assert "0 items added, 0 of them published; 2 were there already; 0 refused" in done.output


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


def test_publishing_into_a_case_without_authorisation_is_refused_before_any_work(
    flask: Command, session: Session, make: Factory, unit: Unit, folder: Path
) -> None:
    draw(folder, 1)
    make.case(unit, CaseSecrets(case_number="7/2026"))
    arguments = ("import", folder, "--unit", unit.code, "--case", "7/2026", "--publish")
    refused = flask(*arguments)
    assert (refused.exit_code, "no authorisation to publish" in refused.output) == (2, True)
    assert statuses(session) == {}
    allowed = flask(*arguments, "--authorised-by", "Mme la procureure", "--authorised-on", "2026-10-01")
    assert allowed.exit_code == 0
    assert statuses(session) == {ItemStatus.PUBLISHED: 1}


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


def test_a_file_with_an_unknown_column_is_status_2(flask: Command, unit: Unit, folder: Path) -> None:
    (folder / "objets.csv").write_text("photos,numéro de sérieux\n")
    done = flask("import", folder, "--unit", unit.code)
    assert (done.exit_code, "numéro de sérieux" in done.output) == (2, True)


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
    draw(folder, 36)
    process = spawn("import", folder, "--unit", unit.code, "--publish")
    family = wait_for_rows(session, process)
    process.kill()
    assert count(session, Item) < 36
    assert psutil.wait_procs(family, timeout=10)[1] == [], "a process of the pool outlives its parent"
    every_row_has_its_files(session, private, public)

    assert flask("import", folder, "--unit", unit.code, "--publish").exit_code == 0
    assert (count(session, Item), count(session, ItemPhoto), count(session, Signature)) == (36, 36, 36)
    assert session.scalar(select(func.count(ItemPhoto.original_sha256.distinct()))) == 36
    every_row_has_its_files(session, private, public)


def wait_for_rows(session: Session, process: Popen[str]) -> list[psutil.Process]:
    """The import's processes, once its first transaction is committed."""
    deadline = time.monotonic() + 60
    while count(session, Item) == 0:
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return psutil.Process(process.pid).children(recursive=True)


def count(session: Session, table: type) -> int:
    end_reading(session)
    return session.scalar(select(func.count()).select_from(table)) or 0


def every_row_has_its_files(session: Session, private: PhotoStore, public: PhotoStore) -> None:
    for photo in session.scalars(select(ItemPhoto)):
        assert private.holds(original_key(photo.original_sha256))
        assert all(private.holds(key) and public.holds(key) for key in keys_of(photo))

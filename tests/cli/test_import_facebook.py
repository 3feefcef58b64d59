"""`flask import --facebook-export`, with its pool of processes."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.models import AuditEntry, Case, Item, ItemStatus, Unit
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.items import items
from gallery.services.transaction import end_reading
from gallery.storage import PhotoStore
from tests import pictures
from tests.archives import COMMENTER, Shot, archive, zipped

Command = Callable[..., Result]


def drawn(seed: int) -> bytes:
    return pictures.jpeg(pictures.picture(seed).resize((320, 240)))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Two albums of three photos, one of them damaged and one that the archive lacks."""
    vitre = [Shot("1.jpg", drawn(1), "Bague en or\nGravée « Léa »"), Shot("2.jpg", b"no photo", "Montre")]
    path = tmp_path / "facebook.zip"
    path.write_bytes(archive({"Vitré": vitre, "Fougères": [Shot("3.jpg", drawn(3)), Shot("4.jpg", None)]}))
    return path


def count(session: Session, table: type) -> int:
    end_reading(session)
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_it_works_and_can_be_run_again(
    flask: Command, session: Session, unit: Unit, package: Path, tmp_path: Path, sealer: Sealer
) -> None:
    report = tmp_path / "report.csv"
    done = flask("import", "--facebook-export", package, "--unit", unit.code, "--report", report)
    assert done.exit_code == 1
    assert (
        "2 items with 2 photos added and 0 described, 0 of them published; 0 were there already; 2 refused"
        in done.output
    )
    assert "refused: Vitré, 2.jpg: not a readable photo" in done.output
    assert "refused: Fougères, 4.jpg: an album lists it" in done.output
    end_reading(session)
    ring = session.scalars(select(Item).where(Item.title == "Bague en or")).one()
    assert ring.status is ItemStatus.DRAFT
    assert ring.distinguishing_features == "Gravée « Léa »"
    assert cases.open_secrets(ring.case, sealer).case_number == "Album Facebook Vitré"
    assert not cases.open_secrets(ring.case, sealer).is_authorised
    assert ["Vitré, 1.jpg", ring.public_number, "new"] in list(csv.reader(report.open()))

    done = flask("import", "--facebook-export", package, "--unit", unit.code)
    assert (
        "0 items with 0 photos added and 0 described, 0 of them published; 2 were there already; 2 refused"
        in done.output
    )
    assert (count(session, Item), count(session, Case)) == (2, 2)


@pytest.mark.usefixtures("without_pool")
def test_a_dry_run_says_the_same_and_writes_nothing(
    flask: Command, session: Session, unit: Unit, package: Path, private: PhotoStore
) -> None:
    noted = count(session, AuditEntry)
    flask("import", "--facebook-export", package, "--unit", unit.code, "--dry-run")
    done = flask("import", "--facebook-export", package, "--unit", unit.code, "--dry-run")
    assert done.exit_code == 1
    assert "Nothing was written. 2 items with 2 photos would be added" in done.output
    assert "0 are there already; 2 refused" in done.output
    assert (count(session, Item), count(session, Case), count(session, AuditEntry)) == (0, 0, noted)


@pytest.mark.usefixtures("without_pool")
def test_a_dry_run_tells_what_is_there_already(flask: Command, unit: Unit, package: Path) -> None:
    flask("import", "--facebook-export", package, "--unit", unit.code)
    done = flask("import", "--facebook-export", package, "--unit", unit.code, "--dry-run")
    assert "0 items with 0 photos would be added" in done.output
    assert "2 are there already; 2 refused" in done.output


@pytest.mark.usefixtures("without_pool")
def test_a_folder_has_its_dry_run_too(flask: Command, session: Session, unit: Unit, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(drawn(1))
    (folder / "copy.jpg").write_bytes(drawn(1))
    done = flask("import", folder, "--unit", unit.code, "--dry-run")
    assert (done.exit_code, count(session, Item)) == (0, 0)
    assert "1 items with 1 photos would be added" in done.output
    assert "1 are there already; 0 refused" in done.output


@pytest.mark.usefixtures("without_pool")
def test_the_album_and_the_day_are_in_the_journal_and_no_commenter_anywhere(
    flask: Command, session: Session, unit: Unit, package: Path, sealer: Sealer
) -> None:
    flask("import", "--facebook-export", package, "--unit", unit.code)
    end_reading(session)
    entries = session.scalars(select(AuditEntry)).all()
    (taken,) = [each.details for each in entries if each.action == "take_over" and each.details["album"] == "Vitré"]
    assert taken == {"album": "Vitré", "posted_on": "2014-05-13"}
    for item in session.scalars(select(Item)):
        said = [getattr(item, column.name) for column in Item.__table__.columns]
        assert COMMENTER not in repr((said, items.open_secrets(item, sealer), cases.open_secrets(item.case, sealer)))
    assert COMMENTER not in repr([each.details for each in entries])


@pytest.mark.usefixtures("without_pool")
def test_a_case_and_a_category_may_be_chosen(
    flask: Command, session: Session, unit: Unit, package: Path, sealer: Sealer
) -> None:
    chosen = ("--case", "12/2014", "--category", "jewellery", "--title", "Bijou retrouvé")
    flask("import", "--facebook-export", package, "--unit", unit.code, *chosen)
    end_reading(session)
    found = session.scalars(select(Item)).all()
    assert {item.category.code for item in found} == {"jewellery"}
    assert {item.title for item in found} == {"Bague en or", "Bijou retrouvé"}
    assert {cases.open_secrets(item.case, sealer).case_number for item in found} == {"12/2014"}


@pytest.mark.usefixtures("without_pool")
def test_photos_may_lie_in_another_part(flask: Command, unit: Unit, tmp_path: Path) -> None:
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    first.write_bytes(archive({"Vitré": [Shot("1.jpg", None)]}, layout="2020"))
    second.write_bytes(zipped({"posts/media/Objets_1/1.jpg": drawn(1)}))
    done = flask("import", "--facebook-export", first, "--facebook-export", second, "--unit", unit.code)
    assert (done.exit_code, "1 items with 1 photos added" in done.output) == (0, True)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"no zip", "this is no ZIP file"), (zipped({"posts/album/0.html": "<html>"}), "ask Facebook for the JSON form")],
    ids=["no zip", "pages"],
)
def test_what_is_no_archive_is_status_2_with_its_reason(
    flask: Command, unit: Unit, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "facebook.zip"
    path.write_bytes(content)
    done = flask("import", "--facebook-export", path, "--unit", unit.code)
    assert (done.exit_code, sentence in done.output) == (2, True)


@pytest.mark.parametrize(
    "options",
    [["--facebook-export", "{package}", "--publish"], ["{folder}", "--facebook-export", "{package}"], []],
    ids=["published", "folder too", "neither"],
)
def test_wrong_mixtures_are_status_2(flask: Command, unit: Unit, package: Path, options: list[str]) -> None:
    given = [each.format(package=package, folder=package.parent) for each in options]
    assert flask("import", *given, "--unit", unit.code).exit_code == 2

"""`flask import`, with its pool of processes."""

import csv
import re
import unicodedata
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
from gallery.config import Settings
from gallery.models import Case, Item, ItemPhoto, ItemStatus, StoredSignature, Unit
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.cases import CaseSecrets
from gallery.services.items import items
from gallery.services.items.items import ItemSecrets
from gallery.services.items.renditions import keys_of
from gallery.services.transaction import end_reading
from gallery.storage import PhotoStore, original_key
from tests import pictures
from tests.factories import Factory
from tests.waiting import wait_until

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
    published = ("import", folder, "--unit", unit.code, "--publish", "--undescribed")
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
    arguments = ("import", folder, "--unit", unit.code, "--case", "7/2026", "--publish", "--undescribed")
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
    refused = flask("import", folder, "--unit", unit.code, "--publish")
    assert (refused.exit_code, "--undescribed" in refused.output) == (2, True)
    assert count(session, Item) == 0


@pytest.mark.usefixtures("without_pool")
def test_with_a_list_what_it_leaves_out_is_published_only_when_asked_for(
    flask: Command, session: Session, unit: Unit, folder: Path
) -> None:
    draw(folder, 2)
    write_list(folder, "photos,titre", "00.jpg,Bague")
    done = flask("import", folder, "--unit", unit.code, "--publish")
    assert (done.exit_code, "refused: 01.jpg: not published, as no row describes it" in done.output) == (1, True)
    assert statuses(session) == {ItemStatus.PUBLISHED: 1}
    assert flask("import", folder, "--unit", unit.code, "--publish", "--undescribed").exit_code == 0
    assert statuses(session) == {ItemStatus.PUBLISHED: 2}


IDENTITY = "papiers d’identité"


def write_list(folder: Path, *lines: str) -> None:
    (folder / "objets.csv").write_text("\n".join((*lines, "")), encoding="utf-8")


@pytest.mark.usefixtures("without_pool")
@pytest.mark.parametrize("row", ["carte identite.jpg", "carte d'identité.jpg", "lot/carte d’identité.jpg"])
def test_a_refused_row_publishes_nothing_and_corrected_it_makes_one_item(
    flask: Command, session: Session, unit: Unit, folder: Path, public: PhotoStore, row: str
) -> None:
    name = unicodedata.normalize("NFD", "Carte d’identité.JPG")
    (folder / name).write_bytes(pictures.jpeg(pictures.picture(1)))
    (folder / "copie.jpg").write_bytes((folder / name).read_bytes())
    arguments = ("import", folder, "--unit", unit.code, "--publish", "--undescribed")
    write_list(folder, "photos,catégorie,signes réservés", f"{row},{IDENTITY},au nom de Léa")
    assert flask(*arguments).exit_code == 1
    assert count(session, Item) == 0
    write_list(folder, "photos,catégorie,signes réservés", f"carte d’identité.jpg,{IDENTITY},au nom de Léa")
    done = flask(*arguments)
    assert "its category is never public" in done.output
    assert statuses(session) == {ItemStatus.DRAFT: 1}
    assert list(public.keys_older_than(datetime.max.replace(tzinfo=UTC))) == []


@pytest.mark.usefixtures("without_pool")
def test_a_row_describes_the_item_that_was_published_without_it_and_hides_what_is_never_public(
    flask: Command, session: Session, unit: Unit, folder: Path, sealer: Sealer
) -> None:
    draw(folder, 2)
    arguments = ("import", folder, "--unit", unit.code, "--publish", "--undescribed")
    assert flask(*arguments).exit_code == 0
    assert statuses(session) == {ItemStatus.PUBLISHED: 2}
    numbers = set(session.scalars(select(Item.public_number)))
    write_list(
        folder,
        "photos,titre,catégorie,signes réservés",
        "00.jpg,Carte,identity_papers,au nom de Léa",
        "01.jpg,Bague,bijoux,",
    )
    done = flask(*arguments)
    assert "0 items with 0 photos added and 2 described, 1 of them published" in done.output
    assert statuses(session) == {ItemStatus.WITHDRAWN: 1, ItemStatus.PUBLISHED: 1}
    assert set(session.scalars(select(Item.public_number))) == numbers
    card = session.scalars(select(Item).where(Item.title == "Carte")).one()
    assert items.open_secrets(card, sealer).withheld_details == "au nom de Léa"
    assert "2 were there already; 0 refused" in flask(*arguments).output


@pytest.mark.usefixtures("without_pool")
def test_a_row_whose_photo_was_described_by_hand_is_refused_with_that_number(
    flask: Command, session: Session, make: Factory, unit: Unit, folder: Path
) -> None:
    draw(folder, 1)
    item = make.item(make.case(unit), title="Alliance", brand="Cartier")
    make.photo(item, (folder / "00.jpg").read_bytes())
    write_list(folder, "photos,titre", "00.jpg,Bague")
    done = flask("import", folder, "--unit", unit.code, "--publish")
    assert f"its photo belongs to {item.public_number} already" in " ".join(done.output.split())
    assert statuses(session) == {ItemStatus.DRAFT: 1}


@pytest.mark.usefixtures("without_pool")
def test_a_corrected_name_finds_the_item_that_the_row_made(
    flask: Command, session: Session, unit: Unit, folder: Path
) -> None:
    draw(folder, 2)
    arguments = ("import", folder, "--unit", unit.code, "--publish")
    write_list(folder, "photos,titre", "00.jpg,Bague", "01.jpg,Montre")
    assert flask(*arguments).exit_code == 0
    (folder / "00.jpg").rename(folder / "bague.JPG")
    write_list(folder, "photos,titre", "01.jpg,Montre", "bague.jpg,Bague")
    assert "2 were there already; 0 refused" in flask(*arguments).output
    assert (count(session, Item), session.scalar(select(func.count(ItemPhoto.original_sha256.distinct())))) == (2, 2)


@pytest.mark.usefixtures("without_pool")
def test_two_rows_of_one_photo_under_two_names_are_both_refused(
    flask: Command, session: Session, unit: Unit, folder: Path
) -> None:
    draw(folder, 1)
    (folder / "copie.jpg").write_bytes((folder / "00.jpg").read_bytes())
    write_list(folder, "photos,catégorie", "00.jpg,bijoux", f"copie.jpg,{IDENTITY}")
    assert "0 items" in flask("import", folder, "--unit", unit.code, "--publish").output
    assert count(session, Item) == 0


@pytest.mark.usefixtures("without_pool")
def test_the_same_name_in_another_folder_is_another_item(
    flask: Command, session: Session, unit: Unit, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for number, each in enumerate((folder, other)):
        (each / "IMG_1.jpg").write_bytes(pictures.jpeg(pictures.picture(number)))
        write_list(each, "photos,titre", f"IMG_1.jpg,Objet {number}")
        assert flask("import", each, "--unit", unit.code, "--publish").exit_code == 0
    assert statuses(session) == {ItemStatus.PUBLISHED: 2}


COUNTS = re.compile(
    r"(\d+) items with (\d+) photos .*?(\d+) described, (\d+) of them.*?(\d+) (?:were|are) there.*?(\d+) refused"
)


def counted(done: Result) -> tuple[str, ...]:
    found = COUNTS.search(done.output.replace("\n", " "))
    assert found, done.output
    return found.groups()


def mixed(folder: Path, settings: Settings) -> None:
    """Photos of every kind: good, broken, HTML, too large, copies; rows good, refused, secret, of two photos."""
    draw(folder, 9)
    good = (folder / "00.jpg").read_bytes()
    (folder / "page.jpg").write_bytes(b"<!doctype html><title>403</title>")
    (folder / "coupée.jpg").write_bytes(good[:300])
    with (folder / "lourde.jpg").open("wb") as file:
        file.truncate(settings.max_upload_bytes + 1)
    (folder / "copie de 07.jpg").write_bytes((folder / "07.jpg").read_bytes())
    (folder / "copie de 00.jpg").write_bytes(good)
    (folder / "copie de 05.jpg").write_bytes((folder / "05.jpg").read_bytes())
    write_list(
        folder,
        "clé,photos,catégorie,numéro de procédure",
        "A,00.jpg|01.jpg,bijoux,",
        f"B,02.jpg,{IDENTITY},",
        "C,03.jpg|page.jpg,bijoux,",
        "D,04.jpg,bijoux,77/2026",
        "E,05.jpg,soucoupes,",
        ",06.jpg,bijoux,",
        "F,coupée.jpg,bijoux,",
    )


@pytest.mark.usefixtures("without_pool")
@pytest.mark.parametrize("options", [(), ("--publish",), ("--publish", "--undescribed")], ids=["drafts", "list", "all"])
def test_a_dry_run_counts_what_the_real_run_does(
    flask: Command, session: Session, unit: Unit, folder: Path, settings: Settings, options: tuple[str, ...]
) -> None:
    mixed(folder, settings)
    arguments = ("import", folder, "--unit", unit.code, *options)
    for _ in range(2):
        before = count(session, Item)
        dry = flask(*arguments, "--dry-run")
        assert count(session, Item) == before
        real = flask(*arguments)
        assert counted(dry) == counted(real)
        assert refused(dry) == refused(real)
        assert dry.exit_code == real.exit_code == 1


def refused(done: Result) -> list[str]:
    return [
        re.sub(r", draft \S+?:|, draft:", ":", line) for line in done.output.splitlines() if line.startswith("refused")
    ]


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
    draw(folder, 12)
    process = spawn("import", folder, "--unit", unit.code, "--publish", "--undescribed", before=HALTS_AFTER_ONE)
    family = wait_for_rows(session, process)
    process.kill()
    assert count(session, Item) == 1, "each object is written as soon as it is prepared"
    assert psutil.wait_procs(family, timeout=240)[1] == [], "a process of the pool outlives its parent"
    every_row_has_its_files(session, private, public)

    assert flask("import", folder, "--unit", unit.code, "--publish", "--undescribed").exit_code == 0
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


def count(session: Session, table: type) -> int:
    end_reading(session)
    return session.scalar(select(func.count()).select_from(table)) or 0


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


@pytest.mark.usefixtures("without_pool")
def test_a_dry_run_names_every_error_by_row_and_column(flask: Command, unit: Unit, folder: Path) -> None:
    draw(folder, 2)
    write_list(folder, "photos;titre;catégorie;numéro de série", '00.jpg;"Bague\nen or";bijouz;3,5E+14', "01.jpg;;x;")
    done = flask("import", folder, "--unit", unit.code, "--dry-run")
    assert done.exit_code == 1
    assert refused(done) == [
        "refused: objets.csv:2: numéro de série: '3,5E+14' was rounded by the spreadsheet: make the column a text, "
        "type it again",
        "refused: objets.csv:2: catégorie: 'bijouz' is not a word that is known here; is it 'bijou'?",
        "refused: objets.csv:3: catégorie: 'x' is not a word that is known here",
    ]

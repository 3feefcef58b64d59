"""`flask import` with a list that describes photos, refuses some, and is corrected and given again."""

import re
import unicodedata
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Item, ItemPhoto, ItemStatus, Unit
from gallery.sealing import Sealer
from gallery.services.items import items
from gallery.storage import PhotoStore
from tests import pictures
from tests.cli.importing.conftest import IDENTITY, Command, count, draw, refused, statuses, write_list
from tests.factories import VOUCHED, Factory


@pytest.mark.usefixtures("without_pool")
def test_with_a_list_what_it_leaves_out_is_published_only_when_asked_for(
    flask: Command, session: Session, unit: Unit, folder: Path
) -> None:
    draw(folder, 2)
    write_list(folder, "photos,titre", "00.jpg,Bague")
    done = flask("import", folder, "--unit", unit.code, "--publish", *VOUCHED)
    assert (done.exit_code, "refused: 01.jpg: not published, as no row describes it" in done.output) == (1, True)
    assert statuses(session) == {ItemStatus.PUBLISHED: 1}
    assert flask("import", folder, "--unit", unit.code, "--publish", *VOUCHED, "--undescribed").exit_code == 0
    assert statuses(session) == {ItemStatus.PUBLISHED: 2}


@pytest.mark.usefixtures("without_pool")
@pytest.mark.parametrize("row", ["carte identite.jpg", "carte d'identité.jpg", "lot/carte d’identité.jpg"])
def test_a_refused_row_publishes_nothing_and_corrected_it_makes_one_item(
    flask: Command, session: Session, unit: Unit, folder: Path, public: PhotoStore, row: str
) -> None:
    name = unicodedata.normalize("NFD", "Carte d’identité.JPG")
    (folder / name).write_bytes(pictures.jpeg(pictures.picture(1)))
    (folder / "copie.jpg").write_bytes((folder / name).read_bytes())
    arguments = ("import", folder, "--unit", unit.code, "--publish", *VOUCHED, "--undescribed")
    write_list(folder, "photos,catégorie,signes réservés", f"{row},{IDENTITY},au nom de Léa")
    assert flask(*arguments).exit_code == 1
    assert count(session, Item) == 0
    write_list(folder, "photos,catégorie,signes réservés", f"carte d’identité.jpg,{IDENTITY},au nom de Léa")
    done = flask(*arguments)
    assert "its category is never public" in done.output
    assert statuses(session) == {ItemStatus.DRAFT: 1}
    assert list(public.files()) == []


@pytest.mark.usefixtures("without_pool")
def test_a_title_that_says_what_its_row_hides_is_named(flask: Command, unit: Unit, folder: Path) -> None:
    draw(folder, 2)
    write_list(
        folder,
        "photos,titre,marque,caché du public",
        "00.jpg,Montre Lip d’homme,LIP,marque",
        "01.jpg,Montre Lip de dame,LIP,rien",
    )
    arguments = ("import", folder, "--unit", unit.code)
    told = [flask(*arguments, *more).output for more in (("--dry-run",), (), ())]
    named = [[each for each in output.splitlines() if each.startswith("title: ")] for output in told]
    assert [len(each) for each in named] == [1, 1, 0]
    assert re.fullmatch(r"title: objets.csv:2[^:]* \d\d-\S+: it still says what is hidden .*", named[1][0])
    assert "Lip" not in "".join(named[1])


@pytest.mark.usefixtures("without_pool")
def test_a_row_whose_title_says_what_it_hides_stays_a_draft(
    flask: Command, session: Session, unit: Unit, folder: Path
) -> None:
    draw(folder, 1)
    write_list(folder, "photos,titre,marque,caché du public", "00.jpg,Montre Lip d’homme,LIP,marque")
    arguments = ("import", folder, "--unit", unit.code, "--publish", *VOUCHED)
    for more in (("--dry-run",), ()):
        output = flask(*arguments, *more).output
        assert "its title says what is hidden from the public" in output
        assert "title: " not in output
    assert statuses(session) == {ItemStatus.DRAFT: 1}


@pytest.mark.usefixtures("without_pool")
def test_a_row_describes_the_item_that_was_published_without_it_and_hides_what_is_never_public(
    flask: Command, session: Session, unit: Unit, folder: Path, sealer: Sealer
) -> None:
    draw(folder, 2)
    arguments = ("import", folder, "--unit", unit.code, "--publish", *VOUCHED, "--undescribed")
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
    done = flask("import", folder, "--unit", unit.code, "--publish", *VOUCHED)
    assert f"its photo belongs to {item.public_number} already" in " ".join(done.output.split())
    assert statuses(session) == {ItemStatus.DRAFT: 1}


@pytest.mark.usefixtures("without_pool")
def test_a_corrected_name_finds_the_item_that_the_row_made(
    flask: Command, session: Session, unit: Unit, folder: Path
) -> None:
    draw(folder, 2)
    arguments = ("import", folder, "--unit", unit.code, "--publish", *VOUCHED)
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
    assert "0 items" in flask("import", folder, "--unit", unit.code, "--publish", *VOUCHED).output
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
        assert flask("import", each, "--unit", unit.code, "--publish", *VOUCHED).exit_code == 0
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
@pytest.mark.parametrize(
    "options",
    [
        (),
        (
            "--publish",
            *VOUCHED,
        ),
        ("--publish", *VOUCHED, "--undescribed"),
    ],
    ids=["drafts", "list", "all"],
)
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


def test_a_file_with_an_unknown_column_is_status_2(flask: Command, unit: Unit, folder: Path) -> None:
    (folder / "objets.csv").write_text("photos,numéro de sérieux\n")
    done = flask("import", folder, "--unit", unit.code)
    assert (done.exit_code, "numéro de sérieux" in done.output) == (2, True)


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

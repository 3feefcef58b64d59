"""What an import reads of a folder and of its CSV file."""

from pathlib import Path

import pytest

from gallery.errors import FieldInvalid
from gallery.services.imports import folder as folders
from gallery.services.imports import lists
from gallery.services.imports.plan import Plan
from gallery.services.imports.refusals import (
    ListRefused,
    ListUnclear,
    PhotoMayBeListed,
    PhotoNotInFolder,
    PhotoUnlisted,
)
from tests.services.imports.conftest import DEFAULTS, VOCABULARY, photos_at, read, reasons, sources, taken


def test_each_photo_of_a_folder_is_an_item(folder: Path) -> None:
    plan = read(folder)
    assert sources(plan) == ["a.jpg", "b.jpg", "sous-dossier/c.jpg"]
    assert {item.description.title for item in plan.items} == {"Objet retrouvé"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_row_groups_photos_and_describes_them(folder: Path, encoding: str, separator: str, line_end: str) -> None:
    header = "Clé,Photos,Titre,CATEGORIE,Numéro de procédure,couleurs,marque,numero de serie,Signes réservés"
    row = "B1,a.jpg|sous-dossier/c.jpg,Bague en or,Bijoux,123/2026,Doré | noir,Cartier,XY42,gravée « Léa »"
    plan = read(folder, line_end.join([header, row]).replace(",", separator), encoding=encoding)
    described, alone = plan.items
    assert described.key == "B1"
    assert [path.name for path in described.photos] == ["a.jpg", "c.jpg"]
    assert (described.category_code, described.case_number) == ("jewellery", "123/2026")
    assert described.description.title == "Bague en or"
    assert described.description.colours == ("gold", "black")
    assert described.description.brand == "Cartier"
    assert (described.secret.serial_number, described.secret.withheld_details) == ("XY42", "gravée « Léa »")
    assert alone.source == "b.jpg"


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",Bague,bijoux,doré", "photos"),
        ("../a.jpg,Bague,bijoux,doré", "photos"),
        ("/etc/passwd,Bague,bijoux,doré", "photos"),
        ("a.jpg,Bague,soucoupes,doré", "catégorie"),
        ("a.jpg,Bague,bijoux,turquoise", "couleurs"),
        ("a.jpg,Bague,bijoux,doré,de trop", ""),
        (f"a.jpg,{'long' * 50},bijoux,doré", "titre"),
    ],
    ids=["no photo", "outside", "absolute", "category", "colour", "moved cells", "long title"],
)
def test_a_wrong_row_is_refused_and_the_others_go_on(folder: Path, row: str, field: str) -> None:
    plan = read(folder, f"photos,titre,catégorie,couleurs\n{row}\nb.jpg,Montre,,\n")
    refusal, *_ = plan.refusals
    assert isinstance(refusal.error, FieldInvalid)
    assert (refusal.source, refusal.error.field) == ("objets.csv:2", field)
    assert "objets.csv:3" in sources(plan)


def test_a_photo_that_is_not_there_is_named(folder: Path) -> None:
    refusal, *_ = read(folder, "photos\nabsent.jpg\n").refusals
    assert isinstance(refusal.error, PhotoNotInFolder)
    assert refusal.error.name == "absent.jpg"


def test_a_key_used_twice_is_refused(folder: Path) -> None:
    plan = read(folder, "clé,photos\nA,a.jpg\nA,b.jpg\n")
    assert sources(plan) == ["objets.csv:2", "sous-dossier/c.jpg"]
    assert [refusal.source for refusal in plan.refusals] == ["objets.csv:3"]


def found(folder: Path, given: Path | None = None) -> Plan:
    return folders.read_folder(lists.files_in(folder), given, vocabulary=VOCABULARY, defaults=DEFAULTS)


@pytest.mark.parametrize("name", ["objets.csv", "Objets.CSV", "OBJETS.csv"])
def test_the_list_in_the_folder_is_used_whatever_its_capitals(folder: Path, name: str) -> None:
    (folder / name).write_text("photos,titre\na.jpg,Bague\n", encoding="utf-8")
    assert found(folder).items[0].description.title == "Bague"


# File -> its content; "../" lies in the folder above.
UNCLEAR = {
    "text": ({"objets.csv.txt": "photos\na.jpg\n"}, "other_name"),
    "copy": ({"objets (1).csv": "photos\na.jpg\n"}, "other_name"),
    "inventory": ({"inventaire.csv": "photos\na.jpg\n"}, "other_name"),
    "no ending": ({"objets": "a.jpg ; carte d’identité"}, "other_name"),
    "Excel": ({"objets.xlsx": "PK"}, "unreadable"),
    "LibreOffice": ({"Objets.ODS": "PK"}, "unreadable"),
    "Word": ({"inventaire.docx": "PK"}, "unreadable"),
    "two": ({"objets.csv": "photos\na.jpg\n", "liste.csv": "photos\nb.jpg\n"}, "several"),
    "subfolder": ({"sous-dossier/objets.csv": "photos\nc.jpg\n"}, "other_name"),
    "folder above": ({"../objets.csv": "photos\nphotos/a.jpg\n"}, "other_name"),
    "another one above": ({"../inventaire.csv": "photos\nPHOTOS\\A.JPG\n"}, "other_name"),
    "Excel above": ({"../objets.xlsx": "PK"}, "unreadable"),
    "notes": ({"notes.txt": "sur a.jpg, la gravure Léa"}, "other_name"),
}


@pytest.mark.parametrize(("files", "why"), UNCLEAR.values(), ids=list(UNCLEAR))
def test_a_list_that_is_not_understood_is_asked_about(tmp_path: Path, files: dict[str, str], why: str) -> None:
    folder = tmp_path / "photos"
    photos_at(folder, "a.jpg", "b.jpg", "sous-dossier/c.jpg")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ListUnclear) as refused:
        found(folder)
    assert refused.value.why == why


@pytest.mark.parametrize(
    "name",
    [".~lock.objets.csv#", "~$objets.xlsx", "LISEZMOI.txt", "../comptes.csv", "../objets.jpg", "__MACOSX/._a.jpg"],
)
def test_a_file_that_describes_nothing_here_is_no_list(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "photos"
    photos_at(folder, "a.jpg")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("rien de ces photos")
    assert "a.jpg" in sources(found(folder))


def test_beside_the_list_that_was_given_another_one_may_describe_the_rest(folder: Path) -> None:
    given = folder / "objets.csv"
    given.write_text("photos\na.jpg\n")
    (folder / "liste.xlsx").write_bytes(b"PK")
    plan = found(folder, given)
    assert taken(plan) == ["a.jpg"]
    assert set(reasons(plan).values()) == {PhotoMayBeListed}


def test_a_spreadsheet_that_was_given_is_refused(folder: Path) -> None:
    (folder / "objets.ods").write_bytes(b"PK")
    with pytest.raises(ListUnclear):
        found(folder, folder / "objets.ods")


def test_where_nothing_undescribed_is_published_a_photo_without_row_is_left(folder: Path) -> None:
    (folder / "objets.csv").write_text("photos\na.jpg\n")
    plan = folders.read_folder(lists.files_in(folder), vocabulary=VOCABULARY, defaults=DEFAULTS, takes_unlisted=False)
    assert taken(plan) == ["a.jpg"]
    assert set(reasons(plan).values()) == {PhotoUnlisted}


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("photos,clé\n".encode("mac-roman"), "encoding (save it as « CSV UTF-8 »)"),
        (b'photos\n"a.jpg\n', "objets.csv:2"),
        (b"photos,titre\na.jpg,nul\0byte\n", "objets.csv:2"),
    ],
    ids=["encoding", "open quote", "nul"],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(folder: Path, content: bytes, field: str) -> None:
    path = folder / "objets.csv"
    path.write_bytes(content)
    with pytest.raises(FieldInvalid) as refused:
        folders.read_folder(lists.files_in(folder), path, vocabulary=VOCABULARY, defaults=DEFAULTS)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("photos,numéro de sérieux,prix\na.jpg,X,5\n", ["numéro de sérieux", "prix"]),
        ("titre\nBague\n", ["photos"]),
        ("photos,photos\na.jpg,b.jpg\n", ["photos"]),
        ("", ["photos"]),
        ("photos,prix,catégorie\na.jpg,5,soucoupes\n", ["prix", "catégorie"]),
    ],
    ids=["unknown", "no photos", "twice", "empty", "with what is wrong below"],
)
def test_a_list_whose_columns_are_not_known_is_refused_with_all_that_is_wrong(
    folder: Path, text: str, columns: list[str]
) -> None:
    with pytest.raises(ListRefused) as refused:
        read(folder, text)
    assert [each.column for each in refused.value.refusals] == columns


def test_a_row_is_told_everything_that_is_wrong_with_it_at_once(folder: Path) -> None:
    header = "photos;titre;catégorie;couleurs;numéro de série;caché du public"
    plan = read(folder, f"{header}\na.jpg|absent.jpg;{'long' * 50};bijoou;vert|or;3,5E+14;prix\n")
    faults = [(each.source, each.column, str(getattr(each.error, "fault", ""))) for each in plan.refusals[:7]]
    assert faults == [
        ("objets.csv:2", "numéro de série", "rounded"),
        ("objets.csv:2", "photos", ""),
        ("objets.csv:2", "catégorie", "unknown"),
        ("objets.csv:2", "titre", "too_long"),
        ("objets.csv:2", "couleurs", "unknown"),
        ("objets.csv:2", "couleurs", "unknown"),
        ("objets.csv:2", "caché du public", "unknown"),
    ]
    assert plan.refusals[2].error.known == "bijoux"


def test_a_row_says_which_headings_the_public_does_not_see(folder: Path) -> None:
    plan = read(folder, "photos;caché du public\na.jpg;Inscriptions | signes particuliers\nb.jpg;rien\n")
    assert [item.withheld for item in plan.items] == [("inscriptions", "distinguishing_features"), (), None]


def test_an_empty_folder_is_an_empty_plan(tmp_path: Path) -> None:
    assert read(tmp_path).items == ()

"""What an import reads of a folder and of its CSV file."""

from pathlib import Path

import pytest

from gallery.errors import FieldInvalid, FileAbsent
from gallery.services.imports import plan as import_plan
from gallery.services.imports.plan import Defaults, Plan, Vocabulary

VOCABULARY = Vocabulary(
    categories={"jewellery": "jewellery", "bijoux": "jewellery", "other": "other"},
    colours={"dore": "gold", "noir": "black"},
)
DEFAULTS = Defaults(title="Objet retrouvé", category_code="other", case_number="Import 2026-11-24")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.jpg", "b.jpg", "sous-dossier/c.jpg", ".caché.jpg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def read(folder: Path, text: str | None = None, *, encoding: str = "utf-8") -> Plan:
    csv_file = None
    if text is not None:
        csv_file = folder / "objets.csv"
        csv_file.write_bytes(text.encode(encoding))
    return import_plan.read_folder(folder, csv_file, vocabulary=VOCABULARY, defaults=DEFAULTS)


def sources(plan: Plan) -> list[str]:
    return [item.source for item in plan.items]


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
        ("a.jpg,Bague,bijoux,doré,de trop", "more cells than columns"),
        (f"a.jpg,{'long' * 50},bijoux,doré", "titre (over 160 characters)"),
    ],
    ids=["no photo", "outside", "absolute", "category", "colour", "moved cells", "long title"],
)
def test_a_wrong_row_is_refused_and_the_others_go_on(folder: Path, row: str, field: str) -> None:
    plan = read(folder, f"photos,titre,catégorie,couleurs\n{row}\nb.jpg,Montre,,\n")
    (refusal,) = plan.refusals
    assert isinstance(refusal.error, FieldInvalid)
    assert (refusal.source, refusal.error.field) == ("objets.csv:2", field)
    assert "objets.csv:3" in sources(plan)


@pytest.mark.parametrize("row", ["a.jpg,soucoupes", "a.jpg|absent.jpg,bijoux", "a.jpg,bijoux,de trop"])
def test_the_photo_of_a_refused_row_is_not_taken_without_its_description(folder: Path, row: str) -> None:
    plan = read(folder, f"photos,catégorie\n{row}\n")
    assert sources(plan) == ["b.jpg", "sous-dossier/c.jpg"]


def test_a_photo_that_is_not_there_is_named(folder: Path) -> None:
    (refusal,) = read(folder, "photos\nabsent.jpg\n").refusals
    assert isinstance(refusal.error, FileAbsent)
    assert refusal.error.key == "absent.jpg"


def test_a_key_used_twice_is_refused(folder: Path) -> None:
    plan = read(folder, "clé,photos\nA,a.jpg\nA,b.jpg\n")
    assert sources(plan) == ["objets.csv:2", "sous-dossier/c.jpg"]
    assert [refusal.source for refusal in plan.refusals] == ["objets.csv:3"]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("photos,numéro de sérieux\na.jpg,X\n".encode(), "column"),
        (b"titre\nBague\n", "columns"),
        (b"photos,photos\na.jpg,b.jpg\n", "columns"),
        (b"", "columns"),
        ("photos,cl\u00e9\n".encode("latin-1"), "encoding (UTF-8 is expected)"),
        (b'photos\n"a.jpg\n', "objets.csv:2"),
        (b"photos,titre\na.jpg,nul\0byte\n", "objets.csv:2"),
    ],
    ids=["unknown column", "no photos column", "column twice", "empty", "encoding", "open quote", "nul"],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(folder: Path, content: bytes, field: str) -> None:
    path = folder / "objets.csv"
    path.write_bytes(content)
    with pytest.raises(FieldInvalid) as refused:
        import_plan.read_folder(folder, path, vocabulary=VOCABULARY, defaults=DEFAULTS)
    assert refused.value.field == field


def test_an_empty_folder_is_an_empty_plan(tmp_path: Path) -> None:
    assert read(tmp_path) == Plan((), ())

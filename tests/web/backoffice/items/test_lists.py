"""Lists for spreadsheets: taken out with their filters, brought into a case after a look at what is wrong."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import AuditEntry, Case, Item, Officer
from gallery.sealing import Sealer
from gallery.services.imports import recognition
from gallery.services.items import items
from gallery.services.items.items import ItemSecrets
from gallery.services.spreadsheets import taking
from gallery.services.transaction import atomic
from gallery.web.backoffice.spreadsheets import case_list
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk, files

# As Excel in French writes it: semicolons, Windows-1252, line ends within a cell, cells that were never filled.
EXCEL = (
    "clé;photos;titre;catégorie;couleurs;époque;dimensions;numéro de série;signes particuliers;;\r\n"
    'A1;IMG_1.jpg;Bague émaillée;Bijoux;doré|rouge;31/12/2025;12,5 mm;XY42;"Rayée\nau dos";;\r\n'
    ";;Vélo bleu;vélo;bleue|Blanches;;;;;;\r\n"
    ";absent.jpg;Montre;parure;vert d’eau;;;3,5E+14;;;\r\n"
    ";;;;;;;;;;\r\n"
).encode("cp1252")


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def export(desk: Desk, **form: str) -> list[dict[str, str]]:
    answer = desk.send("/objets/tableur", form)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Cache-Control"] == "no-store"
    return rows_of(answer.data)


def give(desk: Desk, case: Case, data: bytes, name: str = "liste.csv") -> Page:
    return desk.do(f"/affaires/{case.reference}/liste", {"liste": (BytesIO(data), name)})


def take(desk: Desk, case: Case) -> Page:
    page = desk.get(f"/affaires/{case.reference}/liste")
    (digest,) = page.all("input[name=liste][type=hidden]")
    return desk.do(f"/affaires/{case.reference}/liste/importer", {"liste": str(digest["value"])})


def cells(page: Page) -> list[list[str]]:
    return [[cell.get_text(strip=True) for cell in row.select("th, td")][:3] for row in page.all("tbody tr")]


def test_a_list_is_looked_at_and_then_imported(desk: Desk, case: Case, session: Session, sealer: Sealer) -> None:
    desk.do(f"/affaires/{case.reference}/photos", {"photos": files((pictures.jpeg(pictures.picture(3)), "IMG_1.jpg"))})
    page = give(desk, case, EXCEL)
    assert cells(page) == [
        ["Ligne 4", "numéro de série", "3,5E+14"],
        ["Ligne 4", "photos", "absent.jpg"],
        ["Ligne 4", "catégorie", "parure"],
        ["Ligne 4", "couleurs", "vert d’eau"],
    ]
    assert "2 brouillons seront créés" in page.text
    assert not session.scalars(select(Item)).all(), "a look writes nothing"
    assert "2 brouillons sont créés" in take(desk, case).text
    session.rollback()
    ring, bicycle = session.scalars(select(Item).order_by(Item.id))
    assert (ring.title, ring.period, ring.measurements, ring.colours) == (
        "Bague émaillée", "31/12/2025", "12,5 mm", ["gold", "red"]
    )  # fmt: skip
    assert len(ring.photos) == 1
    assert ring.distinguishing_features == ""
    assert items.open_secrets(ring, sealer) == ItemSecrets(
        serial_number="XY42", withheld={"inscriptions": "", "distinguishing_features": "Rayée\nau dos"}
    )
    assert (bicycle.title, bicycle.category.code, bicycle.photos) == ("Vélo bleu", "bicycles", [])
    assert bicycle.colours == ["blue", "white"]
    again = give(desk, case, EXCEL)
    assert "2 lignes ne changent rien" in again.text
    assert not again.all("input[name=liste][type=hidden]"), "nothing is imported twice"


def test_what_is_exported_comes_back_as_it_is_and_completes_drafts(
    desk: Desk, make: Factory, case: Case, session: Session, sealer: Sealer
) -> None:
    secret = ItemSecrets(serial_number="00123", exhibit_number="-7", withheld={"inscriptions": "=Léa"})
    make.item(case, title="=1+1", secret=secret, with_photos=1, distinguishing_features="a;\n@b")
    make.item(case, title="Vélo", category="bicycles")
    rows = export(desk, affaire=case.reference, reserve="oui")
    assert [row["titre"] for row in rows] == ["Vélo", "'=1+1"]
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@\t\r" and cell]
    answer = desk.send("/objets/tableur", {"affaire": case.reference, "reserve": "oui"})
    page = give(desk, case, answer.data)
    assert "2 lignes ne changent rien" in page.text
    assert cells(page) == []
    number = rows[1]["clé"]
    changed = answer.data.replace(b"'=1+1", "Médaille d’or".encode()).replace(b";rien", b";inscriptions")
    assert [row[:2] for row in cells(give(desk, case, changed))] == [["Ligne 2", rows[0]["clé"]], ["Ligne 3", number]]
    take(desk, case)
    session.rollback()
    item = session.scalars(select(Item).where(Item.public_number == number)).one()
    assert item.title == "Médaille d’or"
    assert items.open_secrets(item, sealer).serial_number == "00123"


def test_an_export_keeps_filters_and_what_is_sealed(
    desk: Desk, make: Factory, case: Case, session: Session, officer: Officer
) -> None:
    make.item(case, title="Bague", secret=ItemSecrets(exhibit_number="SC-9", withheld={"inscriptions": "Léa"}))
    make.item(case, title="Vélo", category="bicycles")
    (row,) = export(desk, categorie="jewellery")
    assert row["titre"] == "Bague"
    assert "numéro de scellé" not in row
    assert "Léa" not in str(row)
    (row,) = export(desk, categorie="jewellery", reserve="oui")
    assert (row["numéro de scellé"], row["inscriptions"], row["caché du public"]) == ("SC-9", "Léa", "inscriptions")
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action.like("export%")).order_by(AuditEntry.id))
    assert [(each.action, each.officer_id, each.details) for each in noted] == [
        ("export_list", officer.id, {"items": 1}),
        ("export_sealed_list", officer.id, {"items": 1}),
    ]


def test_a_published_object_is_not_changed_by_a_list(desk: Desk, case: Case, published: Item) -> None:
    page = give(desk, case, f"clé;titre\n{published.public_number};Autre titre\n".encode())
    assert cells(page) == [["Ligne 2", "clé", published.public_number]]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04 classeur", "C’est un classeur"),
        ("titre\nHôtel à côté\n".encode("mac-roman"), "CSV UTF-8"),
        (b'titre\n"Bague\n', "à partir de la ligne 2"),
        (b"\xff\xd8\xff\xe0 photo", "C’est une photo ou un PDF"),
        (b"%PDF-1.7 facture", "C’est une photo ou un PDF"),
        (b" \r\n", "Ce fichier est vide"),
        (b"", "Choisissez"),
    ],
    ids=["workbook", "Macintosh", "open quote", "photo", "PDF", "empty", "no file"],
)
def test_a_file_that_is_no_list_is_told_with_what_to_do(desk: Desk, case: Case, data: bytes, sentence: str) -> None:
    address = f"/affaires/{case.reference}/liste"
    answer = desk.send(address, {"liste": (BytesIO(data), "liste.csv" if data else "")})
    assert (answer.status_code, sentence in answer.text) == (400, True)


def test_a_list_given_before_is_not_offered_below_the_refusal_of_another(desk: Desk, case: Case) -> None:
    address = f"/affaires/{case.reference}/liste"
    assert give(desk, case, b"titre\nBague\n").all("input[name=liste][type=hidden]")
    refused = desk.send(address, {"liste": (BytesIO(b"PK\x03\x04 classeur"), "liste.xlsx")})
    assert "Rien n’est encore importé" not in refused.text
    assert desk.get(address).all("input[name=liste][type=hidden]")


def test_columns_that_are_not_known_are_told_with_what_is_wrong_below(desk: Desk, case: Case) -> None:
    page = give(desk, case, b"titre;prix;categori\n;5;\n")
    assert cells(page) == [["Ligne 1", "prix", "prix"], ["Ligne 1", "categori", "categori"], ["Ligne 2", "titre", "–"]]
    assert "Est-ce « catégorie » ?" in page.text
    assert not page.all("input[name=liste][type=hidden]")


def test_a_list_that_was_replaced_in_another_tab_is_looked_at_again(desk: Desk, case: Case, session: Session) -> None:
    give(desk, case, b"titre\nBague\n")
    page = desk.do(f"/affaires/{case.reference}/liste/importer", {"liste": "another"})
    assert "Cette liste a changé depuis" in page.text
    assert not session.scalars(select(Item)).all()


def test_a_list_that_is_long_is_imported_by_several_requests(
    desk: Desk, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_list, "LONGEST_REQUEST", timedelta(0))
    monkeypatch.setattr(taking, "AT_ONCE", 2)
    give(desk, case, b"titre\nBague\nMontre\nPendule\n")
    page = take(desk, case)
    assert "2 brouillons sont créés." in page.text
    assert "Encore une ligne : appuyez de nouveau sur « Importer »." in page.text
    assert "Un brouillon est créé." in take(desk, case).text


def test_all_errors_of_a_long_list_can_be_had_as_a_table(desk: Desk, case: Case) -> None:
    address = f"/affaires/{case.reference}/liste"
    assert desk.client.get(f"{address}/erreurs.csv").status_code == 404
    lines = ["titre;catégorie", *(f"Bague {number};=faux{number}" for number in range(301))]
    page = give(desk, case, "\n".join(lines).encode())
    assert len(page.all("tbody tr")) == case_list.MAX_SHOWN == 300
    assert "Les 300 premières erreurs sur 301." in page.text
    answer = desk.client.get(str(page.one("a[href$='erreurs.csv']")["href"]))
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/csv", "no-store")
    rows = rows_of(answer.data)
    assert [row["Ligne"] for row in rows] == [str(number) for number in range(2, 303)]
    assert (rows[-1]["Colonne"], rows[-1]["Valeur"]) == ("catégorie", "'=faux300")
    assert all(row["Que faire"] for row in rows)
    give(desk, case, b"titre;=2+3\nBague;\n")
    (row,) = rows_of(desk.client.get(f"{address}/erreurs.csv").data)
    assert (row["Colonne"], row["Valeur"]) == ("'=2+3", "'=2+3")


def test_the_list_of_another_units_case_is_nobodys_business(case: Case, sign_in: SignIn, outsider: Officer) -> None:
    stranger = Desk(sign_in(outsider))
    assert stranger.client.get(f"/affaires/{case.reference}/liste").status_code == 404
    assert stranger.client.get(f"/affaires/{case.reference}/liste/erreurs.csv").status_code == 404
    assert stranger.send("/objets/tableur", {"affaire": case.reference}).status_code == 404


def test_another_units_key_is_no_hindrance_and_too_many_names_are_one_fault(
    desk: Desk, case: Case, session: Session, sealer: Sealer, make: Factory, outsider: Officer
) -> None:
    other = make.item(make.case(outsider.unit))
    with atomic(session):
        other.import_key = recognition.import_key("A1", sealer)
    names = "|".join(f"{number}.jpg" for number in range(41))
    page = give(desk, case, f"clé;titre;photos\r\nA1;Bague;\r\nA2;Montre;{names}\r\n".encode())
    assert cells(page) == [["Ligne 3", "photos", "–"]]
    assert "plus de 40 noms" in page.text
    assert "Un brouillon est créé" in take(desk, case).text


def test_titles_of_a_list_that_still_say_what_is_hidden_are_told(desk: Desk, case: Case, make: Factory) -> None:
    told, silent = make.item(case, title="Bijou, or 18 carats"), make.item(case, title="Bijou doré")
    rows = [f"{each.public_number};{each.title};or 18 carats;matériaux" for each in (told, silent)]
    give(desk, case, "\n".join(["clé;titre;matériaux;caché du public", *rows]).encode())
    (notice,) = [each for each in take(desk, case).all(".message") if "dit encore" in each.get_text()]
    assert told.public_number in notice.get_text()
    assert silent.public_number not in notice.get_text()

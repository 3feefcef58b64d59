"""Photos dropped into a case, by the plain form and by the script."""

import pytest

from gallery.models import Case, Officer
from gallery.services.cases import CaseSecrets
from gallery.storage import sha256_of
from tests import pictures
from tests.factories import Factory
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import JSON, Desk, files

GOOD = pictures.jpeg(pictures.picture(911))
OTHER = pictures.jpeg(pictures.picture(912))


@pytest.fixture
def address(case: Case) -> str:
    return f"/affaires/{case.reference}/photos"


def test_it_works(desk: Desk, case: Case, address: str) -> None:
    page = desk.do(address, {"photos": files((GOOD, "IMG_1.jpg"), (OTHER, "IMG_2.jpg"))})
    assert "2 photos sont ajoutées." in page.text
    assert [each.get_text(strip=True) for each in page.all(".lot-photos .lot-file")] == ["IMG_1.jpg", "IMG_2.jpg"]
    assert "2 photos en attente" in desk.get(f"/affaires/{case.reference}").text


def test_photographing_begins_from_the_first_page_and_waiting_photos_come_first(
    desk: Desk, make: Factory, case: Case, outsider: Officer, sign_in: SignIn
) -> None:
    newer, address = make.case(case.unit, CaseSecrets(case_number="99/2026")), f"/affaires/{case.reference}/photos"
    desk.send(address, {"photos": files(GOOD)})
    assert "Une photo attend d’être triée." in desk.get("/").text
    first, second = desk.get("/photos").all("tbody tr")
    assert "1 photo à trier" in first.get_text()
    assert "99/2026" in second.get_text()
    assert "aucune" in second.get_text()
    assert str(first.find("a")["href"]).endswith(address)
    offered = desk.get(f"/objets?affaire={newer.reference}").one(".head a.btn-primary")
    assert str(offered["href"]).endswith(f"/affaires/{newer.reference}/photos")
    theirs = Desk(sign_in(outsider))
    assert "attend" not in theirs.get("/").text
    assert not theirs.get("/photos").all("tbody tr")


def test_a_case_that_is_opened_for_photos_leads_to_them(desk: Desk) -> None:
    answer = desk.fill("/affaires/nouvelle?ensuite=photos", {"case_number": "77/2026"})
    assert answer.headers["Location"].endswith("/photos")


def test_the_script_sends_what_is_missing_and_no_photo_twice(desk: Desk, address: str) -> None:
    asked = {"empreintes": f"{sha256_of(GOOD)} {sha256_of(OTHER)} {sha256_of(b'no')} x"}
    assert desk.send(address, {"photos": files(GOOD)}, headers=JSON).status_code == 201
    assert desk.send(address, {"photos": files(GOOD)}, headers=JSON).status_code == 201
    assert desk.send(address, {"photos": files((b"no", "notes.txt"))}, headers=JSON).status_code == 400
    answer = desk.send(f"{address}/manquantes", asked, headers=JSON).get_json()
    assert answer["missing"] == [sha256_of(OTHER)]
    assert "pas une photo lisible" in answer["refused"][sha256_of(b"no")]
    page = desk.get(address)
    assert len(page.all(".lot-photos li")) == 1
    assert "« notes.txt »" in page.text
    assert "notes.txt" not in desk.do(f"{address}/ecartees").text


def test_a_waiting_photo_is_shown_to_its_unit_alone(
    desk: Desk, address: str, sign_in: SignIn, outsider: Officer
) -> None:
    (picture,) = desk.do(address, {"photos": files(GOOD)}).all(".lot-photos img")
    assert desk.client.get(str(picture["src"])).mimetype == "image/webp"
    assert sign_in(outsider).get(str(picture["src"])).status_code == 404

"""Photos dropped into a case, by the plain form and by the script."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Case, LotPhoto, Officer
from gallery.services.cases import CaseSecrets
from gallery.services.transaction import atomic, end_reading
from gallery.storage import original_key, sha256_of
from tests import factories, pictures
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
    bad = desk.send(address, {"photos": files((b"no", "notes.txt"))}, headers=JSON)
    assert (bad.status_code, bad.get_json()["is_final"]) == (400, True)
    answer = desk.send(f"{address}/manquantes", asked, headers=JSON).get_json()
    assert answer["missing"] == [sha256_of(OTHER)]
    assert "pas une photo lisible" in answer["refused"][sha256_of(b"no")]
    page = desk.get(address)
    assert len(page.all(".lot-photos li")) == 1
    assert "« notes.txt »" in page.text
    assert "notes.txt" not in desk.do(f"{address}/ecartees").text


def test_what_has_become_an_object_is_not_taken_again_and_this_is_said(
    desk: Desk, case: Case, make: Factory, address: str
) -> None:
    make.photo(make.item(case), GOOD)
    asked = {"empreintes": f"{sha256_of(GOOD)} {sha256_of(OTHER)}"}
    answer = desk.send(f"{address}/manquantes", asked, headers=JSON).get_json()
    assert (answer["missing"], answer["in_items"]) == ([sha256_of(OTHER)], [sha256_of(GOOD)])
    sent = desk.send(address, {"photos": files(GOOD)}, headers=JSON)
    assert (sent.status_code, sent.get_json()["is_in_item"]) == (201, True)
    page = desk.do(address, {"photos": files(GOOD, OTHER)})
    assert "Une photo est déjà dans une fiche de cette affaire." in page.text
    assert "Une photo est ajoutée." in page.text
    assert len(page.all(".lot-photos li")) == 1
    page = desk.do(address, {"photos": files(GOOD)})
    assert "Choisissez au moins une photo" not in page.text


def test_what_was_removed_comes_back_only_when_an_officer_asks_for_it(desk: Desk, address: str) -> None:
    asked = {"empreintes": f"{sha256_of(GOOD)} {sha256_of(OTHER)} {sha256_of(b'no')}"}
    desk.do(address, {"photos": files((GOOD, "IMG_10.jpg"), (OTHER, "IMG_9.jpg"))})
    assert desk.send(address, {"photos": files((b"no", "notes.txt"))}, headers=JSON).status_code == 400
    photos = [str(each["value"]) for each in desk.get(address).all("input[name=photo]")]
    page = desk.do(f"{address}/trier", {"acte": "retirer", "photo": photos})
    assert [each.get_text() for each in page.all("[data-removed] li")] == ["IMG_9.jpg", "IMG_10.jpg"]
    assert "1 fichier mis de côté" in page.text
    answer = desk.send(f"{address}/manquantes", asked, headers=JSON).get_json()
    assert answer["missing"] == []
    assert "Cette photo a été retirée." in answer["refused"][sha256_of(GOOD)]
    sent = desk.send(address, {"photos": files(GOOD)}, headers=JSON)
    assert (sent.status_code, sent.get_json()["is_final"]) == (409, True)
    page = desk.do(address, {"photos": files((GOOD, "IMG_10.jpg"))})
    assert "« IMG_10.jpg » n’a pas été ajoutée. Cette photo a été retirée." in page.text
    # Each list is emptied by itself.
    assert len(desk.do(f"{address}/ecartees").all("[data-removed] li")) == 2
    page = desk.do(f"{address}/ecartees", {"retirees": "oui"})
    assert "2 photos attendent de nouveau." in page.text
    assert not page.all("[data-removed]")
    assert len(page.all("input[name=photo]")) == 2
    answer = desk.send(f"{address}/manquantes", asked, headers=JSON).get_json()
    assert answer["missing"] == [sha256_of(b"no")]


def test_a_removed_photo_comes_back_where_it_was_and_shows_nothing_that_was_hidden(
    desk: Desk, address: str, session: Session
) -> None:
    desk.do(address, {"photos": files((GOOD, "IMG_10.jpg"))})
    end_reading(session)
    photo = session.scalars(select(LotPhoto)).one()
    with atomic(session):
        photo.moved_to, photo.camera, photo.hidden = "oabc", "Canon", [[0.1, 0.1, 0.3, 0.3]]
    before, public_id = photo.rendition_digest, photo.public_id
    end_reading(session)
    desk.do(f"{address}/trier", {"acte": "retirer", "photo": [public_id]})
    desk.do(f"{address}/ecartees", {"retirees": "oui"})
    end_reading(session)
    back = session.scalars(select(LotPhoto)).one()
    assert (back.name, back.moved_to, back.camera) == ("IMG_10.jpg", "oabc", "Canon")
    assert back.hidden == [[0.1, 0.1, 0.3, 0.3]]
    assert back.rendition_digest != before


def test_a_removed_photo_without_a_file_may_be_dropped_again(desk: Desk, address: str, make: Factory) -> None:
    page = desk.do(address, {"photos": files((GOOD, "IMG_10.jpg"))})
    desk.do(f"{address}/trier", {"acte": "retirer", "photo": [str(page.one("input[name=photo]")["value"])]})
    make.private.delete([original_key(sha256_of(GOOD))])
    page = desk.do(f"{address}/ecartees", {"retirees": "oui"})
    assert "Le fichier d’une photo n’est plus là. Déposez de nouveau ces photos." in page.one("#messages").get_text()
    assert not page.all("[data-removed]")
    assert "Une photo est ajoutée." in desk.do(address, {"photos": files(GOOD)}).text


def test_a_full_case_and_one_of_another_unit_tell_the_script_to_stop(
    settings: Settings, officer: Officer, outsider: Officer, address: str, sign_in: SignIn
) -> None:
    client = create_app(replace(settings, max_lot_photos=1), {Site.BACKOFFICE}).test_client()
    factories.sign_in(client, officer.email)
    desk = Desk(client)
    assert desk.send(address, {"photos": files(GOOD)}, headers=JSON).status_code == 201
    full = desk.send(address, {"photos": files(OTHER)}, headers=JSON)
    assert (full.status_code, full.get_json()["again"]) == (413, "room")
    assert "Triez-en d’abord" in full.get_json()["sentence"]
    asked = {"empreintes": f"{sha256_of(OTHER)} {sha256_of(b'more')}"}
    missing = desk.send(f"{address}/manquantes", asked, headers=JSON).get_json()["missing"]
    assert missing == [sha256_of(OTHER), sha256_of(b"more")]
    foreign = Desk(sign_in(outsider)).send(address, {"photos": files(OTHER)}, headers=JSON)
    assert (foreign.status_code, foreign.get_json()["again"]) == (404, "case")


def test_a_photo_of_the_table_opens_in_its_largest_size(desk: Desk, address: str) -> None:
    big = pictures.jpeg(pictures.picture(913).resize((2400, 1800)))
    (link,) = desk.do(address, {"photos": files(big)}).all(".lot-photos [data-large]")
    answer = desk.client.get(str(link["href"]))
    with Image.open(BytesIO(answer.data)) as image:
        assert image.size == (int(str(link["data-width"])), int(str(link["data-height"]))) == (1600, 1200)


def test_a_waiting_photo_is_shown_to_its_unit_alone(
    desk: Desk, address: str, sign_in: SignIn, outsider: Officer
) -> None:
    (picture,) = desk.do(address, {"photos": files(GOOD)}).all(".lot-photos img")
    assert desk.client.get(str(picture["src"])).mimetype == "image/webp"
    assert sign_in(outsider).get(str(picture["src"])).status_code == 404


def test_a_case_that_fills_up_keeps_what_came_first_and_names_the_rest(
    settings: Settings, officer: Officer, address: str
) -> None:
    client = create_app(replace(settings, max_lot_photos=1), {Site.BACKOFFICE}).test_client()
    factories.sign_in(client, officer.email)
    more = pictures.jpeg(pictures.picture(913))
    page = Desk(client).do(address, {"photos": files((GOOD, "a.jpg"), (OTHER, "b.jpg"), (more, "c.jpg"))})
    said = page.one("#messages").get_text(" ", strip=True)
    assert "Une photo est ajoutée." in said
    assert "« b.jpg » et la photo suivante n’ont pas été ajoutées. 1 photos attendent dans cette affaire" in said
    assert len(page.all(".lot-photos .lot-file")) == 1

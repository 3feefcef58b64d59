"""Photographing with a telephone: numbers in reserve, photos that belong to them, and what the browser may keep."""

import json
import re
from dataclasses import replace

import bs4
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Case, Officer
from tests import pictures
from tests.factories import Factory
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import JSON, Desk, files
from tests.web.backoffice.sorting.conftest import seen

PHOTOS = [pictures.jpeg(pictures.picture(930 + each)) for each in range(3)]
NAMED = "link[rel=stylesheet], link[rel=icon], link[rel=modulepreload], script[src]"


@pytest.fixture
def address(case: Case) -> str:
    return f"/affaires/{case.reference}"


def reserved(desk: Desk, address: str, count: int) -> list[str]:
    answer = desk.send(f"{address}/numeros", {"combien": count}, headers=JSON).get_json()
    return list(answer["numbers"])


def told(client: FlaskClient) -> dict[str, object] | None:
    """What the service worker's script is told of the site."""
    script = client.get("/service-worker.js").text
    return json.loads(script.partition("const SITE = ")[2].partition(";\n")[0])  # type: ignore[no-any-return]


def test_it_works(desk: Desk, address: str) -> None:
    """Whatever the camera's clock and the order of arrival say, photos of one number are together."""
    first, second = reserved(desk, address, 2)
    for photo, number in zip(PHOTOS, (second, first, second), strict=True):
        sent = {"numero": number, "photos": files(photo)}
        assert desk.send(f"{address}/photos", sent, headers=JSON).status_code == 201
    page = desk.get(f"{address}/photos")
    rows = page.all("tr[data-group]")
    groups = {each.select(".lot-name")[0].get_text(): len(each.select(".lot-photos li")) for each in rows}
    assert groups == {first: 1, second: 2}
    sent = {"acte": "fiches", "vu": seen(page)}
    assert "2 fiches sont créées" in desk.do(f"{address}/photos/trier", sent).text
    assert len(desk.get(f"/objets/{second}").all(".photo-card")) == 2


def test_a_number_of_nobody_is_refused_and_its_photo_too(desk: Desk, address: str) -> None:
    sent = {"numero": "35-2222-2", "photos": files(PHOTOS[0])}
    answer = desk.send(f"{address}/photos", sent, headers=JSON)
    assert answer.status_code == 422
    assert "n’est pas réservé" in answer.get_json()["sentence"]
    assert "Aucune photo en attente" in desk.get(f"{address}/photos").text


def test_another_units_case_and_number_are_not_to_be_had(
    desk: Desk, address: str, outsider: Officer, sign_in: SignIn, make: Factory
) -> None:
    (number,) = reserved(desk, address, 1)
    theirs = Desk(sign_in(outsider))
    assert theirs.send(f"{address}/numeros", {"combien": 1}, headers=JSON).status_code == 404
    sent = {"numero": number, "photos": files(PHOTOS[0])}
    case = make.case(outsider.unit)
    assert theirs.send(f"/affaires/{case.reference}/photos", sent, headers=JSON).status_code == 422


def test_a_telephone_reserves_no_more_than_it_may_hold(desk: Desk, address: str) -> None:
    assert len(reserved(desk, address, 5000)) == 120
    assert reserved(desk, address, -1) == []


def test_without_a_script_the_number_is_asked_for_and_the_photos_are_sent_with_it(desk: Desk, address: str) -> None:
    page = desk.do(f"{address}/capturer")
    number = page.one(".big-number").get_text()
    sent = {"numero": page.one("input[name=numero]")["value"], "photos": files(*PHOTOS[:2])}
    assert "2 photos sont ajoutées." in desk.do(f"{address}/photos", sent).text
    assert [each.get_text(strip=True) for each in desk.get(f"{address}/photos").all(".lot-name")] == [number]


def test_a_card_that_is_written_keeps_its_number_where_a_photo_is_refused(
    desk: Desk, address: str, settings: Settings
) -> None:
    number = desk.do(f"{address}/capturer").one("input[name=numero]")["value"]
    for photos in ([PHOTOS[0], b"no photo"], [PHOTOS[0]] * (settings.max_photos_per_request + 1)):
        page = desk.do(f"{address}/photos", {"numero": number, "photos": files(*photos)})
        assert page.one("input[name=numero]")["value"] == number


def test_the_page_holds_nothing_of_anybody(desk: Desk, backoffice_app: Flask, case: Case) -> None:
    """Browsers keep the page, so it is the same for the officer, for a stranger, and for every case."""
    own = desk.client.get(f"/capturer?affaire={case.reference}").text
    assert own == backoffice_app.test_client().get("/capturer").text
    assert case.reference not in own
    assert "csrf_token" not in own


def test_the_worker_keeps_that_page_and_its_files_and_nothing_else(backoffice_app: Flask) -> None:
    client = backoffice_app.test_client()
    page = bs4.BeautifulSoup(client.get("/capturer").text, "html.parser")
    named = {str(each.get("src") or each.get("href")) for each in page.select(NAMED)}
    kept = told(client)
    assert kept is not None
    assert (kept["page"], set(kept["files"])) == ("/capturer", named)  # type: ignore[call-overload]
    assert all(re.search(r"[?&]v=\w+", each) for each in named)
    assert client.get("/service-worker.js").headers["Cache-Control"] == "no-store"


def test_it_can_be_installed(backoffice_app: Flask) -> None:
    client = backoffice_app.test_client()
    answer = client.get("/manifest.webmanifest")
    manifest = answer.get_json(force=True)
    assert answer.mimetype == "application/manifest+json"
    assert (manifest["start_url"], manifest["display"]) == ("/capturer", "standalone")
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).mimetype == "image/png"


def test_set_off_it_removes_itself(settings: Settings, session: Session) -> None:
    client = create_app(replace(settings, installable=False), {Site.BACKOFFICE}).test_client()
    assert told(client) is None
    assert client.get("/manifest.webmanifest").status_code == 404
    page = client.get("/capturer").text
    assert "manifest" not in page
    assert "install.js" not in page

"""The public site on a telephone: installed, with photos shared with it, and those that its browser can't show."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Unit
from tests import pictures
from tests.factories import Factory
from tests.page import Browser, Page

HEIC = (Path(__file__).parents[2] / "data" / "drawn.heic").read_bytes()
OBJECT = pictures.picture(951, kind="ring")


def shared(client: FlaskClient, *photos: bytes, site: str = "none") -> TestResponse:
    """What a telephone posts: no token, no cookie."""
    fields = {"photos": [(BytesIO(each), "IMG.jpg") for each in photos]}
    return client.post("/recherche/partage", data=fields, headers={"Sec-Fetch-Site": site})


def test_it_can_be_installed_and_shared_with(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    manifest = answer.get_json(force=True)
    assert answer.mimetype == "application/manifest+json"
    assert (manifest["share_target"]["action"], manifest["share_target"]["method"]) == ("/recherche/partage", "POST")
    assert {client.get(icon["src"]).mimetype for icon in manifest["icons"]} == {"image/png"}


def test_a_shared_photo_is_searched_for(make: Factory, unit: Unit, client: FlaskClient) -> None:
    item = make.published(make.case(unit), pictures.jpeg(OBJECT))
    answer = shared(client, pictures.jpeg(OBJECT))
    assert answer.status_code == 200
    assert item.public_number in Page(answer).text


def test_no_other_sites_page_shares(client: FlaskClient) -> None:
    assert shared(client, pictures.jpeg(OBJECT), site="cross-site").status_code == 403


def test_what_is_shared_without_a_photo_leads_to_the_search(client: FlaskClient) -> None:
    assert shared(client).headers["Location"] == "/recherche"


def test_a_photo_that_the_browser_cannot_show_is_shown_by_the_service(browser: Browser) -> None:
    form = {"csrf_token": browser.get("/recherche").token, "photos": (BytesIO(HEIC), "IMG.HEIC")}
    answer = browser.client.post("/recherche/apercu", data=form)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    with Image.open(BytesIO(answer.data)) as picture:
        assert max(picture.size) <= 1280
        assert not picture.getexif()


@pytest.mark.parametrize("content", [b"no picture", b""], ids=["text", "nothing"])
def test_what_is_no_photo_has_no_preview(browser: Browser, content: bytes) -> None:
    form = {"csrf_token": browser.get("/recherche").token, "photos": (BytesIO(content), "notes.txt")}
    assert browser.client.post("/recherche/apercu", data=form).status_code == 400


def test_a_preview_needs_the_forms_token(client: FlaskClient) -> None:
    assert client.post("/recherche/apercu", data={"photos": (BytesIO(HEIC), "IMG.HEIC")}).status_code == 400


def test_the_worker_knows_of_no_photo_and_of_one_page(make: Factory, unit: Unit, client: FlaskClient) -> None:
    make.published(make.case(unit))
    script = client.get("/service-worker.js").text
    kept = json.loads(script.partition("const SITE = ")[2].partition(";\n")[0])
    assert kept["page"] == "/hors-ligne"
    assert all("/static/" in each and "?v=" in each for each in kept["files"])
    assert script.count("caches.open(CACHE)") == 2, "filled at its installation, and read"
    assert script.count("addAll(") == 1
    assert ".put(" not in script


def test_set_off_the_site_removes_what_was_installed(settings: Settings, session: Session) -> None:
    client = create_app(replace(settings, installable=False), {Site.PUBLIC}).test_client()
    assert client.get("/service-worker.js").text.startswith("const SITE = null;")
    assert client.get("/manifest.webmanifest").status_code == 404
    assert "install.js" not in client.get("/").text

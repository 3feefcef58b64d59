"""A form that meets an outage comes back with all that was typed, and is sent again from there."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from gallery.config import Settings
from gallery.models import InboxDrop, Officer
from gallery.sealing import Sealer
from gallery.services.declarations import collecting
from gallery.services.transaction import atomic, end_reading
from gallery.web.backoffice.account.confirmation import FIELD
from gallery.web.errors import refused_form
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.victim import DECLARATIONS, SAID
from tests.web.away import database_away
from tests.web.backoffice.desk import Desk, filled

on_sqlite = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
WORDS = "bague « Élodie »\r\n& <b>gravée</b>"
SOURCES = Path(refused_form.__file__).parent.parent.parent


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **DECLARATIONS)


@on_sqlite
def test_a_declaration_comes_back_whole_and_is_sent_again_with_its_photos(
    app: Flask, client: FlaskClient, settings: Settings, session: Session, sealer: Sealer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with atomic(session):
        collecting.publish_key(session, sealer)
    monkeypatch.setattr("gallery.web.public.declaring.programs.MIN_SECONDS", 0)
    page = Page(client.get("/en/declarer", follow_redirects=True))
    said = SAID | {"objet-1-mots": WORDS, "csrf_token": page.token}
    said["debut"] = str(page.one("input[name=debut]")["value"])
    with database_away(app, settings):
        refused = send(client, "/en/declarer", said, photo=pictures.jpeg(pictures.picture(1)))
    assert refused.status_code == 503
    again = Page(refused).one("form")
    assert fields_of(again) == said
    (chosen,) = again.select("input[type=file]")
    assert (again["action"], chosen["name"], again["enctype"]) == (
        "/en/declarer", "objet-1-photos", "multipart/form-data",
    )  # fmt: skip
    assert send(client, "/en/declarer", fields_of(again), photo=pictures.jpeg(pictures.picture(1))).status_code == 200
    end_reading(session)
    assert session.scalar(select(func.count()).select_from(InboxDrop)) == 1


@on_sqlite
def test_an_officers_words_come_back_and_are_sent_again(
    sign_in: Callable[[Officer], FlaskClient], officer: Officer, make: Factory, backoffice_app: Flask,
    settings: Settings,
) -> None:  # fmt: skip
    item = make.item(make.case(officer.unit), with_photos=0)
    desk, path = Desk(sign_in(officer)), f"/objets/{item.public_number}/modifier"
    written = filled(desk.get(path)) | {"inscriptions": WORDS}
    with database_away(backoffice_app, settings):
        refused = desk.client.post(path, data=written)
        assert refused.status_code == 503
    again = Page(refused).one("form")
    assert again["action"] == path
    assert not again.has_attr("enctype")
    assert fields_of(again)["inscriptions"] == WORDS
    answer = desk.client.post(path, data=fields_of(again))
    assert (answer.status_code, answer.location) == (302, f"/objets/{item.public_number}")
    assert filled(desk.get(path))["inscriptions"] == WORDS.replace("\r\n", "\n")


@on_sqlite
def test_the_token_goes_back_as_it_came(app: Flask) -> None:
    with app.test_request_context("/verifier?a=b", method="POST", data={"csrf_token": "forged", "numero": "1"}):
        assert refused_form.of_refused(503) is None, "nobody has read it"
        assert request.form["numero"] == "1"
        assert refused_form.of_refused(503) == refused_form.RefusedForm(
            "/verifier?a=b", (("csrf_token", "forged"), ("numero", "1")), ()
        )
        assert refused_form.of_refused(400) is None


@on_sqlite
def test_no_password_is_written_into_a_page(backoffice_app: Flask, client: FlaskClient, settings: Settings) -> None:
    browser = backoffice_app.test_client()
    token = Page(browser.get("/connexion")).token
    with database_away(backoffice_app, settings):
        page = browser.post("/connexion", data={"email": "a@b.example", "password": "secret word", "csrf_token": token})
    assert page.status_code == 503
    assert "secret word" not in page.text
    assert "a@b.example" not in page.text


def test_every_field_for_a_password_is_known_as_one() -> None:
    texts = [path.read_text("utf-8") for kind in ("*.py", "*.html") for path in SOURCES.rglob(kind)]
    named = {name for text in texts for name in re.findall(r"(\w+) = PasswordField", text)}
    named |= {name for text in texts for name in re.findall(r'name="(\w+)" type="password"', text)}
    assert {"password", "again", "token"} <= named <= refused_form.SECRET_FIELDS
    assert FIELD in refused_form.SECRET_FIELDS


def fields_of(form: object) -> dict[str, str]:
    return {str(each["name"]): str(each["value"]) for each in form.select("input[type=hidden]")}  # type: ignore[attr-defined]


def send(client: FlaskClient, path: str, said: dict[str, str], *, photo: bytes = b"") -> TestResponse:
    files = [("objet-1-photos", FileStorage(BytesIO(photo), filename="bague.jpg"))] if photo else []
    boundary, body = encode_multipart(MultiDict([*said.items(), *files]))
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")

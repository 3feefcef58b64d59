import json
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gallery import create_app
from gallery.config import Settings, Site
from gallery.web.intake import tokens
from tests.page import Browser
from tests.web.intake.conftest import MEGABYTE

LARGE = 24 * MEGABYTE


@pytest.fixture(autouse=True)
def _nothing_is_drained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not read refused bodies to their end: what is read so that a sender sees the answer must not be counted."""
    monkeypatch.setattr("gallery.web.intake.bodies.DRAINED_BYTES", 0)


def part(name: str, value: str, filename: str = "") -> bytes:
    more = f'; filename="{filename}"' if filename else ""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'.encode()


def post(client: FlaskClient, *parts: bytes, address: str = "/recherche", **headers: str) -> tuple[TestResponse, int]:
    """Send these parts and a photo of 24 MB; return the answer and how much of the body was read."""
    body = BytesIO(b"".join(parts) + part("photos", "x" * LARGE, "a.jpg") + b"--b--\r\n")
    length = len(body.getbuffer())
    answer = client.post(
        address,
        input_stream=body,
        content_type="multipart/form-data; boundary=b",
        environ_overrides={"CONTENT_LENGTH": str(length)},
        headers=headers,
    )
    return answer, body.tell()


@pytest.mark.parametrize("address", ["/recherche", "/verifier"])
@pytest.mark.parametrize(
    "parts",
    [(), (part("csrf_token", "wrong"),), (part("mots", "bague"), part("csrf_token", ""))],
    ids=["none", "wrong", "empty"],
)
def test_a_large_form_without_its_token_is_refused_before_its_photos_are_read(
    client: FlaskClient, address: str, parts: tuple[bytes, ...]
) -> None:
    answer, read = post(client, *parts, address=address)
    assert answer.status_code == 400
    assert "Le formulaire a expiré" in answer.text
    assert read <= tokens.BEGINNING_BYTES


def test_a_token_behind_the_photos_does_not_count(client: FlaskClient) -> None:
    token = Browser(client).get("/recherche").token
    answer, read = post(client, part("photos", "x" * MEGABYTE, "first.jpg"), part("csrf_token", token))
    assert answer.status_code == 400
    assert read <= tokens.BEGINNING_BYTES


def test_a_large_form_with_its_token_is_read_wholly(client: FlaskClient) -> None:
    token = Browser(client).get("/recherche").token
    answer, read = post(client, part("csrf_token", token))
    assert "photo" in answer.text
    assert "expiré" not in answer.text
    assert read > LARGE


def test_a_token_in_a_header_does_as_well(client: FlaskClient) -> None:
    token = Browser(client).get("/recherche").token
    _, read = post(client, **{"X-CSRFToken": token})
    assert read > LARGE


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=" + "b" * 500])
def test_what_is_no_multipart_form_is_refused(client: FlaskClient, boundary: str) -> None:
    body = BytesIO(b"\r\n\r\n" * MEGABYTE)
    answer = client.post("/recherche", input_stream=body, content_type="multipart/form-data" + boundary)
    assert answer.status_code == 400
    assert body.tell() <= tokens.BEGINNING_BYTES


def test_what_has_no_token_is_counted_too(settings: Settings, sessions: object) -> None:
    client = create_app(replace(settings, search_rate="3 per day"), {Site.PUBLIC}).test_client()
    answers = [post(client) for _ in range(5)]
    assert [answer.status_code for answer, _ in answers] == [400, 400, 400, 429, 429]
    assert answers[-1][1] == 0


def test_a_fresh_token_serves_a_form_of_yesterday(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/jeton")
    assert answer.headers["Cache-Control"] == "no-store"
    _, read = post(client, part("csrf_token", json.loads(answer.text)["csrf_token"]))
    assert read > LARGE

"""New passwords: what is refused, in which words, and what the meter of the page says while one is typed."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gallery.models import Officer
from tests import factories
from tests.page import Browser
from tests.web.backoffice.accounts.test_officers import choose, invite
from tests.web.backoffice.desk import JSON, Desk

WEAK = {
    "aaaaaaaaaaaa": "répète la même chose",
    "password1234": "se devine vite",
    "morgane@rennes.example": "votre nom, votre adresse",
    "Objets retrouvés": "celui du service",
}


@pytest.fixture
def client(backoffice_app: Flask) -> FlaskClient:
    return backoffice_app.test_client()


@pytest.mark.parametrize("password", WEAK)
def test_an_invitation_refuses_what_is_soon_guessed(office: Desk, client: FlaskClient, password: str) -> None:
    link = invite(office)
    token = Browser(client).get(link).token
    answer = client.post(link, data={"password": password, "again": password, "csrf_token": token})
    assert answer.status_code == 422
    assert WEAK[password] in answer.text
    assert "quatre mots sans rapport" in answer.text
    assert choose(client, link) == 302


@pytest.mark.parametrize("password", ["password1234", "camille@rennes.example"])
def test_a_change_refuses_it_too(desk: Desk, backoffice_app: Flask, officer: Officer, password: str) -> None:
    sent = {"password": factories.PASSWORD, "new_password": password, "new_password_confirm": password}
    assert "quatre mots sans rapport" in desk.send("/compte/mot-de-passe", sent).text
    factories.sign_in(backoffice_app.test_client(), officer.email)


def test_the_meter_says_what_the_form_would(desk: Desk) -> None:
    judged = {
        password: desk.send("/compte/mot-de-passe/force", {"mot_de_passe": password}, headers=JSON).get_json()
        for password in ("court", "password1234", "fougère et menhir au soleil")
    }
    assert [each["level"] for each in judged.values()] == [1, 1, 4]
    assert judged["court"]["sentence"] == "Encore 7 caractères au moins."
    assert judged["fougère et menhir au soleil"]["sentence"] == "Très solide."


def test_the_meter_of_an_invitation_wants_its_link(office: Desk, client: FlaskClient) -> None:
    link = invite(office)
    page = Browser(client).get(link)
    assert page.one("[data-meter]")["data-meter"] == f"{link}/force"
    data = {"mot_de_passe": "morgane@rennes.example", "csrf_token": page.token}
    assert client.post(f"{link}/force", data=data).get_json()["level"] == 0
    assert client.post("/acces/another/force", data=data).status_code == 410

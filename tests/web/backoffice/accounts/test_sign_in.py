from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import bs4
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from gallery import create_app
from gallery.config import BOTH_SITES, Settings, Site
from gallery.extensions import limiter
from gallery.models import Officer
from gallery.services.transaction import atomic
from tests import factories
from tests.page import Browser

WRONG = "Adresse ou mot de passe incorrect"


def attempt(
    client: FlaskClient, email: str, password: str = factories.PASSWORD, *, root: str = "", **more: str
) -> TestResponse:
    page = bs4.BeautifulSoup(client.get(f"{root}/connexion").text, "html.parser")
    token = page.select_one("input[name=csrf_token]")
    assert token is not None
    data = {"email": email, "password": password, "csrf_token": str(token["value"])} | more
    return client.post(f"{root}/connexion", data=data)


@pytest.fixture
def client(backoffice_app: Flask) -> FlaskClient:
    return backoffice_app.test_client()


def test_it_works(client: FlaskClient, officer: Officer) -> None:
    answer = attempt(client, officer.email)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/objets")
    page = Browser(client).get("/objets")
    assert officer.name in page.text
    assert officer.unit.name in page.text


def test_the_address_may_be_written_in_capitals(client: FlaskClient, officer: Officer) -> None:
    assert attempt(client, f" {officer.email.upper()} ").status_code == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("camille@rennes.example", "wrong"),
        ("nobody@rennes.example", factories.PASSWORD),
        ("nobody@rennes.example\0", factories.PASSWORD),
        ("camille@rennes.example", ""),
        ("", ""),
        ("no address", "x" * 5000),
    ],
)
def test_every_refusal_reads_the_same(client: FlaskClient, officer: Officer, email: str, password: str) -> None:
    answer = attempt(client, email, password)
    assert answer.status_code == 200
    assert WRONG in answer.text
    assert "nexiste" not in answer.text
    assert client.get("/objets").status_code == 302


def test_a_disabled_account_is_refused_in_the_same_words(
    client: FlaskClient, officer: Officer, session: Session
) -> None:
    with atomic(session):
        officer.active = False
    assert WRONG in attempt(client, officer.email).text


def test_there_is_no_way_to_stay_signed_in_for_ever(client: FlaskClient, officer: Officer) -> None:
    assert "remember" not in client.get("/connexion").text
    attempt(client, officer.email, remember="y")
    assert client.get_cookie("remember_token") is None


def test_it_is_a_cookie_that_only_the_server_reads(client: FlaskClient, officer: Officer) -> None:
    cookies = attempt(client, officer.email).headers.getlist("Set-Cookie")
    assert sorted(cookie.split("=")[0] for cookie in cookies) == ["agents", "navigateur"]
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Expires=" in cookie


def test_the_session_ends_after_the_hours_set(
    client: FlaskClient, backoffice_app: Flask, officer: Officer, settings: Settings
) -> None:
    attempt(client, officer.email)
    later = datetime.now(UTC) + timedelta(hours=settings.session_hours, minutes=1)
    backoffice_app.extensions["resources"] = replace(backoffice_app.extensions["resources"], now=lambda: later)
    assert client.get("/objets").status_code == 302


def test_a_page_asked_for_is_opened_after_sign_in(client: FlaskClient, officer: Officer) -> None:
    asked = client.get("/objets?statut=publies").headers["Location"]
    form = Browser(client).get(asked)
    answer = attempt(client, officer.email, next=str(form.one("input[name=next]")["value"]))
    assert answer.headers["Location"] == "/objets?statut=publies"


def test_it_leads_back_under_the_path_where_the_back_office_is_mounted(settings: Settings, officer: Officer) -> None:
    client = create_app(settings, BOTH_SITES).test_client()
    asked = client.get("/agents/affaires").headers["Location"]
    value = str(Browser(client).get(asked).one("input[name=next]")["value"])
    answer = attempt(client, officer.email, root="/agents", next=value)
    assert answer.headers["Location"] == "/agents/affaires"
    assert client.get("/agents/affaires").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example", "objets",
     "javascript:alert(1)", "///elsewhere.example", "http://localhost/recherche"],
)  # fmt: skip
def test_it_leads_nowhere_else(client: FlaskClient, officer: Officer, elsewhere: str) -> None:
    assert attempt(client, officer.email, next=elsewhere).headers["Location"] == "/objets"


def test_a_form_of_an_hour_that_has_passed_says_so(client: FlaskClient, officer: Officer) -> None:
    answer = client.post("/connexion", data={"email": officer.email, "password": factories.PASSWORD})
    assert answer.status_code == 400
    assert "Le formulaire a expiré" in answer.text


def test_signing_out_takes_a_form(client: FlaskClient, officer: Officer) -> None:
    attempt(client, officer.email)
    assert client.get("/deconnexion").status_code == 405
    assert client.post("/deconnexion").status_code == 400
    assert client.get("/objets").status_code == 200


def test_signing_out_ends_the_session(client: FlaskClient, officer: Officer) -> None:
    attempt(client, officer.email)
    token = Browser(client).get("/objets").token
    answer = client.post("/deconnexion", data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/connexion")
    assert client.get("/objets").status_code == 302


def test_a_token_in_a_header_opens_nothing(client: FlaskClient, backoffice_app: Flask, officer: Officer) -> None:
    with backoffice_app.test_request_context():
        token = officer.get_auth_token()
    assert client.get("/objets", headers={"Authentication-Token": token}).status_code == 302
    assert client.get(f"/objets?auth_token={token}").status_code == 302


@pytest.fixture
def throttled(settings: Settings, officer: Officer) -> Callable[[], FlaskClient]:
    """Makes browsers of a back office where three attempts a minute are allowed."""
    limiter.reset()
    app = create_app(replace(settings, sign_in_rate="3 per day"), {Site.BACKOFFICE})
    return app.test_client


def test_an_address_that_tries_too_often_waits(throttled: Callable[[], FlaskClient], officer: Officer) -> None:
    client = throttled()
    answers = [attempt(client, f"somebody-{count}@rennes.example").status_code for count in range(4)]
    assert answers == [200, 200, 200, 429]
    assert "Patientez" in attempt(client, officer.email).text


def test_a_room_full_of_officers_signs_in_at_one_address(settings: Settings, officer: Officer) -> None:
    limiter.reset()
    as_shipped = Settings.__dataclass_fields__["sign_in_rate"].default
    app = create_app(replace(settings, sign_in_rate=as_shipped), {Site.BACKOFFICE})
    answers = [attempt(app.test_client(), officer.email).status_code for _ in range(30)]
    assert answers == [302] * 30


def test_who_signs_in_between_two_guesses_is_no_help_to_the_guesser(
    throttled: Callable[[], FlaskClient], officer: Officer
) -> None:
    guesser = throttled()
    answers = []
    for count in range(4):
        answers.append(attempt(guesser, f"somebody-{count}@rennes.example").status_code)
        attempt(throttled(), officer.email)
    assert answers == [200, 200, 200, 429]


def test_looking_at_the_form_counts_for_nothing(throttled: Callable[[], FlaskClient], officer: Officer) -> None:
    client = throttled()
    for _ in range(10):
        assert client.get("/connexion").status_code == 200
    assert attempt(client, officer.email).status_code == 302

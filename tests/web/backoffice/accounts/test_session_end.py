"""Sessions end twelve hours after sign-in whatever happens, and half an hour after the last thing that somebody did."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Officer
from tests import factories
from tests.web.backoffice.desk import JSON, Desk


def wait(app: Flask, **time: float) -> None:
    resources = app.extensions["resources"]
    moment = resources.now() + timedelta(**time)
    app.extensions["resources"] = replace(resources, now=lambda: moment)


@pytest.fixture
def waiting(desk: Desk, backoffice_app: Flask) -> Desk:
    """The officer's browser, of a service whose clock the test moves."""
    start = datetime.now(UTC)
    backoffice_app.extensions["resources"] = replace(backoffice_app.extensions["resources"], now=lambda: start)
    return desk


def test_it_ends_after_half_an_hour_without_anything(waiting: Desk, backoffice_app: Flask) -> None:
    wait(backoffice_app, minutes=31)
    answer = waiting.client.get("/objets")
    assert answer.headers["Location"].startswith("/connexion")
    assert "trop de temps a passé" in waiting.get(answer.headers["Location"]).text


def test_it_goes_on_while_something_is_done(waiting: Desk, backoffice_app: Flask) -> None:
    for _ in range(4):
        wait(backoffice_app, minutes=29)
        assert waiting.client.get("/objets").status_code == 200


def test_a_form_that_is_being_written_keeps_it_open(waiting: Desk, backoffice_app: Flask) -> None:
    token = waiting.get("/objets/nouveau").token
    for _ in range(3):
        wait(backoffice_app, minutes=29)
        data = {"saisie": "new-item", "title": "Bague", "csrf_token": token}
        assert waiting.client.post("/saisies", data=data).status_code == 204


def test_a_page_that_looks_again_by_itself_does_not(waiting: Desk, backoffice_app: Flask) -> None:
    for _ in range(3):
        wait(backoffice_app, minutes=11)
        last = waiting.client.get("/reprise", headers={"X-Unattended": "1"}).status_code
    assert last == 302


def test_it_ends_after_twelve_hours_whatever_is_done(waiting: Desk, backoffice_app: Flask) -> None:
    statuses = []
    for _ in range(25):
        wait(backoffice_app, minutes=29)
        statuses.append(waiting.client.get("/objets").status_code)
    assert statuses == [200] * 24 + [302]


def test_a_script_is_told_in_a_sentence(waiting: Desk, backoffice_app: Flask) -> None:
    wait(backoffice_app, minutes=31)
    assert waiting.client.post("/saisies", headers=JSON).status_code == 401


def test_the_sign_in_page_says_so(backoffice_app: Flask) -> None:
    page = Desk(backoffice_app.test_client()).get("/connexion")
    assert "après 30 minutes sans activité, et 12 heures après la connexion" in page.text


def test_cookies_are_bound_to_the_host_by_https(settings: Settings, officer: Officer) -> None:
    app = create_app(replace(settings, secure_cookies=True), {Site.BACKOFFICE})
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    factories.sign_in(client, officer.email)
    answer = client.get("/objets")
    cookies = answer.headers.getlist("Set-Cookie")
    assert answer.status_code == 200
    assert all(each.startswith("__Host-") and "Path=/;" in f"{each};" and "Domain" not in each for each in cookies)
    assert client.get_cookie("__Host-agents")
    assert client.get_cookie("__Host-navigateur")

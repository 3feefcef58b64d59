import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy.orm import Session

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Officer, OfficerRole, Unit
from gallery.services import audit
from gallery.services.transaction import end_reading
from tests import factories
from tests.factories import Factory
from tests.page import Browser, Page
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk


def code_of(key: str, *, steps: int = 0) -> str:
    """What an authenticator shows this many steps from now."""
    authenticator = TOTP(key=re.sub(r"\W", "", key))
    return str(authenticator.generate(authenticator.normalize_time(None) + 30 * steps).token)


def switch_on(desk: Desk, *, code: str | None = None) -> str:
    """Activate the second factor; return the authenticator's key."""
    page = Page(desk.send("/compte/code", {"setup": "authenticator"}))
    key = page.one(".key").get_text()
    (form,) = (each for each in page.all("main form") if each.select_one("input[name=code]"))
    desk.send(str(form["action"]), {"code": code or code_of(key)})
    return key


def give_password(client: FlaskClient, officer: Officer) -> Page:
    """The first step of a sign-in; the page of the second one."""
    token = Browser(client).get("/connexion").token
    answer = client.post(
        "/connexion", data={"email": officer.email, "password": factories.PASSWORD, "csrf_token": token}
    )
    assert answer.status_code == 302
    return Browser(client).get(answer.headers["Location"])


def give_code(client: FlaskClient, page: Page, code: str, address: str = "/connexion/code") -> bool:
    """The second step; whether it opened the desk."""
    client.post(address, data={"code": code, "csrf_token": page.token})
    return client.get("/objets").status_code == 200


@pytest.fixture
def client(backoffice_app: Flask) -> FlaskClient:
    return backoffice_app.test_client()


def test_it_works(desk: Desk, officer: Officer, client: FlaskClient) -> None:
    key = switch_on(desk)
    page = desk.get("/compte")
    assert "Le code de connexion est activé." in page.one("#messages").get_text()
    assert "activé" in page.one("#code").get_text()
    page = give_password(client, officer)
    assert page.one("h1").get_text() == "Votre code de connexion"
    assert client.get("/objets").status_code == 302
    assert give_code(client, page, code_of(key, steps=1))


def test_a_new_telephone_takes_the_place_of_one_whose_code_was_just_taken(
    desk: Desk, officer: Officer, client: FlaskClient
) -> None:
    key = switch_on(desk)
    assert give_code(client, give_password(client, officer), code_of(key, steps=1))
    switch_on(desk)
    assert "Le code de connexion est activé." in desk.get("/compte").one("#messages").get_text()


def test_a_wrong_code_switches_nothing_on(desk: Desk, officer: Officer, client: FlaskClient) -> None:
    switch_on(desk, code="000000")
    page = desk.get("/compte")
    assert "Ce code n’est pas le bon." in page.one("#messages").get_text()
    assert "désactivé" in page.one("#code").get_text()


@pytest.mark.parametrize("code", ["000000", "", "abc", "0" * 200, "\0"])
def test_a_wrong_code_opens_nothing(desk: Desk, officer: Officer, client: FlaskClient, code: str) -> None:
    switch_on(desk)
    assert not give_code(client, give_password(client, officer), code)


def test_a_code_is_taken_once(desk: Desk, officer: Officer, backoffice_app: Flask) -> None:
    code = code_of(switch_on(desk), steps=1)
    first, second = backoffice_app.test_client(), backoffice_app.test_client()
    assert give_code(first, give_password(first, officer), code)
    assert not give_code(second, give_password(second, officer), code)


def test_a_code_without_the_password_opens_nothing(desk: Desk, client: FlaskClient) -> None:
    code = code_of(switch_on(desk), steps=1)
    assert not give_code(client, Browser(client).get("/connexion"), code)


def test_a_recovery_code_opens_the_desk_once(desk: Desk, officer: Officer, backoffice_app: Flask) -> None:
    switch_on(desk)
    codes = Page(desk.send("/compte/codes-de-secours")).all(".codes li")
    assert len(codes) == 8
    code = codes[0].get_text()
    for expected in (True, False):
        client = backoffice_app.test_client()
        give_password(client, officer)
        page = Browser(client).get("/connexion/secours")
        assert give_code(client, page, code, "/connexion/secours") is expected


def test_recovery_codes_are_shown_on_demand_only(desk: Desk) -> None:
    switch_on(desk)
    desk.send("/compte/codes-de-secours")
    assert not desk.get("/compte/codes-de-secours").all(".codes")
    assert len(desk.get("/compte/codes-de-secours?show_codes=1").all(".codes li")) == 8


def test_the_journal_says_how_often_recovery_codes_were_shown(desk: Desk, officer: Officer, session: Session) -> None:
    switch_on(desk)
    desk.send("/compte/codes-de-secours")
    for address in ("?show_codes=1", "?show_codes=1", ""):
        desk.get(f"/compte/codes-de-secours{address}")
    desk.client.get("/compte/codes-de-secours", headers={"Accept": "application/json"})
    end_reading(session)
    shown = [each for each in audit.of_account(session, officer) if each.action == "show_recovery_codes"]
    assert [each.details for each in shown] == [{"times": 3}]
    assert "a affiché 3 fois ses codes de secours" in desk.get("/compte").text


def test_nothing_of_it_is_readable_in_the_database(desk: Desk, officer: Officer, session: Session) -> None:
    key = switch_on(desk)
    code = Page(desk.send("/compte/codes-de-secours")).all(".codes li")[0].get_text()
    end_reading(session)
    assert re.sub(r"\W", "", key) not in str(officer.tf_totp_secret)
    assert code not in str(officer.mf_recovery_codes)


def test_it_is_switched_off_again(desk: Desk, officer: Officer, client: FlaskClient) -> None:
    switch_on(desk)
    page = desk.do("/compte/code", {"setup": "disable"})
    assert "désactivé" in page.one("#code").get_text()
    factories.sign_in(client, officer.email)
    assert client.get("/objets").status_code == 200


def test_the_page_asked_for_is_opened_after_the_code(desk: Desk, officer: Officer, client: FlaskClient) -> None:
    key = switch_on(desk)
    form = Browser(client).get(client.get("/affaires").headers["Location"])
    data = {"email": officer.email, "password": factories.PASSWORD, "csrf_token": form.token, "next": "/affaires"}
    step = client.post("/connexion", data=data).headers["Location"]
    action = str(Browser(client).get(step).one("main form")["action"])
    answer = client.post(action, data={"code": code_of(key, steps=1), "csrf_token": Browser(client).get(step).token})
    assert answer.headers["Location"] == "/affaires"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_it_leads_nowhere_else(desk: Desk, officer: Officer, client: FlaskClient, elsewhere: str) -> None:
    key = switch_on(desk)
    page = give_password(client, officer)
    data = {"code": code_of(key, steps=1), "csrf_token": page.token}
    answer = client.post("/connexion/code", query_string={"next": elsewhere}, data=data)
    assert answer.headers["Location"] == "/objets"


def test_an_ended_session_changes_nothing_of_it(
    desk: Desk, sign_in: SignIn, officer: Officer, session: Session
) -> None:
    elsewhere = Desk(sign_in(officer))
    token = elsewhere.get("/compte").token
    switch_on(desk)
    desk.do("/compte/sessions/fermer")
    elsewhere.client.post("/compte/code", data={"setup": "disable", "csrf_token": token})
    end_reading(session)
    assert officer.tf_primary_method == "authenticator"


@pytest.mark.parametrize("method", ["sms", "email", "", "x"])
def test_no_other_method_is_taken(desk: Desk, method: str) -> None:
    assert not Page(desk.send("/compte/code", {"setup": method})).all(".key")


def test_a_service_that_requires_it_asks_before_the_first_page(settings: Settings, officer: Officer) -> None:
    app = create_app(replace(settings, second_factor_required="all"), {Site.BACKOFFICE})
    client = app.test_client()
    page = give_password(client, officer)
    assert "le demande pour votre compte" in page.text
    assert client.get("/objets").status_code == 302
    answer = client.post("/compte/code", data={"setup": "authenticator", "csrf_token": page.token})
    key = Page(answer).one(".key").get_text()
    assert give_code(client, Page(answer), code_of(key))
    assert not Browser(client).get("/compte/code").all("input[value=disable]")


def test_guessing_codes_is_slowed_down(settings: Settings, desk: Desk, officer: Officer) -> None:
    switch_on(desk)
    app = create_app(replace(settings, sign_in_rate="3 per day"), {Site.BACKOFFICE})
    client = app.test_client()
    page = give_password(client, officer)
    answers = [
        client.post("/connexion/code", data={"code": "000000", "csrf_token": page.token}).status_code for _ in range(4)
    ]
    assert answers[-1] == 429


@pytest.mark.parametrize("role", OfficerRole)
def test_administrators_alone_may_have_to_have_one(
    settings: Settings, make: Factory, unit: Unit, role: OfficerRole
) -> None:
    client = create_app(replace(settings, second_factor_required="administrators"), {Site.BACKOFFICE}).test_client()
    factories.sign_in(client, make.officer(unit, "role@rennes.example", role).email)
    is_asked = client.get("/objets").status_code == 302
    assert is_asked == (role is OfficerRole.ADMINISTRATOR)

"""Codes that arrive four times at the same moment: one of them signs in, the others are told, and nothing is logged."""

from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Officer
from gallery.services.transaction import end_reading
from tests.page import Browser, Page
from tests.waiting import at_once
from tests.web.backoffice.accounts.test_second_factor import code_of, give_password, switch_on
from tests.web.backoffice.desk import Desk

AT_ONCE = 4
ALREADY = "il a déjà servi"


@pytest.fixture
def browsers(settings: Settings, desk: Desk, officer: Officer) -> list[tuple[FlaskClient, str]]:
    """Browsers that have given the password, each of a server process of its own, with their forms' tokens."""
    waiting = []
    for _ in range(AT_ONCE):
        client = create_app(settings, {Site.BACKOFFICE}).test_client()
        waiting.append((client, give_password(client, officer).token))
    return waiting


def send_at_once(browsers: list[tuple[FlaskClient, str]], address: str, code: str) -> list[tuple[int, str]]:
    """Status and text of each answer."""

    def send(browser: tuple[FlaskClient, str]) -> tuple[int, str]:
        client, token = browser
        answer = client.post(address, data={"code": code, "csrf_token": token})
        return answer.status_code, answer.text

    return at_once(*(partial(send, browser) for browser in browsers))


def signed_in(browsers: list[tuple[FlaskClient, str]]) -> int:
    return sum(client.get("/objets").status_code == 200 for client, _token in browsers)


@pytest.fixture
def key(desk: Desk) -> str:
    return switch_on(desk)


@pytest.fixture
def recovery_codes(desk: Desk, key: str) -> list[str]:
    page = Page(desk.send("/compte/codes-de-secours"))
    return [each.get_text() for each in page.all(".codes li")]


def test_a_code_signs_one_browser_in(key: str, browsers: list[tuple[FlaskClient, str]]) -> None:
    answers = send_at_once(browsers, "/connexion/code", code_of(key, steps=1))
    assert sorted(status for status, _text in answers) == [200, 200, 200, 302]
    assert all(ALREADY in shown for status, shown in answers if status == 200)
    assert signed_in(browsers) == 1


def test_a_recovery_code_signs_one_browser_in(
    recovery_codes: list[str],
    browsers: list[tuple[FlaskClient, str]],
    caplog: pytest.LogCaptureFixture,
    session: Session,
    officer: Officer,
) -> None:
    answers = send_at_once(browsers, "/connexion/secours", recovery_codes[0])
    assert sorted(status for status, _text in answers) == [200, 200, 200, 302]
    assert all(ALREADY in shown for status, shown in answers if status == 200)
    assert signed_in(browsers) == 1
    end_reading(session)
    assert officer.mf_recovery_codes is not None
    assert len(officer.mf_recovery_codes) == len(recovery_codes) - 1
    assert not [code for code in (*recovery_codes, *officer.mf_recovery_codes) if code in caplog.text]


def test_four_recovery_codes_at_once_are_four(
    recovery_codes: list[str], browsers: list[tuple[FlaskClient, str]], session: Session, officer: Officer
) -> None:
    def send(given: tuple[tuple[FlaskClient, str], str]) -> int:
        (client, token), code = given
        return client.post("/connexion/secours", data={"code": code, "csrf_token": token}).status_code

    answers = at_once(*(partial(send, given) for given in zip(browsers, recovery_codes, strict=False)))
    assert answers == [302] * AT_ONCE
    end_reading(session)
    assert len(officer.mf_recovery_codes or ()) == len(recovery_codes) - AT_ONCE


def test_a_recovery_code_may_be_typed_in_capitals(
    recovery_codes: list[str], backoffice_app: Flask, officer: Officer
) -> None:
    client = backoffice_app.test_client()
    token = give_password(client, officer).token
    client.post("/connexion/secours", data={"code": f" {recovery_codes[0].upper()} ", "csrf_token": token})
    assert Browser(client).get("/objets")


def test_an_error_of_the_database_repeats_no_value(session: Session) -> None:
    with pytest.raises(DBAPIError) as error:
        session.execute(text("INSERT INTO officers (name) VALUES (:name)"), {"name": "a-secret-name"})
    assert "a-secret-name" not in str(error.value).split("DETAIL")[0]

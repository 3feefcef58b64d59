"""Attempts on an account wait longer and longer; nobody is locked out, and a browser that is known is spared."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import AttemptCount, AuditEntry, Officer
from gallery.services.transaction import atomic, end_reading
from gallery.web.backoffice.account import attempts
from tests import factories
from tests.page import Browser
from tests.web.backoffice.accounts.test_second_factor import give_password, switch_on
from tests.web.backoffice.accounts.test_sign_in import attempt
from tests.web.backoffice.desk import Desk

WIDE = "ｃａｍｉｌｌｅ＠rennes.example"


@pytest.fixture
def client(backoffice_app: Flask) -> FlaskClient:
    return backoffice_app.test_client()


Fail = Callable[..., list[int]]


@pytest.fixture
def fail(session: Session) -> Fail:
    """Give wrong passwords, each from another network; what then has to wait a second waits ten minutes more."""

    def failed(client: FlaskClient, email: str, times: int = attempts.FREE + 1) -> list[int]:
        answers = []
        for count in range(times):
            client.environ_base["REMOTE_ADDR"] = f"198.51.100.{count + 1}"
            answers.append(attempt(client, email, "wrong").status_code)
        move(session, minutes=10)
        return answers

    return failed


def move(session: Session, *, minutes: int) -> None:
    """Move the end of every wait by this many minutes."""
    with atomic(session):
        for row in session.scalars(select(AttemptCount).where(AttemptCount.until.is_not(None))):
            row.until = (row.until or row.last_at) + timedelta(minutes=minutes)


def test_it_works(client: FlaskClient, officer: Officer, fail: Fail) -> None:
    assert fail(client, officer.email) == [200] * (attempts.FREE + 1)
    answer = attempt(client, officer.email)
    assert answer.status_code == 429
    assert 500 < int(answer.headers["Retry-After"]) <= 601
    assert re.search(r"Attendez \d+ minutes, puis recommencez", answer.text)
    assert client.get("/objets").status_code == 302


def test_nobody_is_locked_out(client: FlaskClient, officer: Officer, session: Session, fail: Fail) -> None:
    fail(client, officer.email)
    move(session, minutes=-11)
    assert attempt(client, officer.email).status_code == 302


def test_success_ends_the_wait(client: FlaskClient, officer: Officer, backoffice_app: Flask, fail: Fail) -> None:
    fail(client, officer.email, attempts.FREE)
    assert attempt(client, officer.email).status_code == 302
    assert fail(backoffice_app.test_client(), officer.email, attempts.FREE) == [200] * attempts.FREE


@pytest.mark.parametrize(
    "spelling",
    [WIDE, "CAMILLE@RENNES.EXAMPLE", " camille@rennes.example ", " " * 600 + "camille@rennes.example"],
    ids=["wide", "capitals", "blanks", "many-blanks"],
)
def test_another_spelling_of_the_address_waits_too(
    client: FlaskClient, officer: Officer, spelling: str, fail: Fail
) -> None:
    fail(client, officer.email)
    assert attempt(client, spelling).status_code == 429


@pytest.mark.parametrize("kind", ["application/json", "application/problem+json"])
def test_what_is_sent_as_no_form_is_no_attempt(
    client: FlaskClient, officer: Officer, session: Session, kind: str
) -> None:
    data = {"email": officer.email, "password": factories.PASSWORD}
    headers = {"X-CSRFToken": Browser(client).get("/connexion").token}
    answer = client.post("/connexion", data=json.dumps(data), headers=headers, content_type=kind)
    assert answer.status_code == 415
    assert client.get("/objets").status_code == 302
    end_reading(session)
    assert not session.scalars(select(AttemptCount)).all()


def test_an_address_without_account_waits_in_the_same_way(client: FlaskClient, officer: Officer, fail: Fail) -> None:
    assert fail(client, "nobody@rennes.example") == fail(client, officer.email)
    nobody, somebody = attempt(client, "nobody@rennes.example"), attempt(client, officer.email)
    assert (nobody.status_code, somebody.status_code) == (429, 429)
    assert [bool(each.headers.get("Retry-After")) for each in (nobody, somebody)] == [True, True]


def test_another_process_counts_the_same(client: FlaskClient, settings: Settings, officer: Officer, fail: Fail) -> None:
    fail(client, officer.email)
    other = create_app(settings, {Site.BACKOFFICE}).test_client()
    assert attempt(other, officer.email).status_code == 429


def test_a_known_browser_is_spared_what_is_tried_elsewhere(
    client: FlaskClient, officer: Officer, desk: Desk, fail: Fail
) -> None:
    fail(client, officer.email)
    desk.send("/deconnexion")
    assert attempt(desk.client, officer.email).status_code == 302


def test_a_known_browser_waits_for_its_own_failures(officer: Officer, desk: Desk, fail: Fail) -> None:
    desk.send("/deconnexion")
    fail(desk.client, officer.email)
    assert attempt(desk.client, officer.email).status_code == 429


def test_a_browser_is_known_of_its_own_officers_only(
    client: FlaskClient, officer: Officer, colleague: Officer, desk: Desk, fail: Fail
) -> None:
    fail(client, colleague.email)
    desk.send("/deconnexion")
    assert attempt(desk.client, colleague.email).status_code == 429


def test_a_made_up_cookie_is_no_known_browser(client: FlaskClient, officer: Officer, fail: Fail) -> None:
    fail(client, officer.email)
    client.set_cookie(attempts.BROWSER_COOKIE, '{"x":"y"}.signature')
    assert attempt(client, officer.email).status_code == 429


def test_a_network_that_tries_many_accounts_waits(client: FlaskClient, officer: Officer, session: Session) -> None:
    for count in range(attempts.FREE_OF_NETWORK + 1):
        client.environ_base["REMOTE_ADDR"] = f"2001:db8:0:1::{count + 1:x}"
        assert attempt(client, f"nobody{count}@rennes.example", "wrong").status_code == 200
    move(session, minutes=10)
    assert attempt(client, officer.email).status_code == 429
    client.environ_base["REMOTE_ADDR"] = "2001:db8:0:2::1"
    assert attempt(client, officer.email).status_code == 302


@pytest.mark.parametrize("typed", ["", "no address", "camille@rennes"])
def test_what_is_no_address_makes_nobody_else_wait(client: FlaskClient, typed: str, fail: Fail) -> None:
    assert fail(client, typed) == [200] * (attempts.FREE + 1)
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert attempt(client, typed, "wrong").status_code == 200


def test_codes_that_are_guessed_wait(client: FlaskClient, desk: Desk, officer: Officer, session: Session) -> None:
    switch_on(desk)
    token = give_password(client, officer).token

    def guess(count: int) -> int:
        return client.post("/connexion/code", data={"code": f"00000{count}", "csrf_token": token}).status_code

    assert [guess(count) for count in range(attempts.FREE + 1)] == [200] * (attempts.FREE + 1)
    move(session, minutes=10)
    assert guess(attempts.FREE + 1) == 429


def test_half_a_sign_in_hides_no_attempt_on_another_account(
    client: FlaskClient, desk: Desk, officer: Officer, colleague: Officer, fail: Fail
) -> None:
    switch_on(desk)
    give_password(client, officer)
    fail(client, colleague.email)
    assert attempt(client, colleague.email).status_code == 429


def test_nothing_that_was_typed_is_kept(client: FlaskClient, session: Session, fail: Fail) -> None:
    fail(client, "un-secret-tape-ici@rennes.example")
    attempt(client, "un-secret-tape-ici@rennes.example")
    end_reading(session)
    kept = [*session.scalars(select(AttemptCount.digest)), *(
        f"{entry.action} {entry.subject} {entry.details}" for entry in session.scalars(select(AuditEntry))
    )]  # fmt: skip
    assert not [each for each in kept if "secret" in each]
    assert any("sign_in_failed" in each and "6" in each for each in kept)

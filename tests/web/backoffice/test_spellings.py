"""Passwords and addresses are the same in whatever way a keyboard or a system writes their accents."""

import unicodedata

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy.orm import Session

from gallery.models import Officer
from gallery.services.people import addresses
from gallery.services.transaction import atomic, end_reading
from gallery.web.backoffice.account import passwords
from gallery.web.resources import database
from tests import factories
from tests.web.backoffice.accounts.test_officers import INVITED, choose, invite
from tests.web.backoffice.accounts.test_sign_in import attempt
from tests.web.backoffice.desk import Desk

FERN = "fougère et menhir au soleil"
MAC, WINDOWS = unicodedata.normalize("NFD", FERN), unicodedata.normalize("NFC", FERN)
BOTH = pytest.mark.parametrize("typed", [MAC, WINDOWS], ids=["mac", "windows"])


@pytest.fixture
def client(backoffice_app: Flask) -> FlaskClient:
    return backoffice_app.test_client()


@pytest.fixture(params=[MAC, WINDOWS], ids=["set-on-mac", "set-on-windows"])
def invitation(request: pytest.FixtureRequest, office: Desk, client: FlaskClient) -> str:
    """The address of an officer who has chosen the password by an invitation."""
    assert choose(client, invite(office), request.param) == 302
    return "morgane@rennes.example"


@BOTH
def test_a_password_chosen_by_invitation_signs_in(invitation: str, client: FlaskClient, typed: str) -> None:
    assert attempt(client, invitation, typed).status_code == 302


@BOTH
def test_a_password_that_was_changed_signs_in(desk: Desk, officer: Officer, client: FlaskClient, typed: str) -> None:
    desk.send(
        "/compte/mot-de-passe",
        {"password": factories.PASSWORD, "new_password": MAC, "new_password_confirm": MAC},
    )
    assert attempt(client, officer.email, typed).status_code == 302


PASTED = pytest.mark.parametrize(
    "around", [" {}", "{} ", "{}\u00a0", "{}\r\n"], ids=["before", "blank", "nbsp", "line"]
)


@PASTED
def test_a_password_pasted_with_what_stood_around_it_signs_in(
    invitation: str, client: FlaskClient, around: str
) -> None:
    assert attempt(client, invitation, around.format(WINDOWS)).status_code == 302


@PASTED
def test_a_password_set_with_a_blank_around_it_signs_in_without(office: Desk, client: FlaskClient, around: str) -> None:
    assert choose(client, invite(office), around.format(FERN)) == 302
    assert attempt(client, "morgane@rennes.example", FERN).status_code == 302


def test_blanks_around_a_password_do_not_make_it_longer(office: Desk, client: FlaskClient) -> None:
    assert choose(client, invite(office), "  fougère    ") == 422


def test_an_account_whose_password_was_kept_with_a_blank_signs_in_with_it_or_without(
    client: FlaskClient, backoffice_app: Flask, officer: Officer, session: Session
) -> None:
    with backoffice_app.app_context():
        hashed = hash_password(f"{FERN} ")
    with atomic(session):
        officer.password = hashed
    assert attempt(client, officer.email, f"{FERN} ").status_code == 302
    assert attempt(backoffice_app.test_client(), officer.email, FERN).status_code == 302


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
@BOTH
def test_an_account_made_before_signs_in_and_is_kept_in_one_spelling(
    client: FlaskClient, backoffice_app: Flask, officer: Officer, session: Session, form: str, typed: str
) -> None:
    with backoffice_app.app_context():
        hashed = hash_password(unicodedata.normalize(form, FERN))
    with atomic(session):
        officer.password = hashed
    assert attempt(client, officer.email, typed).status_code == 302
    end_reading(session)
    assert (officer.password == hashed) == (form != "NFC")


def test_a_password_chosen_while_the_one_before_is_compared_stays(
    backoffice_app: Flask, officer: Officer, session: Session
) -> None:
    with backoffice_app.test_request_context():
        before, anew = hash_password(WINDOWS), passwords.password_hash("un autre menhir au soleil")
        with atomic(session):
            officer.password = before
        compared = database().get_one(Officer, officer.id)
        assert compared.password == before
        with atomic(session):
            officer.password = anew
        assert passwords.is_right(WINDOWS, compared)
    end_reading(session)
    assert officer.password == anew


@BOTH
def test_the_password_is_asked_again_in_either_spelling(invitation: str, client: FlaskClient, typed: str) -> None:
    attempt(client, invitation, WINDOWS)
    token = Desk(client).get("/compte/confirmer").token
    assert client.post("/compte/confirmer", data={"password": typed, "csrf_token": token}).status_code == 302


@pytest.mark.parametrize(
    "typed",
    [
        "ZOÉ@Rennes.Example",
        "zoé@rennes.example",
        "ZOE\u0301@rennes.example",
        " Zoé@rennes.example ",
        "Ｚｏé@rennes.example",
    ],
    ids=["capitals", "small", "apart", "blanks", "full-width"],
)
def test_an_address_with_an_accent_signs_in(
    client: FlaskClient, officer: Officer, session: Session, typed: str
) -> None:
    with atomic(session):
        officer.email = addresses.normalised("Zoé@rennes.example")
    assert attempt(client, typed).status_code == 302


@pytest.mark.parametrize("typed", ["a@préfecture.example", "A@PRÉFECTURE.example", "a@xn--prfecture-c4a.example"])
def test_an_international_domain_signs_in(client: FlaskClient, officer: Officer, session: Session, typed: str) -> None:
    with atomic(session):
        officer.email = addresses.normalised("a@préfecture.example")
    assert attempt(client, typed).status_code == 302


@pytest.mark.parametrize("email", ["nomail", "a@b", "a b@rennes.example", "@rennes.example", "a@", "a@@rennes.example"])
def test_what_is_no_address_is_not_invited(office: Desk, email: str) -> None:
    answer = office.fill("/administration/agents/inviter", INVITED | {"email": email})
    assert answer.status_code == 422
    assert "n’est pas complète" in answer.text


def test_another_spelling_of_an_address_has_its_account_already(office: Desk, officer: Officer) -> None:
    answer = office.fill("/administration/agents/inviter", INVITED | {"email": officer.email.upper()})
    assert "Cette adresse a déjà un compte." in answer.text

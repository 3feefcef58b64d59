import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import DeskSession, Officer
from gallery.services.transaction import end_reading
from tests import factories
from tests.page import Browser
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk

NEW = "un-autre-cheval-qui-trotte"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def elsewhere(sign_in: SignIn, officer: Officer) -> FlaskClient:
    """Another browser in which the officer is signed in."""
    return sign_in(officer)


def change(desk: Desk, **changes: str) -> str:
    words = {"password": factories.PASSWORD, "new_password": NEW, "new_password_confirm": NEW} | changes
    answer = desk.send("/compte/mot-de-passe", words)
    return answer.headers.get("Location", answer.text)


def test_it_works(desk: Desk, officer: Officer) -> None:
    page = desk.get("/compte")
    assert officer.email in page.text
    assert "celui-ci" in page.one("#sessions").get_text()
    assert not page.all("#sessions form")


def test_a_session_is_known_by_its_browser(backoffice_app: Flask, officer: Officer) -> None:
    client = backoffice_app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    factories.sign_in(client, officer.email)
    assert "Firefox, Linux" in Browser(client).get("/compte").one("#sessions").get_text()


def test_another_session_can_be_ended(desk: Desk, elsewhere: FlaskClient) -> None:
    (form,) = desk.get("/compte").all("#sessions li form")
    assert "est fermée" in desk.do(str(form["action"])).text
    assert elsewhere.get("/objets").status_code == 302
    assert desk.client.get("/objets").status_code == 200


def test_all_others_are_ended_at_once(desk: Desk, elsewhere: FlaskClient, sign_in: SignIn, officer: Officer) -> None:
    third = sign_in(officer)
    desk.do("/compte/sessions/fermer")
    assert [client.get("/objets").status_code for client in (elsewhere, third)] == [302, 302]
    assert desk.client.get("/objets").status_code == 200


def test_a_colleagues_session_is_not_the_officers_to_end(
    desk: Desk, sign_in: SignIn, colleague: Officer, session: Session
) -> None:
    theirs = sign_in(colleague)
    end_reading(session)
    public_id = session.scalars(select(DeskSession.public_id).where(DeskSession.officer_id == colleague.id)).one()
    assert desk.send(f"/compte/sessions/{public_id}/fermer").status_code == 404
    assert theirs.get("/objets").status_code == 200


def test_a_cookie_of_an_ended_session_opens_nothing_even_kept(desk: Desk, elsewhere: FlaskClient) -> None:
    kept = elsewhere.get_cookie("agents")
    assert kept is not None
    desk.do("/compte/sessions/fermer")
    elsewhere.get("/objets")
    elsewhere.set_cookie("agents", kept.value)
    assert elsewhere.get("/objets").status_code == 302


def test_the_password_is_changed_and_every_other_session_ended(
    desk: Desk, elsewhere: FlaskClient, backoffice_app: Flask, officer: Officer
) -> None:
    assert change(desk) == "/compte"
    page = desk.get("/compte")
    assert "Vous avez bien changé votre mot de passe" in page.text
    assert len(page.all("#sessions li")) == 1
    assert elsewhere.get("/objets").status_code == 302
    factories.sign_in(backoffice_app.test_client(), officer.email, NEW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "wrong"},
        {"password": ""},
        {"new_password": "court", "new_password_confirm": "court"},
        {"new_password_confirm": "pas le même du tout"},
        {"new_password": factories.PASSWORD, "new_password_confirm": factories.PASSWORD},
    ],
    ids=["wrong", "empty", "short", "not-the-same", "no-change"],
)
def test_a_change_that_is_refused_says_why_and_changes_nothing(
    desk: Desk, backoffice_app: Flask, officer: Officer, wrong: dict[str, str]
) -> None:
    assert "field-error" in change(desk, **wrong)
    factories.sign_in(backoffice_app.test_client(), officer.email)


def test_signing_out_forgets_the_session(desk: Desk, session: Session) -> None:
    desk.send("/deconnexion")
    end_reading(session)
    assert session.scalars(select(DeskSession)).all() == []

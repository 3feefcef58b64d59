import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from gallery.models import Officer
from gallery.services.transaction import atomic, end_reading
from gallery.web.backoffice.account import attempts, confirmation, passwords
from tests import factories
from tests.page import Page
from tests.web.backoffice.accounts.test_attempts import move
from tests.web.backoffice.accounts.test_officers import INVITED
from tests.web.backoffice.accounts.test_second_factor import switch_on
from tests.web.backoffice.desk import Desk, filled

CONFIRM = "/compte/confirmer"
INVITE = "/administration/agents/inviter"


def let_time_pass(client: FlaskClient, *, minutes: int = 60) -> None:
    """Let the officer have signed in long ago, and given no password since."""
    with client.session_transaction() as session:
        session["fs_paa"] -= minutes * 60
        session.pop("fs_gexp", None)


def confirm(desk: Desk, page: Page, password: str = factories.PASSWORD) -> str:
    """Give the password on the page that asks for it; the address that it leads to, or nothing."""
    fields = {str(field["name"]): str(field.get("value") or "") for field in page.all("main input[name]")}
    answer = desk.client.post(CONFIRM, data=fields | {"password": password})
    return answer.headers.get("Location", "")


def asked(desk: Desk, address: str, data: dict[str, str]) -> Page:
    """The page that a form is answered with, which must ask for the password."""
    answer = desk.send(address, data)
    assert answer.status_code == 302
    assert CONFIRM in answer.headers["Location"]
    return desk.get(answer.headers["Location"])


@pytest.fixture
def guarded(desk: Desk) -> Desk:
    """An officer with a second factor whose browser has been open for an hour."""
    switch_on(desk)
    let_time_pass(desk.client)
    return desk


def has_code(session: Session, officer: Officer) -> bool:
    end_reading(session)
    return officer.tf_primary_method == "authenticator"


def test_the_second_factor_is_not_switched_off_without_the_password(
    guarded: Desk, session: Session, officer: Officer
) -> None:
    page = asked(guarded, "/compte/code", {"setup": "disable"})
    assert page.one("h1").get_text() == "Votre mot de passe"
    assert has_code(session, officer)


def test_it_is_switched_off_once_the_password_is_given(guarded: Desk, session: Session, officer: Officer) -> None:
    assert confirm(guarded, asked(guarded, "/compte/code", {"setup": "disable"})) == "/compte/code"
    guarded.do("/compte/code", {"setup": "disable"})
    assert not has_code(session, officer)


@pytest.mark.parametrize("password", ["", "wrong", "\0", "x" * 500])
def test_another_password_opens_nothing(guarded: Desk, session: Session, officer: Officer, password: str) -> None:
    assert not confirm(guarded, asked(guarded, "/compte/code", {"setup": "disable"}), password)
    asked(guarded, "/compte/code", {"setup": "disable"})
    assert has_code(session, officer)


def test_recovery_codes_are_not_shown_without_the_password(guarded: Desk) -> None:
    answer = guarded.client.get("/compte/codes-de-secours?show_codes=1")
    assert CONFIRM in answer.headers["Location"]


def test_who_has_just_signed_in_is_not_asked_again(desk: Desk, session: Session, officer: Officer) -> None:
    switch_on(desk)
    let_time_pass(desk.client, minutes=passwords.WITHIN_MINUTES - 1)
    desk.do("/compte/code", {"setup": "disable"})
    assert not has_code(session, officer)


@pytest.fixture
def lost(session: Session, officer: Officer) -> Officer:
    """An officer who has lost the telephone."""
    with atomic(session):
        officer.tf_primary_method, officer.tf_totp_secret = "authenticator", "sealed"
    return officer


ACTS = {
    "code": {"acte": "code"},
    "link": {"acte": "lien"},
    "role": {"acte": "role", "role": "administrator", "vu": "agent"},
    "unit": {"acte": "fiche", "nom": "X", "unite": "GGD35"},
    "closing": {"acte": "fermer"},
}


@pytest.mark.parametrize("act", ACTS)
def test_an_account_is_not_changed_without_the_password(
    office: Desk, lost: Officer, session: Session, act: str
) -> None:
    let_time_pass(office.client)
    page = Page(office.send(f"/administration/agents/{lost.public_id}", ACTS[act]))
    assert page.one("h1").get_text() == "Votre mot de passe"
    assert has_code(session, lost)
    assert (lost.active, lost.role.value, lost.name) == (True, "agent", "Camille Le Goff")


def test_what_was_sent_is_done_once_the_password_is_given(office: Desk, lost: Officer, session: Session) -> None:
    let_time_pass(office.client)
    address = f"/administration/agents/{lost.public_id}"
    fields = filled(Page(office.send(address, {"acte": "code"})))
    wrong = Page(office.client.post(address, data=fields | {confirmation.FIELD: "wrong"}))
    assert "Ce n’est pas votre mot de passe." in wrong.text
    assert has_code(session, lost)
    done = office.client.post(address, data=filled(wrong) | {confirmation.FIELD: factories.PASSWORD})
    assert done.headers["Location"] == address
    assert not has_code(session, lost)


def test_an_invitation_that_was_written_is_not_lost(office: Desk) -> None:
    form = filled(office.get(INVITE)) | INVITED
    let_time_pass(office.client)
    fields = filled(Page(office.client.post(INVITE, data=form)))
    page = Page(office.client.post(INVITE, data=fields | {confirmation.FIELD: factories.PASSWORD}))
    assert page.one("#link")["value"]
    assert "morgane@rennes.example" in page.text


@pytest.mark.parametrize(
    "address",
    [
        INVITE,
        "/administration/unites/nouvelle",
        "/administration/unites/GGD35",
        "/administration/unites/GGD35/facebook",
    ],
)
def test_pages_that_lead_to_an_account_ask_first(office: Desk, address: str) -> None:
    assert office.client.get(address).status_code == 200
    let_time_pass(office.client)
    asked_at = office.client.get(address).headers["Location"]
    assert asked_at.startswith(CONFIRM)
    assert confirm(office, office.get(asked_at)) == address


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_it_leads_nowhere_else(guarded: Desk, elsewhere: str) -> None:
    page = guarded.get(CONFIRM)
    answer = guarded.client.post(
        CONFIRM, data={"password": factories.PASSWORD, "next": elsewhere, "csrf_token": page.token}
    )
    assert "elsewhere" not in answer.headers.get("Location", "")


def test_asked_for_nothing_it_leads_to_the_account(guarded: Desk) -> None:
    assert confirm(guarded, guarded.get(CONFIRM)) == "/compte"


def test_guessing_the_password_is_slowed_down(desk: Desk, session: Session) -> None:
    token = desk.get(CONFIRM).token

    def guess(count: int) -> int:
        desk.client.environ_base["REMOTE_ADDR"] = f"198.51.100.{count + 1}"
        return desk.client.post(CONFIRM, data={"password": "wrong", "csrf_token": token}).status_code

    assert {guess(count) for count in range(attempts.FREE + 1)} == {200}
    move(session, minutes=10)
    assert guess(attempts.FREE + 1) == 429

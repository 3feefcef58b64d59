import hashlib
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gallery.models import AccessLink, Item, Officer, OfficerRole, Unit
from gallery.services.transaction import atomic, end_reading
from tests import factories
from tests.factories import Factory
from tests.page import Browser, Page
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk

NEW = "un-autre-cheval-qui-trotte"
INVITED = {"name": "Adjudante Morgane Riou", "email": "Morgane@Rennes.example", "role": "agent", "unit": "GGD35"}


def invite(office: Desk, **changes: str) -> str:
    """Invite someone; the address of the link, without its host."""
    page = Page(office.fill("/administration/agents/inviter", INVITED | changes))
    return re.sub(r"^https?://[^/]+", "", str(page.one("#link")["value"]))


def choose(client: FlaskClient, link: str, password: str = NEW, again: str | None = None) -> int:
    token = Browser(client).get(link).token
    data = {"password": password, "again": password if again is None else again, "csrf_token": token}
    return client.post(link, data=data).status_code


def act(office: Desk, officer: Officer, what: str, **more: str) -> Page:
    return office.do(f"/administration/agents/{officer.public_id}", {"acte": what} | more)


@pytest.fixture
def client(backoffice_app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return backoffice_app.test_client()


def test_it_works(office: Desk, client: FlaskClient) -> None:
    link = invite(office)
    assert "invité" in office.get("/administration/agents").text
    assert choose(client, link) == 302
    factories.sign_in(client, "morgane@rennes.example", NEW)
    assert "Adjudante Morgane Riou" in Browser(client).get("/objets").text


def test_the_link_works_once(office: Desk, client: FlaskClient) -> None:
    link = invite(office)
    choose(client, link)
    assert client.get(link).status_code == 410
    assert client.post(link, data={"password": "x" * 20, "again": "x" * 20}).status_code in (400, 410)


def test_looking_at_the_link_does_not_use_it_up(office: Desk, client: FlaskClient) -> None:
    link = invite(office)
    for _ in range(3):
        assert client.get(link).status_code == 200


def test_the_link_is_in_the_database_as_a_digest_only(office: Desk, session: Session) -> None:
    link = invite(office)
    end_reading(session)
    assert session.scalars(select(AccessLink.digest)).one() not in link


def test_a_link_too_old_opens_nothing(office: Desk, client: FlaskClient, session: Session, make: Factory) -> None:
    link = invite(office)
    with atomic(session):
        session.execute(update(AccessLink).values(expires_at=make.now - timedelta(days=365)))
    assert client.get(link).status_code == 410
    assert "invitation passée" in office.get("/administration/agents").text


def test_an_invented_link_opens_nothing(client: FlaskClient) -> None:
    assert client.get("/acces/invented").status_code == 410


@pytest.mark.parametrize(
    ("password", "again"), [("court", "court"), (NEW, "un autre"), ("", ""), ("x" * 129, "x" * 129)]
)
def test_a_password_that_will_not_do_is_refused(office: Desk, client: FlaskClient, password: str, again: str) -> None:
    link = invite(office)
    assert choose(client, link, password, again) == 422
    assert client.get(link).status_code == 200


def test_nobody_signs_in_before_a_password_is_chosen(office: Desk, client: FlaskClient) -> None:
    invite(office)
    token = Browser(client).get("/connexion").token
    answer = client.post("/connexion", data={"email": "morgane@rennes.example", "password": "", "csrf_token": token})
    assert "incorrect" in answer.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "admin@rennes.example"}, "a déjà un compte"),
        ({"email": "morgane"}, "n’est pas complète"),
        ({"name": " "}, "Donnez le nom"),
        ({"unit": "ZZZ"}, "aria-invalid"),
        ({"role": "king"}, "aria-invalid"),
    ],
    ids=["taken", "no-address", "no-name", "no-unit", "no-role"],
)
def test_an_invitation_that_is_wrong_is_said_to_be(office: Desk, changes: dict[str, str], sentence: str) -> None:
    answer = office.fill("/administration/agents/inviter", INVITED | changes)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_an_invitation_sent_twice_is_one_and_says_where_its_link_is_renewed(office: Desk, client: FlaskClient) -> None:
    link = invite(office)
    page = Page(office.fill("/administration/agents/inviter", INVITED))
    assert "Une invitation pour Adjudante Morgane Riou attend déjà" in page.one("#errors").get_text()
    account = next(str(each["href"]) for each in page.all("main a") if "Ouvrir ce compte" in each.get_text())
    assert "Donner un nouveau lien" in office.get(account).text
    assert choose(client, link) == 302


def test_a_closed_account_is_out_everywhere_at_once(office: Desk, desk: Desk, officer: Officer) -> None:
    page = act(office, officer, "fermer")
    assert "a fermé le compte" in page.one(".history").get_text()
    assert desk.client.get("/objets").status_code == 302


def test_opened_again_it_signs_in_with_its_password(office: Desk, officer: Officer, client: FlaskClient) -> None:
    act(office, officer, "fermer")
    act(office, officer, "ouvrir")
    factories.sign_in(client, officer.email)
    assert client.get("/objets").status_code == 200


def test_a_link_of_a_closed_account_opens_nothing_even_once_it_is_open_again(
    office: Desk, officer: Officer, client: FlaskClient
) -> None:
    page = Page(office.send(f"/administration/agents/{officer.public_id}", {"acte": "lien"}))
    act(office, officer, "fermer")
    assert client.get(str(page.one("#link")["value"])).status_code == 410
    act(office, officer, "ouvrir")
    assert client.get(str(page.one("#link")["value"])).status_code == 410


def test_a_closed_account_is_offered_and_given_no_link(office: Desk, officer: Officer, session: Session) -> None:
    assert not act(office, officer, "fermer").all("button[value=lien]")
    refused = office.send(f"/administration/agents/{officer.public_id}", {"acte": "lien"})
    assert refused.status_code == 409
    end_reading(session)
    assert session.scalars(select(AccessLink)).all() == []
    assert act(office, officer, "ouvrir").all("button[value=lien]")


def test_a_link_ends_when_the_officer_changes_the_password(
    office: Desk, desk: Desk, officer: Officer, client: FlaskClient
) -> None:
    page = Page(office.send(f"/administration/agents/{officer.public_id}", {"acte": "lien"}))
    link = str(page.one("#link")["value"])
    desk.send(
        "/compte/mot-de-passe", {"password": factories.PASSWORD, "new_password": "non", "new_password_confirm": "non"}
    )
    assert client.get(link).status_code == 200
    desk.send(
        "/compte/mot-de-passe", {"password": factories.PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    )
    assert client.get(link).status_code == 410


def test_a_new_link_changes_the_password_and_ends_the_sessions(
    office: Desk, desk: Desk, officer: Officer, client: FlaskClient
) -> None:
    page = Page(office.send(f"/administration/agents/{officer.public_id}", {"acte": "lien"}))
    assert desk.client.get("/objets").status_code == 200
    assert choose(client, str(page.one("#link")["value"])) == 302
    assert desk.client.get("/objets").status_code == 302
    factories.sign_in(client, officer.email, NEW)


def test_a_new_link_replaces_the_last_one(office: Desk, client: FlaskClient, session: Session) -> None:
    link = invite(office)
    end_reading(session)
    invited = session.scalars(select(Officer).where(Officer.email == "morgane@rennes.example")).one()
    office.send(f"/administration/agents/{invited.public_id}", {"acte": "lien"})
    assert client.get(link).status_code == 410


def test_a_role_is_changed_at_once(office: Desk, desk: Desk, officer: Officer) -> None:
    act(office, officer, "role", role="manager")
    assert desk.client.get("/administration/agents").status_code == 200


@pytest.mark.parametrize(("what", "more"), [("fermer", {}), ("role", {"role": "agent"})])
def test_the_last_administrator_stays(office: Desk, administrator: Officer, what: str, more: dict[str, str]) -> None:
    answer = office.send(f"/administration/agents/{administrator.public_id}", {"acte": what} | more)
    assert answer.status_code == 409
    assert "dernier administrateur" in answer.text
    assert office.client.get("/administration/agents").status_code == 200


@pytest.mark.parametrize("form", [{}, {"acte": "effacer"}, {"acte": "role", "role": "king"}, {"acte": "role"}])
def test_nonsense_changes_nothing(office: Desk, officer: Officer, session: Session, form: dict[str, str]) -> None:
    office.send(f"/administration/agents/{officer.public_id}", form)
    end_reading(session)
    assert (officer.active, officer.role) == (True, OfficerRole.AGENT)


def test_a_manager_sees_the_officers_of_the_unit_only(
    sign_in: SignIn, make: Factory, unit: Unit, officer: Officer, outsider: Officer
) -> None:
    manager = make.officer(unit, "chef@rennes.example", OfficerRole.MANAGER)
    page = Desk(sign_in(manager)).get("/administration/agents")
    assert officer.email in page.text
    assert outsider.email not in page.text
    assert not page.all("tbody a")


def test_a_lost_second_factor_is_taken_away(
    office: Desk, officer: Officer, session: Session, client: FlaskClient
) -> None:
    with atomic(session):
        officer.tf_primary_method, officer.tf_totp_secret = "authenticator", "sealed"
    page = act(office, officer, "code")
    assert "a retiré le code de connexion" in page.one(".history").get_text()
    factories.sign_in(client, officer.email)
    assert client.get("/objets").status_code == 200


def test_an_officer_is_moved_to_another_unit_under_another_name(
    office: Desk, desk: Desk, officer: Officer, outsider: Officer, item: Item
) -> None:
    seen = {"vu-nom": officer.name, "vu-unite": "GGD35"}
    page = act(office, officer, "fiche", nom="Adjudante Le Goff-Riou", unite="CPN44", **seen)
    assert page.one("h1").get_text() == "Adjudante Le Goff-Riou"
    assert "a modifié : nom, unité" in page.one(".history").get_text()
    desk.get(f"/objets/{item.public_number}", status=404)
    assert "Commissariat de Nantes" in desk.get("/objets").one(".who").get_text()


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"vu-nom": "Quelqu’un d’autre"}, 409), ({"unite": "NULLE"}, 404), ({"nom": " "}, 302)],
    ids=["changed meanwhile", "no such unit", "no name"],
)
def test_a_move_that_can_not_be_changes_nothing(
    office: Desk, officer: Officer, session: Session, changes: dict[str, str], status: int
) -> None:
    sent = {"acte": "fiche", "nom": officer.name, "unite": "GGD35", "vu-nom": officer.name, "vu-unite": "GGD35"}
    answer = office.send(f"/administration/agents/{officer.public_id}", sent | changes)
    assert answer.status_code == status
    end_reading(session)
    assert (officer.name, officer.unit.code) == ("Camille Le Goff", "GGD35")


def test_a_link_that_was_written_into_the_database_opens_nothing(
    office: Desk, client: FlaskClient, session: Session
) -> None:
    link = invite(office)
    forged = hashlib.sha256(b"a-token-of-ones-own").hexdigest()
    with atomic(session):
        session.execute(update(AccessLink).values(digest=forged))
    assert client.get(link.rpartition("/")[0] + "/a-token-of-ones-own").status_code == 410

"""An officer is told of every change of what opens the account, on each page, until it is said to be read."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import AuditEntry, Item, Officer
from gallery.services.transaction import end_reading
from tests import factories
from tests.page import Page
from tests.web.backoffice.accounts.test_second_factor import switch_on
from tests.web.backoffice.accounts.test_sign_in import attempt
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk

NEW = "un-autre-cheval-qui-trotte"
TOLD = "Votre compte a changé"


def change_password(desk: Desk) -> None:
    words = {"password": factories.PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    desk.send("/compte/mot-de-passe", words)


def acts(session: Session, officer: Officer) -> list[str]:
    end_reading(session)
    wanted = select(AuditEntry.action).where(AuditEntry.subject == officer.public_id).order_by(AuditEntry.id)
    return list(session.scalars(wanted))


def test_it_is_told_at_the_next_sign_in_until_it_is_read(desk: Desk, officer: Officer, backoffice_app: Flask) -> None:
    change_password(desk)
    other = Desk(backoffice_app.test_client())
    attempt(other.client, officer.email, NEW)
    for address in ("/objets", "/affaires"):
        page = other.get(address)
        assert TOLD in page.text
        assert "a changé de mot de passe" in page.text
    assert TOLD not in other.do("/compte/changements/lus").text
    assert TOLD not in desk.get("/objets").text


def test_nothing_is_told_when_nothing_has_changed(desk: Desk) -> None:
    assert TOLD not in desk.get("/objets").text


@pytest.mark.parametrize("act", ["a activé le code de connexion", "a fait de nouveaux codes de secours"])
def test_second_factor_and_recovery_codes_are_told(desk: Desk, act: str) -> None:
    switch_on(desk)
    desk.send("/compte/codes-de-secours")
    assert act in desk.get("/objets").text


def test_what_an_administrator_does_to_it_is_told(office: Desk, desk: Desk, officer: Officer) -> None:
    page = Page(office.send(f"/administration/agents/{officer.public_id}", {"acte": "lien"}))
    assert page.all("#link")
    assert "a donné un lien pour choisir un mot de passe" in desk.get("/objets").text


def test_sign_ins_failures_and_changes_are_in_the_journal(
    desk: Desk, officer: Officer, backoffice_app: Flask, session: Session
) -> None:
    client = backoffice_app.test_client()
    for _ in range(3):
        attempt(client, officer.email, "wrong")
    switch_on(desk)
    desk.send("/compte/code", {"setup": "disable"})
    change_password(desk)
    assert acts(session, officer)[1:] == [
        "sign_in", "sign_in_failed", "second_factor_on", "second_factor_off", "change_password",
    ]  # fmt: skip
    assert "Quelqu’un a essayé 3 mauvais mots de passe" in desk.get("/compte").text


def test_what_was_looked_at_is_in_the_journal_and_not_in_the_items_history(
    desk: Desk, officer: Officer, item: Item, office: Desk
) -> None:
    desk.get(f"/objets/{item.public_number}")
    sheet = desk.get(f"/objets/{item.public_number}")
    desk.client.get(f"/photos/{item.photos[0].public_id}/original")
    assert "confidentielles" not in sheet.text
    own = desk.get("/compte").text
    assert f"a lu 2 fois des informations confidentielles ({item.public_number})" in own
    assert f"a téléchargé un original ({item.public_number})" in own
    assert f"a téléchargé un original ({item.public_number})" in office.get("/administration/journal").text


def test_refusals_are_in_the_journal(desk: Desk, office: Desk, officer: Officer) -> None:
    desk.client.get("/administration/unites")
    desk.client.get("/administration/unites")
    assert "s’est vu refuser 2 pages" in office.get(f"/administration/agents/{officer.public_id}").text


def test_attempts_on_no_account_are_counted_for_administrators(office: Desk, backoffice_app: Flask) -> None:
    client = backoffice_app.test_client()
    for name in ("a", "b"):
        attempt(client, f"{name}@nulle-part.example", "wrong")
    page = office.get("/administration/journal")
    assert re.search(r"a essayé 2 mauvais mots de passe \(adresse sans compte\)", page.text)
    assert "nulle-part" not in page.text


def test_a_colleagues_journal_is_not_the_officers_to_read(
    desk: Desk, sign_in: SignIn, colleague: Officer, officer: Officer
) -> None:
    Desk(sign_in(colleague)).get("/objets")
    assert desk.client.get("/administration/journal").status_code == 403
    assert len(desk.get("/compte").all(".history li")) == 3

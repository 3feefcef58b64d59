"""Nothing that a claimant writes is lost, whatever changes while they write, and whatever the worker would refuse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Claim, ClaimState, Declaration, Item, Officer, Unit
from gallery.services.claims import claim_filing, progress
from gallery.services.claims.progress import NextStep
from gallery.services.declarations import collecting, statement
from gallery.services.declarations.told_claims import ClaimNotice
from gallery.services.items import publication
from gallery.services.transaction import atomic, end_reading
from tests import pdfs
from tests.claimant import SAID, Claimant
from tests.factories import Factory
from tests.victim import CLAIMS, code_of

INVOICES = (("facture.pdf", pdfs.invoice()), ("devis.pdf", pdfs.invoice(pages=2)))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **CLAIMS, claim_rate="1000 per minute", claim_overall_rate="10000 per minute")


@pytest.fixture
def clock(app: Flask, make: Factory) -> Callable[[timedelta], None]:
    elapsed = [timedelta()]

    def move_on(by: timedelta) -> None:
        elapsed[0] += by
        app.extensions["resources"] = replace(app.extensions["resources"], now=lambda: make.now + elapsed[0])

    move_on(timedelta())
    return move_on


@pytest.fixture
def collect(session: Session, make: Factory, settings: Settings) -> Callable[[], None]:
    with atomic(session):
        collecting.publish_key(session, make.sealer)

    def collect_all() -> None:
        later, handlers = make.now + timedelta(hours=1), claim_filing.HANDLERS
        while collecting.collect(session, settings=settings, sealer=make.sealer, now=later, handlers=handlers):
            pass
        end_reading(session)

    return collect_all


@pytest.fixture
def claimant(client: FlaskClient, collect: Callable[[], None], clock: Callable[[timedelta], None]) -> Claimant:
    return Claimant(client, clock)


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    return make.published(make.case(unit))


@pytest.fixture
def withdraw(session: Session, item: Item, officer: Officer, make: Factory) -> Callable[[], None]:
    def withdraw_it() -> None:
        with atomic(session):
            publication.withdraw(session, session.get_one(Item, item.id), by=officer, now=make.now)

    return withdraw_it


def test_a_claim_of_what_was_withdrawn_while_it_was_written_is_taken(
    claimant: Claimant, item: Item, withdraw: Callable[[], None], collect: Callable[[], None], session: Session
) -> None:
    address = f"/objets/{item.public_number}/est-a-moi"
    page = claimant.browser.get(address)
    withdraw()
    page = claimant.sends(address, INVOICES[0], page=page, status=422, **(SAID | {"telephone": "1"}))
    assert page.one("[name=question-engraved]").get_text() == SAID["question-engraved"]
    assert item.title not in page.text
    assert not page.all("main img")
    code_of(claimant.sends(address, page=page, **SAID))
    collect()
    claim = session.scalars(select(Claim)).one()
    assert (claim.item_id, len(claim.statements[0].proofs)) == (item.id, 1)


def test_the_form_of_what_was_withdrawn_is_not_given(
    claimant: Claimant, item: Item, withdraw: Callable[[], None]
) -> None:
    withdraw()
    assert claimant.client.get(f"/objets/{item.public_number}/est-a-moi").status_code == 410


def test_what_is_added_to_a_claim_that_ends_meanwhile_comes_back(
    claimant: Claimant, item: Item, collect: Callable[[], None], session: Session, officer: Officer, make: Factory
) -> None:
    code = code_of(claimant.claims(item.public_number))
    collect()
    claimant.opens(code)
    address = "/ma-declaration/demandes/1/preuves"
    page = claimant.browser.get(address)
    with atomic(session):
        claim = session.scalars(select(Claim)).one()
        step = NextStep(ClaimState.NOT_ESTABLISHED, ClaimNotice(), claim.version)
        progress.change(session, make.given, claim, step, by=officer)
    page = claimant.sends(address, INVOICES[0], page=page, status=422, mots="et une rayure", numero=item.public_number)
    assert "est terminée" in page.text
    assert page.one("[name=mots]").get_text() == "et une rayure"
    assert len(page.all("input[name=documents-gardes]")) == 1


def test_what_was_written_for_a_claim_that_another_page_has_withdrawn_comes_back(
    claimant: Claimant, item: Item, make: Factory, collect: Callable[[], None]
) -> None:
    code = code_of(claimant.claims(item.public_number))
    collect()
    claimant.opens(code)
    claimant.sends(f"/objets/{make.published(item.case).public_number}/est-a-moi", status=303, mots="à moi aussi")
    collect()
    address = "/ma-declaration/demandes/1/preuves"
    page = claimant.browser.get(address)
    given_up = {"csrf_token": page.token, "numero": item.public_number, "certain": "oui"}
    assert claimant.client.post("/ma-declaration/demandes/1/retirer", data=given_up).status_code == 303
    collect()
    page = claimant.sends(address, INVOICES[0], page=page, status=422, mots="et une rayure", numero=item.public_number)
    assert "elle a été retirée" in page.text
    assert page.one("[name=mots]").get_text() == "et une rayure"
    assert not page.all("[name=code]")


def test_what_the_worker_would_refuse_comes_back_with_all_that_was_written(
    claimant: Claimant, item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(statement.LENGTHS, "name", 3)
    page = claimant.claims(item.public_number, status=422)
    assert "ne peut pas être envoyé" in page.text
    assert page.one("[name=nom]")["value"] == SAID["nom"]


def test_documents_that_are_chosen_again_are_counted_once(
    claimant: Claimant, item: Item, collect: Callable[[], None], session: Session
) -> None:
    page = claimant.claims(item.public_number, *INVOICES, status=422, telephone="1")
    address = f"/objets/{item.public_number}/est-a-moi"
    code_of(claimant.sends(address, *INVOICES, page=page, **SAID))
    collect()
    assert len(session.scalars(select(Claim)).one().statements[0].proofs) == len(INVOICES)


def test_a_claim_of_what_is_not_found_leaves_no_declaration(
    claimant: Claimant, item: Item, collect: Callable[[], None], session: Session
) -> None:
    code_of(claimant.claims(item.public_number))
    with atomic(session):
        session.get_one(Item, item.id).published_at = None
    collect()
    assert session.scalars(select(Declaration)).all() == []

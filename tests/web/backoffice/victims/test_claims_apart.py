"""Claims of two people, of two pages and of two moments are kept apart."""

# ruff: noqa: F811  fixtures of another module are parameters here

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.models import Claim, ClaimState, Declaration, Item, Officer
from gallery.services.claims import progress
from gallery.services.claims.progress import NextStep
from gallery.services.declarations.told_claims import ClaimNotice
from gallery.services.transaction import atomic, end_reading
from tests import pdfs
from tests.claimant import SAID, Claimant
from tests.factories import Factory
from tests.victim import code_of
from tests.web.backoffice.desk import Desk
from tests.web.backoffice.victims.test_claims import INVOICE, claimant, clock, collect, item, settings  # noqa: F401

Collect = Callable[[], None]
LOCKED = ("facture.pdf", pdfs.pdf("", trailer=pdfs.ENCRYPTED))


def put(session: Session, make: Factory, officer: Officer, state: ClaimState) -> None:
    end_reading(session)
    with atomic(session):
        claim = session.scalars(select(Claim)).one()
        progress.change(session, make.given, claim, NextStep(state, ClaimNotice(), claim.version), by=officer)


def count(session: Session, table: type[Claim | Declaration]) -> int:
    end_reading(session)
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_form_begun_by_somebody_new_never_joins_what_another_page_has_opened(
    claimant: Claimant,
    item: Item,
    collect: Collect,
    session: Session,
    make: Factory,
) -> None:
    code = code_of(claimant.claims(item.public_number, nom="Monsieur A", telephone="0600000001"))
    collect()
    other = make.published(make.case(item.unit), title="Une autre").public_number
    address = f"/objets/{other}/est-a-moi"
    form = claimant.browser.get(address)
    claimant.opens(code)
    theirs = claimant.browser.get(address).one("main").get_text()
    assert "Votre demande rejoint la déclaration D-" in theirs
    page = claimant.sends(address, page=form, **(SAID | {"nom": "Madame B", "telephone": "0699999999"}))
    assert code_of(page) != code
    collect()
    assert (count(session, Claim), count(session, Declaration)) == (2, 2)


def test_why_a_proof_is_refused_is_said_though_nothing_else_was_given(
    claimant: Claimant,
    item: Item,
) -> None:
    page = claimant.claims(item.public_number, LOCKED, status=422, **{"question-engraved": "", "question-damaged": ""})
    assert "protégé par un mot de passe" in page.one("#preuves-erreur").get_text()


def test_what_is_claimed_again_while_a_withdrawal_is_on_its_way_comes_back(
    claimant: Claimant,
    item: Item,
    collect: Collect,
    session: Session,
) -> None:
    code = code_of(claimant.claims(item.public_number))
    collect()
    claimant.opens(code)
    token = claimant.browser.get("/ma-declaration").token
    withdrawn = {"csrf_token": token, "certain": "oui", "numero": item.public_number}
    assert claimant.client.post("/ma-declaration/demandes/1/retirer", data=withdrawn).status_code == 303
    answers = {"question-engraved": "mieux dit"}
    page = claimant.sends(f"/objets/{item.public_number}/est-a-moi", status=422, **answers)
    assert "Vous venez de retirer votre demande" in page.one("main").get_text()
    assert "mieux dit" in page.one("[name=question-engraved]").get_text()


def test_an_officer_whose_page_lacks_what_was_added_decides_nothing(
    claimant: Claimant,
    item: Item,
    collect: Collect,
    session: Session,
    desk: Desk,
    make: Factory,
    officer: Officer,
) -> None:
    code = code_of(claimant.claims(item.public_number))
    collect()
    claimant.opens(code)
    put(session, make, officer, ClaimState.UNDER_REVIEW)
    reference = session.scalars(select(Claim.reference)).one()
    version = desk.get(f"/demandes/{reference}").one("input[name=version]")["value"]
    claimant.sends(
        "/ma-declaration/demandes/1/preuves", INVOICE, status=303, mots="la facture", numero=item.public_number
    )
    collect()
    answer = desk.send(f"/demandes/{reference}", {"etat": "not_established", "version": version})
    assert answer.status_code == 409
    end_reading(session)
    assert session.scalars(select(Claim.state)).one() is ClaimState.UNDER_REVIEW


@pytest.mark.parametrize("is_stale", [True, False])
def test_only_the_state_of_which_somebody_was_told_is_noted_as_told(
    claimant: Claimant, item: Item, collect: Collect, session: Session, desk: Desk, make: Factory, officer: Officer,
    is_stale: bool,
) -> None:  # fmt: skip
    claimant.claims(item.public_number)
    collect()
    put(session, make, officer, ClaimState.PROOFS_ASKED)
    reference = session.scalars(select(Claim.reference)).one()
    shown = desk.get(f"/demandes/{reference}").one("input[name=depuis]")["value"]
    make.now = make.now.replace(minute=make.now.minute + 1)
    if is_stale:
        put(session, make, officer, ClaimState.WITH_MAGISTRATE)
    page = desk.do(f"/demandes/{reference}/prevenu", {"depuis": str(shown)})
    end_reading(session)
    assert (session.scalars(select(Claim.seen_at)).one() is None) is is_stale
    assert ("a changé d’état depuis" in page.text) is is_stale

"""What officers see of an item that was hidden for a claim that is no more."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Unit
from gallery.services import audit
from gallery.services.declarations.lifecycle import LET_GO
from gallery.services.items import publication
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.victim import CLAIMS
from tests.web.backoffice.desk import VOUCHED, Desk

NO_MORE = "demande qui n’existe plus"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **CLAIMS)


def test_it_is_named_among_the_claims_and_on_its_own_page_until_it_is_public_again(
    desk: Desk, make: Factory, unit: Unit, session: Session
) -> None:
    item = make.published(make.case(unit), title="Bague ancienne")
    with atomic(session):
        publication.withdraw(session, item, by=None, now=make.now)
    assert NO_MORE not in desk.get("/demandes").text
    with atomic(session):
        audit.record(session, None, LET_GO, item, now=make.now)
    page = desk.get("/demandes")
    assert NO_MORE in page.text
    sheet = desk.get(str(page.one("section[aria-labelledby=let-go] a")["href"]))
    assert "Retiré pour une demande de restitution qui n’existe plus" in sheet.text
    assert "a mis fin à la demande pour laquelle l’objet était retiré" in sheet.text
    desk.do(f"/objets/{item.public_number}/publier", VOUCHED | {"version": str(item.version)})
    assert NO_MORE not in desk.get("/demandes").text

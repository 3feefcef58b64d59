"""Who helps a victim is on the call list by name, until an officer notes that they were told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Declaration, Item, Proposal, ProposalLevel, ProposalState, Unit
from gallery.sealing import Sealer
from gallery.services.declarations import answers, filing
from gallery.services.declarations.answers import MessageKind
from gallery.services.declarations.filing import DescribedObject, DescribedStatement
from gallery.services.declarations.opening import locks
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.victim import DECLARATIONS
from tests.web.backoffice.desk import Desk

# Nothing, an instant without zone, and one that is none in UTC.
WRONG = ("", "2026-11-30T10:00:00", "0001-01-01T00:00:00+14:00")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **DECLARATIONS)


@pytest.fixture
def shown(make: Factory, unit: Unit, session: Session, sealer: Sealer) -> Item:
    """What was shown to a victim who is helped, and whose search ends."""
    item, stated = make.published(make.case(unit), title="Vélo de dame"), StatedObject(words="vélo")
    statement = Statement(
        theft=Theft(departement="35"),
        objects=(stated,),
        contact=Contact("Mme Rougé", "", "06 55 44 33 22"),
        helper=Contact("Anne Rougé", "", "06 11 22 33 44"),
        phrase="la lune est bleue",
        ends_on=make.now.date() + timedelta(days=20),
        consented_at=make.now,
    )
    lock = locks.make("pomme rivière cheval maison tapis lune", pepper="pepper")
    with atomic(session):
        described = DescribedStatement(statement, [DescribedObject(stated, ())])
        made = filing.add(session, described, filing.Arrival(lock, "r"), sealer=sealer, now=make.now)
        session.add(
            Proposal(
                public_id="a" * 24, declared=made.objects[0], item=item, level=ProposalLevel.STRONG, evidence=[],
                state=ProposalState.SHOWN, made_at=make.now, decided_at=make.now,
            )
        )  # fmt: skip
        answers.tell(session, made, MessageKind.ENDS_SOON, now=make.now)
    return item


def test_each_of_the_two_is_told_apart(desk: Desk, shown: Item, session: Session) -> None:
    page = desk.get("/personnes-a-prevenir")
    assert page.one("h1").get_text() == "Personnes à prévenir (3)"
    reference = session.scalars(select(Declaration.reference)).one()
    session.rollback()
    row = page.all("tbody tr")[-1]
    said = ("Anne Rougé", "aide Mme Rougé", reference, "06 11 22 33 44", "la lune", shown.public_number, "la prolonger")
    assert [each for each in said if each not in row.get_text()] == []
    form = row.select_one("form")
    address, until = str(form["action"]), str(form.select_one("[name=jusqua]")["value"])
    assert [desk.send(address, {"jusqua": wrong}).status_code for wrong in WRONG] == [400] * 3
    page = desk.do(address, {"jusqua": until})
    assert page.one("h1").get_text() == "Personnes à prévenir (2)"
    assert "aide Mme Rougé" not in page.text
    for _ in range(2):
        page = desk.do(str(page.all("tbody form")[0]["action"]))
    assert "Personne n’attend d’appel" in page.text


def test_a_victim_who_was_told_leaves_who_helps_to_be_called(desk: Desk, shown: Item) -> None:
    page = desk.get("/personnes-a-prevenir")
    for form in page.all("tbody form")[:2]:
        page = desk.do(str(form["action"]))
    assert page.one("h1").get_text() == "Personnes à prévenir (1)"
    assert "aide Mme Rougé" in page.one("tbody th").get_text()

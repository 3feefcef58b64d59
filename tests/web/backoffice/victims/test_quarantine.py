"""What looks like a flood waits: neither compared nor mailed, until an officer releases or buries all of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.models import (
    AuditEntry,
    Claim,
    Declaration,
    DeclarationMail,
    DeclarationState,
    Item,
    Officer,
    Proposal,
    Unit,
    Verdict,
)
from gallery.services.claims import claim_drops, claim_filing
from gallery.services.claims.claimed import Claimant, ClaimWords
from gallery.services.claims.copied_proofs import ClaimWork
from gallery.services.declarations import dropping, lifecycle
from gallery.services.declarations.opening import codes, locks
from gallery.services.declarations.opening.locks import Lock
from gallery.services.declarations.quarantine import UNDO_WITHIN
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.proposals.work import DeclarationWork
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.victim import ALERTS, CLAIMS, DECLARATIONS
from tests.web.backoffice.desk import Desk

QUARANTINED, OPEN = DeclarationState.QUARANTINED, DeclarationState.OPEN


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        **DECLARATIONS,
        **CLAIMS,
        flood_per_hour=2,
        **ALERTS,
        smtp_host="localhost",
        smtp_security="none",
        mail_sender="objets@retrouves.example",
        public_address="http://objets.example",
    )


class Flood:
    """Senders without a face, and the worker; its clock moves by hand."""

    def __init__(self, make: Factory, session: Session, sessions: sessionmaker[Session]) -> None:
        self.make, self.session, self.now = make, session, make.now
        given = make.resources(sessions, now=lambda: self.now)
        published = open_catalogue(given, Scope.PUBLIC)
        self.declarations = DeclarationWork(given, published, claim_filing.HANDLERS)
        self.claims = ClaimWork(given, published)
        self.declarations.publish_key()

    def lock(self) -> Lock:
        return locks.make(codes.tidy(codes.draw()), pepper=self.make.settings.declaration_pepper)

    def declares(self, *emails: str) -> None:
        for email in emails:
            statement = Statement(
                theft=Theft(departement="35"),
                objects=(StatedObject(words="vélo Peugeot"),),
                contact=Contact("Quelqu’un", email),
                ends_on=self.now.date() + timedelta(days=365),
                consented_at=self.now,
            )
            with atomic(self.session):
                dropping.drop(self.session, self.make.at(self.now), statement, self.lock())
        self.works()

    def claims_of(self, item: Item, *emails: str) -> None:
        for email in emails:
            who = (Claimant(Contact("Quelqu’un", email)), self.lock())
            said = ClaimWords(self.now, {}, "à moi, vraiment", (), ())
            number = item.public_number
            with atomic(self.session):
                claim_drops.claim(self.session, self.make.at(self.now), number, said, who)
        self.works()

    def works(self) -> None:
        work, claims = self.declarations, self.claims
        while work.collect_next() | work.settle_next() | claims.settle_next() | work.compare_next_object():
            pass
        self.session.expire_all()
        self.session.rollback()

    def states(self) -> list[DeclarationState]:
        return list(self.session.scalars(select(Declaration.state).order_by(Declaration.id)))

    def count(self, table: type) -> int:
        return self.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def flood(make: Factory, session: Session, sessions: sessionmaker[Session]) -> Flood:
    return Flood(make, session, sessions)


@pytest.fixture
def bicycle(make: Factory, unit: Unit) -> Item:
    return make.published(make.case(unit), title="Vélo de dame", brand="Peugeot")


def instant_in(desk: Desk) -> datetime:
    return datetime.fromisoformat(str(desk.get("/quarantaine").all("input[name=jusqua]")[0]["value"]))


def judge(desk: Desk, kind: str, verdict: str, **more: str) -> str:
    page = desk.get("/quarantaine")
    until = page.all("input[name=jusqua]")
    fields = {"quoi": kind, "verdict": verdict, "jusqua": str(until[0]["value"]) if until else "", **more}
    return desk.do("/quarantaine", fields).text


def test_the_third_within_an_hour_waits_and_all_are_released_at_once(
    flood: Flood, bicycle: Item, desk: Desk, session: Session
) -> None:
    flood.declares("a@x.example", "b@x.example", "c@x.example")
    assert flood.states() == [OPEN, OPEN, QUARANTINED]
    assert (flood.count(Proposal), flood.count(DeclarationMail)) == (2, 2)
    assert "attend en quarantaine" in desk.get("/objets").text
    page = desk.get("/quarantaine")
    assert all(page.text.count(word) == 1 for word in ("@x.example", "vélo Peugeot"))
    assert "cochez la case" in judge(desk, "declarations", "release")
    assert "Un envoi passe" in judge(desk, "declarations", "release", vu="oui")
    flood.works()
    assert flood.states() == [OPEN] * 3
    assert (flood.count(Proposal), flood.count(DeclarationMail)) == (3, 3)
    acts = set(session.scalars(select(AuditEntry.action)))
    assert {"read_declaration", "release_flood", "release_declaration"} <= acts


def test_what_is_buried_comes_back_for_a_day_and_is_then_erased(flood: Flood, desk: Desk, session: Session) -> None:
    flood.declares("a@x.example", "b@x.example", "c@x.example")
    assert "cochez la case" in judge(desk, "declarations", "bury")
    judge(desk, "declarations", "bury", vu="oui")
    flood.works()
    assert flood.count(Declaration) == 3
    assert "repris" in judge(desk, "declarations", "take_back")
    judge(desk, "declarations", "bury", vu="oui")
    # The desk's clock is the machine's.
    flood.now = datetime.now(UTC) + UNDO_WITHIN
    flood.works()
    assert flood.states() == [OPEN, OPEN]


def test_what_comes_after_the_page_was_shown_is_not_judged(flood: Flood, desk: Desk) -> None:
    flood.declares("a@x.example", "b@x.example", "c@x.example")
    until = instant_in(desk)
    flood.now += timedelta(minutes=1)
    flood.declares("d@x.example")
    desk.do("/quarantaine", {"quoi": "declarations", "verdict": "release", "vu": "oui", "jusqua": until.isoformat()})
    flood.works()
    assert flood.states() == [OPEN, OPEN, OPEN, QUARANTINED]


def test_nobody_but_an_officer_lets_one_out(flood: Flood, session: Session) -> None:
    flood.declares("a@x.example", "b@x.example", "c@x.example")
    held = session.scalars(select(Declaration).where(Declaration.state == QUARANTINED)).one()
    with atomic(session):
        lifecycle.close(session, held, by=None, now=flood.now)
        lifecycle.prolong(session, held, by=None, now=flood.now)
    assert flood.states()[-1] is QUARANTINED


def test_too_many_of_one_contact_wait_though_they_come_slowly(flood: Flood) -> None:
    flood.make.settings = replace(flood.make.settings, flood_per_contact=1)
    flood.declarations.given = flood.make.resources(flood.declarations.given.sessions, now=lambda: flood.now)
    for _ in range(2):
        flood.declares("same@x.example")
        flood.now += timedelta(hours=2)
    assert flood.states() == [OPEN, QUARANTINED]
    flood.now += timedelta(days=1)
    flood.declares("same@x.example")
    assert flood.states() == [OPEN, QUARANTINED, OPEN]


def test_claims_wait_alike(
    flood: Flood,
    bicycle: Item,
    desk: Desk,
    session: Session,
    sign_in: Callable[[Officer], FlaskClient],
    outsider: Officer,
) -> None:
    flood.claims_of(bicycle, "a@x.example", "b@x.example", "c@x.example")
    (held,) = session.scalars(select(Claim).where(Claim.held_at.is_not(None)))
    assert held.reference not in desk.get("/demandes").text
    assert "à moi, vraiment" in desk.get("/quarantaine").text
    assert "attend en quarantaine" in desk.get(f"/demandes/{held.reference}").text
    assert not desk.get(f"/demandes/{held.reference}").all("input[name=etat]")
    assert "à moi" not in Desk(sign_in(outsider)).get("/quarantaine").text
    mails = flood.count(DeclarationMail)
    judge(desk, "claims", "release", vu="oui")
    flood.works()
    assert held.reference in desk.get("/demandes").text
    assert (flood.states(), flood.count(DeclarationMail)) == ([OPEN] * 3, mails + 1)
    flood.claims_of(bicycle, "d@x.example")
    judge(desk, "claims", "bury", vu="oui")
    flood.now = datetime.now(UTC) + UNDO_WITHIN
    flood.works()
    assert flood.count(Claim) == flood.count(Declaration) == 3


def test_what_has_a_released_claim_is_not_buried_and_a_broken_seal_holds_up_nothing(
    flood: Flood, bicycle: Item, desk: Desk, session: Session
) -> None:
    flood.claims_of(bicycle, "a@x.example")
    flood.declares(*(f"{each}@x.example" for each in "bcde"))
    broken, claimed, buried = session.scalars(
        select(Declaration).where(Declaration.state == QUARANTINED).order_by(Declaration.id)
    )
    claim = session.scalars(select(Claim)).one()
    with atomic(session):
        claim.declaration = claimed
        broken.sealed = b"broken"
        broken.verdict = Verdict.RELEASE
    judge(desk, "declarations", "bury", vu="oui")
    session.expire_all()
    assert (claimed.verdict, buried.verdict) == (None, Verdict.BURY)
    with atomic(session):
        # Released since it was to be buried.
        claimed.verdict, claimed.judged_at = Verdict.BURY, buried.judged_at
    kept = (broken.id, claimed.id)
    flood.now = datetime.now(UTC) + UNDO_WITHIN
    flood.works()
    waiting = select(Declaration.id, Declaration.verdict).where(Declaration.state == QUARANTINED)
    assert session.execute(waiting.order_by(Declaration.id)).all() == [(kept[0], Verdict.RELEASE), (kept[1], None)]
    assert flood.count(Claim) == 1

"""What tests of claims are given: an item, somebody who claims it, and an officer’s decisions."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Claim, ClaimProof, ClaimState, ClaimStatement, ClaimStep, Item, Officer, Unit
from gallery.sealing import Sealer
from gallery.services.claims import claim_drops, claim_filing, claim_seals, progress
from gallery.services.claims.claimed import Claimant, ClaimWords
from gallery.services.claims.progress import NextStep
from gallery.services.declarations import answers, collecting
from gallery.services.declarations.opening import locks
from gallery.services.declarations.opening.locks import Holder
from gallery.services.declarations.statement import Contact
from gallery.services.declarations.told_claims import ClaimNotice
from gallery.services.resources import Resources
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory
from tests.victim import CLAIMS

CODE, OTHER_CODE = "pomme rivière cheval maison tapis lune", "chaise avion citron nuage montagne soleil"
STATES = ClaimState
NOTHING = ClaimNotice()
ROWS = (Claim, ClaimStep, ClaimStatement, ClaimProof)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **CLAIMS)


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    return make.published(make.case(unit))


class Somebody:
    """Whoever claims: what they send, what the worker makes of it, and what their code opens."""

    def __init__(self, session: Session, given: Resources) -> None:
        self.session, self.given = session, given
        with atomic(session):
            collecting.publish_key(session, given.sealer)

    @property
    def now(self) -> datetime:
        return self.given.now()

    def says(self, words: str = "une éraflure", *photos: bytes, documents: tuple[bytes, ...] = ()) -> ClaimWords:
        return ClaimWords(self.now, {"engraved": "J.R. 1962"}, words, photos, documents)

    def claims(self, item: Item, said: ClaimWords, code: str = CODE) -> Claim:
        lock = locks.make(code, pepper=self.given.settings.declaration_pepper)
        who = (Claimant(Contact("Mme Rougé", "", "0655443322"), "la lune est bleue"), lock)
        with atomic(self.session):
            claim_drops.claim(self.session, self.given, item.public_number, said, who)
        self.collects()
        return self.session.scalars(select(Claim).order_by(Claim.id.desc())).first()

    def collects(self) -> None:
        given = self.given
        while collecting.collect(
            self.session, settings=given.settings, sealer=given.sealer, now=self.now, handlers=claim_filing.HANDLERS
        ):
            pass
        end_reading(self.session)

    def holder(self, code: str = CODE) -> Holder:
        return answers.open_with(self.session, code, pepper=self.given.settings.declaration_pepper)

    def reads(self, code: str = CODE) -> answers.Answer:
        return answers.read(self.session, self.holder(code))

    def adds(self, claim: Claim, said: ClaimWords) -> None:
        with atomic(self.session):
            claim_drops.add(self.session, self.given, self.holder(), claim.reference, said)
        self.collects()


@pytest.fixture
def somebody(session: Session, make: Factory) -> Somebody:
    return Somebody(session, make.given)


@pytest.fixture
def decide(session: Session, officer: Officer, make: Factory) -> Callable[..., None]:
    def set_state(claim: Claim, *states: ClaimState, notice: ClaimNotice = NOTHING) -> None:
        for state in states:
            with atomic(session):
                claim = session.get_one(Claim, claim.id)
                progress.change(session, make.given, claim, NextStep(state, notice, claim.version), by=officer)

    return set_state


def count(session: Session, *tables: type) -> list[int]:
    end_reading(session)
    return [session.scalar(select(func.count()).select_from(each)) or 0 for each in tables]


def frozen(session: Session, claim: Claim, sealer: Sealer, officer: Officer, now: datetime) -> list:
    with atomic(session):
        return claim_seals.read(session, session.get_one(Claim, claim.id), sealer=sealer, by=officer, now=now)


def as_sent(proof: ClaimProof, sealer: Sealer) -> bytes:
    opened = sealer.unseal(proof.sealed, row=f"claim proof:{proof.public_id}")
    return base64.b64decode(opened["file"])

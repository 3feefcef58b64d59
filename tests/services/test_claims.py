"""A claim: dropped by the public half, frozen by the worker's, decided by officers, told to the code, really erased."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.errors import ChangedMeanwhile, ClaimNotFound, ClaimsOff, ClaimStepRefused, StatementInvalid
from gallery.models import (
    AuditEntry,
    Claim,
    ClaimProof,
    ClaimState,
    ClaimStatement,
    ClaimStep,
    Declaration,
    DeclarationAnswer,
    DeclarationMessage,
    InboxDrop,
    Item,
    ItemStatus,
    Officer,
    Unit,
)
from gallery.sealing import Sealer
from gallery.services.claims import (
    claim_desk,
    claim_drops,
    claim_ending,
    claim_filing,
    claim_seals,
    progress,
)
from gallery.services.claims.claim_calls import ClaimCalls
from gallery.services.claims.claimed import Claimant, ClaimWords
from gallery.services.claims.copied_proofs import FORMER, ClaimWork
from gallery.services.claims.progress import NextStep
from gallery.services.declarations import answers, collecting, dropping, filing, lifecycle
from gallery.services.declarations.answers import ClaimNotice
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.opening import locks
from gallery.services.declarations.opening.locks import Holder
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.items import publication
from gallery.services.resources import Resources
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.transaction import atomic, end_reading
from gallery.storage import rendition_key
from tests import pdfs, pictures
from tests.factories import Factory

CODE, OTHER_CODE = "pomme rivière cheval maison tapis lune", "chaise avion citron nuage montagne soleil"
STATES = ClaimState
NOTHING = ClaimNotice()
ROWS = (Claim, ClaimStep, ClaimStatement, ClaimProof)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, claims_legal_act="PLAN-2", claims_impact_assessment="2026-11-29")


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


def test_it_works(
    somebody: Somebody, item: Item, session: Session, sealer: Sealer, officer: Officer, make: Factory
) -> None:
    photo = pictures.jpeg(pictures.picture(5))
    claim = somebody.claims(item, somebody.says("une éraflure", photo, documents=(pdfs.invoice(pages=2),)))
    (said,) = frozen(session, claim, sealer, officer, make.now)
    assert (said.answers, said.words, said.unread, said.is_as_filed) == (
        {"engraved": "J.R. 1962"}, "une éraflure", 0, True,
    )  # fmt: skip
    picture, document = claim.statements[0].proofs
    assert as_sent(picture, sealer) == photo
    assert [page[:3] for page in claim_seals.pages_of(document, sealer)] == [b"\xff\xd8\xff"] * 2
    assert as_sent(document, sealer).startswith(b"%PDF")
    (told,) = somebody.reads().claims
    assert (told.number, told.state) == (item.public_number, "received")
    assert count(session, InboxDrop) == [0]
    assert {"file_claim", "read_claim"} <= set(session.scalars(select(AuditEntry.action)))


def test_what_was_written_stays_as_it_was_and_more_is_appended(
    somebody: Somebody,
    item: Item,
    decide: Callable[..., None],
    session: Session,
    sealer: Sealer,
    officer: Officer,
    make: Factory,
) -> None:
    """Whatever services do later with a claim, its first statement keeps every byte and its digest."""
    claim = somebody.claims(item, somebody.says("first", pictures.jpeg(pictures.picture(5))))
    row = claim.statements[0]

    def as_kept() -> tuple[object, ...]:
        end_reading(session)
        first = session.get_one(ClaimStatement, row.id)
        return (first.sealed, first.digest, first.said_at, [(each.sealed, each.digest) for each in first.proofs])

    before = as_kept()
    decide(claim, STATES.UNDER_REVIEW, STATES.PROOFS_ASKED, notice=ClaimNotice(asked=("invoice",)))
    somebody.adds(claim, somebody.says("second"))
    # The same item claimed again with the same code is appended, too.
    with atomic(session):
        claim_drops.claim(session, make.given, item.public_number, somebody.says("third"), somebody.holder())
    somebody.collects()
    with atomic(session):
        lifecycle.replace_code(
            session,
            session.get_one(Declaration, claim.declaration_id),
            locks.make(OTHER_CODE, pepper=somebody.given.settings.declaration_pepper),
            by=officer,
            now=make.now,
        )
        progress.tell_again(session, session.get_one(Declaration, claim.declaration_id), sealer=sealer)
    decide(claim, STATES.WITH_MAGISTRATE, STATES.AGREED, STATES.RETURNED)
    assert as_kept() == before
    said = frozen(session, claim, sealer, officer, make.now)
    assert [(each.words, each.is_as_filed) for each in said] == [("first", True), ("second", True), ("third", True)]
    with atomic(session):
        session.get_one(ClaimStatement, row.id).said_at -= timedelta(days=400)
    assert not frozen(session, claim, sealer, officer, make.now)[0].is_as_filed


def test_a_lost_code_is_replaced_and_the_notice_with_it(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session, sealer: Sealer, officer: Officer
) -> None:
    claim = somebody.claims(item, somebody.says())
    decide(claim, STATES.PROOFS_ASKED, notice=ClaimNotice(asked=("invoice",)))
    with atomic(session):
        declaration = session.get_one(Declaration, claim.declaration_id)
        lock = locks.make(OTHER_CODE, pepper=somebody.given.settings.declaration_pepper)
        lifecycle.replace_code(session, declaration, lock, by=officer, now=somebody.now)
        progress.tell_again(session, declaration, sealer=sealer)
    assert somebody.reads(OTHER_CODE).claims[0].notice.asked == ("invoice",)


def test_what_is_asked_for_is_sent_and_studied(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session
) -> None:
    claim = somebody.claims(item, somebody.says())
    decide(claim, STATES.PROOFS_ASKED, notice=ClaimNotice(asked=("invoice", "own_photo")))
    assert somebody.reads().claims[0].notice.asked == ("invoice", "own_photo")
    somebody.adds(claim, somebody.says("", documents=(pdfs.invoice(),)))
    assert session.get_one(Claim, claim.id).state is STATES.UNDER_REVIEW
    assert [each.state for each in somebody.reads().claims[0].steps] == ["received", "proofs_asked", "under_review"]


def test_an_agreement_hides_the_item_and_no_other_claimant_learns_of_it(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session, officer: Officer
) -> None:
    first = somebody.claims(item, somebody.says())
    second = somebody.claims(item, somebody.says("à moi"), OTHER_CODE)
    before = somebody.reads(OTHER_CODE)
    assert len(before.claims) == 1
    assert claim_desk.others(session, first) == [second]
    meeting = ClaimNotice(where="à la brigade", when="mardi 8 décembre à 14 h", bring="votre carte d’identité")
    decide(first, STATES.WITH_MAGISTRATE)
    decide(first, STATES.AGREED, notice=meeting)
    assert session.get_one(Item, item.id).status is ItemStatus.WITHDRAWN
    assert somebody.reads().claims[0].notice == meeting
    assert somebody.reads(OTHER_CODE) == before
    decide(second, STATES.WITH_MAGISTRATE)
    for refused in (STATES.AGREED, STATES.RETURNED):
        with pytest.raises(ClaimStepRefused):
            decide(second, refused)
    decide(first, STATES.RETURNED)
    assert session.get_one(Item, item.id).status is ItemStatus.RETURNED


def test_two_officers_do_not_overwrite_each_other(
    somebody: Somebody, item: Item, session: Session, officer: Officer, decide: Callable[..., None]
) -> None:
    claim = somebody.claims(item, somebody.says())
    seen = claim.version
    decide(claim, STATES.UNDER_REVIEW)
    step = NextStep(STATES.PROOFS_ASKED, NOTHING, version=seen)
    with pytest.raises(ChangedMeanwhile), atomic(session):
        progress.change(session, somebody.given, session.get_one(Claim, claim.id), step, by=officer)


def test_another_units_officer_finds_nothing(
    somebody: Somebody, item: Item, session: Session, officer: Officer, outsider: Officer
) -> None:
    claim = somebody.claims(item, somebody.says())
    assert [each.reference for each in claim_desk.listed(session, officer, ended=False, limit=9, offset=0).claims] == [
        claim.reference
    ]
    assert claim_desk.listed(session, outsider, ended=False, limit=9, offset=0).total == 0
    with pytest.raises(ClaimNotFound):
        claim_desk.get(session, claim.reference, outsider)


@pytest.mark.parametrize("is_prior", [True, False])
def test_what_was_declared_before_the_item_was_public_is_known(
    is_prior: bool, somebody: Somebody, item: Item, session: Session, sealer: Sealer, make: Factory, officer: Officer
) -> None:
    """The first publication counts: an item that was withdrawn and published again had been seen before."""
    declared_at = make.now - timedelta(days=1) if is_prior else make.now + timedelta(hours=1)
    stated = StatedObject("jewellery", "bague")
    statement = Statement(
        Theft(), (stated,), Contact("Mme Rougé", "", "0655443322"), make.now.date() + timedelta(days=300), make.now
    )
    lock = locks.make(CODE, pepper=somebody.given.settings.declaration_pepper)
    with atomic(session):
        described = filing.DescribedStatement(statement, [filing.DescribedObject(stated, ())])
        filing.add(session, described, filing.Arrival(lock, "r"), sealer=sealer, now=declared_at)
        row = session.get_one(Item, item.id)
        publication.withdraw(session, row, by=officer, now=make.now)
        later = make.now + timedelta(days=2)
        publication.publish(session, replace(make.given, now=lambda: later), row, by=officer)
        claim_drops.claim(session, make.given, item.public_number, somebody.says(), somebody.holder())
    somebody.collects()
    claim = session.scalars(select(Claim)).one()
    assert [each.is_prior for each in claim_desk.prior_objects(session, claim)] == [is_prior]


def test_our_own_photo_is_no_proof(
    somebody: Somebody, item: Item, make: Factory, session: Session, sessions: sessionmaker[Session]
) -> None:
    shown = make.public.get(rendition_key(item.photos[0].rendition_digest, "share.jpg"))
    with Image.open(BytesIO(shown)) as opened:
        screenshot = pictures.jpeg(pictures.cropped(opened.convert("RGB")), quality=45)
    claim = somebody.claims(item, somebody.says("", screenshot, pictures.jpeg(pictures.picture(91))))
    given = Resources(
        settings=somebody.given.settings,
        sessions=sessions,
        public=make.public,
        private_store=None,
        sealer=make.sealer,
        now=lambda: make.now,
    )
    work = ClaimWork(given, open_catalogue(given, Scope.PUBLIC))
    while work.compare_next_proof():
        pass
    end_reading(session)
    assert [each.copy_of for each in claim.statements[0].proofs] == [item.public_number, ""]
    assert item.public_number != FORMER


def test_it_is_erased_by_its_owner_with_all_that_belongs_to_it(
    somebody: Somebody, item: Item, session: Session, make: Factory
) -> None:
    claim = somebody.claims(item, somebody.says("", pictures.jpeg(pictures.picture(5))))
    stranger = replace(somebody.holder(), proof="0" * 32)
    for holder, left in ((stranger, 1), (somebody.holder(), 0)):
        with atomic(session):
            claim_drops.withdraw(session, holder, claim.reference, now=make.now)
        somebody.collects()
        assert count(session, Claim) == [left]
    assert count(session, *ROWS, Declaration, DeclarationAnswer, InboxDrop) == [0] * 7


def test_nothing_is_purged_unseen_nor_before_it_can_be_contested(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session, officer: Officer, make: Factory
) -> None:
    def purge(days: int) -> int:
        with atomic(session):
            made = claim_ending.purge(session, somebody.given.settings, now=make.now + timedelta(days=days))
            lifecycle.purge(session, somebody.given.settings, now=make.now + timedelta(days=days))
            return made.erased

    def told() -> list[str]:
        return [each.kind for each in somebody.reads().messages if each.kind in set(answers.CLAIM_ENDINGS)]

    def is_called() -> int:
        return ClaimCalls(officer, False, make.now).count(session)

    claim = somebody.claims(item, somebody.says())
    assert purge(1000) == 0
    decide(claim, STATES.NOT_ESTABLISHED)
    assert purge(2000) == 0
    somebody.given = make.at(make.now + timedelta(days=10))
    with atomic(session):
        claim_drops.note_seen(session, somebody.holder(), somebody.reads().claims, now=somebody.now)
    somebody.collects()
    assert somebody.reads().claims[0].is_seen
    # Over since day 193: said 30 and 7 days before, once each, and whoever has not looked is to be called.
    assert [(purge(day), len(told())) for day in (162, 163, 185, 186, 187)] == [(0, 0), (0, 1), (0, 1), (0, 2), (0, 2)]
    assert told() == ["claim_ends_soon", "claim_ends_in_a_week"]
    assert is_called() == 1
    assert purge(300) == 0
    with atomic(session):
        lifecycle.note_seen(session, session.scalars(select(Declaration)).one(), at=make.now + timedelta(days=300))
    assert is_called() == 0
    assert purge(306) == 0
    assert purge(307) == 1
    assert count(session, *ROWS, Declaration, DeclarationAnswer) == [0] * 6


def test_what_was_returned_is_erased_without_a_call(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session, officer: Officer, make: Factory
) -> None:
    first = somebody.claims(item, somebody.says())
    kept = somebody.claims(make.published(item.case), somebody.says(), OTHER_CODE)
    decide(first, STATES.WITH_MAGISTRATE, STATES.AGREED, STATES.RETURNED)
    for day, erased in ((82, 0), (83, 0), (89, 0), (90, 1)):
        with atomic(session):
            made = claim_ending.purge(session, somebody.given.settings, now=make.now + timedelta(days=day))
        assert made.erased == erased
    assert session.scalars(select(Claim)).all() == [kept]
    assert ClaimCalls(officer, False, make.now).count(session) == 0


def test_whom_no_mail_tells_is_called_and_so_is_who_does_not_look(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session, officer: Officer, make: Factory
) -> None:
    def called(days: int = 0) -> list[str]:
        now = make.now + timedelta(days=days)
        found = ClaimCalls(officer, True, now).listed(session, limit=5, offset=0)
        assert len(found) == ClaimCalls(officer, True, now).count(session)
        return [each.reference for each in found]

    claim = somebody.claims(item, somebody.says())
    assert called() == []
    decide(claim, STATES.PROOFS_ASKED)
    assert called() == [claim.reference]
    with atomic(session):
        session.get_one(Claim, claim.id).told_at = make.now
    assert [called(29), called(30)] == [[], [claim.reference]]
    with atomic(session):
        progress.note_told(session, session.get_one(Claim, claim.id), by=officer, now=make.now)
    assert called(30) == []


def test_without_the_operators_word_nothing_is_taken(somebody: Somebody, item: Item, make: Factory) -> None:
    for missing in ("claims_legal_act", "claims_impact_assessment"):
        somebody.given = replace(make.given, settings=replace(make.settings, **{missing: ""}))
        with pytest.raises(ClaimsOff):
            somebody.claims(item, somebody.says())


def test_what_the_form_can_not_have_made_is_refused_and_removed(
    somebody: Somebody, item: Item, session: Session, make: Factory
) -> None:
    for said in (ClaimWords(make.now), somebody.says("x" * 2000), somebody.says("", documents=(b"%PDF-",) * 3)):
        with pytest.raises(StatementInvalid):
            somebody.claims(item, said)
    broken: tuple[dict[str, object], ...] = (
        {"said": None},
        {"number": item.public_number, "said": {"said_at": "now"}},
        {"number": item.public_number, "said": [], "claimant": {}, "lock": {}},
    )
    with atomic(session):
        for fields in broken:
            dropping.lay(session, DropKind.CLAIM, fields, now=make.now)
    somebody.collects()
    assert count(session, Claim, Declaration, InboxDrop) == [0, 0, 0]


def test_proofs_that_can_not_be_read_are_counted_and_the_rest_is_filed(
    somebody: Somebody, item: Item, session: Session, sealer: Sealer, officer: Officer
) -> None:
    hostile = (pdfs.pdf("", trailer=pdfs.ENCRYPTED), b"%PDF-1.7 nothing")
    claim = somebody.claims(item, somebody.says("", b"\xff\xd8\xff no photo", documents=hostile))
    assert frozen(session, claim, sealer, officer, somebody.now)[0].unread == 3
    assert claim.statements[0].proofs == []


def test_more_is_added_to_the_claim_that_is_meant_and_to_none_that_has_ended(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session, make: Factory, unit: Unit
) -> None:
    first = somebody.claims(item, somebody.says("one"))
    other_item = make.published(make.case(unit))
    with atomic(session):
        claim_drops.claim(session, make.given, other_item.public_number, somebody.says("two"), somebody.holder())
    somebody.collects()
    second = next(each for each in session.scalars(select(Claim)) if each.id != first.id)

    def statements() -> list[int]:
        end_reading(session)
        return [len(session.get_one(Claim, each.id).statements) for each in (first, second)]

    somebody.adds(second, somebody.says("three"))
    assert statements() == [1, 2]
    decide(first, STATES.NOT_ESTABLISHED)
    somebody.adds(first, somebody.says("four"))
    assert statements() == [1, 2]
    with atomic(session):
        claim_drops.withdraw(session, somebody.holder(), second.reference, now=somebody.now)
    somebody.collects()
    assert session.scalars(select(Claim.id)).all() == [first.id]


def test_a_claim_has_so_many_statements_and_a_declaration_so_many_claims(
    somebody: Somebody, item: Item, session: Session, make: Factory, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (claim_filing.MAX_CLAIMS, claim_filing.MAX_STATEMENTS) == (20, 12)
    monkeypatch.setattr(claim_filing, "MAX_CLAIMS", 2)
    monkeypatch.setattr(claim_filing, "MAX_STATEMENTS", 2)
    claim = somebody.claims(item, somebody.says("1"))
    for words in ("2", "3"):
        somebody.adds(claim, somebody.says(words))
    case = make.case(unit)
    numbers = [make.published(case).public_number for _ in range(2)]
    for number in (*numbers, item.public_number, make.item(case).public_number, "35-NONE-X"):
        with atomic(session):
            claim_drops.claim(session, make.given, number, somebody.says(), somebody.holder())
        somebody.collects()
    claims = session.scalars(select(Claim).order_by(Claim.id)).all()
    assert [(each.item.public_number, len(each.statements)) for each in claims] == [
        (item.public_number, 2), (numbers[0], 1),
    ]  # fmt: skip
    assert [each.position for each in claims[0].statements] == [1, 2]


def test_what_was_said_is_never_ahead_of_the_worker_and_is_seen_only_as_it_was(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session, make: Factory
) -> None:
    said = replace(somebody.says(), said_at=make.now + timedelta(days=3))
    claim = somebody.claims(item, said)
    assert claim.statements[0].said_at == make.now
    shown = somebody.reads().claims
    decide(claim, STATES.UNDER_REVIEW)
    with atomic(session):
        claim_drops.note_seen(session, somebody.holder(), shown, now=make.now)
    somebody.collects()
    assert session.get_one(Claim, claim.id).seen_at is None  # it has changed since
    somebody.given = make.at(make.now + timedelta(days=1))
    with atomic(session):
        claim_drops.note_seen(session, somebody.holder(), somebody.reads().claims, now=somebody.now)
    somebody.collects()
    assert session.get_one(Claim, claim.id).seen_at == somebody.now


def test_a_claimant_who_was_called_knows_from_then_on(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session, officer: Officer, make: Factory
) -> None:
    claim = somebody.claims(item, somebody.says())
    decide(claim, STATES.UNDER_REVIEW)
    later = make.now + timedelta(hours=1)
    for now in (later, later + timedelta(hours=1)):
        with atomic(session):
            progress.note_told(session, session.get_one(Claim, claim.id), by=officer, now=now)
    row = session.get_one(Claim, claim.id)
    assert (row.told_at, row.seen_at) == (later, later)
    told = session.scalars(select(AuditEntry).where(AuditEntry.action == "claimant_told")).all()
    assert [each.at for each in told] == [later]
    kinds = session.scalars(select(DeclarationMessage.kind).order_by(DeclarationMessage.id)).all()
    assert kinds == ["received", "claim_received", "claim_news"]

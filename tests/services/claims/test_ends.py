"""The end of a claim, and its limits: erased, purged, called for, refused, added to and seen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gallery.errors import ClaimsOff, StatementInvalid
from gallery.models import (
    AuditEntry,
    Claim,
    Declaration,
    DeclarationAnswer,
    DeclarationMessage,
    DeclarationState,
    InboxDrop,
    Item,
    Officer,
    Unit,
    Verdict,
)
from gallery.sealing import Sealer
from gallery.services.claims import claim_drops, claim_ending, claim_filing, progress
from gallery.services.claims.claim_calls import ClaimCalls
from gallery.services.claims.claimed import ClaimWords
from gallery.services.declarations import answers, dropping, lifecycle, seen
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.told_claims import ClaimNotice
from gallery.services.transaction import atomic, end_reading
from tests import pdfs, pictures
from tests.factories import Factory
from tests.services.claims.conftest import OTHER_CODE, ROWS, STATES, Somebody, count, frozen


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
        seen.note(session, session.scalars(select(Declaration)).one(), at=make.now + timedelta(days=300))
    assert is_called() == 0
    assert purge(306) == 0
    assert purge(307) == 1
    assert count(session, *ROWS, Declaration, DeclarationAnswer) == [0] * 6


@pytest.mark.parametrize("verdict", [None, Verdict.RELEASE], ids=["not judged", "to be released"])
def test_what_nobody_judges_in_quarantine_goes_after_the_end_of_its_declaration(
    somebody: Somebody, item: Item, session: Session, make: Factory, verdict: Verdict | None
) -> None:
    claim = somebody.claims(item, somebody.says())
    with atomic(session):
        claim.held_at, claim.verdict = make.now, verdict
        claim.declaration.state = DeclarationState.QUARANTINED
    days = make.settings.declaration_grace_days + (claim.declaration.ends_on - make.now.date()).days
    for day, erased in ((days, 0), (days + 1, int(verdict is None))):
        now = make.now + timedelta(days=day)
        with atomic(session):
            assert claim_ending.count_due(session, make.settings, now=now) == erased
            assert claim_ending.purge(session, make.settings, now=now).erased == erased
            lifecycle.purge(session, make.settings, now=now)
    assert count(session, Claim, Declaration, DeclarationAnswer) == [int(verdict is not None)] * 3


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


@pytest.mark.parametrize("says_when", [True, False], ids=["as now", "as before 2026-12-01"])
def test_an_appointment_that_was_changed_is_not_seen_because_the_one_before_was(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session, make: Factory, says_when: bool
) -> None:
    claim = somebody.claims(item, somebody.says())
    decide(claim, STATES.WITH_MAGISTRATE, STATES.AGREED, notice=ClaimNotice(when="lundi"))
    shown = somebody.reads().claims
    with atomic(session):
        claim_drops.note_seen(session, somebody.holder(), shown, now=make.now)
        if not says_when:
            session.execute(delete(InboxDrop))
            proof = {"locator": somebody.holder().locator, "proof": somebody.holder().proof}
            states = [[each.reference, each.state] for each in shown]
            dropping.lay(session, DropKind.CLAIM_SEEN, {"seen": states} | proof, now=make.now)
    make.now += timedelta(minutes=1)
    decide(claim, STATES.AGREED, notice=ClaimNotice(when="mardi"))
    somebody.collects()
    assert session.get_one(Claim, claim.id).seen_at is None
    (now_shown,) = somebody.reads().claims
    assert now_shown.notice.when == "mardi"
    with atomic(session):
        claim_drops.note_seen(session, somebody.holder(), [now_shown], now=make.now)
    somebody.collects()
    assert session.get_one(Claim, claim.id).seen_at


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

"""The end of a claim: erased by its owner at any time, and by the purge once nobody can need it any more.

And the end of its quarantine, as officers have said.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import SealBroken
from gallery.models import Claim, ClaimState, Declaration, DeclarationMessage, Officer, Verdict
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.claims import progress
from gallery.services.days import day_in_paris
from gallery.services.declarations import answers, lifecycle, quarantine
from gallery.services.declarations.answers import MessageKind
from gallery.services.declarations.quarantine import HeldKind

# Days before the erasure, the line to write, and the lines after which it is not written again; the nearest first, so
# that a late run writes only that one.
WARNINGS = (
    (7, MessageKind.CLAIM_ENDS_IN_A_WEEK, (MessageKind.CLAIM_ENDS_IN_A_WEEK,)),
    (30, MessageKind.CLAIM_ENDS_SOON, answers.CLAIM_ENDINGS),
)
LAST_WARNING = timedelta(days=WARNINGS[0][0])


@dataclass(frozen=True)
class PurgedClaims:
    """How many warnings were written, and how many claims were erased; kept: over, but their owners don't know yet."""

    warned: int
    erased: int
    kept: int


def erase(session: Session, claim: Claim, *, by: Officer | None, now: datetime) -> None:
    """Delete all of a claim: words, proofs, states; inside atomic(). What stays is a line in the journal.

    A declaration that was made for its claims alone goes with the last one.
    """
    declaration = claim.declaration
    audit.record(session, by, "erase_claim", claim, now=now, statements=len(claim.statements))
    if not declaration.objects and len(declaration.claims) == 1:
        lifecycle.erase(session, declaration, by=by, now=now)
        return
    lifecycle.note_let_go(session, claim, by=by, now=now)
    declaration.messages = [each for each in declaration.messages if each.claim_id != claim.id]
    declaration.claims.remove(claim)
    session.flush()
    answers.tell(session, declaration, MessageKind.CLAIM_ERASED, now=now)


def purge(session: Session, settings: Settings, *, now: datetime) -> PurgedClaims:
    """Erase claims that are over, and say of each beforehand that it will be; inside atomic(). Twice is harmless.

    Only what was returned or not established, and which its addressee has seen; of the latter, once the period for
    contesting has run since then, and once they have known for a week that it ends. And what nobody has judged in
    quarantine, `declaration_grace_days` after the end of its declaration.
    """
    due = list(session.scalars(select(Claim).where(_may_be_erased(settings, now))))
    for each in due:
        erase(session, each, by=None, now=now)
    warned = 0
    for days, kind, kinds in WARNINGS:
        ends = select(Claim).where(_is_over(settings, now + timedelta(days=days)), ~_was_told(*kinds))
        for claim in session.scalars(ends).all():
            answers.tell(session, claim.declaration, kind, now=now, claim=claim)
            warned += 1
    kept = session.scalar(_count().where(_is_kept(settings, now))) or 0
    return PurgedClaims(warned, len(due), kept)


def count_due(session: Session, settings: Settings, *, now: datetime) -> int:
    """How many `purge` would erase."""
    return session.scalar(_count().where(_may_be_erased(settings, now))) or 0


def settle_next(session: Session, *, settings: Settings, sealer: Sealer, broken: set[int], now: datetime) -> bool:
    """Release or erase one claim that looked like a flood, as officers have said; inside atomic(). False without any.

    Whoever was in quarantine for the claim alone is released too. broken: row ids of claims whose declaration no key
    opens: these are left out, and more are added.
    """
    meant = (quarantine.judged(HeldKind.CLAIMS, now), Claim.id.not_in(broken))
    due = session.scalar(select(Claim).where(*meant).order_by(Claim.id).limit(1).with_for_update(skip_locked=True))
    if due is None:
        return False
    if due.verdict is Verdict.BURY:
        erase(session, due, by=None, now=now)
        return True
    if not due.declaration.objects:
        try:
            quarantine.release(session, due.declaration, settings=settings, sealer=sealer, now=now)
        except SealBroken:
            quarantine.note_broken(HeldKind.CLAIMS, due.id, broken)
            return True
    due.held_at = due.verdict = due.judged_at = None
    audit.record(session, None, "release_claim", due, now=now)
    return True


def _count() -> Select[int]:
    return select(func.count()).select_from(Claim)


def _is_old(settings: Settings, now: datetime) -> ColumnElement[bool]:
    return and_(Claim.state.in_(progress.ENDED), Claim.changed_at <= now - timedelta(days=settings.claim_days))


def _is_over(settings: Settings, now: datetime) -> ColumnElement[bool]:
    """Whether it was seen, and kept for as long as anybody can need it."""
    contest = timedelta(days=settings.claim_contest_days)
    is_final = or_(Claim.state == ClaimState.RETURNED, Claim.seen_at <= now - contest)
    return and_(_is_old(settings, now), Claim.seen_at.is_not(None), is_final)


def _may_be_erased(settings: Settings, now: datetime) -> ColumnElement[bool]:
    """What was returned has nothing more to be contested: its owner is told, and nobody need call."""
    before = now - LAST_WARNING
    said, known = DeclarationMessage.at <= before, DeclarationMessage.told_at <= before
    last = MessageKind.CLAIM_ENDS_IN_A_WEEK
    is_told = or_(_was_told(last, where=known), and_(Claim.state == ClaimState.RETURNED, _was_told(last, where=said)))
    return or_(and_(_is_over(settings, now), is_told), _is_forgotten(settings, now))


def _is_forgotten(settings: Settings, now: datetime) -> ColumnElement[bool]:
    """Whether nobody has let it out of quarantine for as long as its declaration is kept there."""
    before = now - timedelta(days=settings.declaration_grace_days)
    is_held = and_(Claim.held_at.is_not(None), Claim.verdict.is_distinct_from(Verdict.RELEASE))
    return and_(is_held, Claim.declaration.has(Declaration.ends_on < day_in_paris(before)))


def _is_kept(settings: Settings, now: datetime) -> ColumnElement[bool]:
    """Whether it would be erased if its owner knew."""
    return or_(and_(_is_old(settings, now), Claim.seen_at.is_(None)), _is_over(settings, now))


def _was_told(*kinds: MessageKind, where: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """Whether a line of these kinds was written since the claim has come to its state."""
    said = select(DeclarationMessage.id).where(
        DeclarationMessage.claim_id == Claim.id,
        DeclarationMessage.kind.in_([each.value for each in kinds]),
        DeclarationMessage.at >= Claim.changed_at,
    )
    return (said if where is None else said.where(where)).exists()

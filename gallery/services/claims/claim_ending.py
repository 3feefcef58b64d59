"""The end of a claim: erased by its owner at any time, and by the purge once nobody can need it any more.

And of its quarantine, as officers have said.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import SealBroken
from gallery.models import Claim, ClaimState, Officer, Verdict
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.declarations import answers, lifecycle, quarantine
from gallery.services.declarations.answers import MessageKind
from gallery.services.declarations.quarantine import HeldKind


def erase(session: Session, claim: Claim, *, by: Officer | None, now: datetime) -> None:
    """Delete all of a claim: words, proofs, states; inside atomic(). What stays is a line in the journal.

    A declaration that was made for its claims alone goes with the last one.
    """
    declaration = claim.declaration
    audit.record(session, by, "erase_claim", claim, now=now, statements=len(claim.statements))
    if not declaration.objects and len(declaration.claims) == 1:
        lifecycle.erase(session, declaration, by=by, now=now)
        return
    declaration.claims.remove(claim)
    session.flush()
    answers.tell(session, declaration, MessageKind.CLAIM_ERASED, now=now)


def purge(session: Session, settings: Settings, *, now: datetime) -> int:
    """Erase claims that are over, and return how many; inside atomic(). Twice is harmless.

    Only what was returned or not established, and which its addressee has seen; of the latter, once the delay for
    contesting has run since then.
    """
    due = list(session.scalars(select(Claim).where(_is_over(settings, now))))
    for each in due:
        erase(session, each, by=None, now=now)
    return len(due)


def count_due(session: Session, settings: Settings, *, now: datetime) -> int:
    """How many `purge` would erase."""
    return session.scalar(select(func.count()).select_from(Claim).where(_is_over(settings, now))) or 0


def settle_next(session: Session, *, settings: Settings, sealer: Sealer, broken: set[int], now: datetime) -> bool:
    """Release or erase one claim that looked like a flood, as officers have said; inside atomic(). False without any.

    Who was in quarantine for the claim alone is released with it. broken: row ids of claims whose declaration no key
    opens, which are left out and added to.
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


def contested_until(claim_seen_at: datetime, settings: Settings) -> datetime:
    """Until when somebody whose claim was not established may still contest it."""
    return claim_seen_at + timedelta(days=settings.claim_contest_days)


def _is_over(settings: Settings, now: datetime) -> ColumnElement[bool]:
    kept, contest = timedelta(days=settings.claim_days), timedelta(days=settings.claim_contest_days)
    return and_(
        Claim.seen_at.is_not(None),
        Claim.changed_at <= now - kept,
        or_(
            Claim.state == ClaimState.RETURNED,
            and_(Claim.state == ClaimState.NOT_ESTABLISHED, Claim.seen_at <= now - contest),
        ),
    )

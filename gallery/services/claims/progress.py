"""From received to returned: which state may follow which, what goes with it, and who is told.

No state is a magistrate's decision: an agreement is passed on, and never made here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gallery.errors import ChangedMeanwhile, ClaimStepRefused
from gallery.models import (
    Claim,
    ClaimState,
    ClaimStep,
    Declaration,
    DeclarationMessage,
    Item,
    ItemStatus,
    Officer,
)
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.claims import claim_seals
from gallery.services.declarations import answers, lifecycle
from gallery.services.declarations.answers import MessageKind
from gallery.services.declarations.told_claims import ClaimNotice
from gallery.services.items import publication
from gallery.services.resources import Resources

# Which states an officer may set from each. What no line allows is refused.
TRANSITIONS: Mapping[ClaimState, tuple[ClaimState, ...]] = {
    ClaimState.RECEIVED: (
        ClaimState.UNDER_REVIEW, ClaimState.PROOFS_ASKED, ClaimState.WITH_MAGISTRATE, ClaimState.NOT_ESTABLISHED,
    ),
    ClaimState.UNDER_REVIEW: (ClaimState.PROOFS_ASKED, ClaimState.WITH_MAGISTRATE, ClaimState.NOT_ESTABLISHED),
    ClaimState.PROOFS_ASKED: (ClaimState.UNDER_REVIEW, ClaimState.WITH_MAGISTRATE, ClaimState.NOT_ESTABLISHED),
    ClaimState.WITH_MAGISTRATE: (
        ClaimState.AGREED, ClaimState.UNDER_REVIEW, ClaimState.PROOFS_ASKED, ClaimState.NOT_ESTABLISHED,
    ),
    ClaimState.AGREED: (ClaimState.RETURNED, ClaimState.AGREED, ClaimState.WITH_MAGISTRATE),
    ClaimState.NOT_ESTABLISHED: (ClaimState.UNDER_REVIEW,),
    ClaimState.RETURNED: (),
}  # fmt: skip
ENDED = (ClaimState.NOT_ESTABLISHED, ClaimState.RETURNED)
PROMISED = (ClaimState.AGREED, ClaimState.RETURNED)


@dataclass(frozen=True)
class NextStep:
    """A state set by an officer. notice: what the claimant is to know; version: of the claim the officer saw."""

    state: ClaimState
    notice: ClaimNotice
    version: int


def change(session: Session, given: Resources, claim: Claim, step: NextStep, *, by: Officer) -> None:
    """Set a state, with what the claimant is to know, and tell them; inside atomic().

    AGREED hides the item from the public, RETURNED notes its return. Raises ChangedMeanwhile when a colleague was
    faster, and ClaimStepRefused for what TRANSITIONS does not allow, a claim in quarantine, or an item that another
    claimant has been promised.
    """
    state, now = step.state, given.now()
    if claim.version != step.version:
        raise ChangedMeanwhile
    if (
        claim.held_at is not None
        or state not in TRANSITIONS[claim.state]
        or (state in PROMISED and _is_promised(session, claim))
    ):
        raise ClaimStepRefused
    if state is ClaimState.AGREED and claim.item.status is ItemStatus.RETURNED:
        raise ClaimStepRefused
    if state not in PROMISED:
        lifecycle.note_let_go(session, claim, by=by, now=now)
    claim_seals.seal_notice(claim, step.notice, given.sealer)
    claim.told_at, claim.seen_at = None, None
    if state is ClaimState.AGREED:
        publication.withdraw(session, claim.item, by=by, now=now)
    if state is ClaimState.RETURNED:
        # Handed over in person: nobody need be told.
        claim.told_at = claim.seen_at = now
        publication.hand_back(session, claim.item, by=by, now=now)
    _set(session, claim, state, by, now)


def take_up(session: Session, claim: Claim, *, now: datetime) -> None:
    """Study again a claim whose owner has sent what was asked for; inside atomic()."""
    claim.sealed_notice = claim.told = None
    claim.told_at = now
    _set(session, claim, ClaimState.UNDER_REVIEW, None, now)


def note_told(session: Session, claim: Claim, *, by: Officer, now: datetime) -> None:
    """Note that the claimant was told where it stands, by phone or in person; inside atomic(). Twice is harmless."""
    untold = (DeclarationMessage.claim_id == claim.id, DeclarationMessage.told_at.is_(None))
    is_news = session.scalar(select(DeclarationMessage.id).where(*untold).limit(1)) is not None
    session.execute(update(DeclarationMessage).where(*untold).values(told_at=now))
    if claim.seen_at is None or is_news:
        claim.told_at, claim.seen_at = claim.told_at or now, claim.seen_at or now
        audit.record(session, by, "claimant_told", claim, now=now)
        answers.refresh(session, claim.declaration)


def tell_again(session: Session, declaration: Declaration, *, sealer: Sealer) -> None:
    """Seal what claimants are told to the code that they were given in place of a lost one; inside atomic().

    Of a notice that no key opens nothing is told: the new code could not open what is sealed to the lost one.
    """
    for claim in declaration.claims:
        notice = claim_seals.find_notice(claim, sealer)
        if notice is None:
            claim.told = None
        else:
            claim_seals.seal_notice(claim, notice, sealer)
    answers.refresh(session, declaration)


def note_step(claim: Claim, now: datetime) -> None:
    """Keep when the claim came to its state."""
    claim.steps.append(ClaimStep(state=claim.state, at=now))


def _set(session: Session, claim: Claim, state: ClaimState, by: Officer | None, now: datetime) -> None:
    claim.state, claim.changed_at = state, now
    note_step(claim, now)
    audit.record(session, by, f"claim_{state.value}", claim, now=now, item=claim.item.public_number)
    if claim.told_at is None:
        answers.tell(session, claim.declaration, MessageKind.CLAIM_NEWS, now=now, claim=claim)
    else:
        answers.refresh(session, claim.declaration)


def _is_promised(session: Session, claim: Claim) -> bool:
    """Whether another claimant was promised the item; the item's row stays locked, so that two officers can't."""
    session.get_one(Item, claim.item_id, with_for_update=True)
    others = select(Claim.id).where(Claim.item_id == claim.item_id, Claim.id != claim.id, Claim.state.in_(PROMISED))
    return session.scalar(others.limit(1)) is not None

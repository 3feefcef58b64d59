"""Which claimants officers have to call: those whom no mail tells where the claim stands, and those who don't look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from gallery.models import Claim, ClaimState, DeclarationMessage, Item, Officer
from gallery.services.declarations import answers
from gallery.services.proposals import ending_calls

# They were mailed, have not looked for this long, and something is left to do that nobody does for them.
LOOKS_WITHIN = timedelta(days=30)
LEFT_TO_DO = (ClaimState.PROOFS_ASKED, ClaimState.AGREED, ClaimState.NOT_ESTABLISHED)


@dataclass(frozen=True)
class ClaimCalls:
    """The claimants that an officer's unit has to call. sends_mail: those with a confirmed address are written to, and
    called when they don't look.
    """

    by: Officer
    sends_mail: bool
    now: datetime

    def listed(self, session: Session, *, limit: int, offset: int) -> Sequence[Claim]:
        """Claims for the unit's items whose owner is to be called, what has waited longest first."""
        wanted = self._wanted().order_by(Claim.changed_at, Claim.id)
        wanted = wanted.options(contains_eager(Claim.item), contains_eager(Claim.declaration))
        return session.scalars(wanted.limit(limit).offset(offset)).all()

    def count(self, session: Session) -> int:
        """How many claims `listed` has in all."""
        return session.scalar(self._wanted().with_only_columns(func.count(Claim.id))) or 0

    def _wanted(self) -> Select[Claim]:
        is_untold = or_(_is_new(), _is_ending())
        if self.sends_mail:
            is_untold = and_(is_untold, ~ending_calls.is_written_to())
        is_unread = and_(Claim.state.in_(LEFT_TO_DO), Claim.seen_at.is_(None), Claim.told_at <= self.now - LOOKS_WITHIN)
        wanted = select(Claim).join(Claim.item).join(Claim.declaration)
        return wanted.where(Item.unit_id == self.by.unit_id, Claim.held_at.is_(None), or_(is_untold, is_unread))


def _is_new() -> ColumnElement[bool]:
    return and_(Claim.state != ClaimState.RECEIVED, Claim.seen_at.is_(None), Claim.told_at.is_(None))


def _is_ending() -> ColumnElement[bool]:
    """What was returned can be erased without a call."""
    of_end = select(DeclarationMessage.id).where(
        DeclarationMessage.claim_id == Claim.id,
        DeclarationMessage.kind.in_([each.value for each in answers.CLAIM_ENDINGS]),
        DeclarationMessage.told_at.is_(None),
    )
    return and_(Claim.state == ClaimState.NOT_ESTABLISHED, of_end.exists())

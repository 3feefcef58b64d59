"""The public half: what a claimant sends is sealed for the back office and laid into the inbox, never read back."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import ClaimsOff
from gallery.services.claims import claimed
from gallery.services.claims.claimed import Claimant, ClaimWords
from gallery.services.declarations import dropping
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.opening.locks import Holder, Lock
from gallery.services.declarations.told_claims import AnsweredClaim
from gallery.services.resources import Resources


def require_claims(session: Session, settings: Settings) -> None:
    """Raise ClaimsOff, or DeclarationsClosed while none may be sent."""
    if not settings.takes_claims:
        raise ClaimsOff
    dropping.recipient_while_open(session, settings)


def claim(
    session: Session, given: Resources, number: str, said: ClaimWords, who: Holder | tuple[Claimant, Lock]
) -> None:
    """Claim the item of this number, as the holder of a code or as somebody new; inside atomic().

    Raises ClaimsOff, DeclarationsClosed, and StatementInvalid for what the worker would refuse.
    """
    fields: dict[str, object] = {"number": number, "said": _checked(session, given, said)}
    if isinstance(who, Holder):
        fields |= _proof(who)
    else:
        claimant, lock = who
        said_of_them = claimed.claimant_to_fields(claimant)
        claimed.claimant_from_fields(said_of_them)
        fields |= {
            "claimant": said_of_them,
            "lock": asdict(lock) | {"wrapped": lock.wrapped.hex()},
        }
    dropping.lay(session, DropKind.CLAIM, fields, now=given.now())


def add(session: Session, given: Resources, holder: Holder, reference: str, said: ClaimWords) -> None:
    """Append to a claim of the holder; inside atomic(). Raises as `claim` does."""
    fields = {"reference": reference, "said": _checked(session, given, said)} | _proof(holder)
    dropping.lay(session, DropKind.ADD_TO_CLAIM, fields, now=given.now())


def withdraw(session: Session, holder: Holder, reference: str, *, now: datetime) -> None:
    """Ask that a claim of the holder be erased; inside atomic()."""
    dropping.lay(session, DropKind.WITHDRAW_CLAIM, {"reference": reference} | _proof(holder), now=now)


def note_seen(session: Session, holder: Holder, seen: Sequence[AnsweredClaim], *, now: datetime) -> None:
    """Say that the holder has these states before their eyes, and since when each is one; inside atomic()."""
    states = [[each.reference, each.state, each.at.astimezone(UTC).isoformat()] for each in seen]
    dropping.lay(session, DropKind.CLAIM_SEEN, {"seen": states} | _proof(holder), now=now)


def _checked(session: Session, given: Resources, said: ClaimWords) -> dict[str, Any]:
    require_claims(session, given.settings)
    claimed.check(said, max_proofs=given.settings.max_claim_proofs)
    fields = claimed.to_fields(said)
    # As the worker reads it.
    claimed.from_fields(fields)
    return fields


def _proof(holder: Holder) -> dict[str, object]:
    return {"locator": holder.locator, "proof": holder.proof}

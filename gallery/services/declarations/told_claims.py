"""What a claimant is told of a claim: where it stands, and what an officer wrote, sealed to the claimant's code."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gallery.errors import SealBroken
from gallery.models import Claim
from gallery.sealing import Sealer


@dataclass(frozen=True)
class ClaimNotice:
    """What a claimant is to know of a state. asked: names of proofs; where, when, bring: of a return, as an officer
    wrote them; until: ISO day, the last one for contesting.
    """

    asked: tuple[str, ...] = ()
    where: str = ""
    when: str = ""
    bring: str = ""
    until: str = ""

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> "ClaimNotice":
        """The notice that `asdict` made these of."""
        return cls(**{**fields, "asked": tuple(fields["asked"])})


@dataclass(frozen=True)
class AnsweredStep:
    """A state that a claim has come to."""

    state: str
    at: datetime


@dataclass(frozen=True)
class AnsweredClaim:
    """Where a claim stands. number: the item's; sendings: how often something was said of it."""

    reference: str
    number: str
    state: str
    at: datetime
    is_seen: bool
    steps: tuple[AnsweredStep, ...]
    notice: ClaimNotice = ClaimNotice()
    sendings: int = 0


def told_row(claim_reference: str) -> str:
    """The name that a notice is sealed under, for whoever has the code."""
    return f"claim told:{claim_reference}"


def fields_of(claim: Claim) -> dict[str, Any]:
    """A claim with its notice as it is sealed already: who writes the answer anew has no key of it."""
    return {
        "reference": claim.reference,
        "number": claim.item.public_number,
        "state": claim.state.value,
        "at": claim.changed_at.isoformat(),
        "is_seen": claim.seen_at is not None,
        "steps": [[each.state.value, each.at.isoformat()] for each in claim.steps],
        "told": claim.told.hex() if claim.told else "",
        "sendings": len(claim.statements),
    }


def opened(fields: Mapping[str, Any], sealer: Sealer) -> AnsweredClaim:
    """What `fields_of` made these of, for whoever has the code; without a notice that can't be read."""
    told, steps = bytes.fromhex(fields["told"]), fields["steps"]
    notice = None
    with suppress(SealBroken):
        notice = sealer.unseal(told, row=told_row(fields["reference"])) if told else None
    return AnsweredClaim(
        reference=fields["reference"],
        number=fields["number"],
        state=fields["state"],
        at=datetime.fromisoformat(fields["at"]),
        is_seen=fields["is_seen"],
        steps=tuple(AnsweredStep(state, datetime.fromisoformat(at)) for state, at in steps),
        notice=ClaimNotice.from_fields(notice) if notice else ClaimNotice(),
        sendings=fields.get("sendings", 0),
    )

"""What a page has shown to whoever opened it with the code: said by the public site, noted by the worker.

By what was shown and by no clock: what was being written while the page was open is not known, whenever it had begun.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gallery.models import Declaration, DeclarationMessage, DeclaredObject, Item, ItemStatus, Proposal, ProposalState
from gallery.services.declarations.answers import Answer

# More than any declaration can have; the rest of a longer list is left out.
MOST = 5000


@dataclass(frozen=True)
class SeenPage:
    """What was on the page. lines: the instants of its dated lines, as ISO texts; numbers: of the items proposed."""

    lines: frozenset[str]
    numbers: frozenset[str]


def to_fields(answer: Answer) -> dict[str, list[str]]:
    """What an answer shows, as a drop says it."""
    lines = [each.at.astimezone(UTC).isoformat() for each in answer.messages]
    return {"lines": lines, "numbers": [each.number for each in answer.proposals]}


def from_fields(fields: Mapping[str, Any]) -> SeenPage | None:
    """What a drop says was shown; None for one of a public site that did not say it yet (2026-12-01)."""
    lines, numbers = fields.get("lines"), fields.get("numbers")
    if not (isinstance(lines, list) and isinstance(numbers, list)):
        return None
    return SeenPage(frozenset(map(str, lines[:MOST])), frozenset(str(each)[:16] for each in numbers[:MOST]))


def note(session: Session, declaration: Declaration, *, at: datetime, shown: SeenPage | None = None) -> None:
    """Note that its owner knows, since an instant, what was shown; inside atomic(). Nobody need tell it.

    shown: None for all that had happened by then.
    """
    objects = select(DeclaredObject.id).where(DeclaredObject.declaration_id == declaration.id)
    untold = update(Proposal).where(
        Proposal.object_id.in_(objects), Proposal.state == ProposalState.SHOWN, Proposal.told_at.is_(None)
    )
    if shown is None:
        untold = untold.where(Proposal.decided_at <= at)
    else:
        # An answer still names an item that was withdrawn since, and the page leaves it out.
        visible = select(Item.id).where(Item.public_number.in_(shown.numbers), Item.status == ItemStatus.PUBLISHED)
        untold = untold.where(Proposal.item_id.in_(visible))
    session.execute(untold.values(told_at=at))
    known = [each.id for each in declaration.messages if _is_known(each, at, shown)]
    lines = update(DeclarationMessage).where(DeclarationMessage.id.in_(known), DeclarationMessage.told_at.is_(None))
    session.execute(lines.values(told_at=at))


def _is_known(line: DeclarationMessage, at: datetime, shown: SeenPage | None) -> bool:
    return line.at <= at if shown is None else line.at.astimezone(UTC).isoformat() in shown.lines

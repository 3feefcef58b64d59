"""What nobody has told a victim, or who helps them, of yet: noted on each row, and known by no instant.

What is written while something else is told may have an earlier one, and would be passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, or_, select
from sqlalchemy.orm import Mapped, Session

from gallery.models import (
    Addressee,
    Declaration,
    DeclarationMessage,
    DeclaredAddress,
    DeclaredObject,
    Item,
    ItemStatus,
    Proposal,
    ProposalState,
)
from gallery.services.declarations import answers
from gallery.services.declarations.answers import MessageKind

OF_CLAIMS = (MessageKind.CLAIM_NEWS, *answers.CLAIM_ENDINGS)
MESSAGES = (*OF_CLAIMS, *answers.ENDINGS)


@dataclass(frozen=True)
class News:
    """What nobody has told a person of yet. until: when the last of it happened, None without any."""

    proposals: Sequence[Proposal]
    # Of its end, and of its claims.
    endings: Sequence[DeclarationMessage]

    @property
    def is_of_objects(self) -> bool:
        """Whether any of it is more than that the declaration ends."""
        return bool(self.proposals) or any(each.kind in OF_CLAIMS for each in self.endings)

    @property
    def until(self) -> datetime | None:
        """When the last of it happened."""
        instants = [each.decided_at for each in self.proposals if each.decided_at] + [each.at for each in self.endings]
        return max(instants, default=None)


NOTHING = News((), ())


def news_of(session: Session, declaration: Declaration, person: Addressee) -> News:
    """What is shown, and what was said of its end and its claims, that no page, mail or call has told a person."""
    objects = _objects().where(DeclaredObject.declaration_id == declaration.id, known_at(Proposal, person).is_(None))
    lines = _lines().where(
        DeclarationMessage.declaration_id == declaration.id, known_at(DeclarationMessage, person).is_(None)
    )
    return News(session.scalars(objects.order_by(Proposal.id)).all(), session.scalars(lines).all())


def is_owed() -> ColumnElement[bool]:
    """Of an address: whether there is something to tell, as `news_of` would find."""
    lines = _lines().where(
        DeclarationMessage.declaration_id == DeclaredAddress.declaration_id, _is_untold(DeclarationMessage)
    )
    objects = _objects().where(
        DeclaredObject.declaration_id == DeclaredAddress.declaration_id,
        _is_untold(Proposal),
    )
    return or_(*(each.correlate(DeclaredAddress).exists() for each in (lines, objects)))


def known_at(table: type[Proposal | DeclarationMessage], person: Addressee) -> Mapped[datetime | None]:
    """Since when they know it; None: they do not."""
    return table.told_at if person is Addressee.VICTIM else table.helper_told_at


def _is_untold(table: type[Proposal | DeclarationMessage]) -> ColumnElement[bool]:
    is_victim = DeclaredAddress.person == Addressee.VICTIM
    return case((is_victim, table.told_at), else_=table.helper_told_at).is_(None)


def _objects() -> Select[Proposal]:
    wanted = select(Proposal).join(Proposal.declared).join(Proposal.item)
    return wanted.where(Proposal.state == ProposalState.SHOWN, Item.status == ItemStatus.PUBLISHED)


def _lines() -> Select[DeclarationMessage]:
    return select(DeclarationMessage).where(DeclarationMessage.kind.in_([each.value for each in MESSAGES]))

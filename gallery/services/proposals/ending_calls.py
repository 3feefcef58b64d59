"""Victims whom officers have to call because their search ends and nobody else tells them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from gallery.errors import DeclarationNotFound
from gallery.models import (
    Addressee,
    AddressState,
    Declaration,
    DeclarationMessage,
    DeclaredAddress,
    Officer,
)
from gallery.services import audit
from gallery.services.declarations import answers, desk
from gallery.services.proposals.declared import is_known


def listed(session: Session, by: Officer, *, sends_mail: bool, limit: int, offset: int = 0) -> Sequence[Declaration]:
    """Declarations of the unit's concern whose owner has yet to be told that their search ends, the first to end first.

    sends_mail: those with a confirmed address are written to, and not called.
    """
    wanted = _ending(by, sends_mail=sends_mail).options(joinedload(Declaration.unit))
    wanted = wanted.order_by(Declaration.ends_on, Declaration.id)
    return session.scalars(wanted.limit(limit).offset(offset)).all()


def count(session: Session, by: Officer, *, sends_mail: bool) -> int:
    """How many declarations `listed` has in all."""
    return session.scalar(_ending(by, sends_mail=sends_mail).with_only_columns(func.count(Declaration.id))) or 0


def note_ending_told(session: Session, reference: str, *, by: Officer, now: datetime) -> None:
    """Note that the owner was told of the end, or could not be reached; inside atomic(). Twice is harmless."""
    found = session.scalar(select(Declaration).where(Declaration.reference == reference, desk.concerns(by)))
    if found is None:
        raise DeclarationNotFound(reference)
    told = session.scalars(select(DeclarationMessage).where(DeclarationMessage.declaration_id == found.id, *_untold()))
    for each in told:
        each.told_at = now
        audit.record(session, by, "victim_told_of_end", found, now=now)


def is_written_to(person: Addressee = Addressee.VICTIM) -> ColumnElement[bool]:
    """Whether they have confirmed an address: a mail tells, and an officer is asked once that was refused."""
    return exists().where(
        DeclaredAddress.declaration_id == Declaration.id,
        DeclaredAddress.person == person,
        DeclaredAddress.state == AddressState.CONFIRMED,
    )


def _ending(by: Officer, *, sends_mail: bool) -> Select[Declaration]:
    untold = select(DeclarationMessage.id).where(DeclarationMessage.declaration_id == Declaration.id, *_untold())
    wanted = select(Declaration).where(desk.concerns(by), untold.exists(), is_known())
    return wanted.where(~is_written_to()) if sends_mail else wanted


def _untold() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    kinds = [each.value for each in answers.ENDINGS]
    return DeclarationMessage.kind.in_(kinds), DeclarationMessage.told_at.is_(None)

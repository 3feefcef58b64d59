"""From open to gone: prolonged, closed, erased, and what the worker ends and purges by itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Declaration, DeclarationMessage, DeclarationState, Officer
from gallery.services import audit
from gallery.services.declarations import answers
from gallery.services.declarations.answers import MessageKind
from gallery.services.declarations.locks import Lock
from gallery.services.declarations.statement import MAX_DAYS, USUAL_DAYS

# Days before the end at which the victim is told of it.
WARNED_BEFORE = 30


@dataclass(frozen=True)
class Purged:
    """How many declarations were told that they end soon, ended, and were erased."""

    warned: int
    ended: int
    erased: int


def prolong(session: Session, declaration: Declaration, *, by: Officer | None, now: datetime) -> None:
    """Look on for a year from today, and in all for two at most; a closed one is opened again. Inside atomic()."""
    latest = declaration.declared_at.date() + timedelta(days=MAX_DAYS)
    ends_on = min(max(declaration.ends_on, now.date() + timedelta(days=USUAL_DAYS)), latest)
    if ends_on < now.date():
        return
    declaration.ends_on, declaration.state, declaration.closed_at = ends_on, DeclarationState.OPEN, None
    answers.tell(session, declaration, MessageKind.PROLONGED, now=now)
    audit.record(session, by, "prolong_declaration", declaration, now=now)


def close(session: Session, declaration: Declaration, *, by: Officer | None, now: datetime) -> None:
    """Look no more; the rows stay for `declaration_grace_days`. Inside atomic()."""
    if declaration.state is DeclarationState.CLOSED:
        return
    _end(session, declaration, MessageKind.CLOSED, now)
    audit.record(session, by, "close_declaration", declaration, now=now)


def erase(session: Session, declaration: Declaration, *, by: Officer | None, now: datetime) -> None:
    """Delete all of it: objects, photos, signatures, proposals, messages, and the answer; inside atomic().

    What stays is a line in the journal with the reference and the number of objects. All that is deleted was sealed, so
    that nothing can be read in the free pages of a database either.
    """
    audit.record(session, by, "erase_declaration", declaration, now=now, objects=len(declaration.objects))
    answers.remove(session, declaration)
    session.delete(declaration)
    session.flush()


def replace_code(session: Session, declaration: Declaration, lock: Lock, *, by: Officer, now: datetime) -> None:
    """Give a declaration a new code (`locks.make`), once its owner's identity was checked; the old one dies at once.

    Inside atomic().
    """
    answers.remove(session, declaration)
    declaration.locator, declaration.answer_recipient = lock.locator, lock.recipient
    declaration.proof_digest = lock.proof_digest
    answers.place(session, declaration, wrapped=lock.wrapped)
    answers.tell(session, declaration, MessageKind.CODE_REPLACED, now=now)
    audit.record(session, by, "replace_code", declaration, now=now)


def purge(session: Session, settings: Settings, *, now: datetime) -> Purged:
    """Warn of what ends soon, end what is over, erase what has ended for long; inside atomic(). Twice is harmless."""
    erased = list(session.scalars(select(Declaration).where(_is_over(settings, now))))
    for each in erased:
        erase(session, each, by=None, now=now)
    ended = list(session.scalars(_open_until(now.date() - timedelta(days=1))))
    for each in ended:
        _end(session, each, MessageKind.ENDED, now)
        audit.record(session, None, "end_declaration", each, now=now)
    warned = [each for each in session.scalars(_open_until(_warned_until(now))) if not _was_warned(each)]
    for each in warned:
        answers.tell(session, each, MessageKind.ENDS_SOON, now=now)
    return Purged(len(warned), len(ended), len(erased))


def count_due(session: Session, settings: Settings, *, now: datetime) -> int:
    """How many `purge` would erase."""
    return session.scalar(select(func.count()).select_from(Declaration).where(_is_over(settings, now))) or 0


def _end(session: Session, declaration: Declaration, kind: MessageKind, now: datetime) -> None:
    declaration.state, declaration.closed_at = DeclarationState.CLOSED, now
    answers.tell(session, declaration, kind, now=now)


def _is_over(settings: Settings, now: datetime) -> ColumnElement[bool]:
    before = now - timedelta(days=settings.declaration_grace_days)
    is_over = or_(Declaration.closed_at <= before, Declaration.ends_on < before.date())
    # A claim is kept for as long as it may be contested, and with it who it is of.
    return is_over & ~Declaration.claims.any()


def _open_until(day: date) -> Select[Declaration]:
    is_open = Declaration.state == DeclarationState.OPEN
    # One without objects is there for its claims, and looks for nothing that could end.
    return select(Declaration).where(is_open, Declaration.ends_on <= day, Declaration.objects.any())


def _warned_until(now: datetime) -> date:
    return now.date() + timedelta(days=WARNED_BEFORE)


def _was_warned(declaration: Declaration) -> bool:
    """Whether the present end was told of."""
    first = declaration.ends_on - timedelta(days=WARNED_BEFORE)
    told: list[DeclarationMessage] = declaration.messages
    return any(each.kind == MessageKind.ENDS_SOON and each.at.date() >= first for each in told)

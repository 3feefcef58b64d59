"""From open to gone: prolonged, closed, erased, and what the worker ends and purges by itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import (
    Claim,
    ClaimState,
    Declaration,
    DeclarationMessage,
    DeclarationState,
    DeclaredObject,
    Item,
    ItemStatus,
    Officer,
    Proposal,
    ProposalState,
)
from gallery.services import audit
from gallery.services.days import day_in_paris
from gallery.services.declarations import answers, changes, seen
from gallery.services.declarations.answers import MessageKind
from gallery.services.declarations.changes import ChangeKind
from gallery.services.declarations.opening.locks import Lock
from gallery.services.declarations.statement import USUAL_DAYS, can_end_later, latest_end

# Days before the end at which the victim is told of it; the nearest first, so that only that one is told of late.
WARNINGS = ((7, MessageKind.ENDS_IN_A_WEEK), (30, MessageKind.ENDS_SOON))

# What the journal of an item says once the agreed claim that it was hidden for is no more.
LET_GO = "claim_let_go"


@dataclass(frozen=True)
class Purged:
    """How many declarations were told that they end soon, ended, and were erased; kept: over, but nobody knows yet."""

    warned: int
    ended: int
    erased: int
    kept: int = 0


def prolong(session: Session, declaration: Declaration, *, by: Officer | None, now: datetime) -> None:
    """Go on looking for a year from today, and for two in all at most; a closed one is opened again. Inside atomic().

    One in quarantine stays as it is: only an officer lets it out.
    """
    if declaration.state is DeclarationState.QUARANTINED:
        return
    latest = latest_end(declaration.declared_at)
    ends_on = min(max(declaration.ends_on, day_in_paris(now) + timedelta(days=USUAL_DAYS)), latest)
    if ends_on < day_in_paris(now):
        return
    is_again = declaration.state is DeclarationState.OPEN and declaration.ends_on == ends_on
    if declaration.state is DeclarationState.CLOSED:
        # With what was published while nobody looked.
        for each in declaration.objects:
            each.compared_at = None
    declaration.ends_on, declaration.state, declaration.closed_at = ends_on, DeclarationState.OPEN, None
    changes.note(session, ChangeKind.OBJECTS)
    if is_again:
        _forget(declaration, MessageKind.PROLONGED)
    _note_end_is_known(declaration, now)
    answers.tell(session, declaration, MessageKind.PROLONGED, now=now)
    audit.record(session, by, "prolong_declaration", declaration, now=now)


def is_at_limit(declaration: Declaration) -> bool:
    """Whether an open search may not be prolonged any more."""
    return not can_end_later(declaration.ends_on, latest_end(declaration.declared_at))


def _forget(declaration: Declaration, kind: MessageKind) -> None:
    """Remove the lines of a kind that the next one says again: nobody fills a declaration by asking for one thing."""
    declaration.messages = [each for each in declaration.messages if each.kind != kind]


def _note_end_is_known(declaration: Declaration, now: datetime) -> None:
    """Nobody need tell of an end that its owner has moved, or brought about; nor who helps."""
    for each in declaration.messages:
        if each.kind in answers.ENDINGS:
            each.told_at, each.helper_told_at = each.told_at or now, each.helper_told_at or now


def close(session: Session, declaration: Declaration, *, by: Officer | None, now: datetime) -> None:
    """Stop looking; the rows stay for `declaration_grace_days`. Inside atomic()."""
    if declaration.state is not DeclarationState.OPEN:
        return
    seen.note(session, declaration, at=now)
    _note_end_is_known(declaration, now)
    _end(session, declaration, MessageKind.CLOSED, now)
    audit.record(session, by, "close_declaration", declaration, now=now)


def ask_copy(session: Session, declaration: Declaration, *, by: Officer | None, now: datetime) -> None:
    """Ask the unit for a copy of all that is kept, for whoever comes with an identity card; inside atomic()."""
    if not has_asked_copy(declaration):
        answers.tell(session, declaration, MessageKind.COPY_ASKED, now=now)
        audit.record(session, by, "ask_copy", declaration, now=now)


def has_asked_copy(declaration: Declaration) -> bool:
    """Whether a copy was asked for and not given."""
    kinds = [
        each.kind for each in declaration.messages if each.kind in (MessageKind.COPY_ASKED, MessageKind.COPY_GIVEN)
    ]
    return bool(kinds) and kinds[-1] == MessageKind.COPY_ASKED


def erase(session: Session, declaration: Declaration, *, by: Officer | None, now: datetime) -> None:
    """Delete all of it: objects, photos, signatures, proposals, messages, and the answer; inside atomic().

    What stays is a line in the journal with the reference and the number of objects. All that is deleted was sealed, so
    that nothing can be read in the free pages of a database either.
    """
    for claim in declaration.claims:
        note_let_go(session, claim, by=by, now=now)
    audit.record(session, by, "erase_declaration", declaration, now=now, objects=len(declaration.objects))
    answers.remove(session, declaration)
    changes.note(session, ChangeKind.OBJECTS)
    session.delete(declaration)
    session.flush()


def note_let_go(session: Session, claim: Claim, *, by: Officer | None, now: datetime) -> None:
    """Note of an item that was hidden for an agreed claim that the claim is no more; inside atomic().

    In the item's own journal, where its unit learns of it: of the claim, nothing may be left.
    """
    if claim.state is ClaimState.AGREED and claim.item.status is ItemStatus.WITHDRAWN:
        audit.record(session, by, LET_GO, claim.item, now=now)


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
    """Warn of what ends soon, end what is over, erase what has ended for long; inside atomic(). Twice is harmless.

    Nothing is erased before its owner knows, by the page, a mail or a call, and has had `declaration_grace_days` since.
    """
    erased = list(session.scalars(select(Declaration).where(_is_over(settings, now), ~_is_unseen(settings, now))))
    for each in erased:
        erase(session, each, by=None, now=now)
    ended = list(session.scalars(_open_until(day_in_paris(now) - timedelta(days=1))))
    for each in ended:
        _end(session, each, MessageKind.ENDED, now)
        audit.record(session, None, "end_declaration", each, now=now)
    warned = 0
    for days, kind in WARNINGS:
        due = session.scalars(_open_until(day_in_paris(now) + timedelta(days=days)))
        for each in [one for one in due if not _was_warned(one, days)]:
            answers.tell(session, each, kind, now=now)
            warned += 1
    kept = session.scalar(_count().where(_is_over(settings, now))) or 0
    return Purged(warned, len(ended), len(erased), kept)


def count_due(session: Session, settings: Settings, *, now: datetime) -> int:
    """How many `purge` would erase."""
    return session.scalar(_count().where(_is_over(settings, now), ~_is_unseen(settings, now))) or 0


def _count() -> Select[int]:
    return select(func.count()).select_from(Declaration)


def _end(session: Session, declaration: Declaration, kind: MessageKind, now: datetime) -> None:
    declaration.state, declaration.closed_at = DeclarationState.CLOSED, now
    changes.note(session, ChangeKind.OBJECTS)
    answers.tell(session, declaration, kind, now=now)


def _is_over(settings: Settings, now: datetime) -> ColumnElement[bool]:
    before = now - timedelta(days=settings.declaration_grace_days)
    is_forgotten = and_(Declaration.state == DeclarationState.QUARANTINED, Declaration.ends_on < day_in_paris(before))
    # A claim is kept for as long as it may be contested, and with it whose it is.
    return or_(Declaration.closed_at <= before, is_forgotten) & ~Declaration.claims.any()


def _is_unseen(settings: Settings, now: datetime) -> ColumnElement[bool]:
    """Whether its owner does not know of its end, or has not known it for long, or not of an object that was shown."""
    before = now - timedelta(days=settings.declaration_grace_days)
    of_end = select(DeclarationMessage.id).where(
        DeclarationMessage.declaration_id == Declaration.id,
        DeclarationMessage.kind.in_([each.value for each in answers.ENDINGS]),
        or_(DeclarationMessage.told_at.is_(None), DeclarationMessage.told_at > before),
    )
    of_objects = (
        select(Proposal.id)
        .join(Proposal.declared)
        .join(Proposal.item)
        .where(
            DeclaredObject.declaration_id == Declaration.id,
            Proposal.state == ProposalState.SHOWN,
            Proposal.told_at.is_(None),
            Item.status == ItemStatus.PUBLISHED,
        )
    )
    return or_(of_end.exists(), of_objects.exists())


def _open_until(day: date) -> Select[Declaration]:
    is_open = Declaration.state == DeclarationState.OPEN
    # One without objects is there for its claims, and looks for nothing that could end.
    return select(Declaration).where(is_open, Declaration.ends_on <= day, Declaration.objects.any())


def _was_warned(declaration: Declaration, days: int) -> bool:
    """Whether the present end was told of, that many days before it or later."""
    first = declaration.ends_on - timedelta(days=days)
    told: list[DeclarationMessage] = declaration.messages
    return any(each.kind in answers.ENDINGS and day_in_paris(each.at) >= first for each in told)

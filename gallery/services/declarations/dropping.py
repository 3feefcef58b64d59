"""The public half: what a visitor sends is sealed for the back office and laid into the inbox; nothing is read back.

A copy of all that the public process can read tells nothing of what was dropped before.
"""

import enum
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import DeclarationsClosed, DeclarationsOff
from gallery.models import DeclarationKey, InboxDrop
from gallery.sealing import seal_to
from gallery.services.days import day_in_paris
from gallery.services.declarations import seen
from gallery.services.declarations import statement as statements
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.opening.locks import Holder, Lock
from gallery.services.declarations.statement import StatedObject, Statement
from gallery.services.resources import Resources

RECEIPT_BYTES = 16


class DropKind(enum.StrEnum):
    """What a drop is: a declaration, a claim, or what a holder of a code asks for; SEEN: the page was opened."""

    DECLARATION = "declaration"
    PROLONG = "prolong"
    CLOSE = "close"
    DELETE = "delete"
    CONFIRM = "confirm"
    SEEN = "seen"
    ADD = "add"
    COPY = "copy"
    CLAIM = "claim"
    ADD_TO_CLAIM = "add_to_claim"
    WITHDRAW_CLAIM = "withdraw_claim"
    CLAIM_SEEN = "claim_seen"


def require_open(session: Session, settings: Settings) -> str:
    """The public key to seal to; raise DeclarationsOff, or DeclarationsClosed while none may be sent."""
    if not settings.takes_declarations:
        raise DeclarationsOff
    return recipient_while_open(session, settings)


def recipient_while_open(session: Session, settings: Settings) -> str:
    """The public key to seal to, whatever is sent; raise DeclarationsClosed while nothing may be sent."""
    if settings.declarations_closed:
        raise DeclarationsClosed(settings.declarations_closed)
    return recipient(session)


def drop(session: Session, given: Resources, statement: Statement, lock: Lock) -> None:
    """Seal a declaration and lay it into the inbox; inside atomic(). The worker files it, or refuses it unread.

    lock: of the code that the visitor is shown (`locks.make`). Raises DeclarationsOff, DeclarationsClosed, and
    StatementInvalid for one that the worker would refuse.
    """
    settings, now = given.settings, given.now()
    require_open(session, settings)
    statements.check(
        statement,
        max_objects=settings.max_declared_objects,
        max_photos=settings.max_declared_photos,
        today=day_in_paris(now),
    )
    said = statements.to_fields(statement)
    # Lengths are the worker's own question.
    statements.from_fields(said)
    fields = {"statement": said, "lock": asdict(lock) | {"wrapped": lock.wrapped.hex()}}
    lay(session, DropKind.DECLARATION, fields, now=now)


def request(session: Session, holder: Holder, kind: DropKind, *, now: datetime, digits: str = "") -> None:
    """Ask for something on behalf of whoever holds a code; inside atomic(). The worker does it within a minute.

    digits: of the mail that confirms an address, for CONFIRM. Also while no declaration is taken: whoever has sent one
    may have it deleted. Raises DeclarationsClosed where there is no worker to ask.
    """
    fields = {"locator": holder.locator, "proof": holder.proof, "digits": digits}
    lay(session, kind, fields, now=now)


def note_seen(session: Session, holder: Holder, answer: Answer, *, now: datetime) -> None:
    """Say that the holder has opened the page, and what is on it; inside atomic(). Raises DeclarationsClosed."""
    fields = {"locator": holder.locator, "proof": holder.proof}
    lay(session, DropKind.SEEN, fields | seen.to_fields(answer), now=now)


def add(session: Session, given: Resources, holder: Holder, stated: StatedObject, *, to_object: int | None) -> None:
    """Ask for an object, or its photos for one that is there, to be added; inside atomic(). The worker does it.

    to_object: the place, from 1, of the object that the photos are for; None: it is a new one. Raises DeclarationsOff,
    DeclarationsClosed, and StatementInvalid for what the worker would refuse.
    """
    require_open(session, given.settings)
    statements.check_object(stated, is_new=to_object is None)
    said = statements.object_fields(stated)
    statements.object_from_fields(said)
    fields = {"locator": holder.locator, "proof": holder.proof, "to": to_object}
    lay(session, DropKind.ADD, fields | {"object": said}, now=given.now())


def recipient(session: Session) -> str:
    """The public key to seal to; raise DeclarationsClosed while the worker has not said which."""
    row = session.get(DeclarationKey, 1)
    if row is None:
        raise DeclarationsClosed("")
    return row.recipient


def lay(session: Session, kind: DropKind, fields: Mapping[str, Any], *, now: datetime) -> None:
    """Seal a drop of this kind and lay it into the inbox; inside atomic(). Raises DeclarationsClosed."""
    receipt = secrets.token_hex(RECEIPT_BYTES)
    sealed = seal_to(recipient(session), {"kind": kind.value, **fields}, row=f"drop:{receipt}")
    session.execute(insert(InboxDrop).values(receipt=receipt, sealed=sealed, received_at=now))

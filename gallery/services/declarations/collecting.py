"""The worker's half: what lies in the inbox is opened, checked and filed, each drop in one transaction.

Several workers may collect, and be killed at any point: a drop goes in the transaction that files it.
"""

import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import PhotoRefused, SealBroken, StatementInvalid
from gallery.models import Declaration, DeclarationKey, InboxDrop, Officer
from gallery.sealing import Sealer
from gallery.services import keyed_rows
from gallery.services.days import day_in_paris
from gallery.services.declarations import contact_address, describing, filing, flood, inbox, lifecycle, seen
from gallery.services.declarations import statement as statements
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.filing import Addition, Arrival, DescribedObject, DescribedPhoto, DescribedStatement
from gallery.services.declarations.inbox import MAX_ATTEMPTS
from gallery.services.declarations.opening.locks import Lock, digest_of
from gallery.services.declarations.statement import StatedObject
from gallery.services.transaction import atomic, end_reading


class Act(Protocol):
    """What a request that says nothing more has done to a declaration; inside atomic()."""

    def __call__(self, session: Session, declaration: Declaration, *, by: Officer | None, now: datetime) -> None:
        """Do it."""


ACTS: Mapping[DropKind, Act] = {
    DropKind.PROLONG: lifecycle.prolong,
    DropKind.CLOSE: lifecycle.close,
    DropKind.DELETE: lifecycle.erase,
    DropKind.COPY: lifecycle.ask_copy,
}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tried:
    """A drop as it lies in the inbox. attempt: which one this is; was_unreadable: no key has opened it before."""

    receipt: str
    sealed: bytes
    at: datetime
    attempt: int
    was_unreadable: bool


@dataclass(frozen=True)
class Opened:
    """A drop, opened. fields: whatever its sender put there; at: when it came."""

    receipt: str
    kind: DropKind
    fields: Mapping[str, Any]
    at: datetime


def publish_key(session: Session, sealer: Sealer) -> None:
    """Say which public key drops are to be sealed to; inside atomic(). Repeating is harmless."""
    row = session.get(DeclarationKey, 1)
    if row is None:
        keyed_rows.ensure(session, DeclarationKey, id=1, recipient=sealer.recipient)
        row = session.get_one(DeclarationKey, 1)
    if row.recipient != sealer.recipient:
        row.recipient = sealer.recipient


def is_key_published(session: Session, sealer: Sealer) -> bool:
    """Whether drops are sealed to the newest identity, or to none: there is no worker yet."""
    row = session.get(DeclarationKey, 1)
    return row is None or row.recipient == sealer.recipient


# Deals with drops of a kind that another room knows; raises as `collect` does, and takes the drop as it files it.
DropHandler = Callable[[Session, Opened, Settings, Sealer, datetime], None]


def collect(
    session: Session,
    *,
    settings: Settings,
    sealer: Sealer,
    now: datetime,
    handlers: Mapping[DropKind, DropHandler] = MappingProxyType({}),
) -> bool:
    """File the next drop; False when none is due. One that opens and says what no form of ours does is removed.

    handlers: of the kinds that this room does not know. One that does not open stays, with a log line: its key may only
    be missing; so does one of a kind that this program does not know: a newer one may. Whatever else goes wrong is
    raised, and the drop stays too: each is tried again after the others, a few times.
    """
    with atomic(session):
        due = session.scalar(_due())
        if due is None:
            return False
        due.attempts += 1
        tried = Tried(due.receipt, due.sealed, due.received_at, due.attempts, due.unreadable_at is not None)
    end_reading(session)
    opened = _open(session, tried, sealer, now)
    if opened is None:
        return True
    try:
        handlers.get(opened.kind, _deal_with)(session, opened, settings, sealer, now)
    except StatementInvalid as refusal:
        # Its name, and nothing of what it says.
        log.warning("a drop was refused: %s", type(refusal).__name__)
        with atomic(session):
            take(session, opened.receipt)
    return True


def _due() -> Select[InboxDrop]:
    return (
        select(InboxDrop)
        .where(InboxDrop.attempts < MAX_ATTEMPTS)
        .order_by(InboxDrop.attempts, InboxDrop.received_at, InboxDrop.receipt)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _open(session: Session, tried: Tried, sealer: Sealer, now: datetime) -> Opened | None:
    """What a drop says; None, with a log line, where no key opens it or it is of an unknown kind."""
    try:
        fields = sealer.unseal(tried.sealed, row=f"drop:{tried.receipt}")
    except SealBroken:
        log.warning("a drop can't be opened: attempt %d of %d", tried.attempt, MAX_ATTEMPTS)
        if tried.attempt >= MAX_ATTEMPTS:
            inbox.set_aside(session, tried.receipt, now=now)
        return None
    if tried.was_unreadable:
        # Before it is filed: one that ends its worker must not be taken for garbage, nor be tried at each start.
        inbox.note_readable(session, tried.receipt)
    try:
        return Opened(tried.receipt, DropKind(str(fields.get("kind"))), fields, tried.at)
    except ValueError:
        log.warning("a drop is of an unknown kind: attempt %d of %d", tried.attempt, MAX_ATTEMPTS)
        return None


def _deal_with(session: Session, opened: Opened, settings: Settings, sealer: Sealer, now: datetime) -> None:
    if opened.kind is DropKind.DECLARATION:
        _file(session, opened, settings, sealer, now)
        return
    if opened.kind is DropKind.ADD:
        _add(session, opened, settings, sealer, now)
        return
    with atomic(session):
        if take(session, opened.receipt):
            _obey(session, opened, sealer, now)


def _file(session: Session, opened: Opened, settings: Settings, sealer: Sealer, now: datetime) -> None:
    statement = statements.from_fields(_table(opened.fields.get("statement")))
    lock = lock_in(opened.fields.get("lock"))
    statements.check(
        statement,
        max_objects=settings.max_declared_objects,
        max_photos=settings.max_declared_photos,
        today=day_in_paris(now),
    )
    described = DescribedStatement(statement, [_described(each, settings) for each in statement.objects])
    with atomic(session):
        if take(session, opened.receipt):
            held = flood.is_suspected(session, statement.contact, settings=settings, sealer=sealer, now=now)
            arrival = Arrival(lock, opened.receipt, is_suspected=held)
            made = filing.add(session, described, arrival, sealer=sealer, now=now)
            persons = contact_address.to_confirm(statement.contact, statement.helper, settings) if not held else {}
            contact_address.ask(session, made, persons, sealer=sealer, now=now)


def _add(session: Session, opened: Opened, settings: Settings, sealer: Sealer, now: datetime) -> None:
    """Add what the holder of a code sends later; what has no valid proof or finds no room is not even decoded."""
    stated = statements.object_from_fields(_table(opened.fields.get("object")))
    to_object = opened.fields.get("to")
    place = to_object if isinstance(to_object, int) else None
    statements.check_object(stated, is_new=place is None)

    def found_with_room(photos: int) -> Declaration | None:
        found = find_asked(session, opened)
        return found if found and filing.has_room(found, photos, to_object=place, settings=settings) else None

    has_room = found_with_room(len(stated.photos)) is not None
    end_reading(session)
    described = _described(stated, settings) if has_room else None
    with atomic(session):
        if take(session, opened.receipt) and described and (found := found_with_room(len(described.photos))):
            filing.add_object(session, found, Addition(described, place), sealer=sealer, now=now)


def _obey(session: Session, opened: Opened, sealer: Sealer, now: datetime) -> None:
    """Do what the holder of a code asks for; what has no valid proof is forgotten."""
    found = find_asked(session, opened)
    if found is None:
        return
    if opened.kind is DropKind.SEEN:
        seen.note(session, found, at=min(opened.at, now), shown=seen.from_fields(opened.fields))
    elif opened.kind is DropKind.CONFIRM:
        typed = str(opened.fields.get("digits"))[:6]
        contact_address.confirm(session, found, typed, sealer=sealer, now=now)
    elif opened.kind in ACTS:
        ACTS[opened.kind](session, found, by=None, now=now)


def find_asked(session: Session, opened: Opened) -> Declaration | None:
    """The declaration whose code a drop shows a valid proof of; None for any other drop."""
    locator, proof = str(opened.fields.get("locator")), str(opened.fields.get("proof"))
    found = session.scalar(select(Declaration).where(Declaration.locator == locator[:64]))
    return found if found and hmac.compare_digest(found.proof_digest, digest_of(proof)) else None


def take(session: Session, receipt: str) -> bool:
    """Remove a drop; False when another worker has. Inside atomic()."""
    taken = delete(InboxDrop).where(InboxDrop.receipt == receipt).returning(InboxDrop.receipt)
    return session.scalar(taken) is not None


def _described(stated: StatedObject, settings: Settings) -> DescribedObject:
    """The object with its photos decoded anew and described; slow. A photo that can't be read is left out."""
    photos = []
    for jpeg in stated.photos:
        try:
            photos.append(DescribedPhoto(jpeg, describing.described(jpeg, settings)))
        except PhotoRefused:
            continue
    return DescribedObject(stated, tuple(photos))


def lock_in(given: object) -> Lock:
    """The lock that a drop brings along; raise StatementInvalid for anything else."""
    table = _table(given)
    try:
        texts = {name: str(table[name])[:80] for name in ("locator", "recipient", "proof_digest")}
        return Lock(wrapped=bytes.fromhex(table["wrapped"]), **texts)
    except (KeyError, TypeError, ValueError) as error:
        raise StatementInvalid("lock") from error


def _table(given: object) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise StatementInvalid("form")
    return given

"""What looked like a flood, for officers: how many, some of them, one verdict for all, which the worker carries out.

Nothing of it is compared and nobody is mailed. What is buried can be taken back for a day.
"""

import enum
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from gallery.config import Settings
from gallery.errors import SealBroken
from gallery.models import Claim, Declaration, DeclarationState, DeclaredObject, Item, Officer, Verdict
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.declarations import changes, contact_address, desk, lifecycle, sealed_rows
from gallery.services.declarations.changes import ChangeKind
from gallery.services.transaction import atomic

log = logging.getLogger(__name__)

SAMPLE = 5
UNDO_WITHIN = timedelta(days=1)


class HeldKind(enum.StrEnum):
    """What waits in quarantine."""

    DECLARATIONS = "declarations"
    CLAIMS = "claims"


_TABLES: Mapping[HeldKind, type[Declaration] | type[Claim]] = {
    HeldKind.DECLARATIONS: Declaration,
    HeldKind.CLAIMS: Claim,
}
_ARRIVALS: Mapping[HeldKind, InstrumentedAttribute[datetime]] = {
    HeldKind.DECLARATIONS: Declaration.declared_at,
    HeldKind.CLAIMS: Claim.claimed_at,
}


@dataclass(frozen=True)
class HeldPart:
    """Declarations or claims that wait. sample: the latest; first, last: when they came; buried: to be erased soon."""

    count: int
    first: datetime | None
    last: datetime | None
    sample: Sequence[Declaration] | Sequence[Claim]
    buried: int


@dataclass(frozen=True)
class Judgement:
    """What is said of all that had come by an instant. verdict: None takes back what was buried."""

    kind: HeldKind
    verdict: Verdict | None
    until: datetime


def count(session: Session, by: Officer) -> int:
    """How many declarations and claims wait for the officer's unit."""
    return sum(session.scalar(_counted(kind, by)) or 0 for kind in HeldKind)


def look(session: Session, kind: HeldKind, by: Officer) -> HeldPart:
    """What waits for the officer's unit."""
    table, came_at = _TABLES[kind], _ARRIVALS[kind]
    waiting = (*_scope(kind, by), table.verdict.is_(None))
    number, first, last = session.execute(
        select(func.count(), func.min(came_at), func.max(came_at)).where(*waiting)
    ).one()
    latest = _shown(kind).where(*waiting).order_by(came_at.desc(), table.id.desc()).limit(SAMPLE)
    sample = session.scalars(latest).all()
    buried = select(func.count()).where(*_scope(kind, by), table.verdict == Verdict.BURY)
    return HeldPart(number, first, last, sample, session.scalar(buried) or 0)


def judge(session: Session, judgement: Judgement, *, by: Officer, now: datetime) -> int:
    """Release, bury or take back all that is meant, and return how many; inside atomic(). The worker does the rest.

    A declaration of which a claim is out of quarantine is not buried: it would take that claim with it.
    """
    kind, verdict = judgement.kind, judgement.verdict
    table = _TABLES[kind]
    was = table.verdict.is_(None) if verdict else table.verdict == Verdict.BURY
    meant = select(table.id).where(*_scope(kind, by), was, _ARRIVALS[kind] <= judgement.until)
    if kind is HeldKind.DECLARATIONS and verdict is Verdict.BURY:
        meant = meant.where(~_has_open_claim())
    # Without a new version of the rows: nobody changes what waits here.
    marked = update(table).where(table.id.in_(meant)).values(verdict=verdict, judged_at=now if verdict else None)
    marked = marked.returning(table.id).execution_options(synchronize_session=False)
    number = len(session.scalars(marked).all())
    act = {Verdict.RELEASE: "release_flood", Verdict.BURY: "bury_flood", None: "take_back_flood"}[verdict]
    if number:
        audit.record(session, by, act, by.unit, now=now, kind=kind.value, count=number)
    return number


def judged(kind: HeldKind, now: datetime) -> ColumnElement[bool]:
    """What the worker has to carry out now."""
    table = _TABLES[kind]
    is_buried = (table.verdict == Verdict.BURY) & (table.judged_at <= now - UNDO_WITHIN)
    return (table.verdict == Verdict.RELEASE) | is_buried


def settle_next(session: Session, *, settings: Settings, sealer: Sealer, broken: set[int], now: datetime) -> bool:
    """Carry out the verdict on one declaration; False when there is none.

    broken: row ids of those that no key opens: these are left out, and more are added. What was to be buried
    and of which a claim is out of quarantine by now waits again.
    """
    with atomic(session):
        meant = (judged(HeldKind.DECLARATIONS, now), Declaration.id.not_in(broken))
        wanted = select(Declaration).where(*meant).order_by(Declaration.id).limit(1)
        due = session.scalar(wanted.with_for_update(skip_locked=True))
        if due is None:
            return False
        try:
            _settle(session, due, settings=settings, sealer=sealer, now=now)
        except SealBroken:
            note_broken(HeldKind.DECLARATIONS, due.id, broken)
    return True


def note_broken(kind: HeldKind, row_id: int, broken: set[int]) -> None:
    """Leave out what can't be opened, so that it holds up no verdict after it."""
    log.warning("a verdict on row %d of %s can't be carried out: its seal is broken", row_id, kind.value)
    broken.add(row_id)


def _settle(session: Session, due: Declaration, *, settings: Settings, sealer: Sealer, now: datetime) -> None:
    if due.verdict is Verdict.RELEASE:
        release(session, due, settings=settings, sealer=sealer, now=now)
    elif any(each.held_at is None for each in due.claims):
        due.verdict = due.judged_at = None
    else:
        lifecycle.erase(session, due, by=None, now=now)


def release(session: Session, declaration: Declaration, *, settings: Settings, sealer: Sealer, now: datetime) -> None:
    """Look for its objects, and have its addresses confirmed, as of any other; inside atomic(). Twice is harmless.

    Raises SealBroken before anything is changed.
    """
    opened = sealed_rows.secrets_of(declaration, sealer)
    declaration.verdict = declaration.judged_at = None
    if declaration.state is not DeclarationState.QUARANTINED:
        return
    declaration.state = DeclarationState.OPEN
    changes.note(session, ChangeKind.OBJECTS)
    persons = contact_address.to_confirm(opened.contact, opened.helper, settings)
    contact_address.ask(session, declaration, persons, sealer=sealer, now=now)
    audit.record(session, None, "release_declaration", declaration, now=now)


def _has_open_claim() -> ColumnElement[bool]:
    return Declaration.claims.any(Claim.held_at.is_(None))


def _counted(kind: HeldKind, by: Officer) -> Select[int]:
    return select(func.count()).where(*_scope(kind, by), _TABLES[kind].verdict.is_(None))


def _scope(kind: HeldKind, by: Officer) -> tuple[ColumnElement[bool], ...]:
    """Declarations that concern the unit, but for those made for a claim; claims for the unit's items."""
    if kind is HeldKind.CLAIMS:
        of_unit = exists().where(Item.id == Claim.item_id, Item.unit_id == by.unit_id)
        return Claim.held_at.is_not(None), of_unit
    return (
        Declaration.state == DeclarationState.QUARANTINED,
        Declaration.objects.any(),
        desk.concerns(by),
    )


def _shown(kind: HeldKind) -> Select[Declaration] | Select[Claim]:
    if kind is HeldKind.CLAIMS:
        return select(Claim).options(
            joinedload(Claim.item), joinedload(Claim.declaration), selectinload(Claim.statements)
        )
    objects = selectinload(Declaration.objects)
    return select(Declaration).options(
        objects.joinedload(DeclaredObject.category), objects.selectinload(DeclaredObject.photos)
    )

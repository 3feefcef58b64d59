"""The officers' side of declarations: what they may look up, and what they take for somebody at the counter."""

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from gallery.errors import DeclarationNotFound
from gallery.models import Declaration, DeclarationState, DeclaredObject, Officer, Proposal, Unit
from gallery.services.days import day_in_paris
from gallery.services.declarations import contact_address, filing
from gallery.services.declarations import statement as statements
from gallery.services.declarations.dropping import RECEIPT_BYTES
from gallery.services.declarations.filing import Arrival, DescribedObject, DescribedPhoto, DescribedStatement
from gallery.services.declarations.opening.locks import Lock
from gallery.services.declarations.sealed_rows import SignatureParts
from gallery.services.declarations.statement import StatedObject, Statement
from gallery.services.resources import Resources

PREFIX = "D-"
# The worker describes the photos within seconds: nobody at a counter waits for it.
NOT_DESCRIBED = SignatureParts("", b"", b"")


@dataclass(frozen=True)
class DeclarationsPart:
    """Some declarations of a list. total: of the whole list."""

    declarations: tuple[Declaration, ...]
    total: int


def listed(session: Session, by: Officer, *, limit: int, offset: int) -> DeclarationsPart:
    """Declarations that concern the unit, open ones first, the latest first.

    Without those in quarantine, and those without objects, which are there for a claim and listed with it.
    """
    is_listed = (Declaration.state != DeclarationState.QUARANTINED, Declaration.objects.any())
    wanted = select(Declaration).where(concerns(by), *is_listed)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    wanted = wanted.order_by(
        Declaration.state != DeclarationState.OPEN, Declaration.declared_at.desc(), Declaration.id.desc()
    )
    rows = session.scalars(_with_all(wanted).limit(limit).offset(offset))
    return DeclarationsPart(tuple(rows), total)


def concerns(by: Officer) -> ColumnElement[bool]:
    """Of a declaration that is for the officer's unit: of its desk or département; of nobody's, for every unit."""
    of_nobody = ~exists().where(Unit.departement == Declaration.departement)
    is_near = or_(Declaration.departement == by.unit.departement, of_nobody)
    return or_(Declaration.unit_id == by.unit_id, Declaration.unit_id.is_(None) & is_near)


def get(session: Session, reference: str) -> Declaration:
    """The declaration with this reference, for whichever unit its owner has come to; raise DeclarationNotFound."""
    found = session.scalar(_with_all(select(Declaration).where(Declaration.reference == reference)))
    if found is None:
        raise DeclarationNotFound(reference)
    return found


def tidied(typed: str) -> str:
    """A reference as it is kept, from what was typed.

    >>> tidied(" d k7qm4abc "), tidied("K7QM-4ABC")
    ('D-K7QM4ABC', 'D-K7QM4ABC')
    """
    drawn = re.sub(r"[^A-Z0-9]", "", typed.upper())
    return PREFIX + (drawn[1:] if len(drawn) > 8 and drawn.startswith("D") else drawn)


def take(session: Session, statement: Statement, lock: Lock, *, given: Resources, by: Officer) -> Declaration:
    """File it at once as taken by the officer's unit, with codes for its addresses; inside atomic().

    Nothing that an officer takes is suspected. Raises StatementInvalid.
    """
    settings, sealer, now = given.settings, given.sealer, given.now()
    most = {"max_objects": settings.max_declared_objects, "max_photos": settings.max_declared_photos}
    statements.check(statement, **most, today=day_in_paris(now))
    arrival = Arrival(lock, secrets.token_hex(RECEIPT_BYTES), unit=by.unit, by=by)
    described = DescribedStatement(statement, [_undescribed(each) for each in statement.objects])
    made = filing.add(session, described, arrival, sealer=sealer, now=now)
    persons = contact_address.to_confirm(statement.contact, statement.helper, settings)
    contact_address.ask(session, made, persons, sealer=sealer, now=now)
    return made


def _undescribed(stated: StatedObject) -> DescribedObject:
    return DescribedObject(stated, tuple(DescribedPhoto(jpeg, NOT_DESCRIBED) for jpeg in stated.photos))


def _with_all(wanted: Select[Declaration]) -> Select[Declaration]:
    objects = selectinload(Declaration.objects)
    return wanted.options(
        joinedload(Declaration.unit),
        selectinload(Declaration.addresses),
        objects.joinedload(DeclaredObject.category),
        objects.selectinload(DeclaredObject.photos),
        objects.selectinload(DeclaredObject.proposals).joinedload(Proposal.item),
    )

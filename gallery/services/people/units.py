"""Units and the accounts of their officers."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gallery.errors import AlreadyTaken, ChangedMeanwhile, FieldInvalid, UnitNotFound, UnitUnreachable
from gallery.models import Item, ItemStatus, Officer, OfficerRole, Unit, UnitKind
from gallery.services import audit, revision
from gallery.services.items.numbering.numbers import DEPARTEMENT
from gallery.services.people import addresses, telephones

LONGEST_NAME = 120
UNIT_CODE = re.compile(r"[A-Z0-9_-]{2,32}")


@dataclass(frozen=True)
class WrittenUnit:
    """What the public reads of a unit. version: of the unit that was shown to whoever wrote; 0 for a new one."""

    name: str
    kind: UnitKind
    public_phone: str = ""
    public_email: str = ""
    version: int = 0


@dataclass(frozen=True)
class NewUnit:
    """A unit to be added: its code and département, which stay as they are, and what the public reads of it."""

    code: str
    departement: str
    written: WrittenUnit


@dataclass(frozen=True)
class NewOfficer:
    """Whom an account is opened for."""

    unit: Unit
    email: str
    name: str
    role: OfficerRole


def create_unit(session: Session, new: NewUnit, *, by: Officer | None, now: datetime) -> Unit:
    """Add a unit; raise AlreadyTaken for its code, FieldInvalid for what can’t be a code, département or telephone."""
    if DEPARTEMENT.fullmatch(new.departement) is None:
        raise FieldInvalid("departement", new.departement)
    if UNIT_CODE.fullmatch(new.code) is None:
        raise FieldInvalid("code", new.code)
    if session.scalar(select(Unit.id).where(Unit.code == new.code)) is not None:
        raise AlreadyTaken("code", new.code)
    unit = Unit(code=new.code, departement=new.departement, **_values(new.written))
    session.add(unit)
    session.flush()
    audit.record(session, by, "create", unit, now=now)
    return unit


def edit_unit(session: Session, unit: Unit, written: WrittenUnit, *, by: Officer, now: datetime) -> None:
    """Change what the public reads of a unit; raise ChangedMeanwhile, FieldInvalid for a telephone that does not exist.

    Raises UnitUnreachable when a unit that has published items could no longer be reached.
    Its code and département stay, as public numbers are made of them.
    """
    # Whoever publishes has it too, and may be about to commit.
    revision.hold(session)
    if unit.version != written.version:
        raise ChangedMeanwhile
    values = _values(written)
    if not (values["public_phone"] or values["public_email"]) and _has_published(session, unit):
        raise UnitUnreachable
    changed = sorted(field for field, value in values.items() if getattr(unit, field) != value)
    if not changed:
        return
    for field in changed:
        setattr(unit, field, values[field])
    revision.touch(session)
    audit.record(session, by, "edit", unit, now=now, fields=changed)


def _values(written: WrittenUnit) -> dict[str, Any]:
    phone = telephones.tidied(written.public_phone)
    return {
        "name": written.name,
        "kind": written.kind,
        "public_phone": phone,
        "public_email": written.public_email,
    }


def _has_published(session: Session, unit: Unit) -> bool:
    published = select(Item.id).where(Item.unit_id == unit.id, Item.status == ItemStatus.PUBLISHED)
    return session.scalar(published.limit(1)) is not None


def all_units(session: Session) -> list[Unit]:
    """Every unit, by name."""
    return list(session.scalars(select(Unit).order_by(Unit.name, Unit.id)))


def get_by_code(session: Session, code: str) -> Unit:
    """The unit of this code; raise UnitNotFound."""
    unit = session.scalar(select(Unit).where(Unit.code == code))
    if unit is None:
        raise UnitNotFound(code)
    return unit


def lock_by_code(session: Session, code: str) -> Unit:
    """The unit of this code, to be changed: locked until the transaction ends, as `categories.lock_by_code` does.

    Raises UnitNotFound.
    """
    unit = session.scalar(select(Unit).where(Unit.code == code).with_for_update(key_share=True))
    if unit is None:
        raise UnitNotFound(code)
    return unit


def has_any(session: Session) -> bool:
    """Say whether the service has been set up with a unit."""
    return session.scalar(select(Unit.id).limit(1)) is not None


def create_officer(
    session: Session, new: NewOfficer, *, password_hash: str | None, by: Officer | None, now: datetime
) -> Officer:
    """Open an account; raise AddressInvalid, or AlreadyTaken when the address has one.

    password_hash: argon2id, made at the edge; None: nobody can sign in before a password is chosen.
    """
    address = addresses.normalised(new.email)
    if addresses.find_officer(session, address) is not None:
        raise AlreadyTaken("email", address)
    officer = Officer(
        unit=new.unit,
        public_id=secrets.token_urlsafe(12),
        email=address,
        name=new.name,
        role=new.role,
        password=password_hash,
        active=True,
        fs_uniquifier=secrets.token_hex(16),
        created_at=now,
    )
    session.add(officer)
    try:
        session.flush()
    except IntegrityError as error:
        # Opened by somebody else since we looked.
        raise AlreadyTaken("email", address) from error
    audit.record(session, by, "create", officer, now=now)
    return officer

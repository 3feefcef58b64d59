"""A declaration becomes rows: from the worker, which collects, and from an officer's desk."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import StatementInvalid
from gallery.models import (
    Category,
    Declaration,
    DeclarationAnswer,
    DeclarationState,
    DeclaredObject,
    DeclaredPhoto,
    Officer,
    Unit,
)
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.declarations import answers, changes, contact_address, flood, sealed_rows
from gallery.services.declarations.answers import MessageKind
from gallery.services.declarations.changes import ChangeKind
from gallery.services.declarations.opening.locks import Lock
from gallery.services.declarations.sealed_rows import SignatureParts
from gallery.services.declarations.statement import MAX_PHOTOS, StatedObject, Statement
from gallery.services.items.numbering.number_keys import serial_key, serial_look_key

# Without letters and digits that are taken for each other.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
REFERENCE_LENGTH = 8


@dataclass(frozen=True)
class DescribedPhoto:
    """A photo with its signature, made outside of the transaction."""

    jpeg: bytes
    signature: SignatureParts


@dataclass(frozen=True)
class DescribedObject:
    """An object with the photos that could be read."""

    stated: StatedObject
    photos: tuple[DescribedPhoto, ...]


@dataclass(frozen=True)
class Addition:
    """What the holder of a code sends later: an object, or with to_object photos of the one at that place."""

    described: DescribedObject
    to_object: int | None = None


@dataclass(frozen=True)
class DescribedStatement:
    """What a declaration says, with its objects described in their order."""

    said: Statement
    objects: Sequence[DescribedObject] = ()


@dataclass(frozen=True)
class Arrival:
    """How a declaration has come. lock: of the code that its owner is given; receipt: of the drop, else random; unit,
    by: of the desk that took it, None from the public site; is_suspected: it looks like part of a flood.
    """

    lock: Lock
    receipt: str
    unit: Unit | None = None
    by: Officer | None = None
    is_suspected: bool = False


def add(
    session: Session, described: DescribedStatement, arrival: Arrival, *, sealer: Sealer, now: datetime
) -> Declaration:
    """File a declaration, every object due to be compared, with its first answer; inside atomic().

    It is OPEN, or QUARANTINED where it is suspected. Raises StatementInvalid where the code has a declaration already.
    """
    statement, lock = described.said, arrival.lock
    if session.get(DeclarationAnswer, lock.locator) is not None:
        raise StatementInvalid("lock")
    reference = "D-" + "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))
    declaration = Declaration(
        reference=reference,
        state=DeclarationState.QUARANTINED if arrival.is_suspected else DeclarationState.OPEN,
        unit=arrival.unit,
        departement=statement.theft.departement,
        theft_from=statement.theft.first_day,
        theft_until=statement.theft.last_day,
        ends_on=statement.ends_on,
        sealed=sealed_rows.seal_declaration(statement, reference, sealer),
        receipt=arrival.receipt,
        locator=lock.locator,
        answer_recipient=lock.recipient,
        proof_digest=lock.proof_digest,
        declared_at=now,
        contact_key=flood.key_of(statement.contact, sealer),
        has_helper=contact_address.has_helper(statement.contact, statement.helper),
        objects=[_object(session, number, each, sealer) for number, each in enumerate(described.objects, start=1)],
    )
    session.add(declaration)
    changes.note(session, ChangeKind.OBJECTS)
    answers.place(session, declaration, wrapped=lock.wrapped)
    answers.tell(session, declaration, MessageKind.RECEIVED, now=now)
    audit.record(session, arrival.by, "file_declaration", declaration, now=now, objects=len(described.objects))
    return declaration


def add_object(
    session: Session, declaration: Declaration, addition: Addition, *, sealer: Sealer, now: datetime
) -> None:
    """Add what there is room for, to be compared at once; inside the atomic() in which `has_room` found it."""
    objects, described = declaration.objects, addition.described
    target = _at(declaration, addition.to_object)
    if target is None:
        place = max((each.position for each in objects), default=0) + 1
        objects.append(_object(session, place, described, sealer))
    else:
        first = len(target.photos)
        target.photos.extend(_photo(place, each, sealer) for place, each in enumerate(described.photos, start=first))
        target.compared_at = None
    changes.note(session, ChangeKind.OBJECTS)
    answers.tell(session, declaration, MessageKind.ADDED, now=now)
    audit.record(session, None, "add_to_declaration", declaration, now=now, photos=len(described.photos))


def has_room(declaration: Declaration, photos: int, *, to_object: int | None, settings: Settings) -> bool:
    """Whether an object with that many photos, or that many photos of the object at that place, may be added.

    False too where the declaration is not open or has no such object.
    """
    fits = len(declaration.objects) < settings.max_declared_objects
    if to_object is not None:
        target = _at(declaration, to_object)
        fits = target is not None and 0 < photos <= MAX_PHOTOS - len(target.photos)
    all_photos = photos + sum(len(each.photos) for each in declaration.objects)
    return declaration.state is DeclarationState.OPEN and fits and all_photos <= settings.max_declared_photos


def _at(declaration: Declaration, place: int | None) -> DeclaredObject | None:
    return next((each for each in declaration.objects if each.position == place), None)


def _object(session: Session, position: int, described: DescribedObject, sealer: Sealer) -> DeclaredObject:
    stated, public_id = described.stated, secrets.token_hex(12)
    category = session.scalar(select(Category).where(Category.code == stated.category_code))
    return DeclaredObject(
        public_id=public_id,
        position=position,
        category=category,
        serial_key=serial_key(stated.serial_number, sealer),
        serial_look_key=serial_look_key(stated.serial_number, sealer),
        sealed=sealed_rows.seal_object(stated, public_id, sealer),
        photos=[_photo(number, each, sealer) for number, each in enumerate(described.photos)],
    )


def _photo(position: int, photo: DescribedPhoto, sealer: Sealer) -> DeclaredPhoto:
    public_id = secrets.token_hex(12)
    return DeclaredPhoto(
        public_id=public_id,
        position=position,
        sealed=sealed_rows.seal_photo(photo.jpeg, public_id, sealer),
        sealed_signature=sealed_rows.seal_signature(photo.signature, public_id, sealer),
        sealed_compact=sealed_rows.seal_compact(photo.signature, public_id, sealer),
        version=photo.signature.version,
    )

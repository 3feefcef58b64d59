"""The sealed parts of a declaration's rows, as values; each seal names its row."""

import base64
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gallery import matching
from gallery.errors import SealBroken
from gallery.models import Declaration, DeclaredObject, DeclaredPhoto, Officer
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.declarations.statement import Contact, StatedObject, Statement


@dataclass(frozen=True)
class DeclarationSecrets:
    """What only officers may read of a declaration; see `Statement`."""

    commune: str
    complaint_number: str
    contact: Contact
    helper: Contact | None
    phrase: str
    consented_at: str
    language: str

    @property
    def is_readable(self) -> bool:
        """Whether the declaration could be opened."""
        return self.contact is not UNREADABLE_CONTACT


@dataclass(frozen=True)
class ObjectSecrets:
    """What only officers may read of a declared object, and the worker compares; see `StatedObject`."""

    words: str
    brand: str
    serial_number: str
    colours: tuple[str, ...]
    # Rows from before there were drawings have none.
    shape: str = ""

    @property
    def is_readable(self) -> bool:
        """Whether the object could be opened."""
        return self is not UNREADABLE_OBJECT


UNREADABLE_CONTACT = Contact()
UNREADABLE_OBJECT = ObjectSecrets("", "", "", ())


@dataclass(frozen=True)
class SignatureParts:
    """A photo's signature as `matching` packs it. version: of the matcher that made it.

    shown: of a screenshot, the part that was described; None for the whole photo.
    """

    version: str
    compact: bytes
    details: bytes
    shown: matching.Box | None = None


def seal_declaration(statement: Statement, reference: str, sealer: Sealer) -> bytes:
    """Seal what only officers may read, for the declaration with this reference."""
    theft = statement.theft
    kept = DeclarationSecrets(
        commune=theft.commune,
        complaint_number=theft.complaint_number,
        contact=statement.contact,
        helper=statement.helper,
        phrase=statement.phrase,
        consented_at=statement.consented_at.isoformat(),
        language=statement.language,
    )
    return sealer.seal(asdict(kept), row=f"declaration:{reference}")


def secrets_of(declaration: Declaration, sealer: Sealer) -> DeclarationSecrets:
    """Open a declaration for the worker; for an officer there is `read_declaration`, which the journal records.

    Raises SealBroken.
    """
    opened: dict[str, Any] = sealer.unseal(declaration.sealed, row=f"declaration:{declaration.reference}")
    helper = opened.pop("helper")
    contact = Contact(**opened.pop("contact"))
    return DeclarationSecrets(contact=contact, helper=Contact(**helper) if helper else None, **opened)


def shown_secrets(declaration: Declaration, sealer: Sealer) -> DeclarationSecrets:
    """The same for a page, which shows what else is known of a declaration that no key opens."""
    try:
        return secrets_of(declaration, sealer)
    except SealBroken:
        return DeclarationSecrets("", "", UNREADABLE_CONTACT, None, "", "", "")


def read_declaration(
    session: Session, declaration: Declaration, *, sealer: Sealer, by: Officer, now: datetime
) -> DeclarationSecrets:
    """Open a declaration for an officer, with its line in the journal; inside atomic()."""
    audit.tally(session, by, "read_declaration", declaration, now=now)
    return shown_secrets(declaration, sealer)


def seal_object(stated: StatedObject, public_id: str, sealer: Sealer) -> bytes:
    """Seal what was said of an object, for the row with this public id."""
    kept = ObjectSecrets(stated.words, stated.brand, stated.serial_number, stated.colours, stated.shape)
    return sealer.seal(asdict(kept), row=f"declared object:{public_id}")


def secrets_of_object(declared: DeclaredObject, sealer: Sealer) -> ObjectSecrets:
    """Open a declared object."""
    return opened_object(declared.sealed, declared.public_id, sealer)


def shown_object(declared: DeclaredObject, sealer: Sealer) -> ObjectSecrets:
    """The same for a page, which shows what else is known of an object that no key opens."""
    try:
        return secrets_of_object(declared, sealer)
    except SealBroken:
        return UNREADABLE_OBJECT


def opened_object(sealed: bytes, public_id: str, sealer: Sealer) -> ObjectSecrets:
    """What was said of an object, from the columns of its row."""
    opened = sealer.unseal(sealed, row=f"declared object:{public_id}")
    return ObjectSecrets(**opened | {"colours": tuple(opened["colours"])})


def seal_photo(jpeg: bytes, public_id: str, sealer: Sealer) -> bytes:
    """Seal a picture, for the photo with this public id."""
    return sealer.seal({"jpeg": _text(jpeg)}, row=f"declared photo:{public_id}")


def picture_of(photo: DeclaredPhoto, sealer: Sealer) -> bytes:
    """The JPEG file of a declared photo."""
    return _bytes(sealer.unseal(photo.sealed, row=f"declared photo:{photo.public_id}")["jpeg"])


def seal_signature(parts: SignatureParts, public_id: str, sealer: Sealer) -> bytes:
    """Seal a signature, for the photo with this public id: local features can be turned back into a picture."""
    fields = {"compact": _text(parts.compact), "details": _text(parts.details), "shown": parts.shown}
    return sealer.seal(fields, row=f"declared signature:{public_id}")


def signature_of(photo: DeclaredPhoto, sealer: Sealer) -> SignatureParts:
    """The signature of a declared photo."""
    return opened_signature(photo.sealed_signature, photo.public_id, photo.version, sealer)


def opened_signature(sealed: bytes, public_id: str, version: str, sealer: Sealer) -> SignatureParts:
    """A photo's signature, from the columns of its row."""
    opened = sealer.unseal(sealed, row=f"declared signature:{public_id}")
    # What was sealed before screenshots were cut is of the whole photo.
    shown = opened.get("shown")
    compact, details = _bytes(opened["compact"]), _bytes(opened["details"])
    return SignatureParts(version, compact, details, tuple(shown) if shown else None)


def seal_compact(parts: SignatureParts, public_id: str, sealer: Sealer) -> bytes:
    """Seal what a catalogue keeps of a signature, for the photo with this public id."""
    return sealer.seal({"compact": _text(parts.compact)}, row=f"declared compact:{public_id}")


def opened_compact(sealed: bytes, public_id: str, sealer: Sealer) -> bytes:
    """What a catalogue keeps of a photo's signature, from the column of its row."""
    return _bytes(sealer.unseal(sealed, row=f"declared compact:{public_id}")["compact"])


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)

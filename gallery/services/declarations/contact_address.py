"""The e-mail address of a declaration: confirmed by a code of six digits before any mail but the one that has it.

The code is kept nowhere: it is a keyed digest of its mail's reference, so a mail that is sent twice has the same one.
"""

import hmac
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import AddressInvalid
from gallery.models import AddressState, Declaration, DeclarationMail, DeclaredAddress, MailKind, MailState
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.declarations import answers
from gallery.services.declarations.sealed_rows import DeclarationSecrets
from gallery.services.declarations.statement import Contact
from gallery.services.people import addresses

CODE = re.compile(r"[0-9]{6}")
CODE_LASTS = timedelta(days=1)
MAX_TRIES = 5
# Declarations a day that write to one address unasked: whoever types another's address can't have it flooded.
MAX_ASKED = 3
# Without letters and digits that are taken for each other.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def address_of(contact: Contact, helper: Contact | None) -> str:
    """Where mails of a declaration go: to the victim, else to who helps; empty without any usable address."""
    for each in (contact, helper):
        if each and each.email:
            try:
                return addresses.normalised(each.email)
            except AddressInvalid:
                continue
    return ""


def address_in(opened: DeclarationSecrets) -> str:
    """The same, of a declaration that was opened."""
    return address_of(opened.contact, opened.helper)


def ask(
    session: Session, declaration: Declaration, address: str, *, settings: Settings, sealer: Sealer, now: datetime
) -> None:
    """Have the code sent to the address of a new declaration, if there is one; inside atomic()."""
    if not settings.sends_mail or not address:
        return
    key = sealer.fingerprint(address, purpose="address of a declaration")
    asked = select(func.count()).select_from(DeclaredAddress)
    asked = asked.where(DeclaredAddress.address_key == key, DeclaredAddress.asked_at > now - CODE_LASTS)
    if (session.scalar(asked) or 0) >= MAX_ASKED:
        return
    declaration.address = DeclaredAddress(state=AddressState.WAITING, address_key=key, asked_at=now, tries=0)
    declaration.mails.append(new_mail(MailKind.CODE, now))
    answers.refresh(session, declaration)


def confirm(session: Session, declaration: Declaration, typed: str, *, sealer: Sealer, now: datetime) -> None:
    """Compare a typed code; inside atomic(). The last wrong one refuses the address, a late one has another sent."""
    asked = declaration.address
    if asked is None or asked.state is not AddressState.WAITING or asked.code_until is None:
        return
    if now > asked.code_until:
        asked.code_reference, asked.code_until = "", None
        declaration.mails.append(new_mail(MailKind.CODE, now))
    elif hmac.compare_digest(typed.encode(), code_of(asked.code_reference, sealer).encode()):
        asked.state = AddressState.CONFIRMED
        audit.record(session, None, "address_confirmed", declaration, now=now)
    else:
        asked.tries += 1
        asked.state = AddressState.REFUSED if asked.tries >= MAX_TRIES else AddressState.WAITING
    answers.refresh(session, declaration)


def code_of(reference: str, sealer: Sealer) -> str:
    """The six digits of the mail with this reference."""
    digest = sealer.fingerprint(reference, purpose="code that confirms an address")
    return f"{int(digest, 16) % 1_000_000:06d}"


def new_mail(kind: MailKind, now: datetime) -> DeclarationMail:
    """A mail that is due, with a reference of 59 random bits."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(12))
    reference = f"M-{drawn}"
    return DeclarationMail(kind=kind, reference=reference, state=MailState.DUE, tries=0, made_at=now, next_try_at=now)

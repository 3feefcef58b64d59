"""The e-mail addresses of a declaration, the victim's and the helper's: each first confirmed by a code of six digits.

The code is kept nowhere: it is a keyed digest of its mail's reference, so a mail that is sent twice has the same one.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import AddressInvalid
from gallery.models import Addressee, AddressState, Declaration, DeclarationMail, DeclaredAddress, MailKind, MailState
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.declarations import answers, changes
from gallery.services.declarations.changes import ChangeKind
from gallery.services.declarations.sealed_rows import DeclarationSecrets
from gallery.services.declarations.statement import Contact
from gallery.services.people import addresses

CODE = re.compile(r"[0-9]{6}")
# Of a telephone number, whether it was written with 0, +33 or 0033 before them.
NATIONAL_DIGITS = 9
CODE_LASTS = timedelta(days=1)
MAX_TRIES = 5
# Declarations a day that write to one address unasked: whoever types another's address can't have it flooded.
MAX_ASKED = 3
# Without letters and digits that are taken for each other.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def usable(contact: Contact | None) -> str:
    """The address of a person as mails are sent to it; empty without any that can be used."""
    if contact is None or not contact.email:
        return ""
    try:
        return addresses.normalised(contact.email)
    except AddressInvalid:
        return ""


def of_persons(victim: Contact, helper: Contact | None) -> dict[Addressee, str]:
    """Whom mails of a declaration go to: the victim and who helps, each by an address of their own."""
    found = {Addressee.VICTIM: usable(victim), Addressee.HELPER: usable(helper)}
    if found[Addressee.HELPER] == found[Addressee.VICTIM]:
        found[Addressee.HELPER] = ""
    return {person: address for person, address in found.items() if address}


def has_helper(victim: Contact, helper: Contact | None) -> bool:
    """Whether somebody else is to be told: who helps, where they have an address or a telephone of their own."""
    if helper is None:
        return False
    own, theirs = (re.sub(r"\D", "", each.telephone)[-NATIONAL_DIGITS:] for each in (victim, helper))
    return theirs not in ("", own) or Addressee.HELPER in of_persons(victim, helper)


def of_person(opened: DeclarationSecrets, person: Addressee) -> str:
    """The address of one of them in a declaration that was opened; empty without one."""
    return of_persons(opened.contact, opened.helper).get(person, "")


def to_confirm(victim: Contact, helper: Contact | None, settings: Settings) -> dict[Addressee, str]:
    """The addresses that a new declaration has confirmed by a code; none where the program sends no mail."""
    return of_persons(victim, helper) if settings.sends_mail else {}


def ask(
    session: Session, declaration: Declaration, persons: Mapping[Addressee, str], *, sealer: Sealer, now: datetime
) -> None:
    """Have a code sent to each of these addresses of a new declaration; inside atomic()."""
    for person, address in persons.items():
        key = key_of(address, sealer)
        if _asked_today(session, key, now) < MAX_ASKED:
            made = DeclaredAddress(person=person, state=AddressState.WAITING, address_key=key, asked_at=now, tries=0)
            declaration.addresses.append(made)
            declaration.mails.append(new_mail(MailKind.CODE, person, now))
    answers.refresh(session, declaration)


def confirm(session: Session, declaration: Declaration, typed: str, *, sealer: Sealer, now: datetime) -> None:
    """Compare a typed code with those that were mailed; inside atomic().

    The last wrong one refuses the addresses that wait, a late one has another sent.
    """
    waiting = [each for each in declaration.addresses if each.state is AddressState.WAITING and each.code_until]
    sent = [
        (each, code_of(each.code_reference, sealer)) for each in waiting if each.code_until and now <= each.code_until
    ]
    meant = [each for each, code in sent if hmac.compare_digest(typed.encode(), code.encode())]
    for each in waiting:
        if each.code_until and now > each.code_until:
            each.code_reference, each.code_until = "", None
            declaration.mails.append(new_mail(MailKind.CODE, each.person, now))
        elif each in meant:
            each.state = AddressState.CONFIRMED
            audit.record(session, None, "address_confirmed", declaration, now=now)
        elif not meant:
            each.tries += 1
            each.state = AddressState.REFUSED if each.tries >= MAX_TRIES else AddressState.WAITING
    changes.note(session, ChangeKind.NEWS)
    answers.refresh(session, declaration)


def key_of(address: str, sealer: Sealer) -> str:
    """The keyed digest by which declarations with one address are counted."""
    return sealer.fingerprint(address, purpose="address of a declaration")


def _asked_today(session: Session, key: str, now: datetime) -> int:
    asked = select(func.count()).select_from(DeclaredAddress)
    return (
        session.scalar(asked.where(DeclaredAddress.address_key == key, DeclaredAddress.asked_at > now - CODE_LASTS))
        or 0
    )


def code_of(reference: str, sealer: Sealer) -> str:
    """The six digits of the mail with this reference."""
    digest = sealer.fingerprint(reference, purpose="code that confirms an address")
    return f"{int(digest, 16) % 1_000_000:06d}"


def new_mail(kind: MailKind, person: Addressee, now: datetime) -> DeclarationMail:
    """A mail that is due, with a reference of 59 random bits."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(12))
    reference = f"M-{drawn}"
    return DeclarationMail(
        kind=kind, person=person, reference=reference, state=MailState.DUE, tries=0, made_at=now, next_try_at=now
    )

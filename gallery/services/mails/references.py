"""References that are printed in mails: from them `/verifier` says whether a mail is ours, and nothing else."""

import hashlib
import re
from datetime import date, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from gallery.models import MailReference
from gallery.services.declarations.contact_address import ALPHABET

KEPT_DAYS = 731
REFERENCE = re.compile(rf"M-?([{ALPHABET}]{{12}})")


def tidied(typed: str) -> str:
    """A reference as it is printed, from what a person typed; empty for what is none.

    >>> tidied(" m abcd-efgh jkmn"), tidied("35-K7QM-4")
    ('M-ABCDEFGHJKMN', '')
    """
    found = REFERENCE.fullmatch(re.sub(r"[^A-Z0-9]", "", typed.upper()))
    return f"M-{found[1]}" if found else ""


def find_day(session: Session, reference: str) -> date | None:
    """The day on which a mail with this reference was sent by us; None for one of which we know nothing."""
    found = session.get(MailReference, _digest(reference))
    return found.day if found else None


def note(session: Session, reference: str, *, day: date) -> None:
    """Know this reference for two years, and forget older ones; inside atomic(). Twice is harmless."""
    session.merge(MailReference(digest=_digest(reference), day=day))
    session.execute(delete(MailReference).where(MailReference.day < day - timedelta(days=KEPT_DAYS)))


def _digest(reference: str) -> str:
    return hashlib.sha256(reference.encode()).hexdigest()

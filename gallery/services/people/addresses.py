"""E-mail addresses of accounts, in the one spelling in which they are kept and compared."""

import unicodedata

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import AddressInvalid
from gallery.models import Officer

LONGEST = 254
# How an encoded word of RFC 2047 begins.
ENCODED_WORD = "=?"


def normalised(text: str) -> str:
    """The spelling of an address that all its spellings share; raise AddressInvalid for what is none.

    Capitals, accents of either Unicode form, full-width letters and both forms of an international domain make no
    difference. A domain without a dot is none, nor is a reserved one such as .local, nor what is far too long.

    >>> normalised(" ＺＯÉ@Rennes.Example "), normalised("a@xn--prfecture-c4a.example")
    ('zoé@rennes.example', 'a@préfecture.example')
    >>> normalised("strauß@Straße.example"), normalised("strauss@strasse.example")
    ('strauß@straße.example', 'strauss@strasse.example')
    """
    stripped = text.strip()
    # A letter and the accents apart from it are one letter in the end.
    if len(stripped) > 2 * LONGEST:
        raise AddressInvalid
    # Not folded: ß would become ss, and the domain somebody else's.
    lowered = _compatible(_compatible(stripped).lower())
    try:
        found = validate_email(lowered, check_deliverability=False)
    except EmailNotValidError as error:
        raise AddressInvalid from error
    # What a header would decode: it may name somebody else, or be no header at all.
    if len(found.normalized) > LONGEST or ENCODED_WORD in found.local_part:
        raise AddressInvalid
    return found.normalized


def find_officer(session: Session, address: str) -> Officer | None:
    """The account of an address in its normalised spelling."""
    return session.scalar(select(Officer).where(Officer.email == address))


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)

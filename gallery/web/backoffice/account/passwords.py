"""Passwords of accounts: the one spelling that is kept, how they are compared, what is asked of new ones."""

import unicodedata
from functools import cache
from secrets import token_urlsafe

from flask_babel import gettext
from flask_security import auth_required, hash_password, verify_password

from gallery.models import Officer
from gallery.services.transaction import atomic
from gallery.web.workplace import database

SHORTEST, LONGEST = 12, 128
# How long after a sign-in, and again after each such act, the password is not asked for once more.
WITHIN_MINUTES, GRACE_MINUTES = 10, 5
CONFIRMATION = "security.verify"

# For what would hand an account to whoever finds a browser open: asks for the password when it was given too long ago.
password_given_lately = auth_required("session", within=WITHIN_MINUTES, grace=GRACE_MINUTES)


def normalised(password: str) -> str:
    """The spelling that is hashed: keyboards and systems write an accent in two ways. It is Flask-Security's own.

    >>> normalised("fouge\\u0300re") == normalised("foug\\u00e8re")
    True
    """
    return unicodedata.normalize("NFKD", password)


def refusal_of(password: str) -> str:
    """Why a password can't be taken, in words; empty when it can."""
    length = len(unicodedata.normalize("NFC", password))
    if length < SHORTEST:
        return gettext("Ce mot de passe est trop court : %(least)d caractères au moins.", least=SHORTEST)
    if length > LONGEST:
        return gettext("Ce mot de passe est trop long : %(most)d caractères au plus.", most=LONGEST)
    return ""


def password_hash(password: str) -> str:
    """Argon2id hash for an account, with this installation's key, whatever the spelling of the password."""
    return str(hash_password(normalised(password)))


def is_right(password: str, officer: Officer | None) -> bool:
    """Whether this is the officer's password; takes as long when there is no such officer, or no password yet.

    Accounts made before one spelling was kept were hashed as they were typed: those spellings are tried too, and the
    hash is made anew from the one that is kept now.
    """
    kept = officer.password if officer else None
    matching = [each for each in _spellings(password) if verify_password(each, kept or _nobodys_hash())]
    if officer is None or not kept or not matching:
        return False
    if normalised(password) not in matching:
        anew = password_hash(password)
        with atomic(database()):
            officer.password = anew
    return True


def _spellings(password: str) -> list[str]:
    if len(password) > 2 * LONGEST:
        return [""]
    composed, apart = (unicodedata.normalize(form, password) for form in ("NFC", "NFD"))
    return list(dict.fromkeys((normalised(password), password, composed, apart)))


@cache
def _nobodys_hash() -> str:
    return str(hash_password(token_urlsafe(32)))

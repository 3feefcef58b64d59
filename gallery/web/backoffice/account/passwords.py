"""Passwords of accounts: the one spelling that is kept, how they are compared, what is asked of new ones."""

import unicodedata
from functools import cache
from secrets import token_urlsafe

from flask_babel import gettext, lazy_gettext
from flask_security import hash_password, verify_password

from gallery.models import Officer
from gallery.services.people import credentials
from gallery.services.people.password_strength import Strength, Weakness, strength_of
from gallery.services.transaction import atomic
from gallery.web.resources import database, resources

SHORTEST, LONGEST = 12, 128
# How long after a sign-in, and after each such act, the password is not asked for again.
WITHIN_MINUTES, GRACE_MINUTES = 10, 5
CONFIRMATION = "security.verify"

WEAKNESSES = {
    Weakness.PERSONAL: lazy_gettext(
        "Il contient votre nom, votre adresse ou celui du service : on l’essaierait d’abord."
    ),
    Weakness.REPEATED: lazy_gettext("Il répète la même chose : on l’essaierait d’abord."),
    Weakness.IN_A_ROW: lazy_gettext("Ses touches se suivent au clavier ou dans l’alphabet : on l’essaierait d’abord."),
    Weakness.DATE: lazy_gettext("Une date se devine vite."),
    Weakness.COMMON: lazy_gettext("Beaucoup de gens ont choisi celui-ci ou un semblable : il se devine vite."),
}
LEVELS = (
    lazy_gettext("Très faible."), lazy_gettext("Faible."), lazy_gettext("Moyen."), lazy_gettext("Solide."),
    lazy_gettext("Très solide."),
)  # fmt: skip


def normalised(password: str) -> str:
    """The spelling that is hashed: keyboards and systems write an accent in two ways, and whoever copies a password out
    of a mail takes a blank or the end of the line with it.

    >>> normalised(" fouge\\u0300re\\n") == normalised("foug\\u00e8re")
    True
    """
    return unicodedata.normalize("NFKD", password).strip()


def refusal_of(password: str, officer: Officer) -> str:
    """Why this can't be the officer's new password, and how to do better, in words; empty when it can."""
    length = _length(password)
    if length < SHORTEST:
        return gettext("Ce mot de passe est trop court : %(least)d caractères au moins.", least=SHORTEST)
    if length > LONGEST:
        return gettext("Ce mot de passe est trop long : %(most)d caractères au plus.", most=LONGEST)
    weakness = _strength(password, officer).weakness
    return _in_words(weakness) if weakness else ""


def estimate(password: str, officer: Officer) -> tuple[int, str]:
    """How a password that is being typed does: 0 to 4, and a sentence."""
    length = _length(password)
    if length < SHORTEST:
        return min(1, length), gettext("Encore %(more)d caractères au moins.", more=SHORTEST - length)
    found = _strength(password, officer)
    return found.level, _in_words(found.weakness) if found.weakness else str(LEVELS[found.level])


def _length(password: str) -> int:
    return len(unicodedata.normalize("NFC", password.strip()))


def _strength(password: str, officer: Officer) -> Strength:
    composed = unicodedata.normalize("NFC", password.strip())
    return strength_of(composed, own_words=(officer.name, officer.email, resources().settings.site_name))


def _in_words(weakness: Weakness) -> str:
    advice = gettext("Prenez plutôt quatre mots sans rapport entre eux.")
    return f"{WEAKNESSES[weakness]} {advice}"


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
        with atomic(database()) as session:
            credentials.respell(session, officer, kept=kept, anew=anew)
    return True


def _spellings(password: str) -> list[str]:
    if len(password) > 2 * LONGEST:
        return [""]
    others = (unicodedata.normalize(form, password) for form in ("NFC", "NFD", "NFKD"))
    return list(dict.fromkeys((normalised(password), password, *others)))


@cache
def _nobodys_hash() -> str:
    return str(hash_password(token_urlsafe(32)))

"""What the values of settings may look like."""

import re
import unicodedata
from datetime import date

import limits
import pyrage

# RFC 8032, 5.1.5: any 32 random bytes are a key.
SIGNING_KEY = re.compile(r"([A-Za-z0-9+/]{43}=)?")
DIGEST_KEY = re.compile(r"([0-9a-f]{64})?")
MAX_REQUESTS = 1_000_000


def is_rate(text: str) -> bool:
    """Whether a text says how often, as Flask-Limiter reads it, and lets anybody through.

    >>> is_rate("10 per minute; 100 per hour"), is_rate("0 per minute")
    (True, False)
    """
    try:
        return all(0 < each.amount <= MAX_REQUESTS and each.multiples > 0 for each in limits.parse_many(text))
    except ValueError:
        return False


def times(rate: str, number: int) -> str:
    """The rate that `number` senders reach together, each at `rate`; raises ValueError for a text that is no rate.

    >>> times("6 per hour; 20 per day", 5)
    '30 per 1 hour; 100 per 1 day'
    """
    return "; ".join(
        f"{each.amount * number} per {each.multiples} {each.GRANULARITY.name}" for each in limits.parse_many(rate)
    )


def reaches(rate: str, overall: str) -> bool:
    """Whether somebody who keeps to a rate can use up the overall one within one of its periods.

    >>> reaches("30 per hour; 100 per day", "120 per hour; 1000 per day"), reaches("300 per hour", "120 per hour")
    (False, True)
    """
    own = limits.parse_many(rate)
    return any(
        all(each.amount * -(-most.get_expiry() // each.get_expiry()) >= most.amount for each in own)
        for most in limits.parse_many(overall)
    )


def is_day(text: str) -> bool:
    """Whether a text is a date as ISO 8601 writes it, or empty.

    >>> is_day("2026-11-29"), is_day("29/11/2026")
    (True, False)
    """
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


def is_identity(text: str) -> bool:
    """Whether a text is an age identity, or empty."""
    try:
        return not text or bool(pyrage.x25519.Identity.from_str(text))
    except pyrage.IdentityError:
        return False


def keys_of(secret: str) -> list[str]:
    """The keys that a secret has, one a line, the newest first: it signs and seals, the former ones open as well.

    >>> keys_of("new\\nformer\\n"), keys_of("")
    (['new', 'former'], [])
    """
    return [line.strip() for line in secret.splitlines() if line.strip()]


def is_recipient(text: str) -> bool:
    """Whether a text is the public half of an age identity."""
    try:
        return bool(pyrage.x25519.Recipient.from_str(text))
    except pyrage.RecipientError:
        return False


def has_control_characters(text: str) -> bool:
    """Whether a text has characters that no page or header can show; the lines of a postal address are none.

    >>> has_control_characters("1 rue de la Paix\\n35000 Rennes"), has_control_characters("Objets\\0")
    (False, True)
    """
    return any(unicodedata.category(each) == "Cc" and each != "\n" for each in text)

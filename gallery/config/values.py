"""What the values of settings may look like."""

import re

import limits
import pyrage

ADDRESS = re.compile(r"(https?://[^\s/]+(/[^\s]*[^\s/])?)?")
# RFC 8032, 5.1.5: any 32 random bytes are a key.
SIGNING_KEY = re.compile(r"([A-Za-z0-9+/]{43}=)?")


def is_api_address(text: str, *, secure: bool) -> bool:
    """Whether a token may be sent there. secure: by HTTPS only, as over any network but this machine's own.

    >>> is_api_address("https://graph.facebook.com", secure=True), is_api_address("http://127.0.0.1:80", secure=True)
    (True, False)
    """
    return bool(text and ADDRESS.fullmatch(text)) and (text.startswith("https://") or not secure)


def is_rate(text: str) -> bool:
    """Whether a text says how often, as Flask-Limiter reads it."""
    try:
        return bool(limits.parse_many(text))
    except ValueError:
        return False


def is_identity(text: str) -> bool:
    """Whether a text is an age identity, or empty."""
    try:
        return not text or bool(pyrage.x25519.Identity.from_str(text))
    except pyrage.IdentityError:
        return False

"""Passwords of accounts: what is asked of them, and how they are kept."""

from flask_babel import gettext
from flask_security import auth_required, hash_password

SHORTEST, LONGEST = 12, 128
# How long after a sign-in, and again after each such act, the password is not asked for once more.
WITHIN_MINUTES, GRACE_MINUTES = 10, 5
CONFIRMATION = "security.verify"

# For what would hand an account to whoever finds a browser open: asks for the password when it was given too long ago.
password_given_lately = auth_required("session", within=WITHIN_MINUTES, grace=GRACE_MINUTES)


def refusal_of(password: str) -> str:
    """Why a password can't be taken, in words; empty when it can."""
    if len(password) < SHORTEST:
        return gettext("Ce mot de passe est trop court : %(least)d caractères au moins.", least=SHORTEST)
    if len(password) > LONGEST:
        return gettext("Ce mot de passe est trop long : %(most)d caractères au plus.", most=LONGEST)
    return ""


def password_hash(password: str) -> str:
    """Argon2id hash for an account, with this installation's key."""
    return str(hash_password(password))

"""Programs that fill in forms are told by a field that people do not see, and by how soon they send."""

import secrets
from datetime import timedelta

from flask import current_app, request
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeTimedSerializer

from gallery.web.resources import now

# A person needs longer for the shortest declaration; a program does not.
MIN_SECONDS = 5
LONGEST = timedelta(days=7)
TRAP = "site-internet"


def begin() -> str:
    """The instant at which a form was given out, and what no other form has, signed, for the form to carry."""
    return str(_clock().dumps(f"{int(now().timestamp())} {secrets.token_hex(16)}"))


def suspicion(begun: str) -> str:
    """A sentence that asks whoever sent the form to look again; empty for a person."""
    if request.form.get(TRAP):
        return gettext("Effacez ce que contient le dernier champ, qui doit rester vide, puis envoyez.")
    given_at = _given_at(begun)
    if given_at is None or now().timestamp() - given_at < MIN_SECONDS:
        return gettext("Relisez un instant ce que vous avez écrit, puis envoyez-le de nouveau.")
    return ""


def renewed(begun: str) -> str:
    """What a form that comes back is to carry: the same, unless that would be refused for ever."""
    return begin() if _given_at(begun) is None else begun


def _given_at(begun: str) -> int | None:
    """When a form was given out, in seconds; None for what is too old, or none of ours."""
    try:
        return int(str(_clock().loads(begun, max_age=int(LONGEST.total_seconds()))).split()[0])
    except BadSignature:
        return None


def _clock() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["WTF_CSRF_SECRET_KEY"], salt="declaration begun")

"""Programs that fill in forms are told by a field that people do not see, and by how soon they send."""

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
    """The instant at which a form was given out, signed, for the form to carry."""
    return str(_clock().dumps(int(now().timestamp())))


def suspicion(begun: str) -> str:
    """A sentence that asks whoever sent the form to look again; empty for a person."""
    if request.form.get(TRAP):
        return gettext("Effacez ce que contient le dernier champ, qui doit rester vide, puis envoyez.")
    try:
        seconds = now().timestamp() - _clock().loads(begun, max_age=int(LONGEST.total_seconds()))
    except BadSignature:
        seconds = 0
    if seconds < MIN_SECONDS:
        return gettext("Relisez un instant ce que vous avez écrit, puis envoyez-le de nouveau.")
    return ""


def _clock() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["WTF_CSRF_SECRET_KEY"], salt="declaration begun")

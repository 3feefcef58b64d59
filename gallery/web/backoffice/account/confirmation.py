"""The password again, before acts that would hand an account to whoever finds a browser open; the sent form is kept."""

import time
from collections.abc import Callable
from functools import wraps

from flask import Flask, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gallery.web.backoffice.account import attempts, open_sessions, passwords

FIELD = "mot_de_passe_confirme"
NOT_SENT_AGAIN = {"csrf_token", "username", FIELD}
# Where Flask-Security notes when the password was given last.
GIVEN_AT = "fs_paa"


def password_given_lately(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Ask for the password before this page or act when it was given too long ago."""

    @wraps(view)
    def asked_first(*arguments: str, **named: str) -> ResponseReturnValue:
        if time.time() - session.get(GIVEN_AT, 0) < passwords.WITHIN_MINUTES * 60:
            return view(*arguments, **named)
        if request.method == "GET":
            here = request.script_root + request.full_path.rstrip("?")
            return redirect(url_for(passwords.CONFIRMATION, next=here))
        return _ask()

    return asked_first


def init_app(app: Flask) -> None:
    """Read the password that comes with a form before any page does."""
    app.before_request(_read)


def _ask(refusal: str = "") -> ResponseReturnValue:
    """The page that asks; its form sends again what this one has sent."""
    sent = [
        (name, value) for name, values in request.form.lists() if name not in NOT_SENT_AGAIN for value in values
    ]  # fmt: skip
    return render_template("backoffice/confirm.html", sent=sent, refusal=refusal, field=FIELD)


def _read() -> ResponseReturnValue | None:
    """Take the password that came with a form; a wrong one asks again, and nothing of the form is lost."""
    officer = open_sessions.officer_here()
    if request.method != "POST" or officer is None or FIELD not in request.form:
        return None
    attempts.begin()
    if not passwords.is_right(request.form[FIELD], officer):
        attempts.failed("confirmation_failed")
        return _ask(gettext("Ce n’est pas votre mot de passe."))
    attempts.succeeded()
    session[GIVEN_AT] = time.time()
    return None

"""Sign-in through Flask-Security, and the lock on every other page."""

from datetime import timedelta
from hashlib import sha256
from typing import Any, cast

from flask import Flask, Response, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_security import (
    LoginForm,
    Security,
    SQLAlchemySessionUserDatastore,
    current_user,
)
from sqlalchemy.orm import Session, scoped_session
from werkzeug.local import LocalProxy
from wtforms import Field

from gallery.extensions import limiter
from gallery.models import Officer
from gallery.models.units import RoleName
from gallery.web.backoffice.account import open_sessions, passwords, second_factor
from gallery.web.backoffice.return_address import is_local
from gallery.web.intake import tokens
from gallery.web.requests import wants_json
from gallery.web.workplace import database, workplace

SIGN_IN = "security.login"
ACCESS_LINK = "backoffice.choose_password"
SECRET_TRIED = {SIGN_IN, ACCESS_LINK, *second_factor.ENDPOINTS}
OPEN = SECRET_TRIED | {"backoffice.language"}
OUR_FILES = {"static", "bootstrap.static", "theme"}
PROBES = {"backoffice.alive", "backoffice.ready"}


class SignInForm(LoginForm):
    """Address, password, and the local page to go on to."""

    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A telephone's keyboard adds a space after the word that it completes.
        self.email.data = (self.email.data or "").strip()
        if not is_local(self.next.data, root=request.script_root):
            self.next.data = ""

    def validate_next(self, field: Field) -> None:
        """Replace Flask-Security's own check, which lets every page of this host pass: ours was made above."""


def init_app(app: Flask) -> None:
    """Bind Flask-Security and close everything but the sign-in page."""
    settings = app.extensions["workplace"].settings
    app.config.from_mapping(_configuration(settings.password_salt) | second_factor.configuration(settings))
    sessions = cast("scoped_session[Session]", LocalProxy(database))
    datastore = SQLAlchemySessionUserDatastore(sessions, Officer, RoleName)
    Security(app, datastore, login_form=SignInForm, totp_cls=second_factor.OnceOnlyTotp)
    # Without a token in a header, which would outlive the session: an officer is known by the cookie alone.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    open_sessions.init_app(app)
    # Nothing that a stranger sends is read before it is known to be allowed.
    tokens.before_anything_is_read(app, _close)
    app.before_request(_throttle)
    app.after_request(_lead_on)


def current_officer() -> Officer:
    """The officer who is signed in; every page that is not open has one."""
    return cast(Officer, current_user._get_current_object())


def _configuration(password_salt: str) -> dict[str, object]:
    return {
        "SECURITY_PASSWORD_SALT": password_salt,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_LENGTH_MIN": passwords.SHORTEST,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_URL": "/compte/mot-de-passe",
        "SECURITY_CHANGE_PASSWORD_TEMPLATE": "backoffice/password.html",
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_POST_CHANGE_VIEW": "backoffice.account",
        "SECURITY_LOGIN_URL": "/connexion",
        "SECURITY_LOGOUT_URL": "/deconnexion",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "backoffice.items",
        "SECURITY_POST_LOGOUT_VIEW": SIGN_IN,
        "SECURITY_LOGIN_USER_TEMPLATE": "backoffice/sign_in.html",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        # Roles are a property of our officers, which no query can join.
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_FRESHNESS": timedelta(minutes=passwords.WITHIN_MINUTES),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=passwords.GRACE_MINUTES),
        "SECURITY_VERIFY_URL": "/compte/confirmer",
        "SECURITY_VERIFY_TEMPLATE": "backoffice/password_again.html",
        "SECURITY_MSG_REAUTHENTICATION_REQUIRED": (
            lazy_gettext("Donnez de nouveau votre mot de passe, puis recommencez."),
            "warning",
        ),
        "SECURITY_MSG_REAUTHENTICATION_SUCCESSFUL": (
            lazy_gettext("C’est bien vous : vous pouvez continuer."),
            "success",
        ),
        # No files of Flask-Security's own.
        "SECURITY_STATIC_FOLDER": None,
    }


def _close() -> ResponseReturnValue | None:
    if request.endpoint in OUR_FILES | PROBES:
        return None
    # On the open pages too: they take the officer of a session that was ended for nobody.
    is_signed_in = current_user.is_authenticated and open_sessions.is_open(current_officer())
    if is_signed_in or request.endpoint in OPEN:
        return None
    if wants_json():
        return jsonify(sentence=gettext("Votre session est terminée. Reconnectez-vous, puis recommencez.")), 401
    address = request.script_root + request.full_path.rstrip("?")
    return redirect(url_for(SIGN_IN, next=address if request.method == "GET" else None))


def _throttle() -> None:
    if request.endpoint in {*SECRET_TRIED, passwords.CONFIRMATION} and request.method == "POST":
        _count_for_address()
        _count_for_account()


def _lead_on(response: Response) -> Response:
    """After the password, open the local page that was asked for: Flask-Security reads the address as it was sent."""
    is_confirmed = (
        request.endpoint == passwords.CONFIRMATION and request.method == "POST" and current_user.is_authenticated
    )
    if response.status_code == 302 and (open_sessions.begins_here() or is_confirmed):
        asked = request.form.get("next") or request.args.get("next") or ""
        otherwise = "backoffice.account" if is_confirmed else "backoffice.items"
        response.location = asked if is_local(asked, root=request.script_root) else url_for(otherwise)
    return response


def _rate() -> str:
    return workplace().settings.sign_in_rate


def _account() -> str:
    """What is tried: the account of this address, of whoever has just given its password, or of this link."""
    if request.endpoint == SIGN_IN:
        tried = request.form.get("email", "").strip().lower()
    elif request.endpoint == passwords.CONFIRMATION:
        tried = current_officer().email
    else:
        tried = str(session.get("tf_user_id") or request.path)
    return sha256(tried.encode()).hexdigest()


@limiter.limit(_rate, methods=["POST"])
def _count_for_address() -> None:
    """Refuse an address that tries too often."""


@limiter.limit(_rate, key_func=_account, methods=["POST"])
def _count_for_account() -> None:
    """Refuse an account that is tried too often, from wherever."""

"""Sign-in through Flask-Security, and the lock on every other page."""

from datetime import timedelta
from typing import cast

from flask import Flask, Response, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_security import Security, current_user

from gallery.extensions import limiter
from gallery.models import Officer
from gallery.services import audit
from gallery.services.transaction import atomic
from gallery.web.backoffice.account import attempts, confirmation, open_sessions, passwords, second_factor
from gallery.web.backoffice.account.datastore import AddressReader, OfficerDatastore
from gallery.web.backoffice.account.forms import AgainForm, ChangeForm, SignInForm
from gallery.web.headers import OUR_FILES
from gallery.web.intake import tokens
from gallery.web.requests import wants_json
from gallery.web.resources import database, now, resources, resources_of
from gallery.web.return_address import is_local

SIGN_IN = "security.login"
ACCESS_LINK = "backoffice.choose_password"
# Password managers look there, and must be led on whether somebody is signed in or not.
CHANGES_PASSWORD = "backoffice.change_password"  # noqa: S105
SECRET_TRIED = {SIGN_IN, ACCESS_LINK, *second_factor.ENDPOINTS}
SECRET_COMPARED = {SIGN_IN, *attempts.CODES, passwords.CONFIRMATION, "security.change_password"}
COUNTED = SECRET_TRIED | SECRET_COMPARED
# Nothing personal is in them: browsers keep them for when there is no network.
KEPT_BY_BROWSERS = {"backoffice.capture", "backoffice.manifest", "backoffice.service_worker"}
OPEN = SECRET_TRIED | KEPT_BY_BROWSERS | {"backoffice.language", "backoffice.judge_invited_password", CHANGES_PASSWORD}
NOTED = {403: "refused", 429: "limited"}
PROBES = {"backoffice.alive", "backoffice.ready"}


def init_app(app: Flask) -> None:
    """Bind Flask-Security and close everything but the sign-in page."""
    settings = resources_of(app).settings
    app.config.from_mapping(_configuration(settings.password_salt) | second_factor.configuration(settings))
    Security(
        app,
        OfficerDatastore(),
        login_form=SignInForm,
        change_password_form=ChangeForm,
        verify_form=AgainForm,
        mail_util_cls=AddressReader,
        totp_cls=second_factor.OnceOnlyTotp,
        mf_recovery_codes_util_cls=second_factor.OnceOnlyRecoveryCodes,
    )
    # Without a token in a header, which would outlive the session: an officer is known by the cookie alone.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    open_sessions.init_app(app)
    # Nothing that a stranger sends is read before it is known to be allowed.
    tokens.before_anything_is_read(app, _close)
    app.before_request(_throttle)
    confirmation.init_app(app)
    app.after_request(_lead_on)
    app.after_request(_know_again)
    app.after_request(_note_refusal)


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
        # Its own header would be "private=True, no-store=True", which browsers do not understand: see web/headers.py.
        "SECURITY_CACHE_CONTROL": None,
        # No files of Flask-Security's own.
        "SECURITY_STATIC_FOLDER": None,
    }


def _close() -> ResponseReturnValue | None:
    if request.endpoint in OUR_FILES | PROBES:
        return None
    # On the open pages too: to them, the officer of a session that was ended is nobody.
    is_signed_in = current_user.is_authenticated and open_sessions.is_open(current_officer())
    if is_signed_in or request.endpoint in OPEN:
        return None
    if wants_json():
        return jsonify(sentence=gettext("Votre session est terminée. Reconnectez-vous, puis recommencez.")), 401
    address = request.script_root + request.full_path.rstrip("?")
    return redirect(url_for(SIGN_IN, next=address if request.method == "GET" else None))


def _throttle() -> None:
    if request.method == "POST" and request.endpoint in COUNTED:
        if request.is_json:
            # Flask-Security would read it, and attempts are counted by what stands in a form.
            abort(415)
        if not attempts.is_known_browser():
            _count_for_network()
        if request.endpoint in SECRET_COMPARED:
            attempts.begin()


def _know_again(response: Response) -> Response:
    """Know the browser of an officer who has just signed in, and of one who has changed the password."""
    if open_sessions.begins_here() and current_user.is_authenticated:
        attempts.remember_browser(response, current_officer())
    return response


def _note_refusal(response: Response) -> Response:
    """Put into the journal that an officer was refused a page, or asked too often."""
    # Asked last: where the database is down, nobody can be known, and the answer says so already.
    if response.status_code in NOTED and (officer := open_sessions.officer_here()) is not None:
        with atomic(database()) as session:
            audit.tally(session, officer, NOTED[response.status_code], officer, now=now())
    return response


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
    return resources().settings.sign_in_rate


def _was_wrong(response: Response) -> bool:
    return attempts.has_failed() or 400 <= response.status_code < 500


# Thirty officers in a training room share one address, and none of their browsers is known yet.
@limiter.limit(_rate, methods=["POST"], deduct_when=_was_wrong)
def _count_for_network() -> None:
    """Refuse a network from which too much that was wrong was tried."""

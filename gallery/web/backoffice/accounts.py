"""Sign-in through Flask-Security, and the lock on every other page."""

from typing import cast

from flask import Flask, redirect, request, url_for
from flask_security import Security, SQLAlchemySessionUserDatastore, current_user, hash_password
from sqlalchemy.orm import Session, scoped_session
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from gallery.extensions import limiter
from gallery.models import Officer
from gallery.models.units import RoleName
from gallery.web.workplace import database, workplace

OPEN_ENDPOINTS = {"security.login", "static", "bootstrap.static"}


def init_app(app: Flask) -> None:
    """Bind Flask-Security and close everything but the sign-in page."""
    settings = app.extensions["workplace"].settings
    app.config.from_mapping(
        SECURITY_PASSWORD_SALT=settings.password_salt,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  an algorithm
        SECURITY_LOGIN_URL="/connexion",
        SECURITY_LOGOUT_URL="/deconnexion",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="backoffice.items",
        SECURITY_POST_LOGOUT_VIEW="security.login",
        SECURITY_LOGIN_USER_TEMPLATE="backoffice/sign_in.html",
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_I18N_DIRNAME=["builtin"],
        REMEMBER_COOKIE_DURATION=0,
    )
    session = cast("scoped_session[Session]", LocalProxy(database))
    datastore = SQLAlchemySessionUserDatastore(session, Officer, RoleName)
    Security(app, datastore)
    limiter.limit(lambda: workplace().settings.sign_in_rate, methods=["POST"])(app.view_functions["security.login"])
    app.before_request(_ask_to_sign_in)


def current_officer() -> Officer:
    """The officer who is signed in; every page that is not open has one."""
    return cast(Officer, current_user._get_current_object())


def password_hash(password: str) -> str:
    """Argon2id hash for an account, with this installation's key."""
    return str(hash_password(password))


def _ask_to_sign_in() -> Response | None:
    if request.endpoint in OPEN_ENDPOINTS or current_user.is_authenticated:
        return None
    return redirect(url_for("security.login", next=request.full_path if request.method == "GET" else None))

"""The session behind an officer's cookie: it opens pages only while its row is there, so that it can be ended."""

from datetime import timedelta

from flask import Flask, Response, flash, request, session
from flask_babel import gettext
from flask_login import user_logged_out  # type: ignore[import-untyped]
from flask_security import current_user, logout_user, user_authenticated

from gallery.models import DeskSession, Officer
from gallery.services import audit
from gallery.services.people import desk_sessions
from gallery.services.people.desk_sessions import SessionLimits
from gallery.services.transaction import atomic
from gallery.web.resources import database, now, resources

COOKIE_FIELD, BEGINS = "place", "begins"
SIGN_OUT = "security.logout"
# A page that looks again by itself says so: nobody is there for that.
UNATTENDED = "X-Unattended"
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac", "Mac"),
    ("Linux", "Linux"),
)


def init_app(app: Flask) -> None:
    """Begin a session at each sign-in."""
    user_authenticated.connect(_note, app)
    user_logged_out.connect(_end, app)
    app.after_request(_begin)
    app.after_request(_empty_browser)


def begins_here() -> bool:
    """Say whether this request signs an officer in, after every step that it takes."""
    return session.get(BEGINS) == "sign-in"


def is_open(officer: Officer) -> bool:
    """Say whether the session of this request was not ended; one that was is signed out here."""
    row = _current(officer)
    if row is None:
        logout_user()
        return False
    if desk_sessions.has_run_out(row, _limits(), now=now()):
        _run_out(row)
        return False
    if desk_sessions.is_due(row, now=now()) and UNATTENDED not in request.headers:
        with atomic(database()):
            row.seen_at = now()
    return True


def current_id(officer: Officer) -> str:
    """Which of the officer's sessions this request belongs to."""
    row = _current(officer)
    return row.public_id if row else ""


def officer_here() -> Officer | None:
    """The officer who is signed in here, if anybody is."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def token() -> str:
    """The random value of this request's cookie."""
    return str(session.get(COOKIE_FIELD, ""))


def all_open(officer: Officer) -> list[DeskSession]:
    """The officer's sessions that have neither ended nor run out, the last one seen first."""
    return desk_sessions.open_of(database(), officer, _limits(), now=now())


def _limits() -> SessionLimits:
    settings = resources().settings
    return SessionLimits(timedelta(hours=settings.session_hours), timedelta(minutes=settings.session_idle_minutes))


def _run_out(row: DeskSession) -> None:
    with atomic(database()) as writing:
        writing.delete(row)
    logout_user()
    flash(
        gettext("Vous avez été déconnecté : trop de temps a passé. Reconnectez-vous et reprenez où vous étiez."), "info"
    )


def browser_name(agent: str) -> str:
    """How an officer knows a browser.

    >>> browser_name("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Linux'
    """
    found = [next((name for sign, name in signs if sign in agent), "") for signs in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name)


def _current(officer: Officer) -> DeskSession | None:
    return desk_sessions.find(database(), token(), officer=officer)


def _note(_app: Flask, authn_via: list[str] | None = None, **_details: object) -> None:
    session.permanent = True
    session[BEGINS] = "change" if authn_via and "change" in authn_via else "sign-in"


def _end(_app: Flask, user: Officer, **_details: object) -> None:
    """Forget the session of an officer who signs out."""
    with atomic(database()) as writing:
        row = desk_sessions.find(writing, token(), officer=user)
        if row is not None:
            writing.delete(row)


def _begin(response: Response) -> Response:
    """Begin the session once Flask-Security has committed; one that changed its password ends all others."""
    how = session.pop(BEGINS, None)
    if how is not None and current_user.is_authenticated:
        officer: Officer = current_user._get_current_object()
        with atomic(database()) as writing:
            if how == "change":
                desk_sessions.end_all(writing, officer)
            browser = browser_name(request.user_agent.string)
            session[COOKIE_FIELD] = desk_sessions.begin(writing, officer, browser=browser, now=now())
            if how == "sign-in":
                audit.record(writing, officer, "sign_in", officer, now=now(), browser=browser)
    return response


def _empty_browser(response: Response) -> Response:
    """Ask the browser of an officer who signs out to keep no picture of the desk either."""
    if request.endpoint == SIGN_OUT:
        response.headers["Clear-Site-Data"] = '"cache"'
    return response

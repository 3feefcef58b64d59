"""Home, legal pages, language, and what robots and monitors ask for."""

from flask import Response, current_app, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WebResponse

from gallery.services import public_items
from gallery.web.languages import COOKIE, LANGUAGES
from gallery.web.workplace import database

NEWEST_AT_HOME = 8
A_YEAR = 365 * 24 * 3600


def home() -> str:
    """What this is, what to do, and the newest objects."""
    session = database()
    return render_template(
        "public/home.html",
        newest=public_items.newest(session, limit=NEWEST_AT_HOME),
        total=public_items.total(session),
    )


def legal() -> str:
    """Legal notice, personal data, accessibility: true of the program, to be completed by the operator."""
    return render_template("public/legal.html")


def language(code: str) -> WebResponse:
    """Remember the language, and go back to the page that the visitor came from."""
    if code not in LANGUAGES:
        raise NotFound
    back = request.args.get("retour", "/")
    # A path of this site only: "//" and "/\" would lead elsewhere.
    is_local = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    answer = redirect(back if is_local else "/")
    is_secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(COOKIE, code, max_age=A_YEAR, samesite="Lax", httponly=True, secure=is_secure)
    return answer


def robots() -> Response:
    """Robots may read what is public; a search is for people."""
    return Response("User-agent: *\nDisallow: /recherche\nDisallow: /langue/\n", mimetype="text/plain")


def alive() -> Response:
    """Say that the process answers; for monitors."""
    return Response("ok\n", mimetype="text/plain")

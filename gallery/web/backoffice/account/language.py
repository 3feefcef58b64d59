"""The language of the back office: the officer's own, kept with the account. The public site's cookie says nothing."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.exceptions import NotFound

from gallery.services.people import officers
from gallery.services.transaction import atomic
from gallery.web import cookies
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.languages import DESK_COOKIE, LANGUAGES
from gallery.web.resources import database
from gallery.web.return_address import is_local

A_YEAR = 365 * 24 * 3600


def chosen() -> str:
    """The language that the officer has chosen, else the one last chosen in this browser, else French."""
    if not request:
        return LANGUAGES[0]
    own = current_user.language if current_user.is_authenticated else ""
    language = own or cookies.read(DESK_COOKIE)
    return language if language in LANGUAGES else LANGUAGES[0]


def choose() -> ResponseReturnValue:
    """Remember the language, and open the page again on which it was chosen."""
    language, back = request.form.get("langue", ""), request.form.get("retour", "")
    if language not in LANGUAGES:
        raise NotFound
    if current_user.is_authenticated:
        with atomic(database()):
            officers.choose_language(current_officer(), language)
    answer = redirect(back if is_local(back, root=request.script_root) else url_for("backoffice.items"))
    cookies.keep(answer, DESK_COOKIE, language, max_age=A_YEAR)
    return answer


def here() -> str:
    """The address to come back to: this page, or the items for an answer to a form."""
    if request.method == "GET":
        return str(request.script_root + request.full_path.rstrip("?"))
    return url_for("backoffice.items")

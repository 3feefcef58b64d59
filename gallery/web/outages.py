"""When the database does not answer, is full, or has other tables than the program: a page with a sentence, one line.

The page asks the database for nothing, so neither who is signed in nor that officer's language.
"""

import logging
import threading
import time
from functools import partial

from flask import Flask, Response, current_app, request
from flask_babel import force_locale, gettext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from gallery.config import Site
from gallery.database import is_full, why_down
from gallery.errors import DiskFull
from gallery.services import schema
from gallery.web import languages
from gallery.web.errors import refused_form, sentence_for
from gallery.web.errors.programs import error_for_programs
from gallery.web.resources import resources

LANGUAGE_OF = {Site.PUBLIC: languages.of_address, Site.BACKOFFICE: languages.chosen}
RETRY_SECONDS = 30
# A log line every so often for as long as it lasts, however many visitors there are.
LINE_EVERY_SECONDS = 30.0
log = logging.getLogger(__name__)


def init_app(app: Flask, site: Site) -> None:
    """Answer errors of the database that are no fault of the program with status 503."""
    told = _Told()

    def answer(error: SQLAlchemyError) -> Response:
        why = why_down(error) or _why_unfit(error)
        if why is None:
            raise error
        told.once(why)
        with force_locale(LANGUAGE_OF[site]()):
            return _page(_sentence(of_full_disk=is_full(error) and site is Site.BACKOFFICE))

    app.register_error_handler(SQLAlchemyError, answer)


class _Told:
    """What was logged last, and when."""

    def __init__(self) -> None:
        self._why, self._at = "", float("-inf")
        self._lock = threading.Lock()

    def once(self, why: str) -> None:
        """Log a line, unless the same was said a moment ago."""
        with self._lock:
            if why == self._why and time.monotonic() - self._at < LINE_EVERY_SECONDS:
                return
            self._why, self._at = why, time.monotonic()
        log.error("the database can't be used: %s", why)


def _why_unfit(error: SQLAlchemyError) -> str | None:
    """The line about tables that are not this program's, if that may be why a statement failed."""
    if not isinstance(error, DBAPIError):
        return None
    try:
        found = schema.look(resources().sessions())
    except SQLAlchemyError as other:
        return why_down(other)
    return None if found.fit is schema.Fit.SAME else found.line


def _sentence(*, of_full_disk: bool) -> str:
    if of_full_disk:
        return sentence_for(DiskFull())
    return gettext(
        "Rien n’a été enregistré. Réessayez dans quelques minutes ; si cela dure, revenez plus tard dans la journée."
    )


def _page(sentence: str) -> Response:
    render = partial(current_app.jinja_env.get_template("shared/unavailable.html").render, sentence=sentence)
    answer = error_for_programs(503, sentence)
    if answer is None:
        path = request.full_path.rstrip("?") if request.method == "GET" else request.path
        place = request.script_root + languages.PREFIXES[languages.of_address()]
        answer = Response(render(address=place + path, sent=refused_form.of_outage()), mimetype="text/html")
    answer.status_code = 503
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    answer.headers["Cache-Control"] = "no-store"
    return answer

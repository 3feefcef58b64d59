"""The language of a page: on the public site its address says it, and French needs no saying.

`/objets` is French and `/en/objets` the same page in English, for robots and for people alike; the cookie only leads
somebody who has chosen English from an address without a language to the one with it. The back office has a language
for each officer instead.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from babel.support import NullTranslations
from flask import Flask, current_app, has_request_context, redirect, request
from flask_babel import Domain, force_locale
from werkzeug import Response
from werkzeug.exceptions import NotFound
from werkzeug.http import parse_cookie

from gallery.web import cookies
from gallery.web.health.watching import WatchedFlask
from gallery.web.requests import is_for_api

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# What stands before a page's path, by language.
PREFIXES = {"fr": "", "en": "/en"}
LANGUAGES = tuple(PREFIXES)
COOKIE = "langue"
# The back office's own: for the pages on which nobody is known yet.
DESK_COOKIE = "langue_agents"
# Where a request's environment holds the language of its address, and an application the endpoints that have several.
ADDRESSED, SPOKEN_KEY = "gallery.language", "spoken_endpoints"


class SpeakingFlask(WatchedFlask):
    """An application whose pages link to pages of their own language."""

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The path of an endpoint, in the language of the page that names it."""
        path = super().url_for(endpoint, **values)
        if endpoint.startswith("."):
            endpoint = f"{request.blueprint}{endpoint}"
        return PREFIXES[of_address()] + path if endpoint in self.extensions.get(SPOKEN_KEY, ()) else path


class LanguageOfAddress:
    """The public site as a server sees it: what an address says of the language is read, and taken out of its path."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        for language, prefix in PREFIXES.items():
            if prefix and path == prefix:
                return redirect(f"{prefix}/", 301)(environ, start)
            if prefix and path.startswith(f"{prefix}/"):
                environ[ADDRESSED], environ["PATH_INFO"] = language, path.removeprefix(prefix)
        return self._app(environ, start)


def init_app(app: Flask, spoken: Iterable[str]) -> None:
    """Let these endpoints have an address in each language; every other one has the one address that it always had."""
    app.extensions[SPOKEN_KEY] = frozenset(spoken)
    app.wsgi_app = LanguageOfAddress(app.wsgi_app)  # type: ignore[method-assign, assignment]
    app.before_request(_lead_to_language)


def of_address() -> str:
    """The language that the address of this request says, else French."""
    return spoken_in(request.environ) if has_request_context() else "fr"


def of_reader() -> str:
    """The language of an answer: that of its address, or what a program accepts, as the API's addresses say none.

    A page that is kept is in the language of its address alone (gallery/web/public/kept.py).
    """
    if not (has_request_context() and is_for_api()):
        return of_address()
    # Werkzeug's own choice takes "fr;q=0.1" before "en-GB", as only the former is a language of ours to the letter.
    accepted = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((tag for tag in accepted if tag in LANGUAGES), "fr")


def spoken_in(environ: Mapping[str, Any]) -> str:
    """The same, before Flask has read the request."""
    return str(environ.get(ADDRESSED, "fr"))


def other_choice(environ: Mapping[str, Any], cookie: str) -> str:
    """The language that somebody who opens a page has chosen, where the address says none; else empty.

    Pictures, and what programs ask for, are the same whatever was chosen. cookie: its full name.
    """
    header = environ.get("HTTP_COOKIE", "")
    is_opened = environ["REQUEST_METHOD"] in ("GET", "HEAD") and "text/html" in environ.get("HTTP_ACCEPT", "")
    if not is_opened or ADDRESSED in environ or cookie not in header:
        return ""
    language = parse_cookie(header).get(cookie, "")
    return language if PREFIXES.get(language) else ""


def without(path: str) -> str:
    """A path without what it says of its language.

    >>> without("/en/objets"), without("/en/"), without("/envoi")
    ('/objets', '/', '/envoi')
    """
    prefix = next((each for each in PREFIXES.values() if each and path.startswith(f"{each}/")), "")
    return path.removeprefix(prefix)


def chosen() -> str:
    """The language of a page of the back office that nobody has signed in for: by cookie, else French."""
    language = cookies.read(DESK_COOKIE) if has_request_context() else ""
    return language if language in LANGUAGES else "fr"


def in_french(words: Mapping[Any, str]) -> dict[str, str]:
    """These words by their codes as files have them, whatever the language of whoever asks."""
    with force_locale("fr"):
        return {code.value: str(word) for code, word in words.items()}


class TypesetTranslations:
    """A language's sentences, typeset."""

    def __init__(self, said: NullTranslations) -> None:
        self._said = said

    def ugettext(self, text: str) -> str:
        """The sentence."""
        return typeset(self._said.ugettext(text))

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        """The sentence for a number of things."""
        return typeset(self._said.ungettext(singular, plural, num))


class TypesetDomain(Domain):
    """What the program says, in Python and in templates; what people wrote stays as it is."""

    def get_translations(self) -> TypesetTranslations:
        """Those of the language of the request."""
        return TypesetTranslations(super().get_translations())


@cache
def typeset(text: str) -> str:
    """French text whose punctuation marks never begin a line without the word before them.

    >>> typeset("Est-ce « le vôtre » ?") == "Est-ce «\\u00a0le vôtre\\u00a0»\\u00a0?"
    True
    """
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", text)


def _lead_to_language() -> Response | None:
    """Lead people to the language that they have chosen, where the address says none; a program gets what it asked."""
    is_spoken = request.endpoint in current_app.extensions[SPOKEN_KEY]
    if ADDRESSED in request.environ and request.endpoint and not is_spoken:
        raise NotFound
    language = other_choice(request.environ, cookies.named(current_app.config, COOKIE))
    if not (language and is_spoken):
        return None
    answer = redirect(PREFIXES[language] + request.full_path.rstrip("?"))
    answer.vary.update(("Cookie", "Accept"))
    return answer

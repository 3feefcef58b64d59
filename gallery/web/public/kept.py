"""Public pages made once and kept in memory, by revision of the catalogue, day, language and what the address asks for.

Only a page that is the same for everybody may be kept: no form with a token, no word that a visitor searched for,
nothing of a session. It must never know a person. Whatever changes a page touches gallery/services/revision.py.
An address written as ours are is answered before Flask is asked at all; any other one by the view's decorator.
"""

import gzip
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from cachetools import LRUCache
from flask import Flask, Response, current_app, make_response, request, session
from flask_babel import force_locale
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import is_resource_modified, remove_entity_headers

from gallery.services import revision
from gallery.services.days import day_in_paris
from gallery.storage import sha256_of
from gallery.web import cookies, languages
from gallery.web.resources import resources, resources_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# Python's own objects around a page, roughly.
OVERHEAD = 1000
# The longest query of an address whose page is kept, in characters: ours are shorter.
MAX_QUERY = 500
CHOSEN_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})?")
NO_GZIP = re.compile(r"gzip\s*;\s*q\s*=\s*0(?:\.0*)?\s*(?:,|$)")
# A proxy and a browser may keep the page, and ask each time whether it still stands: withdrawn means gone.
CACHING = "public, no-cache"

View = TypeVar("View", bound=Callable[..., Any])


# Where a request's environment holds the page that its answer was made of, and why the revision could not be read.
PAGE, FAILURE = "gallery.kept_page", "gallery.revision_failure"
# The header by which nginx is told what to send in place of an answer without a body.
SENT_BY_PROXY = "X-Accel-Redirect"
# The endpoints by which programs have the gallery, by what they accept.
FORMS = {
    "application/json": "public.items_json",
    "text/csv": "public.items_csv",
    "application/atom+xml": "public.feed",
}
# What a request that the short cut answers accepts, and what it does not name.
PAGES = ("*/*", "html")
NO_PAGES = (*FORMS, "application/*", "text/*")
# What it does not have: a body, or a question about a part of a page.
BEYOND = ("CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING", "HTTP_IF_MATCH", "HTTP_RANGE")

Key = tuple[object, ...]


@dataclass
class KeptPage:
    """A page as it is sent, compressed for browsers that accept it.

    etag: of its bytes, so that every process gives the same one.
    headers: of a whole answer, once one has been sent.
    """

    body: bytes
    etag: str
    content_type: str
    is_compressed: bool = False
    headers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """Bytes that it takes in memory."""
        return len(self.body) + OVERHEAD


class KeptPages:
    """The pages of the revision that was last asked for, those asked for least recently given up first."""

    def __init__(self, max_bytes: int) -> None:
        self._pages: LRUCache[Key, KeptPage] = LRUCache(max_bytes, getsizeof=lambda page: page.weight)
        self._revision = 0
        self._changing = threading.Lock()

    @property
    def weight(self) -> int:
        """Bytes in use."""
        return int(self._pages.currsize)

    def find(self, key: Key, number: int) -> KeptPage | None:
        """The page as it is in the revision of this number, if it was kept."""
        with self._changing:
            return self._pages.get(key) if number == self._revision else None

    def has(self, key: Key) -> bool:
        """Whether such a page was kept, of whatever revision."""
        return key in self._pages

    def keep(self, key: Key, number: int, page: KeptPage) -> None:
        """Keep a page that was made after this revision was read; those of another one are given up."""
        with self._changing:
            if number != self._revision:
                self._pages.clear()
                self._revision = number
            if page.weight <= self._pages.maxsize:
                self._pages[key] = page


def is_typed() -> bool:
    """Whether an address of the gallery holds what a visitor wrote, and did not only choose: words, or a day."""
    return bool(request.args.get("mots", "").strip()) or not CHOSEN_DAY.fullmatch(request.args.get("vol", ""))


def kept(*understood: str, unless: Callable[[], bool] = lambda: False) -> Callable[[View], View]:
    """Let a view's page be kept. understood: arguments that it reads; unless: says whether a visitor typed them."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**values: str) -> Any:
            if unless() or len(request.query_string) > MAX_QUERY:
                response = make_response(view(**values))
                response.vary.add("Accept")
                return response
            return _answer(_understood(understood), lambda: make_response(view(**values)))

        return answer  # type: ignore[return-value]

    return decorate


def kept_allowance(make: Callable[[], Response]) -> Response:
    """Let the answer by which nginx sends a picture be kept: until the next revision it stays allowed."""
    if FAILURE in request.environ:
        raise request.environ[FAILURE]
    # Read before publication is asked for, as for a page.
    number = revision.committed(resources().sessions)
    answer = make()
    if answer.status_code == 200 and SENT_BY_PROXY in answer.headers and not request.query_string:
        page = KeptPage(b"", answer.get_etag()[0] or "", answer.content_type)
        current_app.extensions["kept_pages"].keep(_key(current_app, request.environ, request.path, ""), number, page)
        request.environ[PAGE] = page
    return answer


class ShortCut:
    """The public site as a server sees it: a kept page is sent as it was before, all else is Flask's."""

    def __init__(self, app: Flask) -> None:
        self._app, self._flask = app, app.wsgi_app

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        page = self._find(environ)
        if page is None:
            return self._flask(environ, _noting_headers(environ, start))
        if "HTTP_IF_NONE_MATCH" in environ and not is_resource_modified(environ, etag=page.etag):
            headers = [each for each in page.headers if each[0] != SENT_BY_PROXY]
            remove_entity_headers(headers)
            start("304 NOT MODIFIED", headers)
            return []
        start("200 OK", list(page.headers))
        return [page.body]

    def _find(self, environ: "WSGIEnvironment") -> KeptPage | None:
        if (
            environ["REQUEST_METHOD"] != "GET"
            or environ.get("CONTENT_LENGTH")
            or any(map(environ.__contains__, BEYOND))
            or not _accepts_page(environ)
            or languages.other_choice(environ, cookies.named(self._app.config, languages.COOKIE))
        ):
            return None
        pages: KeptPages = self._app.extensions["kept_pages"]
        place = resources_of(self._app)
        key = _key(self._app, environ, environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""))
        if not pages.has(key):
            return None
        try:
            page = pages.find(key, revision.committed(place.sessions))
        except SQLAlchemyError as error:
            environ[FAILURE] = error
            return None
        return page if page and page.headers else None


def _accepts_page(environ: Mapping[str, Any]) -> bool:
    """Whether a page is wanted before any other form of it; where it takes more to know, no."""
    accepted = environ.get("HTTP_ACCEPT", PAGES[0]).lower()
    return any(each in accepted for each in PAGES) and not any(each in accepted for each in NO_PAGES)


def _noting_headers(environ: "WSGIEnvironment", start: "StartResponse") -> "StartResponse":
    """Let the page that an answer is made of learn the answer's headers."""

    def begin(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        page: KeptPage | None = environ.get(PAGE)
        if page is not None and status.startswith("200") and not any(name == "Set-Cookie" for name, _ in headers):
            page.headers = list(headers)
        return start(status, headers, *error)

    return begin


def _answer(query: str, make: Callable[[], Response]) -> Response:
    pages: KeptPages = current_app.extensions["kept_pages"]
    key = _key(current_app, request.environ, request.path, query)
    if FAILURE in request.environ:
        raise request.environ[FAILURE]
    # Read before the page is made: what is committed in between is newer than its key, never older.
    number = revision.committed(resources().sessions)
    page = pages.find(key, number)
    if page is None:
        with force_locale(languages.spoken_in(request.environ)):
            answer = make()
        if answer.status_code != 200 or session.modified:
            return answer
        page = _made(answer, compressed=_takes_compressed(request.environ))
        pages.keep(key, number, page)
    request.environ[PAGE] = page
    return _sent(page)


def _made(answer: Response, *, compressed: bool) -> KeptPage:
    """Nothing secret is in a kept page, so its compressed length gives nothing away (BREACH)."""
    body = gzip.compress(answer.get_data(), mtime=0) if compressed else answer.get_data()
    return KeptPage(body, sha256_of(body)[:32], answer.content_type, is_compressed=compressed)


def _takes_compressed(environ: Mapping[str, Any]) -> bool:
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in accepted and NO_GZIP.search(accepted) is None


def _sent(page: KeptPage) -> Response:
    answer = Response(page.body, content_type=page.content_type)
    if page.is_compressed:
        answer.content_encoding = "gzip"
    answer.headers["Cache-Control"] = CACHING
    # By what a browser accepts it is led to its language, and a program to another form of the gallery.
    answer.vary.update(("Cookie", "Accept", "Accept-Encoding"))
    answer.set_etag(page.etag)
    answer.make_conditional(request)
    # The server says the date of each answer; the page's own would be kept with it.
    answer.headers.pop("Date", None)
    return answer


def _key(app: Flask, environ: Mapping[str, Any], path: str, query: str) -> Key:
    """What a page depends on, besides the revision.

    The day is among it, since a theft can't lie in the future: the date that is refused today is taken tomorrow.
    """
    place = resources_of(app)
    host = environ.get("HTTP_HOST") or (environ["SERVER_NAME"], environ["SERVER_PORT"])
    base = place.settings.public_address or (environ["wsgi.url_scheme"], host, environ.get("SCRIPT_NAME", ""))
    return day_in_paris(place.now()), languages.spoken_in(environ), _takes_compressed(environ), base, path, query


def _understood(names: tuple[str, ...]) -> str:
    """The query that was asked for as far as the view understands it, in one order: others change nothing."""
    return urlencode([(name, value) for name in names for value in request.args.getlist(name) if value])

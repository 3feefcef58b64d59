"""Public pages made once and kept in memory, by revision of the catalogue, day, language and what the address asks for.

Only a page that is the same for everybody may be kept: no form with a token, no word that a visitor searched for,
nothing of a session. It must never know a person. Whatever changes a page touches gallery/services/revision.py.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from cachetools import LRUCache
from flask import Response, current_app, g, make_response, request, session

from gallery.services import revision
from gallery.services.days import day_in_paris
from gallery.storage import sha256_of
from gallery.web import labels, languages
from gallery.web.workplace import now, workplace

# Python's own objects around a page, roughly.
OVERHEAD = 1000
# The longest query of an address whose page is kept, in characters: ours are shorter.
MAX_QUERY = 500
# A proxy and a browser may keep the page, and ask each time whether it still stands: withdrawn means gone.
CACHING = "public, no-cache"

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class KeptPage:
    """A page as it is sent. etag: of its bytes, so that every process gives the same one."""

    body: bytes
    etag: str
    content_type: str

    @property
    def weight(self) -> int:
        """Bytes that it takes in memory."""
        return len(self.body) + OVERHEAD


class KeptPages:
    """The pages of the revision that was last asked for, those asked for least recently given up first."""

    def __init__(self, max_bytes: int) -> None:
        self._pages: LRUCache[str, KeptPage] = LRUCache(max_bytes, getsizeof=lambda page: page.weight)
        self._revision = 0
        self._changing = threading.Lock()

    @property
    def weight(self) -> int:
        """Bytes in use."""
        return int(self._pages.currsize)

    def find(self, key: str, number: int) -> KeptPage | None:
        """The page as it is in the revision of this number, if it was kept."""
        with self._changing:
            return self._pages.get(key) if number == self._revision else None

    def keep(self, key: str, number: int, page: KeptPage) -> None:
        """Keep a page that was made after this revision was read; those of another one are given up."""
        with self._changing:
            if number != self._revision:
                self._pages.clear()
                self._revision = number
            if page.weight <= self._pages.maxsize:
                self._pages[key] = page


def kept(*understood: str, unless: Callable[[], bool] = lambda: False) -> Callable[[View], View]:
    """Let a view's page be kept. understood: arguments that it reads; unless: says whether a visitor typed them."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**values: str) -> Any:
            if unless() or len(request.query_string) > MAX_QUERY:
                return view(**values)
            g.address = _address(understood)
            return _answer(lambda: make_response(view(**values)))

        return answer  # type: ignore[return-value]

    return decorate


def _answer(make: Callable[[], Response]) -> Response:
    pages: KeptPages = current_app.extensions["kept_pages"]
    # The day, since a theft can't lie in the future: the date that is refused today is taken tomorrow.
    key = f"{day_in_paris(now())} {languages.chosen()} {labels.absolute(g.address)}"
    # Read before the page is made: what is committed in between is newer than its key, never older.
    number = revision.committed(workplace().sessions)
    page = pages.find(key, number)
    if page is None:
        answer = make()
        if answer.status_code != 200 or session.modified:
            return answer
        page = KeptPage(answer.get_data(), sha256_of(answer.get_data())[:32], answer.content_type)
        pages.keep(key, number, page)
    return _sent(page)


def _sent(page: KeptPage) -> Response:
    answer = Response(page.body, content_type=page.content_type)
    answer.headers["Cache-Control"] = CACHING
    answer.vary.add("Cookie")
    answer.set_etag(page.etag)
    answer.make_conditional(request)
    return answer


def _address(understood: tuple[str, ...]) -> str:
    """The address that was asked for with what the view understands of it, in one order: others change nothing."""
    pairs = [(name, value) for name in understood for value in request.args.getlist(name) if value]
    return f"{request.path}?{urlencode(pairs)}" if pairs else request.path

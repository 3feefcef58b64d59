"""What is noted of each request on its way: an id for the log, and how long its endpoint took; nothing of visitors."""

import re
import secrets
import time
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from gallery import logs
from gallery.config import Site
from gallery.services import measures
from gallery.web.resources import resources_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    ErrorInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

HEADER = "HTTP_X_REQUEST_ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{16,64}")
ENDPOINT = "gallery.endpoint"
# A page that was made before and sent again without asking Flask; and an address that is none of ours.
KEPT, NOWHERE = "kept", "none"


class WatchedFlask(Flask):
    """An application whose log names endpoints where Flask's would have the address that was asked."""

    def log_exception(self, exc_info: Any) -> None:
        """Log an error that nobody has caught."""
        self.logger.error("unexpected error in %s", request.endpoint or NOWHERE, exc_info=exc_info)


def init_app(app: Flask, site: Site) -> None:
    """Watch the requests of an application."""
    app.before_request_funcs.setdefault(None, []).insert(0, _note_endpoint)
    is_behind_proxy = resources_of(app).settings.trusted_proxies > 0
    app.wsgi_app = RequestWatch(app.wsgi_app, site, believes=is_behind_proxy)  # type: ignore[method-assign, assignment]


def _note_endpoint() -> None:
    request.environ[ENDPOINT] = (request.endpoint or NOWHERE).removeprefix(f"{request.blueprint}.")


class RequestWatch:
    """The application as a server sees it. believes: a proxy in front gives each request its id."""

    def __init__(self, app: "WSGIApplication", site: Site, *, believes: bool) -> None:
        self._app, self._site, self._believes = app, site, believes

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer one request, under its id."""
        began = time.perf_counter()
        name = self._name_of(environ)
        statuses = [500]

        def started(status: str, headers: list[tuple[str, str]], error: "ErrorInfo | None" = None) -> Any:
            statuses[0] = int(status[:3])
            return start(status, [*headers, ("X-Request-ID", name)], *([error] if error else []))

        token = logs.REQUEST.set(name)
        try:
            return self._app(environ, started)
        finally:
            logs.REQUEST.reset(token)
            endpoint = environ.get(ENDPOINT, KEPT if statuses[0] < 400 else NOWHERE)
            measures.request_answered(self._site.value, endpoint, statuses[0], time.perf_counter() - began)

    def _name_of(self, environ: "WSGIEnvironment") -> str:
        given = str(environ.get(HEADER, ""))
        return given if self._believes and WELL_FORMED.fullmatch(given) else secrets.token_hex(16)

"""A server that speaks the documented calls of Facebook's Graph API, for one page, and can be told to fail.

POST /{page}/photos (published=false), POST /{page}/feed (attached_media), GET /{id}?fields=...: errors as
https://developers.facebook.com/docs/graph-api/guides/error-handling describes them.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.formparser import parse_form_data

PAGE, TOKEN = "1020304050", "EAAB-page-token-that-no-log-may-hold"
VERSION = "/v25.0"


@dataclass(frozen=True)
class Failure:
    """What to answer instead. status 0: the connection is lost; carried_out: after the call had been done."""

    status: int
    code: int = 0
    subcode: int = 0
    carried_out: bool = False


@dataclass
class Facebook:
    """The page as the server keeps it. failures: by the last part of the path, used up one by one."""

    address: str = ""
    photos: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: list[dict[str, Any]] = field(default_factory=list)
    failures: dict[str, list[Failure]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def fail(self, call: str, *failures: Failure) -> None:
        self.failures.setdefault(call, []).extend(failures)

    @property
    def shown(self) -> list[str]:
        """Captions of the photos of the last post, in its order."""
        return [self.photos[number]["caption"] for number in self.posts[-1]["media"]]


@contextmanager
def running() -> Iterator[Facebook]:
    """The server on a port of its own."""
    facebook = Facebook()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(facebook))
    server.daemon_threads = True
    facebook.address = f"http://127.0.0.1:{server.server_port}{VERSION}"
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield facebook
    finally:
        server.shutdown()
        server.server_close()


def _handler(facebook: Facebook) -> type[BaseHTTPRequestHandler]:
    class Handler(_GraphHandler):
        state = facebook

    return Handler


class _Cut(Exception):
    """The line goes dead."""


class _GraphHandler(BaseHTTPRequestHandler):
    state: Facebook

    def log_message(self, format: str, *args: Any) -> None:
        self.state.lines.append(format % args)

    def do_GET(self) -> None:
        path, _, fields = self._called()
        given = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        self._run(path[-1], given, lambda: self._read(path[-1], fields))

    def do_POST(self) -> None:
        path, form, _ = self._called()
        self._run(path[-1], form.get("access_token") == TOKEN, lambda: self._write(path, form))

    def _called(self) -> tuple[list[str], dict[str, Any], str]:
        address = urlsplit(self.path)
        assert address.path.startswith(VERSION + "/")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        environ = {
            "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
        }  # fmt: skip
        _, form, files = parse_form_data(environ)
        form = {**form.to_dict(), **{name: file.read() for name, file in files.items()}}
        return address.path[len(VERSION) + 1 :].split("/"), form, parse_qs(address.query).get("fields", [""])[0]

    def _run(self, call: str, is_known: bool, act: Any) -> None:
        self.state.calls.append(call)
        waiting = self.state.failures.get(call, [])
        failure = waiting.pop(0) if waiting else None
        try:
            if not is_known:
                self._refuse(400, 190, 463)
            elif failure is None:
                act()
            else:
                self._fail(failure, act)
        except _Cut:
            self.close_connection = True
            self.connection.close()

    def _fail(self, failure: Failure, act: Any) -> None:
        if failure.carried_out:
            self._answer = lambda *_: None  # type: ignore[method-assign]
            act()
        if failure.status == 0:
            raise _Cut
        self._refuse(failure.status, failure.code, failure.subcode)

    def _write(self, path: list[str], form: dict[str, Any]) -> None:
        if path[0] != PAGE:
            self._refuse(400, 100, 33)
        elif path[1] == "photos":
            assert form["published"] == "false"
            assert form["source"].startswith(b"\xff\xd8")
            number = f"9{len(self.state.photos):05}"
            self.state.photos[number] = form
            self._answer(200, {"id": number})
        else:
            media = [json.loads(form[key])["media_fbid"] for key in self._attached(form)]
            if not set(media) <= self.state.photos.keys():
                self._refuse(400, 100)
                return
            self.state.posts.append({"message": form["message"], "media": media})
            self._answer(200, {"id": f"{PAGE}_{len(self.state.posts)}"})

    def _attached(self, form: dict[str, Any]) -> list[str]:
        return [f"attached_media[{place}]" for place in range(len(form)) if f"attached_media[{place}]" in form]

    def _read(self, number: str, fields: str) -> None:
        if fields == "name" and number == PAGE:
            self._answer(200, {"name": "Gendarmerie d’Ille-et-Vilaine", "id": PAGE})
        elif fields == "permalink_url":
            post = number.partition("_")[2]
            self._answer(200, {"permalink_url": f"https://www.facebook.com/{PAGE}/posts/{post}", "id": number})
        else:
            self._refuse(400, 100, 33)

    def _refuse(self, status: int, code: int, subcode: int = 0) -> None:
        error = {"message": f"No {TOKEN}", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
        self._answer(status, {"error": error | ({"error_subcode": subcode} if subcode else {})})

    def _answer(self, status: int, value: dict[str, Any]) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

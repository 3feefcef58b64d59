"""moto's S3 server, made to outlive its process: changes are written down before they are answered, for the next start.

python -m tests.servers.lasting_store PORT FILE
"""

import json
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import run_simple

READING = ("GET", "HEAD")
Environ = dict[str, Any]


class Lasting:
    """The application of a store, with the journal of what it was told to change."""

    def __init__(self, application: Any, journal: Path) -> None:
        self._application, self._lock = application, threading.Lock()
        for line in journal.read_text("utf-8").splitlines() if journal.exists() else ():
            self._make_again(json.loads(line))
        self._journal = journal.open("a", encoding="utf-8")

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer as the store does; what it is told to change, one at a time."""
        if environ["REQUEST_METHOD"] in READING:
            return self._application(environ, start_response)  # type: ignore[no-any-return]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        told = {name: value for name, value in environ.items() if isinstance(value, str)}
        with self._lock:
            answer = list(self._application(environ | {"wsgi.input": BytesIO(body)}, start_response))
            self._journal.write(json.dumps([told, b64encode(body).decode()]) + "\n")
            self._journal.flush()
        return answer

    def _make_again(self, line: list[Any]) -> None:
        told, body = line
        environ = told | {"wsgi.input": BytesIO(b64decode(body)), "wsgi.errors": sys.stderr, "wsgi.version": (1, 0)}
        for _ in self._application(environ, lambda *_: None):
            pass


if __name__ == "__main__":
    store = Lasting(DomainDispatcherApplication(create_backend_app), Path(sys.argv[2]))
    run_simple("127.0.0.1", int(sys.argv[1]), store, threaded=True, request_handler=MotoRequestHandler)

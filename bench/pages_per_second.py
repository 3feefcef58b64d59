"""How many public pages a second two server processes answer: python -m bench pages_per_second [--items 2000].

gunicorn serves the public site as docs/operations.md says (2 processes of 8 threads), on SQLite or on the database of
GALLERY_DATABASE_URL, which must be empty. In the same run, by the same client, a bare Flask application renders a Jinja
page of 24 items that it has in memory. Limit: half of that bare page for home, the gallery without words and an item.
"""

import argparse
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import select

from bench.gallery import fill
from bench.pages import wait_for
from gallery.cli.setup import bring_up_to_date
from gallery.config import load_settings
from gallery.database import open_engine, session_factory
from gallery.models import Item

ROOT = Path(__file__).parents[1]
PORT = 5091
PROCESSES, THREADS, CONNECTIONS = 2, 8, 16
LIMIT = 0.5
BARE = "bare Flask and Jinja, 24 items"
HELD_TO_THE_LIMIT = "home", "gallery", "an item"
BARE_PAGE = """<!doctype html><html lang="fr"><head><title>Objets</title></head><body><h1>Objets</h1><ul>
{% for item in items %}<li><a href="{{ url_for('item', number=item.number) }}"><img src="/photos/{{ item.number }}.jpg"
 alt="{{ item.title }}" width="320" height="240"></a><h2>{{ item.title }}</h2><p>{{ item.number }}</p></li>{% endfor %}
</ul></body></html>"""


def bare() -> Flask:
    """The application that ours is compared with: one template, nothing looked up, nothing protected."""
    app = Flask("bare")
    app.jinja_loader = DictLoader({"page.html": BARE_PAGE})
    app.add_url_rule("/objets/<number>", "item", lambda number: number)
    items = [{"number": f"35-K7QM-{place}", "title": f"Bague ancienne n° {place}"} for place in range(24)]
    app.add_url_rule("/", "home", lambda: render_template("page.html", items=items))
    app.add_url_rule("/vivant", "alive", lambda: "ok")
    return app


def main(arguments: list[str]) -> None:
    """Print pages a second of each page, and which are under the limit."""
    parser = argparse.ArgumentParser(prog="bench pages_per_second", description=__doc__)
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GALLERY_INSTANCE": folder}
        pages = _pages(environment, options.items)
        nothing = Path(folder) / "nothing.py"
        nothing.touch()
        with _served("bench.pages_per_second:bare()", environment, str(nothing)) as bare_port:
            best = _rate(bare_port, "/", options.seconds)
        print(f"{'pages a second':40}{'':>9}{'of bare':>9}{'with ETag':>11}{'kB':>7}")
        print(f"{BARE:40}{best[0]:9.0f}")
        with _served("wsgi:public", environment) as port:
            for name, path in pages.items():
                _print(name, port, path, best[0], options.seconds)


def _print(name: str, port: int, path: str, best: float, seconds: float) -> None:
    rate, size, etag = _rate(port, path, seconds)
    known = f"{_rate(port, path, seconds, etag)[0]:11.0f}" if etag else f"{'':11}"
    remark = "  under the limit" if name in HELD_TO_THE_LIMIT and rate < LIMIT * best else ""
    print(f"{name:40}{rate:9.0f}{rate / best:9.2f}{known}{size / 1000:7.0f}{remark}")


def _pages(environment: Mapping[str, str], items: int) -> dict[str, str]:
    settings = load_settings(environ=environment)
    bring_up_to_date(settings)
    engine = open_engine(settings.database_address)
    with session_factory(engine)() as session:
        fill(session, items)
        number = session.scalars(select(Item.public_number).limit(1)).one()
    engine.dispose()
    return {
        "home": "/",
        "gallery": "/objets",
        "an item": f"/objets/{number}",
        "gallery, a colour and a material": "/objets?couleur=gold&matiere=or",
        "gallery, words (never kept)": "/objets?mots=bagues",
        "help": "/aide",
    }


@contextmanager
def _served(application: str, environment: Mapping[str, str], configuration: str = "gunicorn.conf.py") -> Iterator[int]:
    options = ["--config", configuration, "--log-level", "error", "--bind", f"127.0.0.1:{PORT}"]
    options += ["--workers", str(PROCESSES), "--worker-class", "gthread", "--threads", str(THREADS)]
    command = [sys.executable, "-m", "gunicorn", *options, application]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            wait_for(f"http://127.0.0.1:{PORT}")
            time.sleep(2)
            yield PORT
        finally:
            process.terminate()


def _rate(port: int, path: str, seconds: float, etag: str = "") -> tuple[float, int, str]:
    """Pages a second over connections that are kept open, the size of one in bytes, and its ETag."""
    condition = f"If-None-Match: {etag}\r\n" if etag else ""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{condition}\r\n".encode()
    with selectors.DefaultSelector() as selector:
        connections = [Connection(selector, port) for _ in range(CONNECTIONS)]
        for each in connections:
            each.ask(request)
        _answers(selector, request, time.monotonic() + seconds / 5)
        started = time.monotonic()
        answered = _answers(selector, request, started + seconds)
        took = time.monotonic() - started
        for each in connections:
            each.socket.close()
    return answered / took, connections[0].size, connections[0].etag


def _answers(selector: selectors.BaseSelector, request: bytes, until: float) -> int:
    answered = 0
    while time.monotonic() < until:
        for key, _ in selector.select(timeout=1):
            if key.data.read():
                answered += 1
                key.data.ask(request)
    return answered


class Connection:
    """One visitor's, kept open, that asks again as soon as it is answered. size: bytes of the last body."""

    def __init__(self, selector: selectors.BaseSelector, port: int) -> None:
        self.port, self.selector = port, selector
        self.size, self.etag = 0, ""
        self._open()

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(self.socket, selectors.EVENT_READ, self)
        self._received = bytearray()
        self._wanted = 0

    def ask(self, request: bytes) -> None:
        """Send the request, on a new connection where the server has closed this one."""
        self._received, self._wanted = bytearray(), 0
        try:
            self.socket.sendall(request)
        except OSError:
            self._again(request)
        self._request = request

    def read(self) -> bool:
        """Take in what has come; True when the answer is whole."""
        data = self.socket.recv(1 << 18)
        if not data:
            self._again(self._request)
            return False
        self._received += data
        if not self._wanted and b"\r\n\r\n" in self._received:
            self._read_head()
        return 0 < self._wanted <= len(self._received)

    def _read_head(self) -> None:
        head, _, _ = bytes(self._received).partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        assert lines[0].split()[1] in ("200", "304"), lines[0]
        fields = dict(line.lower().split(": ", 1) for line in lines[1:])
        body = 0 if "304" in lines[0].split() else int(fields["content-length"])
        self.size, self.etag = body, fields.get("etag", "")
        self._wanted = len(head) + 4 + body

    def _again(self, request: bytes) -> None:
        self.selector.unregister(self.socket)
        self.socket.close()
        self._open()
        self.socket.sendall(request)

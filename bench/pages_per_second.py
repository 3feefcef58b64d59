"""What a public page costs two server processes, and how many they answer a second: python -m bench pages_per_second.

gunicorn serves the public site as docs/operations.md says (2 processes of 8 threads), on SQLite or on the database of
GALLERY_DATABASE_URL, which must be empty, and beside it a bare Flask application that renders a Jinja page of 24 items
that it has in memory. The same client asks both in turn, several rounds of each page over new connections; medians are
printed. The processor's time of the servers says what a page costs when other work takes a share of the machine.
Limit: half of the bare page a second for home, the gallery without words and an item.
"""

import argparse
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
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
KNOWN = ", with its ETag"
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


@dataclass(frozen=True)
class Round:
    """What one page was worth. rate: answers a second; cost: microseconds of the servers' processors an answer."""

    rate: float
    cost: float
    size: int
    etag: str


Rounds = dict[str, list[Round]]


def main(arguments: list[str]) -> None:
    """Print pages a second and the cost of each page, and which are under the limit."""
    parser = argparse.ArgumentParser(prog="bench pages_per_second", description=__doc__)
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=2, help="of each page in each round")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GALLERY_INSTANCE": folder}
        pages = _pages(environment, options.items)
        nothing = Path(folder) / "nothing.py"
        nothing.touch()
        with (
            _served("bench.pages_per_second:bare()", environment, PORT, str(nothing)) as peer,
            _served("wsgi:public", environment, PORT + 1) as ours,
        ):
            _print(_rounds(peer, ours, pages, options.rounds, options.seconds))


def _rounds(peer: "Server", ours: "Server", pages: Mapping[str, str], count: int, seconds: float) -> Rounds:
    rounds: Rounds = defaultdict(list)
    for _ in range(count):
        rounds[BARE].append(peer.measure("/", seconds))
        for name, path in pages.items():
            found = ours.measure(path, seconds)
            rounds[name].append(found)
            if found.etag:
                rounds[name + KNOWN].append(ours.measure(path, seconds, found.etag))
    return rounds


def _print(rounds: Rounds) -> None:
    print(f"{'medians':45}{'a second':>9}{'of bare':>9}{'lowest':>8}{'µs each':>9}{'of bare':>9}{'kB':>5}")
    best, least = _median(rounds[BARE], "rate"), _median(rounds[BARE], "cost")
    for name, found in rounds.items():
        rate, cost = _median(found, "rate"), _median(found, "cost")
        remark = "  under the limit" if name in HELD_TO_THE_LIMIT and rate < LIMIT * best else ""
        lowest = min(each.rate for each in found)
        figures = f"{rate:9.0f}{rate / best:9.2f}{lowest:8.0f}{cost:9.0f}{cost / least:9.2f}{found[0].size / 1000:5.0f}"
        print(f"{name:45}{figures}{remark}")


def _median(rounds: list[Round], figure: str) -> float:
    return float(median(getattr(each, figure) for each in rounds))


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
def _served(
    application: str, environment: Mapping[str, str], port: int, configuration: str = "gunicorn.conf.py"
) -> Iterator["Server"]:
    options = ["--config", configuration, "--log-level", "error", "--bind", f"127.0.0.1:{port}"]
    options += ["--workers", str(PROCESSES), "--worker-class", "gthread", "--threads", str(THREADS)]
    command = [sys.executable, "-m", "gunicorn", *options, application]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}")
            time.sleep(2)
            yield Server(port, psutil.Process(process.pid))
        finally:
            process.terminate()


@dataclass(frozen=True)
class Server:
    """A gunicorn that answers, and its processes."""

    port: int
    process: psutil.Process

    def measure(self, path: str, seconds: float, etag: str = "") -> Round:
        """Ask for a page over connections that are kept open, a little before counting too."""
        condition = f"If-None-Match: {etag}\r\n" if etag else ""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{condition}\r\n".encode()
        with selectors.DefaultSelector() as selector:
            connections = [Connection(selector, self.port) for _ in range(CONNECTIONS)]
            for each in connections:
                each.ask(request)
            _answers(selector, request, time.monotonic() + seconds / 5)
            started, used = time.monotonic(), self._used()
            answered = _answers(selector, request, started + seconds)
            took, used = time.monotonic() - started, self._used() - used
            for each in connections:
                each.socket.close()
        size, etag = connections[0].size, connections[0].etag
        return Round(answered / took, used / max(1, answered) * 1e6, size, etag)

    def _used(self) -> float:
        times = [each.cpu_times() for each in self.process.children(recursive=True)]
        return float(sum(each.user + each.system for each in times))


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

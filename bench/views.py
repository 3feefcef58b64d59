"""Views of the gallery with all their pictures, through nginx: python -m bench views [--seconds 20] [--views 170].

Public pages and nginx by the files of deploy/, 24 drawn objects. Each view is the first page of the gallery and then
its pictures, as a browser that has none of them: --views a second are begun whatever becomes of those before (10,000 a
minute are 167). --with: settings in place of those of the units, such as GALLERY_PICTURE_DELIVERY=process; --threads:
of each process; --command: of another server, with {port}, in place of gunicorn. Meanwhile --searchers search by photo
one after the other, in the process that the units have for it, or --together in one of those of the pages.
--postgresql: in place of SQLite. The processor's time of the servers, PostgreSQL's too, says what a view costs when
other work takes a share of the machine.
"""

import argparse
import re
import selectors
import socket
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import numpy as np
import psutil

from bench.shortlist import find_database
from tests import pictures
from tests.factories import VOUCHED
from tests.journeys.service import flask
from tests.parts import postgresql
from tests.servers import running
from tests.servers.visitors import Visitor, multipart
from tests.waiting import PATIENCE, begin, free_port

MAX_CONNECTIONS = 400
ITEMS = 24


@dataclass
class Watched:
    """What happened. seconds: of each whole view; statuses: of every answer; late: views that could not begin."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    late: int = 0


@dataclass
class View:
    """One visitor's connection: the requests that are left, and what has come of the answer that is awaited."""

    connection: socket.socket
    left: deque[bytes]
    began: float
    received: bytearray = field(default_factory=bytearray)
    wanted: int = 0

    def ask(self) -> bool:
        """Send the next request; False when none is left."""
        if not self.left:
            return False
        self.received, self.wanted = bytearray(), 0
        self.connection.sendall(self.left.popleft())
        return True

    def status(self) -> int:
        """Take in what has come; the status once the answer is whole, 0 until then, -1 when the line was cut."""
        try:
            data = self.connection.recv(1 << 18)
        except ConnectionResetError:
            return -1
        if not data:
            return -1
        self.received += data
        if not self.wanted and b"\r\n\r\n" in self.received:
            head = bytes(self.received).partition(b"\r\n\r\n")[0].decode("latin-1").lower()
            length = re.search(r"content-length: (\d+)", head)
            self.wanted = len(head) + 4 + int(length[1] if length else 0)
        is_whole = 0 < self.wanted <= len(self.received)
        return int(self.received[9:12]) if is_whole else 0


def main(arguments: list[str]) -> None:
    """Print how long views took, what was answered, and what one cost."""
    parser = argparse.ArgumentParser(prog="bench views", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--views", type=float, default=10_000 / 60, help="begun a second")
    parser.add_argument("--with", dest="settings", nargs="*", default=[], metavar="NAME=VALUE")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--command", default="")
    parser.add_argument("--searchers", type=int, default=0)
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder, _served(Path(folder), options) as (door, processes):
        requests = _requests(door)
        _views(door, requests, options.views, 2)
        with _searched(door, options.searchers) as searched:
            used = _used(processes)
            watched = _views(door, requests, options.views, options.seconds)
        print(f"searches meanwhile: {dict(Counter(searched))}")
        _print(watched, options.seconds, len(requests) - 1, _used(processes) - used)


@contextmanager
def _served(folder: Path, options: argparse.Namespace) -> Iterator[tuple[int, list[psutil.Process]]]:
    instance = folder / "instance"
    given = {"GALLERY_TRUSTED_PROXIES": "1", "GALLERY_PICTURE_DELIVERY": "nginx"}
    if options.searchers:
        given["GALLERY_SEARCH_RATE"] = "100000 per hour"
    given |= dict(each.split("=", 1) for each in options.settings)
    if options.threads:
        given["GUNICORN_CMD_ARGS"] = f"--threads {options.threads}"
    with ExitStack() as stack:
        pids = [stack.enter_context(_database(instance))] if options.postgresql else []
        _fill(instance, folder / "photos")
        ports = {unit: free_port() for unit in running.PAGES}
        for unit in running.PAGES:
            started = running.gunicorn(
                unit, instance, folder / "public.log", port=ports[unit], command=options.command, **given
            )
            pids.append(stack.enter_context(started)[1])
        ports["search"] = ports[running.PAGES[1]]
        if options.searchers and not options.together:
            ports["search"], _ = stack.enter_context(
                running.gunicorn("search", instance, folder / "search.log", port=free_port(), **given)
            )
        door = stack.enter_context(running.nginx(folder, {"public": ports[running.PAGES[0]], **ports}, instance))
        pids.append(int((folder / "nginx.pid").read_text()))
        yield door, [psutil.Process(pid) for pid in pids]


@contextmanager
def _database(instance: Path) -> Iterator[int]:
    """An empty PostgreSQL which the program of this instance is told to use; yields its process."""
    folder = instance.with_name("rows")
    with postgresql.started(folder) as server:
        instance.mkdir()
        (instance / "settings.toml").write_text(f'database_url = "{find_database(server.get_uri(), "views")}"\n')
        yield int((folder / "postmaster.pid").read_text().split()[0])


def _fill(instance: Path, photos: Path) -> None:
    photos.mkdir()
    for number in range(ITEMS):
        (photos / f"{number}.jpg").write_bytes(pictures.jpeg(pictures.picture(number)))
    flask(instance, "migrate")
    flask(instance, "create-unit", "BTA35", "--name", "Gendarmerie", "--departement", "35", "--phone", "02 61 91 00 35")
    flask(instance, "import", str(photos), "--unit", "BTA35", "--publish", *VOUCHED, "--undescribed")


@contextmanager
def _searched(door: int, searchers: int) -> Iterator[list[int]]:
    """This many visitors search by photo all the while; the statuses of their answers."""
    stop, statuses = Event(), list[int]()
    kind, body = multipart({}, pictures.jpeg(pictures.picture(1)))

    def search() -> None:
        visitor = Visitor(door, running.PUBLIC_HOST)
        while not stop.is_set():
            statuses.append(visitor.ask("POST", "/api/v1/search", body, Content_Type=kind)[0])

    searching = [begin(search) for _ in range(searchers)]
    yield statuses
    stop.set()
    for each in searching:
        each.result(PATIENCE)


def _requests(door: int) -> list[bytes]:
    """The gallery's page and its pictures, as a browser asks for them."""
    page = Visitor(door, running.PUBLIC_HOST).ask("GET", "/objets")[1]
    shown = list(dict.fromkeys(re.findall(r"/photos/[\w-]+/320\.webp", page)))
    head = f"Host: {running.PUBLIC_HOST}\r\nAccept: image/webp,*/*\r\nAccept-Encoding: gzip\r\n\r\n"
    return [f"GET {path} HTTP/1.1\r\n{head}".encode() for path in ("/objets", *shown)]


def _views(door: int, requests: Sequence[bytes], rate: float, seconds: float) -> Watched:
    watched, started, begun = Watched(), time.monotonic(), 0
    with selectors.DefaultSelector() as selector:
        while (now := time.monotonic()) < started + seconds or (selector.get_map() and now < started + seconds + 30):
            due = int(min(now - started, seconds) * rate) - begun
            for _ in range(due):
                begun += 1
                if len(selector.get_map()) >= MAX_CONNECTIONS:
                    watched.late += 1
                    continue
                _begin(selector, (door, begun), requests, now)
            for key, _ in selector.select(timeout=0.005):
                _go_on(selector, key.data, watched)
    return watched


def _begin(selector: selectors.BaseSelector, visitor: tuple[int, int], requests: Sequence[bytes], now: float) -> None:
    door, number = visitor
    # An address each, since nginx lets one have only so many connections.
    own = f"127.1.{number // 250 % 250}.{number % 250 + 1}"
    connection = socket.create_connection(("127.0.0.1", door), source_address=(own, 0))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    view = View(connection, deque(requests), now)
    view.ask()
    selector.register(connection, selectors.EVENT_READ, view)


def _go_on(selector: selectors.BaseSelector, view: View, watched: Watched) -> None:
    status = view.status()
    if not status:
        return
    watched.statuses[status] += 1
    if status == 200 and view.ask():
        return
    if status == 200:
        watched.seconds.append(time.monotonic() - view.began)
    selector.unregister(view.connection)
    view.connection.close()


def _used(processes: Sequence[psutil.Process]) -> float:
    """Seconds of a processor of servers and their processes, those that have ended included."""
    everyone = {each for process in processes for each in (process, *process.children(recursive=True))}
    times = [each.cpu_times() for each in everyone]
    ended = [each.cpu_times() for each in processes]
    return float(
        sum(each.user + each.system for each in times)
        + sum(each.children_user + each.children_system for each in ended)
    )


def _print(watched: Watched, seconds: float, pictures: int, used: float) -> None:
    times = np.array(watched.seconds or [np.inf]) * 1000
    print(
        f"{len(watched.seconds) / seconds * 60:.0f} views a minute with {pictures} pictures each: median "
        f"{np.median(times):.0f} ms, 95 % {np.percentile(times, 95):.0f} ms, longest {times.max():.0f} ms; "
        f"{watched.late} could not begin; answers {dict(watched.statuses)}; servers "
        f"{1000 * used / max(1, len(watched.seconds)):.1f} ms of a processor a view, {used / seconds:.2f} processors"
    )

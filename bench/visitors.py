"""Pages while many search by photo: python -m bench visitors [--searches 50] [--seconds 30] [--one].

The demo, served by the commands of deploy/: many visitors send a photo at once and come again when they are told to,
while others open the home page. --one: everything in the one process of `make run`. --pages and --searching: other
commands, whose `--bind` must be given with port 8001 and 8002.
"""

import argparse
import http.client
import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
READERS = 4
PAGES_PORT, SEARCH_PORT = 8001, 8002
IN_ONE = f"gunicorn wsgi:app --bind 127.0.0.1:{PAGES_PORT} --workers 1"
START_SECONDS = 120
LONGEST_WAIT = 5.0


@dataclass
class Watched:
    """What happened. pages: seconds of each, as it was answered; searches: statuses; waits: seconds until a result."""

    pages: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)


def main(arguments: list[str]) -> None:
    """Print pages a second and how long they took: alone, and while many search."""
    parser = argparse.ArgumentParser(prog="bench visitors", description=__doc__)
    parser.add_argument("--searches", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--one", action="store_true")
    parser.add_argument("--pages", default="")
    parser.add_argument("--searching", default="")
    options = parser.parse_args(arguments)
    pages = options.pages or (IN_ONE if options.one else _command("public@"))
    searching = options.searching or ("" if options.one or options.pages else _command("search"))
    with _served([pages, *([searching] if searching else [])]) as photo:
        port = SEARCH_PORT if searching else PAGES_PORT
        for name, visitors in (("alone", 0), (f"{options.searches} searches at once", options.searches)):
            _print(name, _watch(visitors, port, photo, options.seconds), options.seconds)


def _command(unit: str) -> str:
    text = (ROOT / "deploy" / f"gallery-{unit}.service").read_text(encoding="utf-8").replace("%i", str(PAGES_PORT))
    return str(re.findall(r"^ExecStart=\S*/(gunicorn .+)$", text, re.MULTILINE)[0])


def _print(name: str, watched: Watched, seconds: float) -> None:
    times = np.array(watched.pages or [np.inf]) * 1000
    print(f"{name:24}{len(watched.pages) / seconds:8.1f} pages/s, median {np.median(times):7.0f} ms, "
          f"95 % {np.percentile(times, 95):7.0f} ms")  # fmt: skip
    if watched.statuses:
        waited = f", result after {np.median(watched.waits):.0f} s (median)" if watched.waits else ""
        print(f"{'':24}{watched.statuses.get(200, 0)} searches answered, others {dict(watched.statuses)}{waited}")


def _watch(visitors: int, port: int, photo: bytes, seconds: float) -> Watched:
    watched, stop = Watched(), threading.Event()
    searchers = [threading.Thread(target=_search, args=(port, photo, stop, watched)) for _ in range(visitors)]
    readers = [threading.Thread(target=_read, args=(stop, watched)) for _ in range(READERS)]
    for thread in (*searchers, *readers):
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in (*readers, *searchers):
        thread.join()
    return watched


def _read(stop: threading.Event, watched: Watched) -> None:
    while not stop.is_set():
        began = time.monotonic()
        try:
            status, _, _ = _ask("GET", PAGES_PORT, "/")
        except (OSError, http.client.HTTPException):
            continue
        if status == 200 and not stop.is_set():
            watched.pages.append(time.monotonic() - began)


def _search(port: int, photo: bytes, stop: threading.Event, watched: Watched) -> None:
    """Open the form, send the photo, come again as long as that is the answer."""
    began = time.monotonic()
    try:
        _, headers, text = _ask("GET", port, "/recherche")
        cookie = (headers["Set-Cookie"] or "").partition(";")[0]
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', text)[0]
        while not stop.is_set():
            status, headers, _ = _ask("POST", port, "/recherche", _form(token, photo), cookie)
            watched.statuses[status] += 1
            if status != 503:
                watched.waits.append(time.monotonic() - began)
                return
            stop.wait(min(LONGEST_WAIT, float(headers["Retry-After"] or LONGEST_WAIT)))
    except (OSError, http.client.HTTPException, IndexError):
        watched.statuses[0] += 1


def _ask(
    method: str, port: int, path: str, body: bytes | None = None, cookie: str = ""
) -> tuple[int, http.client.HTTPMessage, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        kind = {"Content-Type": "multipart/form-data; boundary=b"} if body else {}
        connection.request(method, path, body, {"Cookie": cookie, "Connection": "close"} | kind)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def _form(token: str, photo: bytes) -> bytes:
    head = '--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token
    head += '\r\n--b\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
    return head.encode() + photo + b"\r\n--b--\r\n"


@contextmanager
def _served(commands: Sequence[str]) -> Iterator[bytes]:
    """Serve the demo by these commands; yields a photo to search with."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        environment = {**os.environ, "GALLERY_INSTANCE": folder, "GALLERY_SEARCH_RATE": "100000 per minute"}
        for command in ("migrate", "demo"):
            made = [sys.executable, "-m", "flask", "--app", "wsgi:app", command]
            subprocess.run(made, cwd=ROOT, env=environment, check=True, capture_output=True)
        for command in commands:
            process = subprocess.Popen([sys.executable, "-m", *shlex.split(command)], cwd=ROOT, env=environment)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        for port in (PAGES_PORT, SEARCH_PORT)[: len(commands)]:
            _wait(port)
        yield min((Path(folder) / "demo").glob("*.jpg")).read_bytes()


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if _ask("GET", port, "/")[0] == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.3)
    raise TimeoutError(f"port {port} did not answer")

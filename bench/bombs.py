"""Hostile files through the real server: python -m bench bombs [--only WORDS] [--tree FOLDER].

Each file of bench/hostile is sent to the page of searches: printed is the answer, after how long, and the most
memory of all processes together, counted once where they share it. It is sent again, and half a second later another
visitor searches with an ordinary photo. --tree: serve another checkout of the program, to compare.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from io import BytesIO
from pathlib import Path

import bs4
import psutil
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from bench.hostile.corpus import CORPUS

ROOT = Path(__file__).parents[1]
PORT = 5089
ADDRESS = f"http://127.0.0.1:{PORT}"
MEGABYTE = 1_000_000
PATIENCE_SECONDS = 60
AT_ONCE = 4
# What takes most memory of all that is accepted.
TWO = "PNG, transparent, 50 megapixels"
FOUND = "200"


def main(arguments: list[str]) -> None:
    """Serve, send, tell."""
    parser = argparse.ArgumentParser(prog="bench bombs", description=__doc__)
    parser.add_argument("--only", default="", help="files whose name has this in it")
    parser.add_argument("--tree", type=Path, default=ROOT, help="checkout to serve")
    options = parser.parse_args(arguments)
    print("| file | its answer | s | another search, s | at rest, MB | peak of all, MB |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "GALLERY_INSTANCE": str(Path(folder) / "instance"),
            "GALLERY_SEARCH_RATE": "100000 per minute",
        }
        command = [sys.executable, "-m", "flask", "--app", "wsgi:app", "migrate"]
        subprocess.run(command, cwd=options.tree, env=environment, check=True, capture_output=True)
        for name, make in CORPUS.items():
            if options.only in name:
                _tell(name, [make()], options.tree, environment)
        if options.only in f"two at once: {TWO}":
            _tell(f"two at once: {TWO}", [CORPUS[TWO]()] * 2, options.tree, environment)
        if not options.only:
            slow = [make() for name, make in CORPUS.items() if "100 megapixels" in name][:AT_ONCE]
            _tell(f"the first {AT_ONCE} of 100 megapixels at once", slow, options.tree, environment)


def _tell(name: str, files: list[bytes], tree: Path, environment: dict[str, str]) -> None:
    ordinary = _ordinary()
    with _served(tree, environment) as server, ThreadPoolExecutor(len(files) + 1) as visitors:
        _answer(ordinary)
        rest = _held(server)
        with _watched(server) as peak:
            said, spent = [each.result() for each in [visitors.submit(_answer, file) for file in files]][0]
        sent = [visitors.submit(_answer, file) for file in files]
        time.sleep(0.5)
        other_said, waited = _answer(ordinary)
        for each in sent:
            each.result()
    other = f"{waited:.1f}" if other_said == FOUND else f"{other_said[:3]} after {waited:.1f}"
    memory = f"{rest / MEGABYTE:.0f} | {peak[0] / MEGABYTE:.0f}"
    print(f"| {name} | {said} | {spent:.1f} | {other} | {memory} |", flush=True)


def _ordinary() -> bytes:
    file = BytesIO()
    Image.effect_noise((1200, 900), 40).convert("RGB").save(file, "JPEG", quality=85)
    return file.getvalue()


def _answer(photo: bytes) -> tuple[str, float]:
    """Status and sentence of a search with this photo, and the seconds that it took."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    started = time.monotonic()
    try:
        with browser.open(f"{ADDRESS}/recherche", timeout=PATIENCE_SECONDS) as page:
            field = bs4.BeautifulSoup(page.read(), "html.parser").select_one("#search-form [name=csrf_token]")
        assert field is not None
        given = MultiDict(
            [("csrf_token", field["value"]), ("photos", FileStorage(BytesIO(photo), filename="photo.jpg"))]
        )
        boundary, body = encode_multipart(given)
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        with browser.open(urllib.request.Request(f"{ADDRESS}/recherche", body, headers), timeout=PATIENCE_SECONDS):
            said = FOUND
    except urllib.error.HTTPError as error:
        refusal = bs4.BeautifulSoup(error.read(), "html.parser").select_one("[data-error]")
        said = f"{error.code}: {' '.join(refusal.get_text(' ', strip=True).split())[-70:] if refusal else ''}"
    except (OSError, TimeoutError) as error:
        said = f"no answer ({type(error).__name__})"
    return said, time.monotonic() - started


@contextmanager
def _served(tree: Path, environment: dict[str, str]) -> Iterator[psutil.Process]:
    """Serve the public site of a checkout, in one process of four threads."""
    command = [sys.executable, "-m", "gunicorn", "wsgi:public", "--bind", f"127.0.0.1:{PORT}", "--worker-class",
               "gthread", "--threads", "4", "--timeout", "120", "--graceful-timeout", "1", "--log-level", "critical",
               "--no-control-socket"]  # fmt: skip
    with subprocess.Popen(command, cwd=tree, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            _wait()
            yield psutil.Process(process.pid)
        finally:
            # The first process first: it would replace the others.
            below = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            for each in below:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            psutil.wait_procs(below)


def _wait() -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{ADDRESS}/vivant"):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError


def _held(server: psutil.Process) -> int:
    held = 0
    for each in [server, *server.children(recursive=True)]:
        with suppress(psutil.Error):
            held += each.memory_full_info().pss
    return held


@contextmanager
def _watched(server: psutil.Process) -> Iterator[list[int]]:
    """The most that all processes hold together while the block runs, each shared page divided among them."""
    peak, ended = [0], threading.Event()

    def look() -> None:
        while not ended.wait(0.03):
            peak[0] = max(peak[0], _held(server))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()

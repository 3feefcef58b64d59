"""The main job at size, as its users do it: python -m bench main_job [FOLDER] [--distractors N] [--queries N].

Imports the labelled photographs with `flask import --publish --undescribed`, serves the public site, and searches over
HTTP with the query photos of one set. Beside the import stands its limit: decoding, describing and encoding alone, in
as many processes.
"""

import argparse
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.cookiejar import CookieJar
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import bs4
import numpy as np
import psutil
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from gallery import imaging, matching
from gallery.matching.evaluation.dataset import Gallery, read_galleries
from tests.factories import VOUCHED

ROOT = Path(__file__).parents[1]
PORT = 5088
ADDRESS = f"http://127.0.0.1:{PORT}"
LARGE_PHOTOS, LARGE_SIZE = 40, (4000, 3000)
MEBIBYTE = 2**20


def main(arguments: list[str]) -> None:
    """Import, serve, search; print what each took."""
    parser = argparse.ArgumentParser(prog="bench main_job", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--distractors", type=int, help="at most this many")
    parser.add_argument("--queries", type=int, default=200, help="at most this many")
    parser.add_argument("--set", dest="set_name", default="cover", help="set whose queries are asked")
    options = parser.parse_args(arguments)
    galleries = read_galleries(options.folder, max_distractors=options.distractors)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bench.set_up()
        _import_large(bench, galleries)
        _import_all(bench, galleries)
        _search(bench, next(each for each in galleries if each.name == options.set_name), options.queries)


class Bench:
    """An instance of its own, in a folder that is thrown away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.photos, self.large = folder / "photos", folder / "large"
        self.environment = {
            **os.environ,
            "GALLERY_INSTANCE": str(folder / "instance"),
            "GALLERY_SEARCH_RATE": "100000 per minute",
        }

    def set_up(self) -> None:
        """Make the database and a unit."""
        self.flask("migrate")
        self.flask("create-unit", "BENCH", "--name", "Bench", "--departement", "35", "--email", "bench@unit.example")

    def flask(self, *arguments: str) -> tuple[str, int]:
        """Run a command; return what it printed, and the most memory that it and its children held, in bytes."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi:app", *arguments]
        with subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            with _watched(process.pid) as peak:
                printed, _ = process.communicate()
            assert process.returncode == 0, printed
        return printed, peak[0]

    def import_photos(self, folder: Path, report: Path) -> tuple[float, int]:
        """Publish an item a photo; return photos a second and the most memory held."""
        published = ("--publish", *VOUCHED, "--undescribed", "--report", str(report))
        printed, memory = self.flask("import", str(folder), "--unit", "BENCH", *published)
        rate = re.search(r"\(([0-9.]+) photos a second\)", printed)
        assert rate is not None, printed
        return float(rate[1]), memory

    @contextmanager
    def served(self) -> Iterator[psutil.Process]:
        """Serve the public site in one process."""
        command = [sys.executable, "-m", "gunicorn", "wsgi:public", "--bind", f"127.0.0.1:{PORT}",
                   "--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]  # fmt: skip
        with subprocess.Popen(command, cwd=ROOT, env=self.environment) as process:
            try:
                _wait()
                yield psutil.Process(process.pid)
            finally:
                process.terminate()


def _import_large(bench: Bench, galleries: Sequence[Gallery]) -> None:
    bench.large.mkdir()
    paths = list(dict.fromkeys(one.path for gallery in galleries for one in gallery.shown()))
    for number, path in enumerate(paths[:: max(1, len(paths) // LARGE_PHOTOS)][:LARGE_PHOTOS]):
        with Image.open(path) as image:
            image.convert("RGB").resize(LARGE_SIZE).save(bench.large / f"{number}.jpg", quality=92)
    limit = _limit(sorted(bench.large.iterdir()))
    rate, memory = bench.import_photos(bench.large, bench.folder / "large.csv")
    _tell_import("12 megapixels", LARGE_PHOTOS, rate, limit, memory)


def _import_all(bench: Bench, galleries: Sequence[Gallery]) -> None:
    paths = list(dict.fromkeys(one.path for gallery in galleries for one in gallery.shown()))
    for path in paths:
        target = bench.photos / path.relative_to(path.parents[1])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    limit = _limit(paths[:: max(1, len(paths) // 200)])
    rate, memory = bench.import_photos(bench.photos, bench.folder / "report.csv")
    _tell_import("as they are", len(paths), rate, limit, memory)


def _tell_import(name: str, photos: int, rate: float, limit: float, memory: int) -> None:
    print(
        f"import, {name}: {photos} photos, {rate:.1f} a second (decoding, describing and encoding alone: {limit:.1f}), "
        f"{memory / MEBIBYTE:.0f} MiB at most in all processes",
        flush=True,
    )


def _limit(paths: Sequence[Path]) -> float:
    """Photos a second that the same work takes without database and files, in as many processes."""
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        pool.map(_work, paths[:4])
        started = time.perf_counter()
        pool.map(_work, paths, chunksize=1)
        return len(paths) / (time.perf_counter() - started)


def _work(path: Path) -> int:
    picture = imaging.decode(path.read_bytes(), imaging.Limits())
    described = [
        each for each in imaging.renditions(picture) if each.name.endswith(".jpg") and each.name != "share.jpg"
    ]
    shown = imaging.decode(described[-1].data, imaging.Limits())
    return len(matching.describe(imaging.as_array(shown)).compact())


def _search(bench: Bench, gallery: Gallery, most: int) -> None:
    numbers = _numbers(bench.folder / "report.csv")
    wanted = {one.object_id: numbers[str(one.path.relative_to(one.path.parents[1]))] for one in gallery.shown()
              if one.object_id}  # fmt: skip
    asked = [one for one in gallery.asked() if one.role == "query"][:most]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with bench.served() as process:
        _first_of(browser, asked[0].path.read_bytes())
        times, right = [], 0
        for one in asked:
            photo = one.path.read_bytes()
            started = time.perf_counter()
            right += _first_of(browser, photo) == wanted[one.object_id]
            times.append(time.perf_counter() - started)
        large = [_timed(browser, path.read_bytes()) for path in sorted(bench.large.iterdir())]
        memory = sum(each.memory_info().rss for each in [process, *process.children()])
    print(f"search over HTTP, {len(numbers)} items: {right} of {len(asked)} {gallery.name} queries show theirs first")
    for name, spent in (("as they are", times), ("12 megapixels", large)):
        print(f"  {name}: {np.mean(spent):.2f} s a search, 95 of 100 under {np.percentile(spent, 95):.2f} s")
    print(f"  memory of the server: {memory / MEBIBYTE:.0f} MiB")


def _timed(browser: urllib.request.OpenerDirector, photo: bytes) -> float:
    started = time.perf_counter()
    _first_of(browser, photo)
    return time.perf_counter() - started


def _first_of(browser: urllib.request.OpenerDirector, photo: bytes) -> str:
    """Number of the first object found, empty when there is none."""
    with browser.open(f"{ADDRESS}/recherche") as page:
        field = bs4.BeautifulSoup(page.read(), "html.parser").select_one("#search-form [name=csrf_token]")
    assert field is not None
    given = MultiDict([("csrf_token", field["value"]), ("photos", FileStorage(BytesIO(photo), filename="photo.jpg"))])
    boundary, body = encode_multipart(given)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    with browser.open(urllib.request.Request(f"{ADDRESS}/recherche", body, headers)) as page:
        first = bs4.BeautifulSoup(page.read(), "html.parser").select_one(".found-item .number")
    return first.get_text() if first else ""


def _numbers(report: Path) -> dict[str, str]:
    """Public number of each photo, by its path in the folder."""
    with report.open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1] for row in csv.reader(file)}


def _wait() -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{ADDRESS}/vivant"):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise TimeoutError


@contextmanager
def _watched(pid: int) -> Iterator[list[int]]:
    """The most memory that a process and its children hold while the block runs, looked at ten times a second."""
    peak, ended = [0], threading.Event()

    def look() -> None:
        while not ended.wait(0.1):
            try:
                process = psutil.Process(pid)
                held = sum(each.memory_info().rss for each in [process, *process.children(recursive=True)])
            except psutil.Error:
                continue
            peak[0] = max(peak[0], held)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()

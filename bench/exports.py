"""A large album as an officer gets it from the back office: python -m bench exports [--photos N] [--rate BYTES].

The shipped commands run as they stand: gunicorn and a worker. Printed are the seconds from the button to the file, then
to the last byte for a reader of limited speed, the most memory that the worker held, and what another officer's
pages took meanwhile.
"""

import argparse
import json
import statistics
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from PIL import Image

from tests.factories import VOUCHED
from tests.journeys.service import EMAIL, flask
from tests.servers.test_guide_commands import Visitor, form_of, served, started

SIZE = (2048, 1536)
MEBIBYTE = 2**20


def main(arguments: list[str]) -> None:
    """Print seconds, megabytes and page times."""
    parser = argparse.ArgumentParser(prog="bench exports", description=__doc__)
    parser.add_argument("--photos", type=int, default=500)
    parser.add_argument("--rate", type=float, default=5e6, help="bytes a second that the reader takes")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        instance = Path(name, "instance")
        password = _filled(instance, options.photos)
        with (
            served("gunicorn wsgi:backoffice", instance) as port,
            started("flask --app wsgi:backoffice worker", instance) as worker,
        ):
            officer, colleague = Visitor(port), Visitor(port)
            officer.signs_in(password)
            colleague.signs_in(password)
            with _Pages(colleague) as pages:
                _measure(officer, options.rate)
            print(f"pages of another officer meanwhile: {pages.told()}")
            print(f"most memory: worker {_most_memory(worker.pid):.0f} MiB")


def _measure(officer: Visitor, rate: float) -> None:
    form = form_of(officer.page("/albums/nouveau"))
    began = time.perf_counter()
    told = json.loads(officer.send("/albums/telecharger", form, Accept="application/json").read())
    while told["is_under_way"]:
        time.sleep(0.3)
        told = json.loads(officer.get(told["page"], Accept="application/json").read())
    print(f"{told['total']} photos: the file is there after {time.perf_counter() - began:.1f} s")
    answer = officer.get(told["file"])
    size, got = int(answer.headers["Content-Length"]), 0
    began = time.perf_counter()
    while piece := answer.read(256 * 1024):
        got += len(piece)
        time.sleep(max(0.0, got / rate - (time.perf_counter() - began)))
    print(f"{got / MEBIBYTE:.0f} of {size / MEBIBYTE:.0f} MiB read in {time.perf_counter() - began:.1f} s")


class _Pages:
    """Another officer, who opens the list of items twice a second."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor, self._ends = visitor, threading.Event()
        self._seconds: list[float] = []
        self._thread = threading.Thread(target=self._open)

    def __enter__(self) -> "_Pages":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def told(self) -> str:
        """How long they took."""
        longest, middle = max(self._seconds), statistics.median(self._seconds)
        return f"{len(self._seconds)}, half of them under {middle:.2f} s, the longest {longest:.2f} s"

    def _open(self) -> None:
        while not self._ends.wait(0.5):
            began = time.perf_counter()
            self._visitor.get("/objets").read()
            self._seconds.append(time.perf_counter() - began)


def _filled(instance: Path, photos: int) -> str:
    """Make a unit with this many published items of one photo each; return its officer's password."""
    folder = instance.parent / "photos"
    folder.mkdir()
    for seed in range(photos):
        noise = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), dtype=np.uint8)
        Image.fromarray(noise).resize(SIZE).save(folder / f"{seed:04}.jpg", "JPEG", quality=88)
    flask(instance, "migrate")
    flask(instance, "create-unit", "BTA35", "--name", "Gendarmerie de Vitré", "--departement", "35", "--phone",
          "02 61 91 00 35")  # fmt: skip
    printed = flask(instance, "create-officer", EMAIL, "--unit", "BTA35", "--name", "Camille Le Goff")
    flask(
        instance,
        "import",
        str(folder),
        "--unit",
        "BTA35",
        "--publish",
        *VOUCHED,
        "--undescribed",
        "--category",
        "jewellery",
    )
    return printed.split("once: ")[1].split()[0]


def _most_memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

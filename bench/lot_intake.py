"""The server's part of a drop: python -m bench lot_intake [FOLDER ...] [--photos 300].

With --kept FOLDER --minutes 7 each run drops as many as it has time for into the same case, from where the last run
stopped; what is printed last is of all runs together.

Different real photographs, the largest that there are, enlarged to 12 megapixels with a little noise of their own and
the clock of a camera, are dropped into a case in a real browser, which sends three at a time; then the worker
describes them, looks for them in the gallery and puts them together. Prints photos and seconds of a processor, the
most memory of each process, and beside it the limit: decoding and describing alone, in one process.
"""

import argparse
import json
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import psutil
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect, sync_playwright

from bench._acts import WAIT
from bench._taken import EXIF, FIRST_TAKEN, TAKEN
from bench.pages import ARGUMENTS, CHROMIUM
from gallery import imaging, matching
from gallery.matching.tiers.shipped_model import NAME
from tests.journeys import service as services
from tests.journeys.people import Officer

SIZE = (4000, 3000)
MEBIBYTE = 2**20
OF_THE_LIMIT = 12
AT_ONCE = 10
FOLDERS = [Path("../shared/data"), Path("../shared/wild")]
# From one photo to the next: some are of the same object by the clock, as far as grouping knows.
PAUSE = timedelta(seconds=9)


@dataclass
class Progress:
    """What the runs so far have measured, and how the service of the first of them is entered."""

    password: str = ""
    case: str = ""
    photos: int = 0
    receiving: float = 0.0
    seconds: float = 0.0
    worked: float = 0.0
    most: dict[str, int] = field(default_factory=dict)


def main(arguments: list[str]) -> None:
    """Print the speed and the memory of receiving, and of describing and putting together."""
    parser = argparse.ArgumentParser(prog="bench lot_intake", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=FOLDERS)
    parser.add_argument("--photos", type=int, default=300)
    parser.add_argument("--kept", type=Path, help="where photos and the service stay between runs; else nowhere")
    parser.add_argument("--minutes", type=float, default=600, help="after which this run drops no more")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as passing, sync_playwright() as playwright:
        place = options.kept or Path(passing)
        photos = _written(options.folders, place / "photos", options.photos)
        print(f"{len(photos)} photos of {SIZE[0] * SIZE[1] // 10**6} megapixels", flush=True)
        _tell_limit(photos[:OF_THE_LIMIT])
        progress = _progress(place)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            page = browser.new_page(locale="fr-FR")
            page.set_default_timeout(WAIT)
            _run(page, place, progress, photos[progress.photos :], options.minutes * 60)
        finally:
            browser.close()
        (place / "progress.json").write_text(json.dumps(asdict(progress)))
    _tell("received, all runs", progress.photos, progress.receiving)
    _tell("received, described and put together, all runs", progress.photos, progress.seconds)
    print(f"of a processor, all runs: {progress.worked / progress.photos:.2f} s a photo in the service")
    print("at most", ", ".join(f"{held // MEBIBYTE} MiB in {name}" for name, held in sorted(progress.most.items())))


def _progress(place: Path) -> Progress:
    kept = place / "progress.json"
    return Progress(**json.loads(kept.read_text())) if kept.exists() else Progress()


def _run(page: Page, place: Path, progress: Progress, photos: Sequence[Path], longest: float) -> None:
    service = services.start(place / "instance", with_unit=not progress.password, encoder=NAME)
    service = replace(service, password=progress.password or service.password, email=services.EMAIL)
    try:
        officer = Officer(page, service)
        officer.signs_in()
        if progress.case:
            page.goto(service.address + progress.case)
        else:
            officer.opens_a_case("2026/lot")
        progress.password, progress.case = service.password, page.url.removeprefix(service.address)
        root = psutil.Process(service.process.pid)
        before = _worked(root)
        with _watched(root) as most:
            dropped = _drop(page, photos, progress, longest)
        worked = _worked(root) - before
        print(f"of a processor: {worked / dropped:.2f} s a photo in the service", flush=True)
        progress.worked += worked
        progress.most = {name: max(most.get(name, 0), progress.most.get(name, 0)) for name in most | progress.most}
    finally:
        service.stop()


def _drop(page: Page, photos: Sequence[Path], progress: Progress, longest: float) -> int:
    """Drop photos until the time is over, and return how many."""
    page.goto(f"{page.url}/photos")
    began, dropped = time.perf_counter(), 0
    while dropped < len(photos) and time.perf_counter() < began + longest:
        page.set_input_files("#files", photos[dropped : dropped + AT_ONCE])
        dropped = min(dropped + AT_ONCE, len(photos))
        expect(page.locator("[data-sentence]")).to_contain_text(
            f"Tout est reçu. Photos reçues : {dropped}.", timeout=WAIT
        )
    received = time.perf_counter()
    _tell("received", dropped, received - began)
    page.reload()
    while page.get_by_text("comparée").count():
        page.wait_for_timeout(500)
        page.reload()
    ended = time.perf_counter()
    _tell("described and put together after that", dropped, ended - received)
    _tell("in all", dropped, ended - began)
    progress.photos += dropped
    progress.receiving, progress.seconds = progress.receiving + received - began, progress.seconds + ended - began
    print(f"{page.locator('tr[data-group]').count()} groups on the first page", flush=True)
    return dropped


def _tell_limit(photos: Sequence[Path]) -> None:
    matching.choose_encoder(NAME, Path())
    _decode_and_describe(photos[0])
    own = psutil.Process()
    began, before = time.perf_counter(), _worked(own)
    for path in photos:
        _decode_and_describe(path)
    worked = _worked(own) - before
    _tell("decoding and describing alone, one process", len(photos), time.perf_counter() - began)
    print(f"of a processor: {worked / len(photos):.2f} s a photo alone", flush=True)


def _decode_and_describe(path: Path) -> None:
    picture = imaging.decode(path.read_bytes(), imaging.Limits())
    matching.describe(imaging.as_array(picture))


def _tell(what: str, photos: int, seconds: float) -> None:
    print(f"{what}: {photos / seconds:.2f} photos a second ({seconds:.0f} s)", flush=True)


def _worked(root: psutil.Process) -> float:
    """Seconds of a processor that a process and all that it has started have used so far."""
    seconds = 0.0
    for each in (root, *root.children(recursive=True)):
        with suppress(psutil.Error):
            seconds += sum(each.cpu_times()[:4])
    return seconds


@contextmanager
def _watched(server: psutil.Process) -> Iterator[dict[str, int]]:
    """The most bytes that any process of each kind holds while the block runs, by the kind's name."""
    most: defaultdict[str, int] = defaultdict(int)
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.1):
            for each in server.children(recursive=True):
                with suppress(psutil.Error):
                    kind = _kind_of(each.cmdline())
                    most[kind] = max(most[kind], each.memory_info().rss)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


def _kind_of(command: Sequence[str]) -> str:
    if "worker" in command:
        return "the worker"
    return "a server" if any("gunicorn" in word for word in command) else "a decoder"


def _written(folders: Sequence[Path], place: Path, count: int) -> list[Path]:
    place.mkdir(parents=True, exist_ok=True)
    paths = [place / f"IMG_{number:04}.jpg" for number in range(count)]
    if all(path.exists() for path in paths):
        return paths
    sources = sorted((path for folder in folders for path in folder.rglob("*.jpg")), key=_pixels, reverse=True)
    for number, (source, path) in enumerate(zip(sources[:count], paths, strict=True)):
        _enlarged(source, number).save(path, "JPEG", quality=90, exif=_exif(FIRST_TAKEN + number * PAUSE))
    return paths


def _pixels(path: Path) -> int:
    with Image.open(path) as image:
        return image.width * image.height


def _exif(taken: datetime) -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(EXIF)[TAKEN] = taken.strftime("%Y:%m:%d %H:%M:%S")
    return exif


def _enlarged(path: Path, seed: int) -> Image.Image:
    with Image.open(path) as image:
        large = ImageOps.fit(ImageOps.exif_transpose(image).convert("RGB"), SIZE)
    grain = np.random.default_rng(seed).integers(-4, 5, (SIZE[1], SIZE[0], 1), dtype=np.int16)
    return Image.fromarray(np.clip(np.asarray(large).astype(np.int16) + grain, 0, 255).astype(np.uint8))

"""Whether a browser describes photos as the service does: python -m bench fingerprint [FOLDER] [--queries N].

Debian's chromium describes query photos of every set with the site's own scripts. Each is then ranked by the encoder
alone, as the browser and as the service have described it, among all photos of its set, which the service has described
from their own files. What is described is kept under --kept: with --minutes a run ends early, and the next one goes on.
"""

import argparse
import base64
import hashlib
import pickle
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, Route, sync_playwright

from bench.pages import ARGUMENTS, CHROMIUM, ROOT
from gallery import matching
from gallery.imaging import Limits, as_array
from gallery.imaging.decoding import decode
from gallery.matching.evaluation.dataset import Gallery, read_galleries
from gallery.matching.tiers.encoder import EncoderIndex, Vector, in_use
from gallery.matching.tiers.foreground import find_foreground
from gallery.matching.tiers.reduced import reduce
from gallery.matching.tiers.shipped_model import NAME

ADDRESS = "http://bench.example/"
FIRST = 10
# Beside the page, in a worker, as on the site, Chromium would not play a slower processor.
DESCRIBE = """async () => {
    const part = (name) => import(`/static/public/fingerprint/${name}.js`);
    const [picture, network, own] = await Promise.all(["picture", "network", "describe"].map(part));
    window.network ??= network.networkOf(await (await fetch('/model')).arrayBuffer());
    const began = performance.now();
    const pixels = await picture.pictureOf(document.querySelector("input").files[0]);
    const { bytes } = own.describe(window.network, pixels);
    return [btoa(String.fromCharCode(...bytes)), performance.now() - began];
}"""


# A vector, and the seconds that it took.
Described = tuple[Vector, float]


class Kept:
    """What has been described, one small file each; ends the run with status 3 when its time is over."""

    def __init__(self, folder: Path, minutes: float | None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._ends = time.monotonic() + 60 * minutes if minutes else None

    def described(self, how: str, path: Path, describe: Callable[[Path], Described]) -> Described:
        """What was kept of this photo, described in this way; else describe it now. how: "browser" or "service"."""
        name = hashlib.sha256(f"{how} {path.resolve()} {matching.current_version()}".encode()).hexdigest()[:24]
        file = self._folder / name
        if not file.exists():
            if self._ends and time.monotonic() > self._ends:
                print(f"Time is over, {len(list(self._folder.iterdir()))} photos are described: run it again to go on.")
                sys.exit(3)
            file.write_bytes(pickle.dumps(describe(path)))
        kept: Described = pickle.loads(file.read_bytes())  # noqa: S301  written by the line above
        return kept


def main(arguments: list[str]) -> None:
    """Print how alike the vectors are, and how often the first ten are the same."""
    parser = argparse.ArgumentParser(prog="bench fingerprint", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--queries", type=int, default=40, help="at most this many of each set")
    parser.add_argument("--distractors", type=int, help="at most this many")
    parser.add_argument("--throttle", type=int, default=1, help="how many times slower a processor the browser has")
    parser.add_argument("--kept", type=Path, default=Path("build/fingerprint"), help="folder of what is described")
    parser.add_argument("--minutes", type=float, help="end after this many; the next run goes on")
    options = parser.parse_args(arguments)
    matching.choose_encoder(NAME, Path())
    kept = Kept(options.kept, options.minutes)
    with _page(options.throttle) as page:
        for gallery in read_galleries(options.folder, max_distractors=options.distractors):
            asked = [each.path for each in gallery.asked()]
            asked = asked[:: max(1, len(asked) // options.queries)]
            by_browser = partial(_by_browser, page)
            theirs, seconds = zip(
                *(kept.described(f"browser {options.throttle}", path, by_browser) for path in asked), strict=True
            )
            _print(gallery, asked, theirs, kept)
            print(f"  seconds in the browser: median {np.median(seconds):.2f}, most {max(seconds):.2f}", flush=True)


@contextmanager
def _page(throttle: int) -> Iterator[Page]:
    """A page with the site's scripts, which reaches nothing else."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path == "model":
            route.fulfill(body=matching.model_for_browsers())
        elif path.startswith("static/"):
            route.fulfill(path=ROOT / "gallery" / path, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><input type=file>", content_type="text/html")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.set_default_timeout(300_000)
        page.route("**/*", answer)
        page.goto(ADDRESS)
        if throttle > 1:
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": throttle})
        yield page
        browser.close()


def _by_browser(page: Page, path: Path) -> Described:
    page.locator("input").set_input_files(path)
    text, milliseconds = page.evaluate(DESCRIBE)
    return matching.Fingerprint.from_bytes(base64.b64decode(text)).vector, milliseconds / 1000


def _by_service(path: Path) -> Described:
    began, encoder = time.process_time(), in_use()
    assert encoder is not None
    colour = reduce(as_array(decode(path.read_bytes(), Limits()))).colour
    vector = encoder.encode(colour, find_foreground(colour).object_box, is_drawn=False)
    return vector, time.process_time() - began


def _print(gallery: Gallery, asked: Sequence[Path], theirs: Sequence[Vector], kept: Kept) -> None:
    shown = [each.path for each in gallery.shown()]
    known = {path: kept.described("service", path, _by_service)[0] for path in {*shown, *asked}}
    index = EncoderIndex.of([known[path] for path in shown])
    assert index is not None
    cosines, same, ordered = [], 0, 0
    for path, vector in zip(asked, theirs, strict=True):
        others = np.array([each != path for each in shown])
        ours, browsers = (
            np.argsort(-index.cosines(one)[others], kind="stable")[:FIRST] for one in (known[path], vector)
        )
        cosines.append(_cosine(known[path], vector))
        same += set(ours) == set(browsers)
        ordered += list(ours) == list(browsers)
    print(
        f"{gallery.name}: {len(asked)} queries, {len(shown)} photos; cosine {min(cosines):.5f} at least, "
        f"{np.mean(cosines):.5f} in the mean; first ten the same {same / len(asked):.3f}, "
        f"in the same order {ordered / len(asked):.3f}",
        flush=True,
    )


def _cosine(one: Vector, other: Vector) -> float:
    first, second = one.astype(float), other.astype(float)
    return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))

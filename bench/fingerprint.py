"""Whether a browser describes photos as the service does: python -m bench fingerprint [FOLDER] [--queries N].

Debian's chromium describes query photos of every set with the site's own scripts. Each is then ranked by the encoder
alone, as the browser and as the service have described it, among all photos of its set.
"""

import argparse
import base64
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, Route, sync_playwright

from bench.pages import ARGUMENTS, CHROMIUM, ROOT
from gallery import matching
from gallery.matching.evaluation.dataset import Gallery, read_galleries, read_picture
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
    const bytes = own.describe(window.network, pixels);
    return [btoa(String.fromCharCode(...bytes)), performance.now() - began];
}"""


def main(arguments: list[str]) -> None:
    """Print how alike the vectors are, and how often the first ten are the same."""
    parser = argparse.ArgumentParser(prog="bench fingerprint", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--queries", type=int, default=40, help="at most this many of each set")
    parser.add_argument("--distractors", type=int, help="at most this many")
    parser.add_argument("--throttle", type=int, default=1, help="how many times slower a processor the browser has")
    options = parser.parse_args(arguments)
    matching.choose_encoder(NAME, Path())
    galleries = read_galleries(options.folder, max_distractors=options.distractors)
    known: dict[Path, Vector] = {}
    with _page(options.throttle) as page:
        for gallery in galleries:
            asked = [each.path for each in gallery.asked()]
            asked = asked[:: max(1, len(asked) // options.queries)]
            began = time.process_time()
            theirs, seconds = zip(*(_by_browser(page, path) for path in asked), strict=True)
            _print(gallery, asked, theirs, known)
            print(f"  seconds in the browser: median {np.median(seconds):.2f}, most {max(seconds):.2f}", flush=True)
            print(f"  here {time.process_time() - began:.0f} s of a processor", flush=True)


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


def _by_browser(page: Page, path: Path) -> tuple[Vector, float]:
    page.locator("input").set_input_files(path)
    text, milliseconds = page.evaluate(DESCRIBE)
    return matching.Fingerprint.from_bytes(base64.b64decode(text)).vector, milliseconds / 1000


def _by_service(path: Path) -> Vector:
    encoder, colour = in_use(), reduce(read_picture(path)).colour
    assert encoder is not None
    return encoder.encode(colour, find_foreground(colour).object_box, is_drawn=False)


def _print(gallery: Gallery, asked: Sequence[Path], theirs: Sequence[Vector], known: dict[Path, Vector]) -> None:
    shown = [each.path for each in gallery.shown()]
    for path in {*shown, *asked} - known.keys():
        known[path] = _by_service(path)
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

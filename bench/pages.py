"""What the public pages weigh on a first visit, in a real browser: python -m bench pages [ADDRESS] [--width 375].

Without an address the demo is drawn and served. Each page is opened in a browser that has nothing yet, then scrolled to
its end so that every photo is loaded. Bytes are those that travelled, headers included, as the application itself sends
them: static files compressed, pages not, which a proxy may do besides. Limit: 250 kB for the home page without photos.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
PORT = 5089
START_SECONDS = 300
PAGES = {"home": "/", "gallery": "/objets", "a category": "/objets?categorie=jewellery", "an item": "{item}",
         "search": "/recherche", "help": "/aide", "units": "/unites", "legal": "/mentions"}  # fmt: skip
LIMITS = {"home": 250_000}
PHOTO, OTHER = "photos", "other"
KINDS = {"Document": "HTML", "Stylesheet": "CSS", "Script": "JS", "Font": "fonts"}


@dataclass(frozen=True)
class Weight:
    """What one page made travel. size, requests: by kind; photos are a kind of their own."""

    size: dict[str, int]
    requests: dict[str, int]

    @property
    def without_photos(self) -> int:
        """Bytes of all else."""
        return sum(size for kind, size in self.size.items() if kind != PHOTO)


def main(arguments: list[str]) -> None:
    """Print the weight of each page."""
    parser = argparse.ArgumentParser(prog="bench pages", description=__doc__)
    parser.add_argument("address", nargs="?", help="of a service that runs; without it the demo is served")
    parser.add_argument("--width", type=int, default=375, help="of the window, in CSS pixels, two of the screen's each")
    options = parser.parse_args(arguments)
    if options.address:
        _measure(options.address.rstrip("/"), options.width)
        return
    with demo() as address:
        _measure(address, options.width)


def _measure(address: str, width: int) -> None:
    with urllib.request.urlopen(f"{address}/objets") as answer:
        item = re.search(r'href="(/objets/[0-9A-Z-]+)"', answer.read().decode())
    assert item is not None, "the service has no published item"
    print(f"{'kB':12}" + "".join(f"{name:>9}" for name in ("HTML", "CSS", "JS", "fonts", OTHER))
          + f"{'no photos':>14}{'photos':>16}")  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, path in PAGES.items():
            _print(name, _weigh(browser, address + path.format(item=item[1]), width))
        browser.close()


def _print(name: str, weight: Weight) -> None:
    kinds = "".join(f"{weight.size.get(kind, 0) / 1000:9.1f}" for kind in ("HTML", "CSS", "JS", "fonts", OTHER))
    requests = sum(number for kind, number in weight.requests.items() if kind != PHOTO)
    photos = f"{weight.size.get(PHOTO, 0) / 1000:9.1f} ({weight.requests.get(PHOTO, 0):3})"
    limit = LIMITS.get(name)
    remark = "" if limit is None else f"  {'over' if weight.without_photos > limit else 'under'} {limit / 1000:.0f}"
    print(f"{name:12}{kinds}{weight.without_photos / 1000:9.1f} ({requests:2}){photos}{remark}")


def _weigh(browser: Browser, address: str, width: int) -> Weight:
    """Open a page as a browser that has never seen the site, and load all of it."""
    context = browser.new_context(viewport={"width": width, "height": 800}, device_scale_factor=2, locale="fr-FR")
    page = context.new_page()
    network = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    size: dict[str, int] = defaultdict(int)
    requests: dict[str, int] = defaultdict(int)

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"])
        if kind is not None:
            size[kind] += int(event["encodedDataLength"])
            requests[kind] += 1

    def received(event: dict[str, Any]) -> None:
        # Drawings within the styles travel with them.
        if not event["response"]["url"].startswith("data:"):
            kinds[event["requestId"]] = _kind(event)

    network.on("Network.responseReceived", received)
    network.on("Network.loadingFinished", finished)
    network.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    for _ in range(60):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(60)
    page.wait_for_load_state("networkidle")
    context.close()
    return Weight(dict(size), dict(requests))


def _kind(event: dict[str, Any]) -> str:
    path = event["response"]["url"]
    return PHOTO if "/photos/" in path else KINDS.get(event["type"], OTHER)


@contextmanager
def demo() -> Iterator[str]:
    """Draw the demo, and serve it at the address that is given."""
    address = f"http://127.0.0.1:{PORT}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GALLERY_INSTANCE": folder, "PORT": str(PORT)}
        command = [sys.executable, "-m", "flask", "--app", "wsgi:app", "serve"]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
            try:
                wait_for(address)
                yield address
            finally:
                process.terminate()


def wait_for(address: str) -> None:
    """Return once the service there answers; raise TimeoutError when it never does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/vivant", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise TimeoutError(f"{address} did not answer")

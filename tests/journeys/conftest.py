import os
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests import pictures
from tests.journeys import service as services
from tests.journeys.people import Officer
from tests.journeys.service import Service
from tests.journeys.sorter import Sorter
from tests.selection import CHROMIUM, HEADLESS_SHELL

# A browser as root, without a display, that reaches nothing but the service.
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-features=" + ",".join((
        # Pages of its own that Chromium keeps ready behind each window, which nobody sees: half of what a window costs.
        "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
        # What Playwright turns off; the last list is the one that counts.
        "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
        "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay",
        "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch",
        "ThirdPartyStoragePartitioning",
    )),
]  # fmt: skip
PHONE = {"width": 375, "height": 812}
DESKTOP = {"width": 1280, "height": 900}
REFUSAL = re.compile(r"responded with a status of (400|403|409|410|413|422|429) ")
# A page that comes late is no fault: a test that waits in vain says so all the same.
PATIENCE_MILLISECONDS = 60_000
OPENERS = ((Browser, "new_page"), (Browser, "new_context"), (BrowserType, "launch_persistent_context"))
SCREENSHOTS = os.environ.get("JOURNEY_SCREENSHOTS", "")
expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture(scope="session", autouse=True)
def _clicks_wait_for_scripts() -> Iterator[None]:
    """After a click that leads to another page wait for its scripts: a test is quicker than any person."""
    click = Locator.click

    def and_wait(locator: Locator, **options: Any) -> None:
        click(locator, **options)
        locator.page.wait_for_load_state("domcontentloaded")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locator, "click", and_wait)
        yield


@pytest.fixture(scope="session", autouse=True)
def _pages_are_waited_for() -> Iterator[None]:
    """Whatever opens a page, its acts wait as long as what is expected of it."""

    def patient(opened: Callable[..., Any]) -> Callable[..., Any]:
        def made(*arguments: Any, **options: Any) -> Any:
            page_or_context = opened(*arguments, **options)
            page_or_context.set_default_timeout(PATIENCE_MILLISECONDS)
            return page_or_context

        return made

    with pytest.MonkeyPatch.context() as patch:
        for opener, name in OPENERS:
            patch.setattr(opener, name, patient(getattr(opener, name)))
        yield


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = services.start(tmp_path_factory.mktemp("instance"), with_unit=True)
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    program = HEADLESS_SHELL if HEADLESS_SHELL.exists() else CHROMIUM
    browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
    yield browser
    browser.close()


def is_complaint(line: ConsoleMessage) -> bool:
    """Say whether a line tells of a fault, and not that the service has refused a photo or a form, as it should."""
    return line.type == "error" and not REFUSAL.search(line.text)


@pytest.fixture(scope="session")
def watch(service: Service, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The number of a published item for pages to show; its title has a word that no column is wide enough for."""
    path = tmp_path_factory.mktemp("photos") / "montre.jpg"
    path.write_bytes(pictures.jpeg(pictures.picture(6, kind="watch").resize((800, 600))))
    page = chromium.new_page(locale="fr-FR")
    officer = Officer(page, service)
    officer.signs_in()
    officer.opens_a_case("2026/7782")
    officer.records_an_item("Montre de gousset en argent, anticonstitutionnellement gravée", category="Montres")
    officer.adds_photos(path)
    published = officer.publishes()
    page.close()
    return published


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of its own browser profile; whatever the console complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(size: dict[str, int] = DESKTOP, *, with_scripts: bool = True) -> Page:
        # What a service worker answers, no test can play; test_capture.py and test_installed.py have one.
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            locale="fr-FR",
            java_script_enabled=with_scripts,
            service_workers="block",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if is_complaint(line) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def sorter(service: Service, open_page: Callable[..., Page], tmp_path: Path) -> Sorter:
    sorter = Sorter(open_page(DESKTOP), service)
    sorter.signs_in()
    sorter.opens_a_case(f"2026/{tmp_path.name}")
    sorter.drops(tmp_path, 4)
    return sorter


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keep a screenshot where JOURNEY_SCREENSHOTS says, for a person to look at."""

    def kept(page: Page, name: str) -> None:
        if SCREENSHOTS:
            folder = Path(SCREENSHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{request.node.name}-{name}.png", full_page=True)

    return kept


@dataclass(frozen=True)
class Ring:
    """One ring: the officer's three photos of it, and the victim's own."""

    officers: list[Path]
    victims: Path


@pytest.fixture
def run(request: pytest.FixtureRequest) -> int:
    """Which run of the journey this is: 1, and 2 where it failed and is run again on the same service.

    What the first run has made is still there, and must not be in the way of the second.
    """
    return int(getattr(request.node, "execution_count", 1))


@pytest.fixture
def ring(request: pytest.FixtureRequest, run: int, tmp_path: Path) -> Ring:
    """A ring that no other run shows: turned and in other light for the officer, cropped for the victim."""
    name = request.node.name + " again" * (run - 1)
    drawing = pictures.picture(zlib.crc32(name.encode()), kind="ring").resize((800, 600))
    views = {
        "bague-1.jpg": drawing,
        "bague-2.jpg": pictures.rotated(drawing, 8),
        "bague-3.jpg": pictures.relit(drawing),
        "vacances.jpg": pictures.relit(pictures.cropped(drawing), 1.1),
    }
    for name, view in views.items():
        (tmp_path / name).write_bytes(pictures.jpeg(view, quality=75))
    *officers, victims = (tmp_path / name for name in views)
    return Ring(officers, victims)

"""A folder is dropped into a case: three photos at a time, one a request, paused and resumed."""

from collections.abc import Callable
from pathlib import Path
from secrets import token_bytes

import pytest
from playwright.sync_api import Page, Route, expect

from tests import pictures
from tests.journeys.conftest import DESKTOP
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer
from tests.journeys.service import Service
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AT_ONCE = 3
NAMES = ("bagues/IMG_1.jpg", "bagues/IMG_2.jpg", "montres/IMG_1.jpg", "montres/or/IMG_7.jpg", "IMG_9.jpg")


class Line:
    """A network that lets what is sent to one address through when it is told to."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.held, self.sent = page, list[Route](), 0
        page.route(address, self._hold)

    def _hold(self, route: Route) -> None:
        if route.request.method == "POST":
            self.held.append(route)
            self.sent += 1
        else:
            route.continue_()

    def holds(self, count: int) -> None:
        """Wait until as many are on their way, and see that no more come."""
        wait_until(lambda: self._count() == count, f"{count} photos on their way")
        self.page.wait_for_timeout(300)
        assert self._count() == count

    def lets_through(self) -> None:
        while self.held:
            self.held.pop().continue_()

    def _count(self) -> int:
        # What has happened in the browser comes in while it is asked something.
        self.page.evaluate("1")
        return len(self.held)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of photos, in folders, with what a computer adds by itself."""
    folder = tmp_path / "saisie"
    for seed, name in enumerate(NAMES):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pictures.jpeg(pictures.picture(150 + seed).resize((480, 360)), comment=token_bytes(8)))
    (folder / "Thumbs.db").write_bytes(b"nothing to send")
    return folder


def test_a_folder_goes_three_photos_at_a_time_and_waits_where_it_is_paused(
    service: Service, open_page: Callable[..., Page], folder: Path
) -> None:
    page = open_page(DESKTOP)
    officer = Officer(page, service)
    officer.signs_in()
    officer.opens_a_case("2026/dossier")
    page.get_by_role("link", name="Déposer des photos").click()
    sentence = page.locator("[data-sentence]")
    line = Line(page, page.url)
    page.set_input_files("#folder", folder)
    line.holds(AT_ONCE)
    page.get_by_role("button", name="Mettre en pause").click()
    line.lets_through()
    said = f"En pause : ce qui est reçu est gardé. Photos reçues : {AT_ONCE} sur {len(NAMES)}."
    expect(sentence).to_contain_text(said, timeout=UPLOAD_MILLISECONDS)
    line.holds(0)
    page.get_by_role("button", name="Reprendre").click()
    line.holds(len(NAMES) - AT_ONCE)
    line.lets_through()
    expect(sentence).to_contain_text(f"Tout est reçu. Photos reçues : {len(NAMES)}.", timeout=UPLOAD_MILLISECONDS)
    assert line.sent == len(NAMES)
    expect(page.locator("li[data-photo]")).to_have_count(len(NAMES))

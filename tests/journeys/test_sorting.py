"""An officer sorts dropped photos, names the objects and publishes them without touching the mouse; then drags one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import pictures
from tests.journeys.conftest import DESKTOP
from tests.journeys.people import Officer
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]


class Sorter:
    """An officer at the sorting table."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, page.keyboard

    def drops(self, folder: Path, count: int) -> None:
        """Photos without a clock, so that each is an object of its own until somebody says more."""
        paths = [folder / f"photo-{seed}.jpg" for seed in range(count)]
        for seed, path in enumerate(paths):
            path.write_bytes(pictures.jpeg(pictures.picture(60 + seed).resize((480, 360))))
        self.page.get_by_role("link", name="Déposer des photos").click()
        self.page.set_input_files("#files", paths)
        expect(self.rows).to_have_count(count)

    @property
    def rows(self) -> Locator:
        return self.page.locator("tr[data-group]")

    def at(self, row: int, cell: str) -> Locator:
        return self.rows.nth(row).locator(f"[data-cell={cell}]").first

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.keys.press(key)

    def tabs_to(self, place: Locator) -> None:
        """Press Tab until the focus is there: nothing on the way holds it."""
        for _ in range(120):
            if place.evaluate("each => each === document.activeElement"):
                return
            self.keys.press("Tab")
        raise AssertionError(f"Tab does not reach {place}")


@pytest.fixture
def sorter(service: Service, open_page: Opened, tmp_path: Path) -> Sorter:
    page = open_page(DESKTOP)
    officer, sorter = Officer(page, service), Sorter(page)
    officer.signs_in()
    officer.opens_a_case("2026/tri-au-clavier")
    sorter.drops(tmp_path, 3)
    return sorter


def joins_and_takes_back(sorter: Sorter) -> None:
    sorter.at(0, "photo").focus()
    sorter.presses("Space", "ArrowDown", "Space")
    expect(sorter.at(1, "photo")).to_be_focused()
    sorter.page.get_by_role("button", name="C’est un seul objet").focus()
    sorter.presses("Enter")
    expect(sorter.rows).to_have_count(2)
    sorter.at(0, "objet").focus()
    sorter.presses("Control+z")
    expect(sorter.rows).to_have_count(3)


def names_the_first(sorter: Sorter) -> None:
    sorter.tabs_to(sorter.at(0, "titre"))
    sorter.keys.type("Pendule")
    # The caret is at the end, so the arrow leaves the field; Enter goes down its column.
    sorter.presses("ArrowRight")
    expect(sorter.at(0, "categorie")).to_be_focused()
    sorter.keys.type("Horl")
    sorter.presses("Enter")
    expect(sorter.at(1, "categorie")).to_be_focused()
    sorter.presses("ArrowUp", "ArrowLeft")
    expect(sorter.at(0, "titre")).to_be_focused()


def test_photos_are_sorted_and_published_by_keyboard_alone(sorter: Sorter) -> None:
    page = sorter.page
    joins_and_takes_back(sorter)
    names_the_first(sorter)
    sorter.tabs_to(sorter.at(1, "accepter"))
    page.locator("[value=tout-accepter]").focus()
    sorter.presses("Enter")
    expect(page.locator("tr.is-proposed")).to_have_count(0)
    sorter.tabs_to(page.locator("#verifie"))
    sorter.presses("Space")
    sorter.tabs_to(page.get_by_role("button", name="Créer les fiches et publier"))
    sorter.presses("Enter")
    expect(page.locator("#messages")).to_contain_text("Un objet est publié.")
    expect(page.locator(".lot-made a")).to_have_count(1)
    expect(sorter.rows).to_have_count(2)
    check(page)

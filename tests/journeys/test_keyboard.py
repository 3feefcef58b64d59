"""Whole journeys without a mouse: every stop of the Tab key shows where it is, and what matters can be done."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests import pictures
from tests.journeys.conftest import DESKTOP, PHONE, Ring
from tests.journeys.focus import SHOWS_FOCUS
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer, Victim
from tests.journeys.service import Service
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
MAX_STOPS = 120


class Keyboard:
    """Someone who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, page.keyboard

    def goes_to(self, selector: str) -> None:
        """Press Tab until the focus is there; fail at a stop that does not show itself.

        Not before the page has come whole: only then a browser puts the focus where the address points to.
        """
        self.page.wait_for_load_state()
        for _ in range(MAX_STOPS):
            self.keys.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                continue
            assert self.page.evaluate(SHOWS_FOCUS), self.page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"Tab does not reach {selector}")

    def chooses(self, selector: str, path: Path) -> None:
        """Choose a file there. A browser that is busy may let a press of the key go by, so it is pressed again."""
        for _ in range(6):
            if not self.page.locator(selector).evaluate("field => field === document.activeElement"):
                self.goes_to(selector)
            try:
                with self.page.expect_file_chooser(timeout=5_000) as chooser:
                    self.keys.press("Space")
            except TimeoutError:
                continue
            chooser.value.set_files(path)
            return
        raise AssertionError(f"no file can be chosen with {selector}")

    def presses(self, selector: str, key: str = "Enter") -> None:
        self.goes_to(selector)
        self.keys.press(key)


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two photos of a watch."""
    folder = tmp_path_factory.mktemp("photos")
    for seed in (31, 32):
        drawing = pictures.picture(seed, kind="watch").resize((800, 600))
        (folder / f"montre-{seed}.jpg").write_bytes(pictures.jpeg(drawing))
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def number(service: Service, chromium: object, photos: list[Path]) -> str:
    """A published item with both photos."""
    page = chromium.new_page(locale="fr-FR")  # type: ignore[attr-defined]
    officer = Officer(page, service)
    officer.signs_in()
    officer.opens_a_case("2026/clavier-public")
    officer.records_an_item("Montre à complications", category="Montres")
    officer.adds_photos(*photos)
    published = officer.publishes()
    page.close()
    return published


def test_a_victim_searches_by_photo(service: Service, open_page: Opened, number: str, photos: list[Path]) -> None:
    page = open_page(DESKTOP)
    someone = Keyboard(page)
    page.goto(service.address)
    someone.presses(".opening-way a")
    page.wait_for_url("**/recherche")
    page.wait_for_load_state("networkidle")
    someone.chooses("#photos", photos[0])
    someone.presses(".previews button")
    said = page.locator("[data-box-said]")
    expect(page.locator("cropper-selection")).to_be_focused()
    assert page.evaluate(SHOWS_FOCUS)
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        someone.keys.press(key)
    expect(said).to_have_text("Le cadre va de 16 à 86 pour cent de la largeur, et de 17 à 87 pour cent de la hauteur.")
    for key in ("Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowUp"):
        someone.keys.press(key)
    expect(said).to_have_text("Le cadre va de 16 à 84 pour cent de la largeur, et de 17 à 86 pour cent de la hauteur.")
    someone.presses("[data-box-keep]")
    expect(page.locator("[data-results-heading]")).to_be_focused(timeout=UPLOAD_MILLISECONDS)
    someone.presses(".found-item h4 a")
    expect(page.locator(".big-number")).to_be_visible()


def test_a_box_that_was_drawn_is_taken_up_again(service: Service, open_page: Opened, ring: Ring) -> None:
    page = open_page(PHONE)
    page.goto(f"{service.address}/recherche")
    page.set_input_files("#photos", ring.victims)
    page.get_by_role("button", name="Entourer l’objet").click()
    expect(page.locator("cropper-selection")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    page.get_by_role("button", name="Garder ce cadre").click()
    page.get_by_role("button", name="Objet entouré").click()
    expect(page.locator("cropper-selection")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-box-said]")).to_contain_text("de 14 à 81 pour cent de la largeur")
    page.get_by_role("button", name="vers la droite").click()
    page.get_by_role("button", name="moins large").click()
    expect(page.locator("[data-box-said]")).to_contain_text("de 19 à 81 pour cent de la largeur")


def test_a_victim_looks_at_photos_in_the_viewer(service: Service, open_page: Opened, number: str) -> None:
    victim = Victim(open_page(DESKTOP), service)
    page, someone = victim.page, Keyboard(victim.page)
    page.goto(f"{service.address}/objets/{number}")
    page.wait_for_load_state("networkidle")
    someone.presses(".photo-viewer a")
    expect(page.locator(".pswp--open")).to_be_visible()
    counter = page.locator(".pswp__counter")
    # While the viewer opens it does not listen; of two photos, the second has none after it.
    wait_until(lambda: someone.keys.press("ArrowRight") or counter.inner_text() == "2 sur 2", "the second photo")
    viewer = page.get_by_role("dialog", name="Photos de l’objet")
    expect(viewer).to_have_attribute("aria-modal", "true")
    expect(viewer.get_by_role("status")).to_contain_text("Photo 2 sur 2")
    victim.closes_the_photo()
    expect(page.locator(".photo-viewer a").first).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["375", "1280"])
def test_a_victim_filters_the_gallery(service: Service, open_page: Opened, number: str, size: dict[str, int]) -> None:
    page = open_page(size)
    someone = Keyboard(page)
    page.goto(f"{service.address}/objets")
    if size is PHONE:
        someone.presses(".filters > summary")
    someone.presses("input[name=departement]", "Space")
    someone.presses(".gallery-form > .filter-button button")
    expect(page.locator(".in-force .chip")).to_have_count(1)
    someone.presses(".in-force .chip")
    expect(page.locator(".in-force .chip")).to_have_count(0)
    someone.presses(".item-card a")
    expect(page.locator(".big-number")).to_be_visible()


def test_an_officer_publishes_and_withdraws(service: Service, open_page: Opened, ring: Ring) -> None:
    page = open_page(DESKTOP)
    officer, someone = Officer(page, service), Keyboard(page)
    page.goto(f"{service.address}/agents/")
    someone.goes_to("#email")
    someone.keys.type(service.email)
    someone.goes_to("#password")
    someone.keys.type(service.password)
    someone.keys.press("Enter")
    officer.sees_heading("Objets")
    officer.opens_a_case("2026/clavier-agent")
    officer.records_an_item("Bague au clavier", category="Bijoux")
    officer.adds_photos(ring.officers[0])
    someone.goes_to("#verifie")
    someone.keys.press("Space")
    someone.presses("#publication button")
    expect(page.locator("#publication")).to_contain_text("Le public voit cet objet")
    someone.presses("#act-entourer")
    expect(page.locator("cropper-selection")).to_be_visible()
    page.wait_for_load_state("networkidle")
    someone.goes_to("cropper-selection")
    someone.keys.press("Shift+ArrowRight")
    expect(page.locator("#right")).to_have_value("86")
    expect(page.locator("[data-box-said]")).to_contain_text("de 15 à 86 pour cent de la largeur")
    someone.presses("main .btn-primary")
    expect(page.locator("#messages")).to_contain_text("Le cadre est enregistré.")
    someone.presses("#publication form button")
    expect(page.locator("#messages")).to_contain_text("le public ne le voit plus")
    someone.presses("#act-supprimer")
    expect(page.get_by_role("button", name="Annuler la suppression")).to_be_visible()
    someone.presses("[id^=undo-]")
    expect(page.locator("#messages")).to_contain_text("La photo est revenue")
    expect(page.locator(".photo-card")).to_be_focused()

"""An officer sorts dropped photos, names the objects and publishes them without touching the mouse."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests import pictures
from tests.journeys.conftest import DESKTOP
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
MOST_TABS = 60


class Sorter(Officer):
    """An officer at the sorting table, by keyboard alone."""

    def drops(self, folder: Path, count: int) -> None:
        """Photos without a clock, so that each is an object of its own until somebody says more."""
        paths = [folder / f"photo-{seed}.jpg" for seed in range(count)]
        for seed, path in enumerate(paths):
            path.write_bytes(pictures.jpeg(pictures.picture(60 + seed).resize((480, 360))))
        self.page.get_by_role("link", name="Déposer des photos").click()
        self.page.set_input_files("#files", paths)
        expect(self.rows).to_have_count(count, timeout=UPLOAD_MILLISECONDS)

    @property
    def rows(self) -> Locator:
        return self.page.locator("tr[data-group]")

    def at(self, row: int, cell: str) -> Locator:
        return self.rows.nth(row).locator(f"[data-cell={cell}]").first

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tabs_to(self, place: Locator, key: str = "Tab") -> None:
        """Press Tab until the focus is there: nothing on the way holds it."""
        for _ in range(MOST_TABS):
            if place.evaluate("each => each === document.activeElement"):
                return
            self.presses(key)
        raise AssertionError(f"{key} does not reach {place}")

    def presses_button(self, name: str) -> None:
        self.tabs_to(self.button(name), "Shift+Tab")
        self.presses("Enter")

    def sees(self, *photos: int) -> None:
        """How many photos each object has."""
        expect(self.rows).to_have_count(len(photos))
        for row, count in enumerate(photos):
            expect(self.rows.nth(row).locator("li[data-photo]")).to_have_count(count)


@pytest.fixture
def sorter(service: Service, open_page: Opened, tmp_path: Path) -> Sorter:
    sorter = Sorter(open_page(DESKTOP), service)
    sorter.signs_in()
    sorter.opens_a_case(f"2026/{tmp_path.name}")
    sorter.drops(tmp_path, 4)
    return sorter


def joins_and_takes_back(sorter: Sorter) -> None:
    sorter.at(0, "photo").focus()
    sorter.presses("Space", "ArrowDown", "Space")
    expect(sorter.at(1, "photo")).to_be_focused()
    sorter.presses_button("C’est un seul objet")
    sorter.sees(2, 1, 1)
    sorter.tabs_to(sorter.at(2, "joindre"))
    sorter.presses("Enter")
    sorter.sees(2, 2)
    sorter.presses("Control+z")
    sorter.sees(2, 1, 1)


def cuts_and_moves(sorter: Sorter) -> None:
    sorter.at(0, "couper").focus()
    sorter.presses("Enter")
    sorter.sees(1, 1, 1, 1)
    sorter.at(2, "photo").focus()
    sorter.presses("Space")
    sorter.tabs_to(sorter.page.locator("#vers"), "Shift+Tab")
    sorter.presses("Home", "Tab", "Enter")
    sorter.sees(2, 1, 1)


def names_and_fills(sorter: Sorter) -> None:
    sorter.at(0, "titre").focus()
    sorter.page.keyboard.type("Pendule")
    # The caret is at the end, so the arrow leaves the field; Enter goes down its column.
    sorter.presses("ArrowRight")
    expect(sorter.at(0, "categorie")).to_be_focused()
    sorter.presses("Enter")
    expect(sorter.at(1, "categorie")).to_be_focused()
    sorter.at(0, "objet").focus()
    sorter.presses("Space", "ArrowDown", "Space")
    sorter.tabs_to(sorter.page.locator("#categorie-tous"))
    sorter.page.keyboard.type("Horl")
    sorter.tabs_to(sorter.button("Remplir les objets cochés"))
    sorter.presses("Enter")
    expect(sorter.at(1, "categorie")).to_have_value("clocks")
    expect(sorter.at(0, "titre")).to_have_value("Pendule")


def writes_on_two_devices(sorter: Sorter) -> None:
    """A name and a proposal accepted on another page of the same table, and then a name on this page, older now."""
    other = Sorter(sorter.page.context.new_page(), sorter.service)
    other.page.goto(sorter.page.url)
    other.at(1, "titre").fill("Cartel")
    other.page.evaluate("document.dispatchEvent(new Event('desk:refresh'))")
    expect(other.at(1, "titre")).to_have_attribute("value", "Cartel")
    other.at(2, "accepter").click()
    expect(other.at(2, "accepter")).to_have_count(0)
    other.page.close()
    sorter.at(2, "titre").fill("Montre")


def test_photos_are_sorted_and_published_by_keyboard_alone(sorter: Sorter) -> None:
    page = sorter.page
    joins_and_takes_back(sorter)
    cuts_and_moves(sorter)
    names_and_fills(sorter)
    writes_on_two_devices(sorter)
    sorter.at(2, "objet").focus()
    sorter.tabs_to(page.locator("[value=tout-accepter]"), "Shift+Tab")
    sorter.presses("Enter")
    expect(page.locator("tr.is-proposed")).to_have_count(0)
    expect(sorter.at(1, "titre")).to_have_value("Cartel")
    expect(sorter.at(2, "titre")).to_have_value("Montre")
    check(page)
    sorter.tabs_to(page.locator("#verifie"))
    sorter.presses("Space")
    sorter.tabs_to(sorter.button("Créer les fiches et publier"))
    sorter.presses("Enter")
    expect(page.locator("#messages")).to_contain_text("2 objets sont publiés.")
    expect(page.locator(".lot-made a")).to_have_count(2)
    sorter.sees(1)


def loses_the_next_answer(sorter: Sorter) -> None:
    """The service does what it is asked, and the network goes before more than the beginning of its answer comes."""

    def lose(route: Route) -> None:
        route.fulfill(body=route.fetch().body()[:20])

    sorter.page.route("**/trier", lose, times=1)


def test_what_was_done_without_an_answer_is_done_once_and_no_words_are_asked_about(sorter: Sorter) -> None:
    title, period = sorter.at(0, "titre"), sorter.at(0, "epoque")
    title.fill("Montre")
    loses_the_next_answer(sorter)
    sorter.at(1, "joindre").click()
    expect(sorter.page.locator("[data-sorted]")).to_have_text("Le service n’a pas répondu comme prévu.")
    sorter.sees(1, 1, 1, 1)
    title.fill("Montre en or")
    period.fill("1930")
    sorter.at(1, "joindre").click()
    sorter.sees(2, 1, 1)
    expect(sorter.at(0, "titre")).to_have_value("Montre en or")
    expect(sorter.page.locator("#messages")).to_have_text("")
    loses_the_next_answer(sorter)
    sorter.page.get_by_role("button", name="Annuler le dernier classement").click()
    expect(sorter.page.locator("[data-sorted]")).to_have_text("Le service n’a pas répondu comme prévu.")
    # Another act: what was taken back stays so, and nothing more is.
    sorter.at(1, "joindre").click()
    sorter.sees(1, 2, 1)
    sorter.page.reload()
    sorter.sees(1, 2, 1)


def test_an_act_that_says_something_else_than_the_unheard_one_is_done_too(sorter: Sorter) -> None:
    category, said = sorter.page.locator("#categorie-tous"), sorter.page.locator("[data-sorted]")
    sorter.at(0, "objet").check()
    category.select_option("watches")
    loses_the_next_answer(sorter)
    sorter.button("Remplir les objets cochés").click()
    expect(said).to_have_text("Le service n’a pas répondu comme prévu.")
    category.select_option("jewellery")
    sorter.button("Remplir les objets cochés").click()
    expect(sorter.at(0, "categorie")).to_have_value("jewellery")
    sorter.page.locator("[value=tout-accepter]").click()
    expect(sorter.page.locator("tr.is-proposed")).to_have_count(0)
    loses_the_next_answer(sorter)
    sorter.button("Créer les fiches et publier").click()
    expect(said).to_have_text("Le service n’a pas répondu comme prévu.")
    sorter.page.locator("#verifie").check()
    sorter.button("Créer les fiches et publier").click()
    expect(sorter.page.locator("#messages")).to_contain_text("Un objet est publié.")


def loses_the_next_act(sorter: Sorter) -> None:
    """It never comes to the service; a proxy answers in its place."""
    sorter.page.route("**/trier", lambda route: route.fulfill(body="<h1>Panne</h1>"), times=1)


def vouches_and_publishes(sorter: Sorter) -> None:
    sorter.page.locator("#verifie").check()
    sorter.button("Créer les fiches et publier").click()


def test_nothing_is_published_but_by_a_press_of_that_moment(sorter: Sorter) -> None:
    page, said = sorter.page, sorter.page.locator("[data-sorted]")
    made = page.locator(".lot-made a")
    page.locator("[value=tout-accepter]").click()
    expect(page.locator("tr.is-proposed")).to_have_count(0)
    for row in (0, 1):
        sorter.at(row, "categorie").select_option("watches")
    sorter.at(0, "titre").fill("Montre")
    loses_the_next_act(sorter)
    vouches_and_publishes(sorter)
    expect(said).to_have_text("Le service n’a pas répondu comme prévu.")
    # The officer thinks better of it: neither the network nor another act publishes what was asked for before.
    page.locator("#verifie").uncheck()
    for event in ("window.dispatchEvent(new Event('online'))", "document.dispatchEvent(new Event('desk:refresh'))"):
        page.evaluate(event)
    sorter.at(0, "public-period").click()
    expect(sorter.at(0, "public-period")).to_have_text("Caché")
    sorter.sees(1, 1, 1, 1)
    expect(made).to_have_count(0)
    # Lost again; pressed again with a better title, it is that one which is published.
    loses_the_next_act(sorter)
    vouches_and_publishes(sorter)
    expect(said).to_have_text("Le service n’a pas répondu comme prévu.")
    sorter.at(0, "titre").fill("Montre de gousset")
    sorter.button("Créer les fiches et publier").click()
    expect(page.locator("#messages")).to_contain_text("2 objets sont publiés.")
    made.first.click()
    expect(page.locator("h1")).to_contain_text("Montre de gousset")


def test_what_was_published_without_an_answer_is_told_when_the_button_is_pressed_again(sorter: Sorter) -> None:
    page = sorter.page
    page.locator("[value=tout-accepter]").click()
    expect(page.locator("tr.is-proposed")).to_have_count(0)
    sorter.at(0, "categorie").select_option("watches")
    loses_the_next_answer(sorter)
    vouches_and_publishes(sorter)
    expect(page.locator("[data-sorted]")).to_have_text("Le service n’a pas répondu comme prévu.")
    sorter.button("Créer les fiches et publier").click()
    sorter.sees(1, 1, 1)
    expect(page.locator(".lot-made a")).to_have_count(1)
    expect(page.locator("#messages")).to_contain_text("3 objets ne sont pas prêts.")


def test_ticks_and_focus_outlast_an_answer(sorter: Sorter) -> None:
    page = sorter.page
    sorter.at(1, "titre").fill("Montre")
    sorter.at(1, "objet").check()
    sorter.at(2, "photo").check()
    page.evaluate("document.dispatchEvent(new Event('desk:refresh'))")
    expect(sorter.at(1, "titre")).to_have_attribute("value", "Montre")
    expect(sorter.at(1, "objet")).to_be_checked()
    expect(sorter.at(2, "photo")).to_be_checked()
    sorter.button("C’est un seul objet").focus()
    sorter.presses("Enter")
    sorter.sees(1, 2, 1)
    expect(page.locator("#waiting input:checked")).to_have_count(0)
    expect(sorter.button("C’est un seul objet")).to_be_focused()
    page.locator("[value=tout-accepter]").focus()
    sorter.presses("Enter")
    expect(page.locator("[value=tout-accepter]")).to_have_count(0)
    expect(sorter.button("C’est un seul objet")).to_be_focused()

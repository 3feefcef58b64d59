"""An officer at the sorting table: methods read as what a person does there."""

from pathlib import Path
from secrets import token_bytes

from playwright.sync_api import Locator, Route, expect

from tests import pictures
from tests.journeys.focus import SHOWS_FOCUS
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer

MOST_TABS = 60
# The key that leads from where the focus is to a place of the page, or nothing once it is there.
WHERE_FROM_FOCUS = """place => place === document.activeElement ? ''
  : place.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING ? 'Shift+Tab' : 'Tab'"""


class Sorter(Officer):
    """An officer at the sorting table."""

    def drops(self, folder: Path, count: int) -> None:
        """Photos without a clock, so that each is an object of its own until somebody says more.

        Files of their own each time: what an object of the unit has already is asked about.
        """
        paths = [folder / f"photo-{seed}.jpg" for seed in range(count)]
        for seed, path in enumerate(paths):
            path.write_bytes(pictures.jpeg(pictures.picture(60 + seed).resize((480, 360)), comment=token_bytes(8)))
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

    def reaches(self, place: Locator) -> None:
        """Go there with Tab, or back with Shift+Tab: nothing on the way holds the focus, and each stop shows it."""
        for _ in range(MOST_TABS):
            assert self.page.evaluate(SHOWS_FOCUS), self.page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
            where = place.evaluate(WHERE_FROM_FOCUS)
            if not where:
                return
            self.presses(where)
        raise AssertionError(f"Tab does not reach {place}")

    def presses_button(self, name: str) -> None:
        self.tabs_to(self.button(name), "Shift+Tab")
        self.presses("Enter")

    def sees(self, *photos: int) -> None:
        """How many photos each object has."""
        expect(self.rows).to_have_count(len(photos))
        for row, count in enumerate(photos):
            expect(self.rows.nth(row).locator("li[data-photo]")).to_have_count(count)

    def vouches_and_publishes(self) -> None:
        self.page.locator("#verifie").check()
        self.button("Créer les fiches et publier").click()

    def accepts_all(self) -> None:
        self.page.locator("[value=tout-accepter]").click()
        expect(self.page.locator("tr.is-proposed")).to_have_count(0)

    def sees_what_has_come(self) -> None:
        """The table anew, as when photos have come."""
        with self.page.expect_response("**/trier"):
            self.page.evaluate("document.dispatchEvent(new Event('desk:refresh'))")
        self.settles()

    def settles(self) -> None:
        """Nothing is on its way any more."""
        expect(self.page.locator("[data-sorting]:not([aria-busy])")).to_be_visible()

    def loses_the_next_answer(self) -> None:
        """The service does what it is asked; the network goes before more than the beginning of its answer comes."""

        def lose(route: Route) -> None:
            route.fulfill(body=route.fetch().body()[:20])

        self.page.route("**/trier", lose, times=1)

    def loses_the_next_act(self) -> None:
        """It never comes to the service; a proxy answers in its place."""
        self.page.route("**/trier", lambda route: route.fulfill(body="<h1>Panne</h1>"), times=1)

    def hears_nothing(self) -> None:
        expect(self.page.locator("[data-sorted]")).to_contain_text("Le service n’a pas répondu comme prévu.")

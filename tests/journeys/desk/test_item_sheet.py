"""An object's sheet while photos come and the line goes: what is written, ticked or still to be sent stays."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests import pictures
from tests.journeys.conftest import DESKTOP
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer
from tests.journeys.service import Service
from tests.journeys.sorting.test_drop import Line

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORDS = "Un vase bleu, vu de face"
REFRESH = "document.dispatchEvent(new Event('desk:refresh'))"
LOOK_AGAIN = "document.dispatchEvent(new CustomEvent('desk:refresh', { detail: 'unattended' }))"


@pytest.fixture
def desk(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser of its own, whose console may complain that there is no network."""
    context = chromium.new_context(viewport=DESKTOP, locale="fr-FR", service_workers="block")  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{each}.jpg" for each in range(3)]
    for place, path in enumerate(paths):
        path.write_bytes(pictures.jpeg(pictures.picture(970 + place).resize((480, 360))))
    return paths


class Describer(Officer):
    """An officer who describes the photos of an object."""

    def opens_a_sheet(self, title: str, *photos: Path) -> None:
        self.signs_in()
        self.opens_a_case("2026/fiche")
        self.records_an_item(title, category="Autres objets")
        self.adds_photos(*photos)
        # A page that was left, or loaded anew, does not have it.
        self.page.evaluate("window.isStillHere = true")

    def describes_the_first(self) -> None:
        """Begin to: it is not sent."""
        card = self.page.locator(".photo-card").first
        card.locator("summary").click()
        card.get_by_label("Ce que montre la photo").fill(WORDS)

    def finds_all_as_it_was(self) -> None:
        assert self.page.evaluate("window.isStillHere")
        words = self.page.locator(".photo-card").first.get_by_label("Ce que montre la photo")
        expect(words).to_be_visible()
        expect(words).to_have_value(WORDS)


def test_a_photo_that_the_line_did_not_take_waits_with_what_is_written(
    service: Service, desk: BrowserContext, photos: list[Path]
) -> None:
    officer = Describer(desk.new_page(), service)
    officer.opens_a_sheet("Vase de la ligne", photos[0])
    officer.describes_the_first()
    page = officer.page
    desk.set_offline(True)
    page.locator("#files").set_input_files(photos[1])
    failed = page.locator("[data-list] li.is-refused")
    expect(failed).to_contain_text("La connexion a été coupée.")
    expect(page.locator("#messages")).to_contain_text("cette page n’est peut-être pas à jour")
    officer.finds_all_as_it_was()
    # An act that is not heard leaves the page no more than that.
    page.get_by_role("button", name="Droite").click()
    expect(page.locator("#messages")).to_contain_text("appuyez de nouveau")
    officer.finds_all_as_it_was()

    desk.set_offline(False)
    failed.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".photo-card")).to_have_count(2, timeout=UPLOAD_MILLISECONDS)
    expect(page.locator("#messages")).to_be_empty()
    officer.finds_all_as_it_was()


def test_after_the_sessions_end_nothing_is_lost_either(
    service: Service, desk: BrowserContext, photos: list[Path]
) -> None:
    officer = Describer(desk.new_page(), service)
    officer.opens_a_sheet("Vase de la nuit", photos[0])
    officer.describes_the_first()
    desk.clear_cookies()
    officer.page.locator("#files").set_input_files(photos[1])
    expect(officer.page.locator("[data-list] li.is-refused")).to_contain_text("Votre session est terminée")
    expect(officer.page.locator("#messages")).to_contain_text("Votre session est terminée")
    officer.finds_all_as_it_was()


def test_a_sheet_that_comes_anew_leaves_focus_caret_and_ticks(
    service: Service, open_page: Callable[..., Page], photos: list[Path]
) -> None:
    officer = Describer(open_page(), service)
    officer.opens_a_sheet("Vase du clavier", *photos[:2])
    page = officer.page
    page.locator("[name=photos]").nth(1).check()
    officer.describes_the_first()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.locator("#history-title").evaluate("title => title.append(' (ancien)')")
    page.evaluate(REFRESH)
    expect(page.locator("#history-title")).to_have_text("Historique")
    officer.finds_all_as_it_was()
    page.keyboard.type("x")
    typed = page.locator(".photo-card").first.get_by_label("Ce que montre la photo")
    expect(typed).to_have_value(f"{WORDS[:-3]}x{WORDS[-3:]}")
    expect(page.locator("[name=photos]").nth(1)).to_be_checked()
    expect(page.locator("[name=photos]").nth(0)).not_to_be_checked()


def test_acts_in_a_hurry_are_done_once_each_without_leaving_the_sheet(
    service: Service, open_page: Callable[..., Page], photos: list[Path]
) -> None:
    officer = Describer(open_page(), service)
    officer.opens_a_sheet("Vase pressé", *photos[:2])
    page = officer.page
    line = Line(page, "**/photos/choisies")
    page.locator("[name=photos]").first.check()
    page.get_by_role("button", name="Droite").dblclick()
    page.get_by_role("button", name="Masquer").click()
    line.holds(1)
    line.lets_through()
    # The second act waits for the first.
    line.holds(1)
    line.lets_through()
    expect(page.locator(".photo-card").first).to_contain_text("Masquée du public")
    line.holds(0)
    assert line.sent == 2
    assert page.evaluate("window.isStillHere")


def test_a_page_that_looks_again_says_nothing_of_a_service_that_restarts(
    service: Service, desk: BrowserContext
) -> None:
    officer = Officer(desk.new_page(), service)
    officer.signs_in()
    officer.opens("/albums/fichiers")
    page = officer.page
    answered = list[int]()

    def restart(route: Route) -> None:
        answered.append(503)
        route.fulfill(status=503, body="")

    page.route("**/agents/albums/fichiers", restart)
    with page.expect_response("**/agents/albums/fichiers"):
        page.evaluate(LOOK_AGAIN)
    page.unroute("**/agents/albums/fichiers")
    desk.set_offline(True)
    page.evaluate(LOOK_AGAIN)
    page.wait_for_timeout(300)
    assert answered == [503]
    expect(page.locator("#messages")).to_be_empty()

    desk.set_offline(False)
    desk.clear_cookies()
    page.evaluate(LOOK_AGAIN)
    expect(page.locator("#messages [role=alert]")).to_contain_text("Votre session est terminée")
    assert page.url.endswith("/agents/albums/fichiers")


def test_whoever_goes_through_a_list_by_keys_stays_where_they_are(service: Service, desk: BrowserContext) -> None:
    officer = Officer(desk.new_page(), service)
    officer.signs_in()
    officer.opens("/albums/fichiers")
    page = officer.page
    # A button by its words, in what has an id: as « Effacer » of one file while another is made.
    entry = '<ul><li id="fichier-1"><button>Refaire</button> <button>Effacer</button></li></ul>'

    def list_of_one(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("data-refresh>", f"data-refresh>{entry}"))

    page.route("**/agents/albums/fichiers", list_of_one)
    page.reload()
    page.get_by_role("button", name="Effacer").focus()
    page.locator("#fichier-1").evaluate("each => { each.isOld = true; }")
    page.evaluate(LOOK_AGAIN)
    page.wait_for_function("() => !document.getElementById('fichier-1').isOld")
    expect(page.get_by_role("button", name="Effacer")).to_be_focused()

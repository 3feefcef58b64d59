"""Pages of the back office take their parts anew: what was written stays, and so does the page of the list."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import pictures
from tests.journeys.people import Officer
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]


@pytest.fixture
def officer(service: Service, open_page: Opened) -> Officer:
    officer = Officer(open_page(), service)
    officer.signs_in()
    return officer


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{each}.jpg" for each in range(2)]
    for place, path in enumerate(paths):
        path.write_bytes(pictures.jpeg(pictures.picture(7100 + place).resize((480, 360))))
    return paths


def test_a_refused_publication_keeps_who_consulted_foves_whatever_changes(officer: Officer, photos: list[Path]) -> None:
    page = officer.page
    officer.opens_a_case("2026/refus")
    officer.records_an_item("Perceuse", category="Outils")
    officer.adds_photos(photos[0])
    sheet = page.url.partition("#")[0]
    who = page.get_by_label("FOVeS consulté par")
    who.fill("Durand")
    page.get_by_role("button", name="Publier").click()
    expect(page.locator("#messages")).to_contain_text("Rien n’est publié")
    officer.adds_photos(photos[1])
    expect(who).to_have_value("Durand")
    page.locator(".choose-photo input").first.check()
    page.get_by_role("button", name="Masquer").click()
    expect(page.locator(".photo-card.is-private")).to_have_count(1)
    expect(who).to_have_value("Durand")
    officer.publishes()
    expect(page.locator("#publication")).to_contain_text("FOVeS consulté par Durand")
    page.goto(f"{sheet}/publier")
    expect(page).to_have_url(sheet)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("/reprise", "Aucune archive sur cette page."), ("/albums/fichiers", "Aucun fichier sur cette page.")],
)
def test_a_further_page_of_a_list_stays_that_page(officer: Officer, path: str, sentence: str) -> None:
    page = officer.page
    officer.opens(f"{path}?page=2")
    expect(page.locator("main")).to_contain_text(sentence)
    # The page is open: what follows was asked by its script.
    with page.expect_response(page.url):
        page.evaluate("document.dispatchEvent(new Event('desk:refresh'))")
    expect(page.locator("main")).to_contain_text(sentence)

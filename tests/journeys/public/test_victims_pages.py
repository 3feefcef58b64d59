"""axe finds nothing on the pages of a victim: a declaration, its code, what becomes of it, a claim, and their end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import service as services
from tests.journeys.conftest import PHONE, Ring
from tests.journeys.people import Officer
from tests.journeys.public.test_theft import Household, photo_of_a_watch
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service of its own, that takes declarations and claims."""
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / "settings.toml").write_text(services.FOR_VICTIMS, encoding="utf-8")
    running = services.start(folder, with_unit=True)
    yield running
    assert running.stop() == 0


def test_axe_finds_nothing_from_a_declaration_to_its_end(
    service: Service, open_page: Callable[..., Page], ring: Ring, tmp_path: Path
) -> None:
    officer, home = Officer(open_page(), service), Household(open_page(PHONE), service)
    page = home.page
    officer.signs_in()
    officer.opens_a_case("2026/7794")
    officer.records_an_item("Bague retrouvée", category="Bijoux")
    officer.adds_photos(*ring.officers)
    number = officer.publishes()

    declares(home, ring.victims, photo_of_a_watch(tmp_path))
    claims(home, number)
    page.goto(f"{service.address}/ma-declaration")
    page.get_by_role("button", name="Retirer ma demande").click()
    check(page)
    page.goto(f"{service.address}/ma-declaration")
    page.get_by_role("button", name="Tout effacer maintenant").click()
    check(page)
    page.get_by_role("button", name="Oui, tout effacer").click()
    check(page)


def declares(home: Household, ring: Path, watch: Path) -> None:
    """Forget the consent at first, note the code, and come back with it."""
    page = home.page
    home.fills_in(ring, watch)
    check(page)
    page.locator("#accord").uncheck()
    page.get_by_role("button", name="Envoyer ma déclaration").click()
    expect(page.locator("main .message-warning")).to_be_visible()
    check(page)
    page.locator("#accord").check()
    home.sends("Envoyer ma déclaration", "Votre code de suivi")
    check(page)
    home.notes_the_code()
    check(page)
    page.goto(f"{home.service.address}/ma-declaration")
    check(page)
    home.opens()
    home.sees("Nous cherchons vos objets jusqu’au")
    check(page)
    page.get_by_role("link", name="Ajouter un objet ou une photo").click()
    check(page)


def claims(home: Household, number: str) -> None:
    """Claim an object, and look at the form for further proofs."""
    page = home.page
    page.goto(f"{home.service.address}/objets/{number}/est-a-moi")
    check(page)
    page.get_by_label("Qu’est-ce qui est gravé").fill("J.R. 1962")
    home.sends("Envoyer ma demande", "Ma déclaration")
    home.sees("Vos demandes pour des objets retrouvés")
    check(page)
    page.get_by_role("link", name="Ajouter des preuves").click()
    check(page)

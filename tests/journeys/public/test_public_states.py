"""axe finds nothing on what the public site shows once something is done: a photo enlarged or refused, hints, 410."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PHONE, Ring
from tests.journeys.people import Officer, Victim
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]


def test_an_enlarged_photo(service: Service, open_page: Opened, watch: str) -> None:
    victim = Victim(open_page(PHONE), service)
    victim.page.goto(f"{service.address}/objets/{watch}")
    victim.enlarges_the_photo()
    check(victim.page)


def test_what_is_known_of_an_object_besides_its_photo(service: Service, open_page: Opened, watch: str) -> None:
    page = open_page(PHONE)
    page.goto(f"{service.address}/recherche")
    page.get_by_text("Préciser ce que vous savez").click()
    expect(page.get_by_label("Quelques mots")).to_be_visible()
    check(page)


@pytest.mark.usefixtures("watch")
def test_a_refused_photo(service: Service, open_page: Opened, ring: Ring, tmp_path: Path) -> None:
    page, no_photo = open_page(PHONE), tmp_path / "facture.jpg"
    no_photo.write_bytes(b"%PDF-1.4")
    page.goto(f"{service.address}/recherche")
    page.set_input_files("#photos", no_photo)
    expect(page.locator("#search-results .message-warning")).to_be_visible()
    check(page)
    # With another one, beside what was found.
    page.set_input_files("#photos", ring.victims)
    expect(page.locator("[data-results-heading]")).to_be_visible()
    expect(page.locator("#search-results .message-warning")).to_be_visible()
    check(page)


def test_an_object_that_is_no_longer_shown(service: Service, open_page: Opened, chromium: Browser, ring: Ring) -> None:
    officer = Officer(open_page(), service)
    officer.signs_in()
    officer.opens_a_case("2026/7793")
    officer.records_an_item("Bague retirée", category="Bijoux")
    officer.adds_photos(ring.officers[0])
    number = officer.publishes()
    officer.page.get_by_role("button", name="Retirer de la galerie").click()
    expect(officer.page.get_by_role("button", name="Retirer de la galerie")).to_have_count(0)
    # Its console complains of the 410.
    page = chromium.new_page(locale="fr-FR")
    answer = page.goto(f"{service.address}/objets/{number}")
    assert answer is not None
    assert answer.status == 410
    check(page)
    page.close()

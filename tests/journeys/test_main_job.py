"""The main job: an officer records and publishes an object with three photos; its victim finds it by photo."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Ring
from tests.journeys.people import Officer, Victim
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
Look = Callable[[Page, str], None]


@pytest.mark.parametrize(
    ("size", "with_scripts"),
    [(DESKTOP, True), (PHONE, True), (PHONE, False)],
    ids=["desktop", "phone", "phone-without-scripts"],
)
def test_an_officer_publishes_and_the_victim_finds(
    service: Service, open_page: Opened, look: Look, ring: Ring, size: dict[str, int], with_scripts: bool
) -> None:
    officer = Officer(open_page(size, with_scripts=with_scripts), service)
    officer.signs_in()
    officer.opens_a_case(f"2026/{size['width']}-{with_scripts}")
    officer.records_an_item("Bague en or sertie de pierres", category="Bijoux")
    officer.adds_photos(*ring.officers)
    look(officer.page, "1-item")
    number = officer.publishes()
    look(officer.page, "2-published")

    victim = Victim(open_page(size, with_scripts=with_scripts), service)
    victim.opens_the_site()
    look(victim.page, "3-home")
    victim.searches_until_found(ring.victims, number)
    look(victim.page, "4-results")
    victim.opens_the_first()
    expect(victim.page.locator(".big-number")).to_have_text(number)
    look(victim.page, "5-found")
    if with_scripts:
        victim.enlarges_the_photo()
        look(victim.page, "6-enlarged")
        victim.closes_the_photo()


def test_a_refused_photo_is_named_and_the_others_are_kept(
    service: Service, open_page: Opened, look: Look, ring: Ring, tmp_path: Path
) -> None:
    broken = tmp_path / "abimee.jpg"
    broken.write_bytes(b"not a picture")
    officer = Officer(open_page(PHONE), service)
    officer.signs_in()
    officer.opens_a_case("2026/2231")
    officer.records_an_item("Montre de poche", category="Montres")
    officer.page.get_by_label("Ajouter des photos").set_input_files([broken, *ring.officers[:2]])
    expect(officer.page.locator(".photo-card")).to_have_count(2, timeout=60_000)
    expect(officer.page.locator(".uploads")).to_contain_text("abimee.jpg")
    expect(officer.page.locator(".uploads")).to_contain_text("pas une photo lisible")
    look(officer.page, "refused")

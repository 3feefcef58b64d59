"""Forms that were open for a long time, and searches that have to wait: in a real browser, no photo is chosen twice."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import DESKTOP, PHONE, Ring
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer, Victim
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]


def test_a_search_of_last_week_still_finds(service: Service, open_page: Opened, watch: str, ring: Ring) -> None:
    page = open_page(PHONE)
    page.goto(f"{service.address}/recherche")
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    page.get_by_label("Choisir des photos").set_input_files(ring.victims)
    expect(page.locator("[data-results-heading]")).to_be_visible(timeout=UPLOAD_MILLISECONDS)


def test_a_search_that_the_proxy_does_not_let_in_is_sent_again(
    service: Service, open_page: Opened, watch: str, ring: Ring
) -> None:
    page = open_page(PHONE)
    refusals = [429, 429]

    def answer(route: Route) -> None:
        if route.request.method == "POST" and refusals:
            route.fulfill(status=refusals.pop(), content_type="text/html", body="<h1>429 Too Many Requests</h1>")
        else:
            route.continue_()

    page.route("**/recherche", answer)
    page.goto(f"{service.address}/recherche")
    page.get_by_label("Choisir des photos").set_input_files(ring.victims)
    expect(page.locator("[data-status]")).to_contain_text("laissez cette page ouverte")
    expect(page.locator("[data-results-heading]")).to_be_visible(timeout=UPLOAD_MILLISECONDS)
    assert refusals == []


def test_a_picture_to_be_verified_of_last_week_is_answered(
    service: Service, open_page: Opened, watch: str, ring: Ring
) -> None:
    page = open_page(DESKTOP)
    page.goto(f"{service.address}/verifier")
    page.get_by_label("L’image à vérifier").set_input_files(ring.victims)
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    page.get_by_role("button", name="Vérifier cette image").click()
    expect(page.locator("#reponse h2")).to_be_visible(timeout=UPLOAD_MILLISECONDS)


def test_an_officers_photos_are_sent_again_with_a_fresh_token(service: Service, open_page: Opened, ring: Ring) -> None:
    officer = Officer(open_page(DESKTOP), service)
    officer.signs_in()
    officer.opens_a_case("2026/4471")
    officer.records_an_item("Bague d’un formulaire ancien", category="Bijoux")
    page = officer.page
    page.wait_for_load_state("networkidle")
    page.evaluate("() => { document.querySelector('[data-upload]').elements.csrf_token.value = 'expired'; }")
    page.get_by_label("Ajouter des photos").set_input_files(list(ring.officers[:2]))
    expect(page.locator(".photo-card")).to_have_count(2, timeout=UPLOAD_MILLISECONDS)


def test_the_page_waits_for_its_turn_and_then_sends(
    service: Service, open_page: Opened, watch: str, ring: Ring
) -> None:
    """What the page makes of the answers; the queue itself has tests of its own."""
    page = open_page(PHONE)
    wait = (200, {"next": False, "sentence": "Il y a 7 recherches avant la vôtre."})
    refused, go = (429, {"sentence": "Trop de demandes en peu de temps."}), (200, {"next": True})
    # However often the page asks, it is answered so until the test goes on.
    answers = [wait]

    def answer(route: Route) -> None:
        status, said = answers[-1]
        route.fulfill(status=status, content_type="application/json", body=json.dumps(said))

    page.route("**/recherche/attente", answer)
    victim = Victim(page, service)
    victim.opens_the_site()
    page.get_by_role("link", name="Chercher par photo").first.click()
    page.get_by_label("Choisir des photos").set_input_files(ring.victims)
    expect(page.locator("[data-status]")).to_contain_text("7 recherches avant la vôtre")
    # Another photo begins another search.
    answers.append(refused)
    page.get_by_label("Choisir des photos").set_input_files(ring.officers[0])
    expect(page.locator("[data-status]")).to_contain_text("Trop de demandes")
    answers.append(go)
    expect(page.locator("[data-results-heading]")).to_be_visible(timeout=UPLOAD_MILLISECONDS)
    # What was found for two photos does not stand beside three.
    answers.append(wait)
    page.get_by_label("Choisir des photos").set_input_files(ring.officers[1])
    expect(page.locator("[data-status]")).to_contain_text("7 recherches avant la vôtre")
    expect(page.locator("#search-results")).to_be_empty()

"""The public site in a real browser: the gallery with and without scripts, and what results can do in the page."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import pictures
from tests.journeys import inspected
from tests.journeys.conftest import DESKTOP, PHONE, Ring
from tests.journeys.desk.test_arrivals import PASTE, in_text
from tests.journeys.people import Officer, Victim
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
PLACES = "all => all.map(each => each.getBoundingClientRect()).filter(each => each.height).map(({ x, y }) => [x, y])"


@pytest.mark.parametrize("path", inspected.UNFOLDED)
def test_axe_finds_nothing(service: Service, open_page: Opened, watch: str, path: str) -> None:
    page = open_page(PHONE)
    page.goto(service.address + path)
    for summary in page.locator("summary").all():
        if summary.is_visible():
            summary.click()
    check(page)


@pytest.mark.parametrize(
    ("size", "with_scripts"), [(PHONE, False), (DESKTOP, True)], ids=["phone-without-scripts", "desktop"]
)
def test_a_visitor_finds_by_words_and_filters(
    service: Service, open_page: Opened, watch: str, with_scripts: bool, size: dict[str, int]
) -> None:
    page = open_page(size, with_scripts=with_scripts)
    page.goto(f"{service.address}/objets")
    if size is PHONE:
        page.get_by_text("Chercher et filtrer").click()
    page.get_by_label("Chercher par mots").fill("MONTRES gousset")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.locator(".item-card").first).to_contain_text(watch)
    if size is PHONE:
        page.get_by_text("Chercher et filtrer").click()
    page.get_by_label("Jour du vol").fill("1999-01-01")
    page.get_by_role("button", name="Appliquer les filtres").first.click()
    expect(page.locator(".in-force .chip")).to_have_count(2)
    page.get_by_role("link", name="Retirer").first.click()
    expect(page.locator(".in-force .chip")).to_have_count(1)


def test_two_photos_are_compared_with_the_keyboard_alone(
    service: Service, open_page: Opened, watch: str, ring: Ring
) -> None:
    officer = Officer(open_page(), service)
    officer.signs_in()
    officer.opens_a_case("2026/7783")
    officer.records_an_item("Bague à comparer", category="Bijoux")
    officer.adds_photos(*ring.officers)
    number = officer.publishes()
    victim = Victim(open_page(), service)
    victim.opens_the_site()
    victim.searches_by_photo(ring.victims)
    opener = victim.page.locator("[data-compare-open]").first
    opener.focus()
    victim.page.keyboard.press("Enter")
    dialog = victim.page.get_by_role("dialog", name="Comparer")
    expect(dialog).to_have_attribute("aria-modal", "true")
    expect(dialog.get_by_role("status")).to_contain_text("Objet 1 sur")
    expect(dialog).to_contain_text(number)
    expect(dialog.locator("img")).to_have_count(2)
    check(victim.page)
    victim.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_back_closes_what_covers_the_page_and_then_leaves_it(service: Service, open_page: Opened, watch: str) -> None:
    victim = Victim(open_page(PHONE), service)
    page = victim.page
    page.goto(f"{service.address}/objets")
    page.goto(f"{service.address}/objets/{watch}")
    victim.enlarges_the_photo()
    page.go_back()
    expect(page.locator(".pswp--open")).to_have_count(0)
    expect(page).to_have_url(f"{service.address}/objets/{watch}")
    victim.enlarges_the_photo()
    victim.closes_the_photo()
    page.wait_for_function("() => !history.state?.isCovered")
    page.go_back()
    expect(page).to_have_url(f"{service.address}/objets")


def test_back_from_two_compared_photos_keeps_what_was_found(
    service: Service, open_page: Opened, watch: str, ring: Ring
) -> None:
    victim = Victim(open_page(PHONE), service)
    victim.opens_the_site()
    victim.searches_by_photo(ring.victims)
    page, dialog = victim.page, victim.page.get_by_role("dialog", name="Comparer")
    page.locator("[data-compare-open]").first.click()
    expect(dialog).to_be_visible()
    page.go_back()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Entourer l’objet").click()
    page.wait_for_selector("cropper-selection:focus")
    page.go_back()
    expect(page.locator("#box-dialog")).to_be_hidden()
    expect(page.locator("[data-results-heading]")).to_be_visible()


def test_a_photo_pasted_while_two_are_compared_leaves_no_step_for_back(
    service: Service, open_page: Opened, watch: str, ring: Ring
) -> None:
    victim = Victim(open_page(), service)
    victim.opens_the_site()
    victim.searches_by_photo(ring.victims)
    page, dialog = victim.page, victim.page.get_by_role("dialog", name="Comparer")
    page.locator("[data-compare-open]").first.click()
    expect(dialog).to_be_visible()
    page.evaluate(PASTE, in_text(ring.officers[0]))
    expect(page.locator("[data-previews] li")).to_have_count(2)
    expect(dialog).to_be_hidden()
    page.wait_for_function("() => !history.state?.isCovered")
    expect(page.locator("[data-results-heading]")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(f"{service.address}/")


def test_an_items_page_is_printed_and_its_address_copied(service: Service, open_page: Opened, watch: str) -> None:
    page = open_page()
    page.goto(f"{service.address}/objets/{watch}")
    expect(page.get_by_role("button", name="Copier l’adresse")).to_be_visible()
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()


def test_a_box_is_drawn_around_the_object(service: Service, open_page: Opened, watch: str, ring: Ring) -> None:
    page = open_page(PHONE)
    page.goto(f"{service.address}/recherche")
    page.set_input_files("#photos", ring.victims)
    page.get_by_role("button", name="Entourer l’objet").click()
    expect(page.locator("cropper-selection")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Garder ce cadre").click()
    expect(page.get_by_role("button", name="Objet entouré")).to_be_visible()
    expect(page.locator("[data-results-heading]")).to_be_focused(timeout=60_000)


def test_two_objects_are_looked_at_one_after_the_other(
    service: Service, open_page: Opened, watch: str, ring: Ring, tmp_path: Path
) -> None:
    other = tmp_path / "vase.jpg"
    other.write_bytes(pictures.jpeg(pictures.picture(77, kind="watch")))
    victim = Victim(open_page(PHONE), service)
    victim.opens_the_site()
    victim.searches_by_photo(ring.victims, other)
    page = victim.page
    first, second = (page.locator("[data-object-found]").nth(place) for place in (0, 1))
    expect(first.locator(".found-item").first).to_be_visible()
    expect(second).to_be_hidden()
    check(page)
    page.locator(".objects").get_by_role("link", name="Pour votre photo 2").click()
    expect(first).to_be_hidden()
    expect(second.locator("figure")).not_to_have_count(0)


def test_a_damaged_photo_is_said_to_be_though_the_browser_makes_it_smaller(
    service: Service, open_page: Opened, ring: Ring, tmp_path: Path
) -> None:
    data = bytearray(ring.victims.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4096] = bytes(4096)
    damaged = tmp_path / "abimee.jpg"
    damaged.write_bytes(data)
    victim = Victim(open_page(PHONE), service)
    victim.opens_the_site()
    victim.searches_by_photo(ring.victims)
    expect(victim.page.get_by_text("Votre photo semble abîmée.")).to_have_count(0)
    victim.opens_the_site()
    victim.searches_by_photo(damaged)
    expect(victim.page.get_by_text("Votre photo semble abîmée.")).to_be_visible()


def test_a_photo_chosen_before_the_script_has_come_is_kept(service: Service, open_page: Opened, ring: Ring) -> None:
    page = open_page()
    page.route(
        "**/search.js*", lambda route: (page.locator("#photos").set_input_files(ring.victims), route.continue_())
    )
    page.goto(f"{service.address}/recherche")
    expect(page.locator(".previews li")).to_have_count(1)


def test_a_photo_is_sent_without_scripts(service: Service, open_page: Opened, watch: str, ring: Ring) -> None:
    page = open_page(PHONE, with_scripts=False)
    page.goto(f"{service.address}/recherche")
    button = page.get_by_role("button", name="Chercher les objets ressemblants")
    expect(button).to_be_hidden()
    with page.expect_file_chooser() as opened:
        page.get_by_text("Choisir des photos").click()
    opened.value.set_files(ring.victims)
    button.click()
    expect(page.locator("[data-results-heading]")).to_be_visible()


@pytest.mark.parametrize("has_touch", [False, True], ids=["mouse", "touch"])
def test_nothing_moves_when_the_script_of_the_search_comes(
    service: Service, chromium: Browser, watch: str, has_touch: bool
) -> None:
    context = chromium.new_context(viewport=PHONE, has_touch=has_touch, is_mobile=has_touch, locale="fr-FR")  # type: ignore[arg-type]
    places = []
    for is_stopped in (True, False):
        page = context.new_page()
        if is_stopped:
            page.route("**/search.js*", lambda route: route.abort())
        page.goto(f"{service.address}/recherche")
        assert page.locator("#search-form.is-enhanced").count() == (not is_stopped)
        places.append(page.locator("main :is(h1, p, label, summary), footer").evaluate_all(PLACES))
    assert places[0] == places[1]
    context.close()

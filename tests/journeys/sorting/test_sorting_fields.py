"""What an officer has written, ticked and chosen around the sorting table's rows outlasts its answers."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.sorter import Sorter

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_who_consulted_foves_and_when_is_recorded_though_photos_come_meanwhile(sorter: Sorter) -> None:
    page = sorter.page
    sorter.at(0, "categorie").select_option("watches")
    sorter.accepts_all()
    who, day = page.locator("#foves-par"), page.locator("#foves-le")
    day.fill("2026-11-28")
    who.fill("Duand")
    # The caret stays where the officer types.
    sorter.presses("ArrowLeft", "ArrowLeft", "ArrowLeft")
    sorter.sees_what_has_come()
    expect(who).to_be_focused()
    page.keyboard.type("r")
    sorter.at(1, "titre").fill("Vase")
    sorter.sees_what_has_come()
    expect(who).to_have_value("Durand")
    expect(day).to_have_value("2026-11-28")
    sorter.vouches_and_publishes()
    expect(page.locator("#messages")).to_contain_text("Un objet est publié.")
    # For those that are left it is the same consultation, and somebody vouches anew.
    expect(who).to_have_value("Durand")
    expect(page.locator("#verifie")).not_to_be_checked()
    page.locator(".lot-made a").click()
    expect(page.get_by_text(re.compile("FOVeS.*Durand.*28 novembre 2026")).first).to_be_visible()


def test_on_an_objects_sheet_it_stays_while_photos_come(sorter: Sorter) -> None:
    page = sorter.page
    sorter.accepts_all()
    sorter.button("Créer les fiches sans publier").click()
    page.locator(".lot-made a").first.click()
    page.locator("#foves-par").fill("Durand")
    page.locator("#foves-le").fill("2026-11-28")
    page.locator("#verifie").check()
    with page.expect_response(page.url):
        page.evaluate("document.dispatchEvent(new Event('desk:refresh'))")
    # Somebody vouches anew for what has come.
    expect(page.locator("#verifie")).not_to_be_checked()
    expect(page.locator("#foves-par")).to_have_value("Durand")
    expect(page.locator("#foves-le")).to_have_value("2026-11-28")


def test_going_back_ticks_nothing_that_was_not_ticked(sorter: Sorter) -> None:
    """A browser ticks again by place what another one may have in its place by then."""
    page = sorter.page
    sorter.at(2, "photo").check()
    page.locator("#verifie").check()
    page.locator("#foves-par").fill("Durand")
    page.get_by_role("link", name="Retour à l’affaire").click()
    other = Sorter(page.context.new_page(), sorter.service)
    other.page.goto(f"{page.url}/photos")
    other.at(0, "photo").check()
    other.page.locator("#acte-retirer").click()
    other.sees(1, 1, 1)
    other.page.close()
    page.go_back()
    sorter.sees(1, 1, 1)
    expect(page.locator("form :checked:not(option)")).to_have_count(0)
    expect(page.locator("#foves-par")).to_have_value("Durand")


def test_a_date_is_typed_on_though_photos_come_meanwhile(sorter: Sorter) -> None:
    day = sorter.page.locator("#foves-le")
    day.fill("2026-01-01")
    day.focus()
    sorter.page.keyboard.type("05")
    sorter.sees_what_has_come()
    sorter.page.keyboard.type("06")
    # Whichever of day and month the browser's language has first.
    expect(day).to_have_value(re.compile("2026-06-05|2026-05-06"))


def test_what_fills_many_objects_stays_until_it_has_filled_them(sorter: Sorter) -> None:
    page = sorter.page
    title, category, each = page.locator("#titre-tous"), page.locator("#categorie-tous"), page.locator("#tous")
    # Only a telephone has this box.
    page.set_viewport_size(PHONE)
    page.locator("#tous-les-champs").check()
    page.set_viewport_size(DESKTOP)
    page.locator("#vers").select_option("nouveau")
    title.fill("Pendule")
    category.select_option("clocks")
    each.check()
    sorter.at(1, "joindre").click()
    sorter.sees(2, 1, 1)
    expect(title).to_have_value("Pendule")
    expect(category).to_have_value("clocks")
    expect(each).to_be_checked()
    expect(page.locator("#vers")).to_have_value("nouveau")
    expect(page.locator("#tous-les-champs")).to_be_checked()
    sorter.button("Remplir les objets cochés").click()
    expect(sorter.at(2, "titre")).to_have_value("Pendule")
    expect(title).to_have_value("")
    expect(category).to_have_value("")
    expect(each).not_to_be_checked()


def test_what_was_refused_leaves_the_ticks_for_the_next_press(sorter: Sorter) -> None:
    page, told = sorter.page, sorter.page.locator("#messages")
    ticked = page.locator("#waiting [name=objet]:checked")
    for row in (0, 1, 3):
        sorter.at(row, "objet").check()
    sorter.button("Remplir les objets cochés").click()
    expect(told).to_contain_text("Choisissez ou écrivez d’abord")
    expect(ticked).to_have_count(3)
    other = Sorter(page.context.new_page(), sorter.service)
    other.page.goto(page.url)
    other.at(3, "joindre").click()
    other.sees(1, 1, 2)
    other.page.close()
    page.locator("#epoque-tous").fill("1930")
    sorter.button("Remplir les objets cochés").click()
    expect(told).to_contain_text("Un des objets cochés a changé")
    # All but the object that is another one now.
    expect(ticked).to_have_count(2)
    expect(page.locator("#epoque-tous")).to_have_value("1930")
    sorter.button("Remplir les objets cochés").click()
    expect(sorter.at(1, "epoque")).to_have_value("1930")
    expect(ticked).to_have_count(0)


def test_a_press_that_is_not_heard_says_what_to_do(sorter: Sorter) -> None:
    said = sorter.page.locator("[data-sorted]")
    sorter.accepts_all()
    sorter.at(0, "categorie").select_option("watches")
    sorter.loses_the_next_act()
    sorter.at(1, "public-period").click()
    expect(said).to_contain_text("sera renvoyée d’elle-même")
    sorter.loses_the_next_act()
    sorter.at(2, "public-period").click()
    expect(said).to_contain_text("Vérifiez la connexion, puis appuyez de nouveau.")
    sorter.at(2, "public-period").click()
    expect(sorter.at(2, "public-period")).to_have_text("Caché")
    sorter.loses_the_next_act()
    sorter.vouches_and_publishes()
    expect(said).to_contain_text("Vérifiez la connexion, puis appuyez de nouveau.")


@pytest.mark.parametrize("answer", [{"page": "", "done": True, "rest": 0}, {}], ids=["done", "refused"])
def test_no_act_that_was_answered_is_said_to_be_sent_again(sorter: Sorter, answer: dict[str, object]) -> None:
    status = 200 if answer else 422
    sorter.page.route("**/trier", lambda route: route.fulfill(status=status, json=answer), times=1)
    sorter.at(1, "public-period").click()
    expect(sorter.page.locator("[data-sorted]")).to_contain_text("Vérifiez la connexion, puis appuyez de nouveau.")

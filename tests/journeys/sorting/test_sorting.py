"""An officer sorts dropped photos, names the objects and publishes them without touching the mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Request, Route, expect

from tests.journeys.sorter import Sorter
from tests.journeys.test_accessibility import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def joins_and_takes_back(sorter: Sorter) -> None:
    sorter.tabs_to(sorter.at(0, "photo"))
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
    sorter.reaches(sorter.at(0, "couper"))
    sorter.presses("Enter")
    sorter.sees(1, 1, 1, 1)
    sorter.reaches(sorter.at(2, "photo"))
    sorter.presses("Space")
    sorter.reaches(sorter.page.locator("#vers"))
    sorter.presses("Home", "Tab", "Enter")
    sorter.sees(2, 1, 1)


def names_and_fills(sorter: Sorter) -> None:
    sorter.reaches(sorter.at(0, "titre"))
    sorter.page.keyboard.type("Pendule")
    # The caret is at the end, so the arrow leaves the field; Enter goes down its column.
    sorter.presses("ArrowRight")
    expect(sorter.at(0, "categorie")).to_be_focused()
    sorter.presses("Enter")
    expect(sorter.at(1, "categorie")).to_be_focused()
    sorter.reaches(sorter.at(0, "objet"))
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
    sorter.reaches(sorter.at(2, "titre"))
    sorter.page.keyboard.type("Montre")


def test_photos_are_sorted_and_published_by_keyboard_alone(sorter: Sorter) -> None:
    page = sorter.page
    joins_and_takes_back(sorter)
    cuts_and_moves(sorter)
    names_and_fills(sorter)
    writes_on_two_devices(sorter)
    sorter.reaches(page.locator("[value=tout-accepter]"))
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


def test_what_was_done_without_an_answer_is_done_once_and_no_words_are_asked_about(sorter: Sorter) -> None:
    title, period = sorter.at(0, "titre"), sorter.at(0, "epoque")
    title.fill("Montre")
    sorter.loses_the_next_answer()
    sorter.at(1, "joindre").click()
    sorter.hears_nothing()
    sorter.sees(1, 1, 1, 1)
    title.fill("Montre en or")
    period.fill("1930")
    sorter.at(1, "joindre").click()
    sorter.sees(2, 1, 1)
    expect(sorter.at(0, "titre")).to_have_value("Montre en or")
    expect(sorter.page.locator("#messages")).to_have_text("")
    sorter.loses_the_next_answer()
    sorter.page.get_by_role("button", name="Annuler le dernier classement").click()
    sorter.hears_nothing()
    # Another act: what was taken back stays so, and nothing more is.
    sorter.at(1, "joindre").click()
    sorter.sees(1, 2, 1)
    sorter.page.reload()
    sorter.sees(1, 2, 1)


def test_an_act_that_says_something_else_than_the_unheard_one_is_done_too(sorter: Sorter) -> None:
    category = sorter.page.locator("#categorie-tous")
    sorter.at(0, "objet").check()
    category.select_option("watches")
    sorter.loses_the_next_answer()
    sorter.button("Remplir les objets cochés").click()
    sorter.hears_nothing()
    category.select_option("jewellery")
    sorter.button("Remplir les objets cochés").click()
    expect(sorter.at(0, "categorie")).to_have_value("jewellery")
    sorter.page.locator("[value=tout-accepter]").click()
    expect(sorter.page.locator("tr.is-proposed")).to_have_count(0)
    sorter.loses_the_next_answer()
    sorter.button("Créer les fiches et publier").click()
    sorter.hears_nothing()
    sorter.page.locator("#verifie").check()
    sorter.button("Créer les fiches et publier").click()
    expect(sorter.page.locator("#messages")).to_contain_text("Un objet est publié.")


def test_nothing_is_published_but_by_a_press_of_that_moment(sorter: Sorter) -> None:
    page = sorter.page
    made = page.locator(".lot-made a")
    page.locator("[value=tout-accepter]").click()
    expect(page.locator("tr.is-proposed")).to_have_count(0)
    for row in (0, 1):
        sorter.at(row, "categorie").select_option("watches")
    sorter.at(0, "titre").fill("Montre")
    sorter.loses_the_next_act()
    sorter.vouches_and_publishes()
    sorter.hears_nothing()
    # The officer thinks better of it: neither the network nor another act publishes what was asked for before.
    page.locator("#verifie").uncheck()
    for event in ("window.dispatchEvent(new Event('online'))", "document.dispatchEvent(new Event('desk:refresh'))"):
        page.evaluate(event)
    sorter.at(0, "public-period").click()
    expect(sorter.at(0, "public-period")).to_have_text("Caché")
    sorter.sees(1, 1, 1, 1)
    expect(made).to_have_count(0)
    # Lost again; pressed again with a better title, it is that one which is published.
    sorter.loses_the_next_act()
    sorter.vouches_and_publishes()
    sorter.hears_nothing()
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
    sorter.loses_the_next_answer()
    sorter.vouches_and_publishes()
    sorter.hears_nothing()
    sorter.button("Créer les fiches et publier").click()
    sorter.sees(1, 1, 1)
    expect(page.locator(".lot-made a")).to_have_count(1)
    expect(page.locator("#messages")).to_contain_text("3 objets ne sont pas prêts.")


def is_joined_by_a_colleague(sorter: Sorter, row: int) -> None:
    """The object of this row gets the photos of the next one, while the page shows both as they were."""
    other = Sorter(sorter.page.context.new_page(), sorter.service)
    other.page.goto(sorter.page.url)
    other.at(row + 1, "joindre").click()
    other.sees(1, 2, 1)
    other.page.close()


def publishes_in_several_requests(sorter: Sorter) -> None:
    """As where there are more objects than one request has time for."""

    def say_that_more_are_ready(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"rest": 1})

    sorter.page.route("**/trier", say_that_more_are_ready, times=1)
    with sorter.page.expect_response(lambda answer: "suite=" in sent_by(answer.request)):
        sorter.vouches_and_publishes()


def publishes_while_rows_come(sorter: Sorter) -> None:
    sorter.page.locator("#verifie").check()
    with sorter.page.expect_response(lambda answer: "acte=publier" in sent_by(answer.request)):
        sorter.page.evaluate(
            "document.dispatchEvent(new Event('desk:refresh')); document.getElementById('acte-publier').click()"
        )


def sent_by(request: Request) -> str:
    return request.post_data or ""


@pytest.mark.parametrize("publish", [publishes_in_several_requests, publishes_while_rows_come])
def test_nothing_is_published_that_came_after_the_press(sorter: Sorter, publish: Callable[[Sorter], None]) -> None:
    page = sorter.page
    sorter.accepts_all()
    for row in (0, 1):
        sorter.at(row, "categorie").select_option("watches")
    is_joined_by_a_colleague(sorter, 1)
    publish(sorter)
    sorter.settles()
    expect(page.locator("#messages")).to_contain_text("Un objet est nouveau, ou n’a plus les mêmes photos")
    expect(page.locator(".lot-made a")).to_have_count(1)
    sorter.sees(2, 1)
    # Now it was looked at.
    sorter.vouches_and_publishes()
    sorter.sees(1)


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

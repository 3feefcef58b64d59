"""An officer's daily work: several objects at once, by mouse and by keyboard, and a form left half-way."""

from collections.abc import Callable
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.people import Officer
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]


def records(officer: Officer, case: str, *titles: str) -> str:
    """Record items in a case of their own, and return its number."""
    number = officer.opens_a_case(case)
    case_page = officer.page.url
    for title in titles:
        officer.page.goto(case_page)
        officer.records_an_item(title, category="Outils")
    return number


def searches(officer: Officer, words: str) -> None:
    officer.page.goto(f"{officer.service.address}/agents/objets")
    officer.page.get_by_role("searchbox", name="Chercher").fill(words)
    officer.page.get_by_role("button", name="Chercher").click()


@pytest.mark.parametrize(
    ("size", "with_scripts"),
    [(PHONE, True), (PHONE, False)],
    ids=["phone", "phone-without-scripts"],
)
def test_several_objects_change_category_at_once(
    service: Service, open_page: Opened, request: pytest.FixtureRequest, size: dict[str, int], with_scripts: bool
) -> None:
    # Another one each time: a journey that is run again must not find its own case.
    name = f"{request.node.callspec.id} {token_hex(2)}"
    officer = Officer(open_page(size, with_scripts=with_scripts), service)
    officer.signs_in()
    case = records(officer, f"2026/{name}", f"Perceuse {name}", f"Ponceuse {name}")
    searches(officer, case)
    for box in officer.page.locator("tbody input").all():
        box.check()
    if not with_scripts:
        officer.page.get_by_text("Agir sur plusieurs objets").click()
    officer.page.get_by_label("Nouvelle catégorie").select_option(label="Jardin et extérieur")
    if with_scripts:
        check(officer.page)
    officer.page.get_by_role("button", name="Changer la catégorie").click()
    expect(officer.page.locator("#messages")).to_contain_text("2 objets ont été modifiés.")
    expect(officer.page.locator("tbody")).to_contain_text("Jardin et extérieur")


def test_the_list_is_worked_through_with_the_keyboard(service: Service, open_page: Opened) -> None:
    officer = Officer(open_page(), service)
    officer.signs_in()
    searches(officer, records(officer, "2026/clavier", "Scie sauteuse", "Scie circulaire"))
    officer.page.locator("tbody a").first.focus()
    for key in ("x", "ArrowDown", "x"):
        officer.page.keyboard.press(key)
    expect(officer.page.locator("[data-count]")).to_have_text("Objets cochés : 2")
    officer.page.keyboard.press("Enter")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text("Scie sauteuse")


def test_a_form_left_half_way_is_taken_up_again(service: Service, open_page: Opened) -> None:
    officer = Officer(open_page(PHONE), service)
    officer.signs_in()
    records(officer, "2026/saisie", "Visseuse")
    sheet = officer.page.url.partition("#")[0]
    officer.page.goto(f"{sheet}/modifier")
    officer.page.locator("#withheld_details").fill("initiales sous la batterie")
    expect(officer.page.locator("[data-saved]")).to_contain_text("Saisie gardée")
    assert officer.page.evaluate("localStorage.length + sessionStorage.length") == 0
    officer.page.goto(f"{sheet}/modifier")
    check(officer.page)
    officer.page.get_by_role("link", name="Reprendre ma saisie").click()
    expect(officer.page.locator("#withheld_details")).to_have_value("initiales sous la batterie")
    officer.page.keyboard.press("Control+s")
    expect(officer.page.locator("#messages")).to_contain_text("Les modifications sont enregistrées.")
    officer.page.goto(f"{sheet}/modifier")
    expect(officer.page.get_by_role("link", name="Reprendre ma saisie")).to_have_count(0)

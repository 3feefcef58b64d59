"""axe finds nothing on any page or state, on a phone and on a desktop; no page is wider than its window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests import pictures
from tests.journeys import inspected
from tests.journeys.conftest import DESKTOP, PHONE, Ring
from tests.journeys.people import Officer, Victim
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
# axe is not asked to say also what it does not find, which takes it longer.
VIOLATIONS = {"resultTypes": ["violations"]}
RULES = VIOLATIONS | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OFFENDERS = """[...document.querySelectorAll('body *')]
  .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(each => `${each.tagName}.${each.className}`).slice(-6)"""
# A bar that floats over the page hides half of some target wherever the page happens to be scrolled to.
LET_LIE = """() => {
  const isFloating = (each) => getComputedStyle(each).position === 'sticky';
  window.floating = [...document.querySelectorAll('body *')].filter(isFloating);
  for (const each of window.floating) each.style.position = 'static';
}"""
LET_FLOAT = "() => { for (const each of window.floating) each.style.position = ''; }"
# Words of headings and buttons, but for the very long and addresses, and numbers of objects that go on in another line.
BROKEN = r"""[...document.querySelectorAll('h1, h2, h3, h4, .btn, .number')].flatMap(each => {
  // Kept for readers of screens alone.
  const { width, height } = each.getBoundingClientRect();
  if (width < 2 && height < 2) return [];
  const walker = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.data.includes('@')) continue;
    const isNumber = each.matches('.number');
    const words = isNumber ? /(?<!\S)\S{1,16}(?!\S)/g : /(?<![\p{L}\p{N}_])[\p{L}\p{N}]{2,12}(?![\p{L}\p{N}_])/gu;
    for (const { 0: word, index } of text.data.matchAll(words)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) found.push(word);
    }
  }
  return found;
})"""
# Fields of which what is typed is not seen; a number of two figures is.
NARROW = """[...document.querySelectorAll('input:is([type=text], [type=search], :not([type])), select, textarea')]
  .filter(each => each.checkVisibility())
  .filter(each => each.clientWidth < 110).map(each => each.id || each.name)"""
NARROWEST = {"width": 320, "height": 640}
# The dark scheme has other colours and the same markup and layout: one size shows them, and the rules of colours.
COLOURS = VIOLATIONS | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
LOOKS = [(PHONE, "light", RULES), (PHONE, "dark", COLOURS), (DESKTOP, "light", RULES)]


def check(page: Page) -> None:
    """Fail with what axe found on the page in any of its looks, or where it has to be scrolled sideways."""
    page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
    _check_width(page)
    _check_larger_letters(page)
    axe = Axe()
    for size, scheme, rules in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        # Another scheme begins a transition of each colour: none is measured half-way.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        _check_width(page)
        if size is PHONE:
            _check_larger_letters(page)
        # A button between two colours has neither. An endless animation refuses to be finished.
        page.evaluate("document.getAnimations().forEach(each => { try { each.finish() } catch {} })")
        page.evaluate(LET_LIE)
        found = axe.run(page, options=rules).response["violations"]
        page.evaluate(LET_FLOAT)
        # It stays in the page, and its half megabyte is read once.
        axe.axe_script = "undefined"
        assert not found, (
            size,
            scheme,
            [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found],
        )


def _check_larger_letters(page: Page) -> None:
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    _check_width(page)
    assert not page.evaluate(BROKEN) + page.evaluate(NARROW), f"{page.url} at {page.viewport_size}"
    page.evaluate("document.documentElement.style.fontSize = ''")


def _check_width(page: Page) -> None:
    width = page.evaluate(TOO_WIDE)
    assert width <= 0, f"{page.url} is {width} pixels too wide at {page.viewport_size}: {page.evaluate(OFFENDERS)}"


def _adds_accounts(officer: Officer) -> None:
    """What the page of official accounts shows when it is in use."""
    page = officer.page
    page.goto(f"{officer.service.address}/agents/administration/comptes")
    if page.locator("tbody tr").count():
        return
    page.get_by_label("Adresse du compte").fill("https://www.facebook.com/gendarmerie35")
    page.get_by_role("button", name="Ajouter ce compte").click()
    page.get_by_label("Département", exact=True).select_option("48")
    page.get_by_role("button", name="Déclarer sans compte").click()


@pytest.fixture(scope="module")
def album(service: Service, chromium: object, watch: str) -> str:  # noqa: ARG001  the album shows it
    """The code of an album's page, where official accounts are listed too."""
    page = chromium.new_page(locale="fr-FR")  # type: ignore[attr-defined]
    officer = Officer(page, service)
    officer.signs_in()
    _adds_accounts(officer)
    code = officer.shares_everything()
    page.close()
    return code


@pytest.mark.parametrize("path", inspected.PUBLIC)
def test_public_pages(service: Service, open_page: Opened, watch: str, album: str, path: str) -> None:
    page = open_page(PHONE)
    page.goto(service.address + path.format(number=watch, album=album))
    check(page)


def test_results_and_refusals_of_a_search(service: Service, open_page: Opened, watch: str, ring: Ring) -> None:
    victim = Victim(open_page(PHONE), service)
    victim.opens_the_site()
    victim.searches_by_photo(ring.victims)
    check(victim.page)


@pytest.mark.usefixtures("watch")
def test_answers_to_a_picture(service: Service, open_page: Opened, tmp_path: Path) -> None:
    page = open_page(PHONE)
    ours = pictures.picture(6, kind="watch").resize((1280, 960))
    altered = ours.copy()
    altered.paste(pictures.picture(8).resize((200, 150)), (500, 400))
    for name, picture in {"ours": ours, "altered": altered, "other": pictures.picture(9)}.items():
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(pictures.jpeg(picture, quality=60))
        page.goto(f"{service.address}/verifier")
        page.set_input_files("#photo", path)
        page.get_by_role("button", name="Vérifier cette image").click()
        page.wait_for_selector("#reponse h2")
        check(page)


@pytest.mark.parametrize("path", ["/nulle-part", "/objets/35-AAAA-A"])
def test_error_pages(service: Service, chromium: object, path: str) -> None:
    page = chromium.new_page(locale="fr-FR")  # type: ignore[attr-defined]
    page.goto(service.address + path)
    check(page)
    page.close()


def test_back_office_pages(service: Service, open_page: Opened, watch: str) -> None:
    officer = Officer(open_page(PHONE), service)
    officer.page.goto(f"{service.address}/agents/connexion")
    check(officer.page)
    officer.signs_in()
    item = f"/objets/{watch}"
    for address in inspected.DESK:
        officer.opens(address.format(item=item))
        check(officer.page)


def test_the_box_around_an_object(service: Service, open_page: Opened, watch: str) -> None:
    officer = Officer(open_page(PHONE), service)
    officer.signs_in()
    officer.page.goto(f"{service.address}/agents/objets/{watch}")
    officer.page.get_by_role("button", name="Entourer").click()
    officer.page.wait_for_selector("cropper-selection:not([hidden])")
    check(officer.page)


def test_what_an_officer_finds_by_photo(service: Service, open_page: Opened, watch: str, ring: Ring) -> None:
    officer = Officer(open_page(PHONE), service)
    officer.signs_in()
    officer.page.goto(f"{service.address}/agents/recherche")
    officer.page.set_input_files("#photos", ring.victims)
    officer.page.get_by_role("button", name="Chercher").click()
    officer.page.wait_for_selector("h2")
    officer.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    check(officer.page)


def test_a_form_with_errors(service: Service, open_page: Opened, watch: str) -> None:
    officer = Officer(open_page(PHONE), service)
    officer.signs_in()
    officer.page.goto(f"{service.address}/agents/objets/{watch}/modifier")
    officer.page.get_by_label("Titre").fill("")
    officer.page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    officer.page.get_by_role("button", name="Enregistrer").click()
    officer.page.wait_for_load_state()
    assert officer.page.locator("[aria-invalid=true]").count()
    check(officer.page)

import pytest

from gallery.web.languages import PREFIXES
from tests.page import Browser


@pytest.mark.parametrize("path", ["/conseils", "/conseils/inventaire"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_is_there_and_names_its_own_address(browser: Browser, path: str, language: str) -> None:
    address = PREFIXES[language] + path
    page = browser.get(address)
    assert page.one("link[rel=canonical]")["href"] == f"http://localhost{address}"
    assert page.one("html")["lang"] == language


def test_each_piece_of_advice_has_a_drawing(browser: Browser) -> None:
    page = browser.get("/conseils")
    assert len(page.all(".guide > li")) == len(page.all(".guide svg[aria-hidden=true]")) == 9


@pytest.mark.parametrize("words", ["17", "deux jours ouvrés", "0 892 705 705", "IMEI", "114"])
def test_what_to_do_after_a_theft_is_there(browser: Browser, words: str) -> None:
    assert words in browser.get("/conseils").text


@pytest.mark.parametrize("path", ["/", "/aide", "/unites"])
def test_it_is_found_from(browser: Browser, path: str) -> None:
    assert browser.get(path).all("a[href='/conseils']")


def test_the_inventory_has_nothing_that_could_be_sent(browser: Browser) -> None:
    page = browser.get("/conseils/inventaire")
    assert not page.all("main form, main [name], main [formaction]")


def test_without_script_a_blank_sheet_can_be_printed(browser: Browser) -> None:
    page = browser.get("/conseils/inventaire")
    assert page.one("[data-form]").has_attr("hidden")
    assert len(page.all(".paper-blank .paper-entry")) == 4

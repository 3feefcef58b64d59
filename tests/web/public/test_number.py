from collections.abc import Callable
from urllib.parse import quote

import pytest

from gallery.models import Unit
from gallery.services.albums import compose
from tests.factories import Factory
from tests.page import Browser


@pytest.mark.parametrize(
    "written", [str, str.lower, lambda number: number.replace("-", " "), lambda number: f"  {number} "]
)
def test_it_leads_to_the_item_however_the_number_is_written(
    make: Factory, unit: Unit, browser: Browser, written: object
) -> None:
    item = make.published(make.case(unit))
    answer = browser.client.get("/numero", query_string={"numero": written(item.public_number)})  # type: ignore[operator]
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/objets/{item.public_number}")


@pytest.mark.parametrize("page", ["/objets/", "/en/objets/", "/o/"])
def test_the_address_of_the_page_may_be_pasted(make: Factory, unit: Unit, browser: Browser, page: str) -> None:
    item = make.published(make.case(unit))
    address = f"{compose.site_address(make.settings)}{page}{item.public_number}?utm_source=whatsapp#photo-1"
    for where, name in (("/numero", "numero"), ("/objets", "mots")):
        answer = browser.client.get(where, query_string={name: address})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/objets/{item.public_number}")
    elsewhere = browser.client.get(
        "/numero", query_string={"numero": f"https://faux.example/objets/{item.public_number}"}
    )
    assert elsewhere.status_code == 400


def test_without_a_number_it_asks_for_one(browser: Browser) -> None:
    page = browser.get("/numero")
    assert page.one("#numero")["value"] == ""
    assert not page.all(".field-error")


@pytest.mark.parametrize("typed", ["35-K7QM-5", "bague", "<script>", "0" * 500])
def test_what_is_no_number_comes_back_with_the_form(browser: Browser, typed: str) -> None:
    page = browser.get(f"/numero?numero={typed}", status=400)
    assert page.one("#numero")["value"] == typed[:200]
    assert "vérifiez chaque caractère" in page.one(".field-error").get_text()


def one_letter_wrong(number: str) -> str:
    wrong = "W" if number[3] != "W" else "X"
    return number[:3] + wrong + number[4:]


def two_letters_swapped(number: str) -> str:
    place = next(place for place in range(3, 6) if number[place] != number[place + 1])
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


@pytest.mark.parametrize(
    "slip",
    [
        one_letter_wrong,
        lambda number: number[:-1] + ("W" if number[-1] != "W" else "X"),
        lambda number: number[:4] + number[5:],
        lambda number: number[:4] + "W" + number[4:],
        two_letters_swapped,
        lambda number: f"n° {one_letter_wrong(number).lower().replace('-', ' ')}",
    ],
)
@pytest.mark.parametrize(("where", "status"), [("/numero?numero=", 400), ("/objets?mots=", 200)])
def test_a_slip_in_a_number_shows_the_object_that_has_nearly_the_same(
    make: Factory, unit: Unit, browser: Browser, slip: Callable[[str], str], where: str, status: int
) -> None:
    item = make.published(make.case(unit))
    hidden = make.item(make.case(unit))
    page = browser.get(where + quote(slip(item.public_number)), status=status)
    assert [each["href"] for each in page.all("article a")] == [f"/objets/{item.public_number}"]
    assert "presque pareil" not in browser.get(where + quote(slip(hidden.public_number)), status=status).text


def test_a_number_that_nobody_has_is_not_spoken_of_as_words(make: Factory, unit: Unit, browser: Browser) -> None:
    make.published(make.case(unit))
    said = browser.get("/objets?mots=21-FLFH-Y").one("main").get_text(" ", strip=True)
    assert "Aucun objet n’a ce numéro" in said
    assert "n’a ce mot" not in said
    assert "ne répond à tous ces filtres" not in said
    assert "ne répond à tous ces filtres" in browser.get("/objets?mots=21-FLFH-Y&categorie=watches").text
    # A maker's reference, in one piece.
    assert "n’a ce mot" in browser.get("/objets?mots=126334").text
    said = browser.get("/objets?mots=flfh").one("main").get_text(" ", strip=True)
    assert "n’a ce mot" in said
    assert "n’a ce numéro" not in said


def test_a_well_formed_number_that_nobody_has_is_unknown(browser: Browser) -> None:
    answer = browser.client.get("/numero?numero=35-2222-2", follow_redirects=True)
    assert answer.status_code in (400, 404)

import pytest

from gallery.models import Case, Item, Officer, Unit
from gallery.services.cases import CaseSecrets
from gallery.services.items.items import ItemSecrets
from tests.factories import Factory
from tests.web.backoffice.desk import Desk


def titles(desk: Desk, address: str = "/objets") -> list[str]:
    return [cell.get_text(strip=True) for cell in desk.get(address).all("tbody th")]


def test_it_works(desk: Desk, item: Item) -> None:
    page = desk.get("/objets")
    (row,) = page.all("tbody tr")
    assert item.title in row.get_text()
    assert item.public_number in row.get_text()
    assert row.select("img[src*='320.jpg']")


def test_the_last_changed_comes_first(desk: Desk, make: Factory, case: Case) -> None:
    first, second = make.item(case, title="Bague"), make.item(case, title="Montre")
    for each in (second, first):
        desk.fill(f"/objets/{each.public_number}/modifier", {"brand": "Cartier"})
    assert titles(desk) == [first.title, second.title]


def test_another_units_items_are_not_listed(desk: Desk, make: Factory, outsider: Officer) -> None:
    make.item(make.case(outsider.unit))
    assert "n’a encore aucun objet" in desk.get("/objets").text


@pytest.mark.parametrize(("status", "expected"), [("publies", "Montre"), ("brouillons", "Bague")])
def test_a_status_filters_the_list(desk: Desk, make: Factory, case: Case, status: str, expected: str) -> None:
    make.item(case, title="Bague")
    make.published(case, title="Montre")
    assert titles(desk, f"/objets?statut={status}") == [expected]


def test_counts_say_how_many_stand_where(desk: Desk, make: Factory, case: Case) -> None:
    make.item(case)
    make.published(case)
    chips = [chip.get_text(" ", strip=True) for chip in desk.get("/objets").all(".chips a")]
    assert chips == ["tous 2", "brouillon 1", "publié 1"]


def test_a_case_filters_the_list(desk: Desk, make: Factory, case: Case, unit: Unit) -> None:
    make.item(case, title="Bague")
    other = make.case(unit, CaseSecrets(case_number="99/2026"))
    make.item(other, title="Montre")
    assert titles(desk, f"/objets?affaire={other.reference}") == ["Montre"]


def test_another_units_case_is_no_filter(desk: Desk, make: Factory, outsider: Officer) -> None:
    desk.get(f"/objets?affaire={make.case(outsider.unit).reference}", status=404)


def test_filters_that_find_nothing_say_so(desk: Desk, item: Item) -> None:
    page = desk.get("/objets?statut=publies")
    assert "Aucun objet ne répond à ces filtres." in page.text
    assert page.all("a[href='/objets']")


@pytest.mark.parametrize("asked", ["2", "99", "0", "-4", "x"])
def test_any_page_asked_for_is_one_there_is(desk: Desk, make: Factory, case: Case, asked: str) -> None:
    for number in range(26):
        make.item(case, title=f"Bague {number}")
    page = desk.get(f"/objets?page={asked}")
    assert len(page.all("tbody tr")) == (2 if asked in ("2", "99") else 24)


def test_a_number_that_no_item_has_is_not_spoken_of_as_words(desk: Desk, item: Item) -> None:
    said = desk.get("/objets?mots=21-FLFH-Y").text
    assert "Aucun objet de votre unité n’a ce numéro" in said
    assert "n’a ce mot" not in said
    number = item.public_number
    page = desk.get(f"/objets?mots={number[:4]}{'W' if number[4] != 'W' else 'X'}{number[5:]}")
    assert "Un objet a un numéro presque pareil" in page.text
    assert page.one("td .number").text == number


def test_a_unit_without_case_is_led_to_the_first_one(desk: Desk) -> None:
    page = desk.get("/objets")
    assert "Commencez par l’affaire" in page.text


def test_a_category_filters_the_list(desk: Desk, make: Factory, case: Case) -> None:
    make.item(case, title="Bague")
    make.item(case, title="Montre", category="watches")
    assert titles(desk, "/objets?categorie=watches") == ["Montre"]


@pytest.mark.parametrize("words", ["montre", "S-12", "sn 4471", "12345/2026 "])
def test_words_and_numbers_find_items(desk: Desk, make: Factory, case: Case, words: str) -> None:
    make.item(case, title="Montre", secret=ItemSecrets("SN4471", "S-12"))
    assert titles(desk, f"/objets?mots={words}") == ["Montre"]


def test_every_filter_holds_at_once_and_stays_in_the_links(desk: Desk, make: Factory, case: Case) -> None:
    make.item(case, title="Montre", category="watches")
    make.item(case, title="Montre d’ornement")
    page = desk.get(f"/objets?mots=montre&categorie=watches&affaire={case.reference}")
    assert len(page.all("tbody tr")) == 1
    assert "statut=brouillons" in str(page.all(".chips a")[1]["href"])
    assert "mots=montre" in str(page.all(".chips a")[1]["href"])


def test_a_search_that_finds_nothing_says_what_to_loosen(desk: Desk, item: Item) -> None:
    page = desk.get("/objets?mots=Montre&statut=brouillons")
    assert page.all("a[href='/objets?mots=Montre']")


@pytest.mark.parametrize("address", ["/objets?categorie=spaceships", "/objets?affaire=none"])
def test_a_filter_that_does_not_exist_is_an_address_that_does_not(desk: Desk, address: str) -> None:
    desk.get(address, status=404)


def test_what_is_searched_is_shown_as_written(desk: Desk, item: Item) -> None:
    page = desk.get("/objets?mots=%22%3E%3Cscript%3E%00")
    assert page.one("#words")["value"] == '"><script>'

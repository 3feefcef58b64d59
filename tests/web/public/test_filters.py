from datetime import timedelta
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

import pytest

from gallery.models import Unit
from gallery.services.items.numbering.numbers import read_public_number
from tests import pictures
from tests.factories import Factory
from tests.page import Browser, Page

ATOM = "{http://www.w3.org/2005/Atom}"
PHOTO = pictures.jpeg(pictures.picture(1))


@pytest.fixture
def shop(make: Factory, unit: Unit) -> Factory:
    """Three items, the last first: a watch, a brooch and a ring."""
    case = make.case(unit)
    for title, category, colours, materials, brand in (
        ("Bague dorée", "jewellery", ("gold",), "or", ""),
        ("Broche à saphir", "jewellery", ("gold", "blue"), "or, saphir", ""),
        ("Montre", "watches", ("silver",), "acier", "Lip"),
    ):
        make.now += timedelta(minutes=1)
        make.published(case, PHOTO, title=title, category=category, colours=colours, materials=materials, brand=brand)
    return make


def titles(page: Page) -> list[str]:
    return [card.get_text() for card in page.all(".item-card a")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Montre", "Broche à saphir", "Bague dorée"]),
        ("categorie=watches", ["Montre"]),
        ("categorie=watches&categorie=jewellery&tri=anciens", ["Bague dorée", "Broche à saphir", "Montre"]),
        ("couleur=blue", ["Broche à saphir"]),
        ("matiere=or&couleur=gold", ["Broche à saphir", "Bague dorée"]),
        ("marque=lip", ["Montre"]),
        ("departement=35&tri=titre", ["Bague dorée", "Broche à saphir", "Montre"]),
        ("departement=44", []),
        ("vol=2026-04-01", ["Montre", "Broche à saphir", "Bague dorée"]),
        ("vol=2025-04-01&autour=0", []),
        ("mots=bagues+DOREES", ["Bague dorée"]),
        ("mots=bijoux+saphirs", ["Broche à saphir"]),
        ("mots=de+la", []),
        ("mots=خاتم", []),
        ("mots=кольцо", []),
        ("mots=💍", []),
        ("mots=bague+perdue+à+Rennes", ["Bague dorée"]),
        ("mots=montre+saphir", ["Montre", "Broche à saphir"]),
        ("mots=alliance", ["Bague dorée"]),
        ("mots=brosche", ["Broche à saphir"]),
    ],
)
def test_the_address_holds_the_filters(shop: Factory, browser: Browser, query: str, expected: list[str]) -> None:
    assert titles(browser.get(f"/objets?{query}")) == expected


@pytest.mark.parametrize(
    "query",
    ["categorie=%27--", "departement=999", "couleur=plaid", "vol=hier", "autour=x&vol=2026-04-01", "tri=x", "apres=x",
     "avant=35-AAAA-A", "mots=" + "e" * 5000, "mots=%00", "page=-3"],
)  # fmt: skip
def test_nonsense_in_the_address_breaks_nothing(shop: Factory, browser: Browser, query: str) -> None:
    assert browser.get(f"/objets?{query}").all("h1")


def test_categories_are_links_that_keep_the_other_filters(shop: Factory, browser: Browser) -> None:
    page = browser.get("/objets?couleur=silver")
    assert [chip.get_text(" ", strip=True) for chip in page.all("nav .chips a")] == ["Tous", "Montres 1"]
    assert page.all("nav .chips a")[1]["href"] == "/objets?categorie=watches&couleur=silver"


def test_values_are_offered_with_their_counts(shop: Factory, browser: Browser) -> None:
    page = browser.get("/objets?categorie=jewellery")
    colours = [label.get_text(" ", strip=True) for label in page.all("label[for^=couleur-]")]
    assert colours == ["doré 2", "bleu 1"]
    assert page.one("input[type=hidden][name=categorie]")["value"] == "jewellery"


def test_what_is_chosen_is_ticked_and_can_be_removed(shop: Factory, browser: Browser) -> None:
    page = browser.get("/objets?couleur=blue&mots=saphir")
    assert page.one("#couleur-blue").has_attr("checked")
    assert page.one("#mots")["value"] == "saphir"
    assert [chip["href"] for chip in page.all(".in-force .chip")] == ["/objets?couleur=blue", "/objets?mots=saphir"]


def test_nothing_found_offers_what_to_loosen(shop: Factory, browser: Browser) -> None:
    page = browser.get("/objets?couleur=blue&matiere=acier")
    offers = [(link.get_text(), link["href"]) for link in page.all(".loosenings a")]
    assert offers == [
        ("De toutes les couleurs", "/objets?matiere=acier"),
        ("Dans toutes les matières", "/objets?couleur=blue"),
    ]


def test_the_day_of_the_theft_is_taken_less_exactly_before_it_is_left_out(shop: Factory, browser: Browser) -> None:
    page = browser.get("/objets?vol=2026-02-10&autour=7")
    offers = [(link.get_text(), link["href"]) for link in page.all(".loosenings a")]
    assert offers == [
        ("Vol à un mois près", "/objets?vol=2026-02-10&autour=31"),
        ("Sans la date du vol", "/objets"),
    ]


def test_where_no_single_filter_is_to_blame_each_is_offered_alone(shop: Factory, browser: Browser) -> None:
    page = browser.get("/objets?couleur=blue&matiere=acier&mots=licorne")
    assert [link["href"] for link in page.all(".loosenings a")] == ["/objets?couleur=blue", "/objets?matiere=acier"]


def test_a_misspelt_word_is_said_and_looked_for_as_it_was_meant(shop: Factory, browser: Browser) -> None:
    text = browser.get("/objets?mots=brosche+licorne").text
    assert "Aucun objet n’a le mot « brosche » : voici ceux qui ont « broche »." in text
    assert "Aucun objet n’a ce mot : licorne." in text


def test_a_question_without_a_word_that_we_can_look_for_shows_nothing_and_says_so(
    shop: Factory, browser: Browser
) -> None:
    page = browser.get("/objets?mots=кольцо")
    assert "Aucun objet n’a ce mot : кольцо." in page.text
    assert not page.all(".item-card")


def test_a_number_among_the_words_leads_to_its_item(shop: Factory, browser: Browser) -> None:
    number = str(browser.get("/objets").all(".item-card .number")[0].get_text())
    answer = browser.client.get("/objets", query_string={"mots": number.lower()})
    assert answer.headers["Location"] == f"/objets/{number}"


def test_a_makers_reference_that_could_be_a_number_is_looked_for(make: Factory, unit: Unit, browser: Browser) -> None:
    reference = "2222888"
    assert read_public_number(reference)
    item = make.published(make.case(unit), PHOTO, title=f"Scie {reference}")
    assert titles(browser.get(f"/objets?mots={reference}")) == [item.title]
    in_one_piece = item.public_number.replace("-", "")
    assert browser.client.get(f"/objets?mots={in_one_piece}").location == f"/objets/{item.public_number}"


def test_pages_lead_on_and_back_and_keep_the_filters(make: Factory, unit: Unit, browser: Browser) -> None:
    case = make.case(unit)
    for _ in range(make.settings.page_size + 1):
        make.now += timedelta(minutes=1)
        make.published(case, PHOTO, colours=("gold",))
    first = browser.get("/objets?couleur=gold")
    last = browser.get(str(first.one("a[rel=next]")["href"]))
    assert len(last.all(".item-card")) == 1
    assert "25 à 25 sur 25" in last.text
    assert last.one("a[rel=prev]")["href"] == "/objets?couleur=gold"


def test_the_canonical_address_has_no_cursor(shop: Factory, browser: Browser) -> None:
    number = browser.get("/objets").all(".item-card .number")[0].get_text()
    page = browser.get(f"/objets?categorie=jewellery&apres={number}")
    assert str(page.one("link[rel=canonical]")["href"]).endswith("/objets?categorie=jewellery")
    assert not page.all("meta[name=robots]")


def test_robots_are_kept_from_every_combination_of_filters(shop: Factory, browser: Browser) -> None:
    page = browser.get("/objets?categorie=jewellery&couleur=gold")
    assert page.one("meta[name=robots]")["content"] == "noindex"


def test_the_most_frequent_category_stands_first_and_the_others_in_the_administrators_order(
    shop: Factory, browser: Browser, unit: Unit
) -> None:
    shop.published(shop.case(unit), PHOTO, title="Vase", category="tools")
    names = [chip.get_text(" ", strip=True) for chip in browser.get("/objets").all("nav .chips a")][1:]
    assert names == ["Bijoux 2", "Montres 1", "Outils 1"]


@pytest.mark.parametrize(
    "typed",
    ["2026-02-10", "10/02/2026", "10-2-2026", "10.02.26", "10 février 2026", "le 10 fév. 2026", " 10/02/2026 "],
)
def test_the_day_of_the_theft_is_understood_as_french_people_write_it(
    shop: Factory, browser: Browser, typed: str
) -> None:
    page = browser.get(f"/objets?{urlencode({'vol': typed})}")
    assert "vol du 10 février 2026" in page.text
    assert not page.all("#vol-erreur")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/02/2026", "n’est pas une date"),
        ("hier", "n’est pas une date"),
        ("2026-W01-1", "n’est pas une date"),
        ("29/11/9999", "est dans l’avenir"),
        ("9999-12-31", "est dans l’avenir"),
        ("01/01/0001", "Vérifiez l’année"),
    ],
)
def test_a_day_that_is_not_understood_is_said(shop: Factory, browser: Browser, typed: str, said: str) -> None:
    page = browser.get(f"/objets?{urlencode({'vol': typed})}")
    assert said in page.one("#vol-erreur").get_text()
    assert page.one("#vol")["aria-describedby"] == "vol-erreur"
    assert page.all(".item-card")


def test_an_invisible_character_in_a_question_changes_nothing(shop: Factory, browser: Browser) -> None:
    plain, pasted = (
        browser.get(f"/objets?{urlencode({'mots': each})}") for each in ("broche", "bro\u00adche\u200b\u202e")
    )
    assert len(pasted.all(".item-card")) == len(plain.all(".item-card")) > 0


def test_a_feed_has_the_newest_of_a_category_and_a_departement_and_no_photo(shop: Factory, browser: Browser) -> None:
    page = browser.get("/objets?categorie=jewellery&departement=35")
    address = urlsplit(str(page.one("link[type='application/atom+xml']")["href"]))
    answer = browser.client.get(f"{address.path}?{address.query}")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    titles = [each.text for each in feed.iter(f"{ATOM}title")]
    assert [title.rpartition(" – ")[2] for title in titles] == [
        "Ille-et-Vilaine (35)",
        "Broche à saphir",
        "Bague dorée",
    ]
    assert "/photos/" not in answer.text
    words = browser.client.get("/objets.atom?mots=bague&couleur=gold")
    assert [each.text for each in ElementTree.fromstring(words.data).iter(f"{ATOM}title")][1:] == ["Bague dorée"]
    assert "<entry>" not in browser.client.get("/objets.atom?categorie=bicycles").text


def test_a_long_material_that_is_offered_finds_its_object(shop: Factory, unit: Unit, browser: Browser) -> None:
    shop.published(shop.case(unit), PHOTO, title="Coffret", materials="bois, " + "or massif " * 10 + "verni")
    (offered,) = [
        each["value"] for each in browser.get("/objets").all("input[name=matiere]") if len(each["value"]) > 64
    ]
    assert titles(browser.get(f"/objets?{urlencode({'matiere': offered})}")) == ["Coffret"]

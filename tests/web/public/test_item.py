import json
from collections.abc import Iterator
from datetime import date

import pytest
from rdflib.namespace import SDO

from gallery.models import Item, Unit
from gallery.services.cases import TheftWindow
from gallery.services.gallery import public_items
from gallery.services.items import publication
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.page import Browser


@pytest.fixture
def ring(make: Factory, unit: Unit) -> Item:
    item = make.item(
        make.case(unit), title="Bague en or", colours=("gold", "green"), inscriptions="« À Jeanne »", with_photos=2
    )
    return make.publish(item)


def withdraw(make: Factory, item: Item) -> None:
    with atomic(make.session):
        publication.withdraw(make.session, item, by=None, now=make.now)


def test_it_works(ring: Item, browser: Browser) -> None:
    page = browser.get(f"/objets/{ring.public_number}")
    assert page.one("h1").get_text() == "Bague en or"
    assert page.one(".big-number").get_text() == ring.public_number
    assert "doré, vert" in page.text
    assert "entre le 1er mars 2026 et le 27 juin 2026" in page.text
    assert page.one("a[href^='tel:']")["href"] == "tel:+33-2-61-91-00-35"


def test_thefts_of_one_day_are_no_period(make: Factory, unit: Unit, browser: Browser) -> None:
    day = date(2026, 3, 14)
    item = make.published(make.case(unit, window=TheftWindow(day, day)))
    assert "Période du vol le 14 mars 2026" in browser.get(f"/objets/{item.public_number}").text


def test_empty_headings_are_not_shown(ring: Item, browser: Browser) -> None:
    names = [name.get_text() for name in browser.get(f"/objets/{ring.public_number}").all("dt")]
    assert "Inscriptions" in names
    assert "Marque" not in names


def test_photos_have_sizes_sources_and_words(ring: Item, browser: Browser) -> None:
    page = browser.get(f"/objets/{ring.public_number}")
    pictures = page.all(".photo-viewer picture")
    assert len(pictures) == 2
    source, image = pictures[0].select_one("source"), pictures[0].select_one("img")
    assert source is not None
    assert image is not None
    assert (source["type"], image["width"], image["height"]) == ("image/webp", "640", "480")
    assert "320w" in str(source["srcset"])
    assert image["alt"] == "Bague en or (Bijoux, doré, vert), photo 1 sur 2"


def test_a_photo_that_nobody_has_described_is_told_by_category_colours_and_materials(
    make: Factory, unit: Unit, browser: Browser
) -> None:
    item = make.published(make.case(unit), colours=("gold", "blue"), materials="or, saphir")
    page = browser.get(f"/objets/{item.public_number}")
    assert page.one(".photo-viewer img")["alt"] == "Bague en or (Bijoux, doré, bleu, or, saphir)"
    assert browser.get("/objets").one(".item-card img")["alt"] == "Bague en or (Bijoux, doré, bleu, or, saphir)"


def test_the_officers_words_for_a_photo_prevail(make: Factory, unit: Unit, browser: Browser) -> None:
    item = make.published(make.case(unit))
    with atomic(make.session):
        item.photos[0].alt_text = "La bague de face"
    assert browser.get(f"/objets/{item.public_number}").one(".photo-viewer img")["alt"] == "La bague de face"


def test_a_number_typed_in_another_way_leads_to_its_page(ring: Item, browser: Browser) -> None:
    answer = browser.client.get(f"/objets/{ring.public_number.lower().replace('-', '')}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/objets/{ring.public_number}")


@pytest.mark.parametrize("number", ["35-AAAA-A", "99", "%27%20or%201", "x" * 300])
def test_an_unknown_number_is_told(browser: Browser, number: str) -> None:
    assert "Aucun objet ne porte ce numéro" in browser.get(f"/objets/{number}", status=404).text


def test_a_withdrawn_item_is_told_kindly(make: Factory, ring: Item, browser: Browser) -> None:
    withdraw(make, ring)
    page = browser.get(f"/objets/{ring.public_number}", status=410)
    assert "rendu à son propriétaire ou retiré" in page.text


def test_a_shared_link_has_a_picture(ring: Item, browser: Browser) -> None:
    page = browser.get(f"/objets/{ring.public_number}")
    address = str(page.one("meta[property='og:image']")["content"])
    assert address == f"http://localhost/objets/{ring.public_number}/lien.jpg"
    assert browser.client.get(address).mimetype == "image/jpeg"


def test_it_can_be_passed_on_by_plain_links(ring: Item, browser: Browser) -> None:
    page = browser.get(f"/objets/{ring.public_number}")
    addresses = [str(link["href"]) for link in page.all(".shares a")]
    assert [address.split("/")[2] if "//" in address else address.split(":")[0] for address in addresses] == [
        "mailto",
        "www.facebook.com",
        "wa.me",
        "x.com",
    ]
    assert all(f"http%3A%2F%2Flocalhost%2Fobjets%2F{ring.public_number}" in address for address in addresses)
    assert page.one("[data-copy]")["data-copy"] == f"http://localhost/objets/{ring.public_number}"


def test_search_engines_are_given_what_the_page_shows(ring: Item, browser: Browser) -> None:
    data = json.loads(browser.get(f"/objets/{ring.public_number}").one("script[type='application/ld+json']").get_text())
    thing = data["mainEntity"]
    assert (data["@type"], thing["name"], thing["identifier"]) == ("ItemPage", "Bague en or", ring.public_number)
    assert len(thing["image"]) == 2
    assert "doré, vert" in thing["description"]
    picture = data["primaryImageOfPage"]
    assert (picture["contentUrl"], picture["creditText"]) == (thing["image"][0], ring.unit.name)
    way = [each["item"].removeprefix("http://localhost") for each in data["breadcrumb"]["itemListElement"]]
    assert way == ["/objets", "/objets?categorie=jewellery", f"/objets/{ring.public_number}"]


def words_of(data: object) -> Iterator[str]:
    """The types and properties that structured data is said in."""
    for each in data if isinstance(data, list) else [data]:
        if isinstance(each, dict):
            yield from (str(value) if name == "@type" else name for name, value in each.items() if name != "@context")
            yield from (word for value in each.values() for word in words_of(value))


def test_what_they_are_given_is_said_in_words_of_schema_org(ring: Item, browser: Browser) -> None:
    data = json.loads(browser.get(f"/objets/{ring.public_number}").one("script[type='application/ld+json']").get_text())
    words = set(words_of(data))
    assert {"ItemPage", "ImageObject", "BreadcrumbList", "ListItem", "Thing", "creditText"} <= words
    assert not [each for each in words if each not in SDO]


def test_a_title_cannot_leave_the_data_block(make: Factory, unit: Unit, browser: Browser) -> None:
    item = make.published(make.case(unit), title="</script><script src=//x>")
    answer = browser.client.get(f"/objets/{item.public_number}")
    assert b"<script src=//x>" not in answer.data


def test_similar_items_are_shown_and_said_why(make: Factory, unit: Unit, ring: Item, browser: Browser) -> None:
    assert "Objets semblables" not in browser.get(f"/objets/{ring.public_number}").text
    make.published(make.case(unit), title="Chaîne dorée", colours=("gold",))
    page = browser.get(f"/objets/{ring.public_number}")
    assert page.one(".item-card a").get_text() == "Chaîne dorée"
    assert "des couleurs en commun" in page.text


def address_of(make: Factory, item: Item, name: str = "320.webp") -> str:
    cover = public_items.get(make.session, item.public_number).cover
    return f"/photos/{cover.public_id}/{name}"


def test_a_photo_is_kept_for_an_hour_at_most(make: Factory, ring: Item, browser: Browser) -> None:
    answer = browser.client.get(address_of(make, ring))
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/webp", "public, max-age=3600")


def test_a_photo_that_has_not_changed_is_not_sent_again(make: Factory, ring: Item, browser: Browser) -> None:
    address = address_of(make, ring)
    etag = browser.client.get(address).headers["ETag"]
    assert browser.client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_a_withdrawn_items_photo_is_gone_at_once(make: Factory, ring: Item, browser: Browser) -> None:
    address = address_of(make, ring)
    etag = browser.client.get(address).headers["ETag"]
    withdraw(make, ring)
    assert browser.client.get(address, headers={"If-None-Match": etag}).status_code == 404


def test_what_officers_wrote_is_marked_as_french_on_an_english_page(
    make: Factory, unit: Unit, browser: Browser
) -> None:
    item = make.published(make.case(unit), title="Montre de poche", materials="argent")
    assert not browser.get(f"/objets/{item.public_number}").one("h1").has_attr("lang")
    page = browser.get(f"/en/objets/{item.public_number}")
    assert (page.one("html")["lang"], page.one("h1")["lang"]) == ("en", "fr")
    assert [each.get_text() for each in page.all("dd[lang=fr]")] == ["argent"]
    picture = page.one(".photo-viewer img")
    assert (picture["alt"], picture["lang"]) == ("Montre de poche (Bijoux, argent)", "fr")
    gallery = browser.get("/en/objets")
    assert gallery.all(".item-card a[lang=fr]")
    assert [each.get_text() for each in gallery.all(".filters label [lang=fr]")] == ["argent"]

import json
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Item, Network, Posting, Unit
from gallery.services.albums import postings
from gallery.services.cases import CaseSecrets
from gallery.services.facebook import outbox
from gallery.services.items import publication
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.page import Browser

PAGE = "/albums/abcdefghjk"
SECRETS = CaseSecrets(case_number="PLANTED-number", authorised_by="Mme X", authorised_on="2026-10-01")


@pytest.fixture
def two(make: Factory, unit: Unit) -> list[Item]:
    """Two published items, exported with a title that only officers read."""
    case = make.case(unit, SECRETS)
    items = [make.published(case, title="Bague"), make.published(case, title="Montre")]
    numbers = [item.public_number for item in items]
    with atomic(make.session) as session:
        album = postings.ExportedAlbum(numbers, Network.FACEBOOK, "PLANTED-title", "abcdefghjk")
        postings.record(session, unit, album, by=None, now=make.now)
    return items


def withdraw(make: Factory, *items: Item) -> None:
    with atomic(make.session):
        for item in items:
            publication.withdraw(make.session, item, by=None, now=make.now)


def test_it_works(two: list[Item], unit: Unit, browser: Browser) -> None:
    page = browser.get(PAGE)
    assert page.one("h1").get_text() == "2 objets retrouvés"
    assert [each.get_text() for each in page.all(".item-card .number")] == [item.public_number for item in two]
    assert unit.name in page.text
    assert "PLANTED" not in page.answer.text


def test_a_shared_link_looks_right(two: list[Item], unit: Unit, browser: Browser) -> None:
    page = browser.get(PAGE)
    graph = {str(each["property"]): str(each["content"]) for each in page.all("meta[property^='og:']")}
    assert graph["og:title"] == f"2 objets retrouvés – {unit.name}"
    assert graph["og:url"] == page.one("link[rel=canonical]")["href"] == f"http://localhost{PAGE}"
    answer = browser.client.get(graph["og:image"])
    assert (answer.mimetype, Image.open(BytesIO(answer.data)).size) == ("image/jpeg", (1200, 630))
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_an_album_taken_off_the_list_has_no_page(two: list[Item], make: Factory, browser: Browser) -> None:
    browser.get(PAGE)
    with atomic(make.session) as session:
        outbox.forget(session, session.scalars(select(Posting)).one())
    assert browser.client.get(PAGE).status_code == 404


def test_search_engines_are_told_what_is_in_it(two: list[Item], browser: Browser) -> None:
    data = json.loads(browser.get(PAGE).one("script[type='application/ld+json']").get_text())
    assert data["@type"] == "ImageGallery"
    assert [(each["position"], each["name"]) for each in data["mainEntity"]["itemListElement"]] == [
        (1, "Bague"), (2, "Montre"),
    ]  # fmt: skip


def test_search_engines_are_told_what_the_page_shows(two: list[Item], settings: Settings) -> None:
    app = create_app(replace(settings, page_size=1), {Site.PUBLIC})
    page = Browser(app.test_client()).get(f"{PAGE}?page=2")
    listed = json.loads(page.one("script[type='application/ld+json']").get_text())["mainEntity"]
    assert listed["numberOfItems"] == 2
    assert [(each["position"], each["name"]) for each in listed["itemListElement"]] == [(2, "Montre")]


def test_it_is_passed_on_by_plain_links(two: list[Item], browser: Browser) -> None:
    links = [str(link["href"]) for link in browser.get(PAGE).all(".shares a")]
    assert [link.split("?")[0] for link in links] == [
        "mailto:", "https://www.facebook.com/sharer/sharer.php", "https://wa.me/", "https://x.com/intent/post",
    ]  # fmt: skip
    assert all("albums%2Fabcdefghjk" in link for link in links)


def test_a_withdrawn_item_is_no_longer_in_it(make: Factory, two: list[Item], browser: Browser) -> None:
    withdraw(make, two[0])
    page = browser.get(PAGE)
    assert page.one("h1").get_text() == "Un objet retrouvé"
    assert two[0].public_number not in page.answer.text


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/lien.jpg"])
def test_nothing_left_is_said_to_be_gone(make: Factory, two: list[Item], browser: Browser, path: str) -> None:
    withdraw(make, *two)
    assert "ne sont plus présentés" in browser.get(path, status=410).text


@pytest.mark.parametrize("code", ["zzzzzzzzzz", "abc", "%27%20or%201", "x" * 300])
def test_an_unknown_code_is_told(two: list[Item], browser: Browser, code: str) -> None:
    assert "Cet album n’existe pas" in browser.get(f"/albums/{code}", status=404).text


def test_a_code_in_capitals_leads_to_the_page(two: list[Item], browser: Browser) -> None:
    answer = browser.client.get("/albums/ABCDEFGHJK")
    assert (answer.status_code, answer.headers["Location"]) == (301, PAGE)


@pytest.mark.parametrize("part", ["1", "2", "-3", "x", "99"])
def test_any_page_number_shows_items(two: list[Item], browser: Browser, part: str) -> None:
    assert len(browser.get(f"{PAGE}?page={part}").all(".item-card")) == 2


def test_its_address_is_given_to_those_only_who_read_the_post(two: list[Item], browser: Browser) -> None:
    assert "/albums/" not in browser.client.get("/sitemap.xml").text

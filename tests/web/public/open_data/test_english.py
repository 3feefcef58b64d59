"""Pages in English: their addresses, what leads to them, and what every other address goes on doing."""

import re
from io import BytesIO

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from gallery.models import Item, Unit
from gallery.web.languages import ADDRESSED, SPOKEN_KEY
from tests import pictures
from tests.factories import Factory
from tests.page import Browser

OPENED = {"Accept": "text/html,application/xhtml+xml"}
# In English a page names these as they are: one address for everybody.
FILES = (
    "/static/",
    "/bootstrap/",
    "/theme/",
    "/photos/",
    "/langue/",
    "/objets.json",
    "/objets.csv",
    "/.well-known/",
    "/api/v1",
    "/catalogue.",
)


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    return make.published(make.case(unit), category="jewellery")


def addresses_in(page: str) -> set[str]:
    return set(re.findall(r' (?:href|src|action|data-[\w-]+)="(/[^"]*)"', page))


def test_every_page_links_to_english_pages_and_to_the_same_files(item: Item, app: Flask, client: FlaskClient) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in app.extensions[SPOKEN_KEY]]
    asked = {f"/en{rule.rule}".replace("<number>", item.public_number) for rule in rules if "GET" in rule.methods}
    answers = {path: client.get(path) for path in asked if "<" not in path}
    pages = {path: each.text for path, each in answers.items() if each.mimetype == "text/html"}
    assert {answers[path].status_code for path in pages} <= {200, 302, 404}
    assert sum('<html lang="en"' in page for page in pages.values()) > 15
    for path, page in pages.items():
        assert not {each for each in addresses_in(page) if not each.startswith(("/en/", *FILES))}, path


def test_a_page_says_where_it_is_in_each_language(item: Item, browser: Browser) -> None:
    path = f"/objets/{item.public_number}"
    expected = {"fr": path, "en": f"/en{path}", "x-default": path}
    for own in (path, f"/en{path}"):
        page = browser.get(own)
        found = {str(each["hreflang"]): str(each["href"]) for each in page.all("link[rel=alternate][hreflang]")}
        assert found == {language: f"http://localhost{address}" for language, address in expected.items()}
        assert page.one("link[rel=canonical]")["href"] == page.one("meta[property='og:url']")["content"]
        assert page.one("link[rel=canonical]")["href"] == f"http://localhost{own}"


def test_the_sitemap_has_each_page_in_each_language(item: Item, client: FlaskClient) -> None:
    sitemap = client.get("/sitemap.xml").text
    found = re.findall(r"<url><loc>(.*?)</loc>.*?</url>", sitemap)
    assert len(found) == len(set(found)) == sitemap.count('hreflang="x-default"')
    assert {each.replace("localhost/en/", "localhost/") for each in found if "localhost/en/" in each} == {
        each for each in found if "localhost/en/" not in each
    }


def test_who_has_chosen_english_is_led_to_it_and_a_robot_is_not(item: Item, client: FlaskClient) -> None:
    path = f"/objets?tri=titre&categorie={item.category.code}"
    client.get("/langue/en")
    answer = client.get(path, headers=OPENED)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/en{path}")
    assert {"Cookie", "Accept"} <= set(answer.vary)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert '<html lang="fr"' in client.get(path).text
    client.get("/langue/fr")
    assert client.get(path, headers=OPENED).status_code == 200
    assert '<html lang="en"' in client.get(f"/en{path}", headers=OPENED).text


def test_accept_language_alone_leads_nowhere(client: FlaskClient) -> None:
    assert client.get("/", headers={**OPENED, "Accept-Language": "en"}).status_code == 200


def test_a_form_is_answered_in_the_language_of_its_address(item: Item, client: FlaskClient) -> None:
    client.get("/langue/en")
    for prefix, language in (("", "fr"), ("/en", "en")):
        token = Browser(client).get(f"{prefix}/recherche").token
        photo = (BytesIO(pictures.jpeg(pictures.picture(3))), "photo.jpg")
        answer = client.post(f"{prefix}/recherche", data={"csrf_token": token, "photos": photo}, headers=OPENED)
        assert (answer.status_code, f'<html lang="{language}"' in answer.text) == (200, True)


def test_redirects_stay_in_the_language(item: Item, client: FlaskClient) -> None:
    number = item.public_number
    # Without its hyphens it is another way of writing it even where it has no letters.
    for asked in (f"/en/numero?numero={number}", f"/en/objets?mots={number}", f"/en/objets/{number.replace('-', '')}"):
        assert client.get(asked).headers["Location"] == f"/en/objets/{number}"
    assert client.get("/en?x=1").headers["Location"] == "/en/"
    assert client.get("/en/o/" + number).status_code == 404


def test_a_file_has_one_address(item: Item, client: FlaskClient) -> None:
    for path in ("/robots.txt", "/sitemap.xml", "/api/v1/items", "/objets.json", "/static/theme.css", "/vivant"):
        assert (client.get(path).status_code, client.get(f"/en{path}").status_code) == (200, 404)
    with_api = client.get("/en/api/v1/items")
    assert with_api.mimetype == "application/problem+json"


def test_only_one_prefix_is_taken_away(client: FlaskClient) -> None:
    for path in ("/en/en/objets", "/EN/objets", "/english", "/envoi"):
        assert client.get(path).status_code == 404


def test_a_session_is_that_of_the_whole_site(client: FlaskClient) -> None:
    client.get("/en/recherche")
    cookie = client.get_cookie("galerie")
    assert cookie is not None
    assert cookie.path == "/"


def test_what_is_installed_in_english_is_one_site_with_the_french(client: FlaskClient) -> None:
    french, english = (client.get(f"{each}/manifest.webmanifest").get_json(force=True) for each in ("", "/en"))
    assert (french["id"], french["scope"]) == (english["id"], english["scope"]) == ("/", "/")
    assert (english["start_url"], english["share_target"]["action"]) == ("/en/", "/en/recherche/partage")
    worker = client.get("/en/service-worker.js").text
    assert '"page": "/en/hors-ligne"' in worker
    assert '"/en/static' not in worker


def test_addresses_made_outside_of_a_page_say_no_language(app: Flask) -> None:
    with app.test_request_context(environ_overrides={ADDRESSED: "en"}):
        assert (url_for("public.items"), url_for("static", filename="x")[:8]) == ("/en/objets", "/static/")
    with app.test_request_context():
        assert url_for("public.items") == "/objets"

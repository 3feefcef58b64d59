"""The API: what a stranger's program reads and asks, held to its own description."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from PIL import Image

from gallery.models import Case, Item, Network, Unit
from gallery.services.albums import postings
from gallery.services.items import publication
from gallery.services.transaction import atomic
from gallery.web.public.api import arguments
from gallery.web.public.api.photo_search import SearchForm
from tests import pictures
from tests.factories import Factory
from tests.page import Browser

ROOT = "/api/v1"
RING = pictures.picture(1, kind="ring")
ALBUM = "abcdefghjk"
COLUMNS = {
    "number", "url", "title", "category", "object_type", "brand", "model", "maker", "materials", "measurements",
    "colours", "inscriptions", "distinguishing_features", "subject", "period", "state_as_found", "published_in",
    "theft_from", "theft_until", "unit", "photos",
}  # fmt: skip
PROBLEM = "application/problem+json"


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


@pytest.fixture
def items(make: Factory, case: Case) -> list[Item]:
    """Two of one brand, in the order of their publication, and one of another that is in an album."""
    made = [make.published(case, brand=brand, colours=("gold",)) for brand in ("Lip", "Lip", "Yema")]
    last = made[-1]
    with atomic(make.session) as session:
        postings.record(
            session,
            last.unit,
            postings.ExportedAlbum(numbers=[last.public_number], network=Network.FACEBOOK, title="", code=ALBUM),
            by=None,
            now=make.now,
        )
    return made


def read(client: FlaskClient, path: str) -> Any:
    answer = client.get(path if path.startswith("http") else ROOT + path)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_items_are_read_page_by_page(client: FlaskClient, items: list[Item]) -> None:
    first = read(client, "/items?marque=lip&limite=1")
    assert (first["total"], first["previous"], len(first["items"])) == (2, None, 1)
    second = read(client, first["next"])
    assert second["next"] is None
    numbers = [each["number"] for page in (first, second) for each in page["items"]]
    assert numbers == [items[1].public_number, items[0].public_number]
    assert read(client, second["previous"])["items"] == first["items"]


def test_an_item_shows_the_columns_of_its_page_and_no_other(client: FlaskClient, items: list[Item]) -> None:
    shown = read(client, f"/items/{items[0].public_number.lower()}")
    assert set(shown) == COLUMNS
    assert (shown["title"], shown["category"]["code"], shown["published_in"]) == ("Bague en or", "jewellery", "2026-11")
    photo = shown["photos"][0]["files"][-1]
    assert client.get(photo["url"]).mimetype == photo["media_type"] == "image/jpeg"


def test_lists_count_what_is_published(client: FlaskClient, items: list[Item], unit: Unit) -> None:
    assert [(each["code"], each["items"]) for each in read(client, "/categories")] == [("jewellery", 3)]
    assert [(each["code"], each["items"]) for each in read(client, "/units")] == [(unit.code, 3)]
    album = read(client, f"/albums/{ALBUM.upper()}")
    assert [each["number"] for each in album["items"]] == [items[2].public_number]
    assert read(client, "/official-accounts")["accounts"] == []


def test_an_answer_is_sent_once_and_any_page_may_read_it(client: FlaskClient, items: list[Item]) -> None:
    for path in ("/items", "/items?mots=bague", "/openapi.json"):
        answer = client.get(ROOT + path)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        again = client.get(ROOT + path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_a_page_elsewhere_may_say_which_answer_it_has(client: FlaskClient, items: list[Item]) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    answer = client.options(f"{ROOT}/items", headers=asked | {"Origin": "https://page.example"})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "If-None-Match"


@pytest.mark.parametrize("path", ["/objets.json", "/objets.csv", "/objets.atom", "/catalogue.jsonld"])
def test_any_page_may_read_the_files_too(client: FlaskClient, items: list[Item], path: str) -> None:
    # The second time it may be a kept one.
    for _time in range(2):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/items?tri=prix", 422, {"query": {"tri"}}),
        ("/items?vol=le+3+mai", 422, {"query": {"vol"}}),
        ("/items?vol=9999-12-31", 422, {"query": {"vol"}}),
        ("/items?vol=1899-12-31", 422, {"query": {"vol"}}),
        ("/items?apres=AAAA&categorie=" + "x" * 301, 422, {"query": {"apres", "categorie"}}),
        ("/items/35-AAAA-A", 404, {}),
        ("/items?apres=35-AAAA-A", 404, {}),
        ("/albums/zzzzzzzzzz", 404, {}),
        ("/nothing", 404, {}),
    ],
)
def test_what_is_wrong_is_said_as_problem_details(
    client: FlaskClient, path: str, status: int, said: dict[str, set[str]]
) -> None:
    answer = client.get(ROOT + path, headers={"Accept": "text/html"})
    problem = answer.json
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert {place: set(names) for place, names in problem.get("errors", {}).items()} == said


@pytest.mark.parametrize(
    ("path", "french", "english"),
    [("/nothing", "Cette page n’existe pas", "This page does not exist"),
     ("/items/35-AAAA-A", "Aucun objet ne porte ce numéro", "No object has this number")],
)  # fmt: skip
def test_an_error_is_in_the_language_that_the_reader_prefers(
    client: FlaskClient, path: str, french: str, english: str
) -> None:
    for accepted, said in ((None, french), ("fr;q=0.5, en-GB", english), ("de", french), ("en;q=0.1, fr", french)):
        answer = client.get(ROOT + path, headers={"Accept-Language": accepted} if accepted else {})
        assert said in answer.json["detail"], accepted
        assert "Accept-Language" in answer.vary
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_why_a_photo_is_refused_is_in_that_language_too(client: FlaskClient, items: list[Item]) -> None:
    for accepted, said in (("fr", "n’est pas une photo"), ("en", "not a readable photo")):
        files = [(BytesIO(b"no photo"), "a.jpg"), (BytesIO(pictures.jpeg(RING)), "b.jpg")]
        answer = client.post(ROOT + "/search", data={"photos": files}, headers={"Accept-Language": accepted})
        assert said in answer.json["refused"][0]["sentence"]
        assert "Accept-Language" in answer.vary


@pytest.mark.parametrize("path", ["/official-accounts", "/categories", "/openapi.json", "/items"])
def test_what_is_kept_is_the_same_for_every_reader(client: FlaskClient, items: list[Item], path: str) -> None:
    first = client.get(ROOT + path, headers={"Accept-Language": "en"})
    again = client.get(ROOT + path, headers={"Accept-Language": "fr"})
    assert (first.data, "Accept-Language" in first.vary) == (again.data, False)


@pytest.mark.parametrize("path", ["/objets", "/objets?categorie=jewellery", "/objets?mots=bague"])
def test_a_proxy_is_told_that_the_gallery_has_other_forms(client: FlaskClient, items: list[Item], path: str) -> None:
    for accepted in ("text/html", "application/json", "text/csv"):
        assert "Accept" in client.get(path, headers={"Accept": accepted}).vary


def test_another_method_is_told_which_there_are(client: FlaskClient) -> None:
    answer = client.put(ROOT + "/items")
    assert (answer.status_code, answer.mimetype) == (405, PROBLEM)
    assert "GET" in answer.headers["Allow"]


def test_any_page_may_read_that_there_is_nothing(client: FlaskClient) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Origin": "https://page.example"}
    for answer in (client.get(ROOT + "/nothing"), client.head(ROOT), client.options(ROOT + "/nothing", headers=asked)):
        assert (answer.status_code, answer.mimetype) == (404, PROBLEM)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_what_was_withdrawn_is_gone(client: FlaskClient, make: Factory, items: list[Item]) -> None:
    with atomic(make.session) as session:
        publication.withdraw(session, items[0], by=None, now=make.now)
    answer = client.get(f"{ROOT}/items/{items[0].public_number}")
    assert (answer.status_code, answer.mimetype) == (410, PROBLEM)
    assert items[0].public_number not in client.get(ROOT + "/items").text


def search(client: FlaskClient, *photos: bytes, **fields: str) -> Any:
    files = [(BytesIO(data), f"{place}.jpg") for place, data in enumerate(photos)]
    return client.post(ROOT + "/search", data={"photos": files, **fields}, content_type="multipart/form-data")


def test_a_photo_finds_its_object(client: FlaskClient, make: Factory, case: Case) -> None:
    ring = make.published(case, pictures.jpeg(RING))
    screen = Image.new("RGB", (RING.width, 2 * RING.height))
    screen.paste(RING, (0, RING.height // 2))
    sent = pictures.jpeg(pictures.recompressed(RING, quality=40)), b"no photo", pictures.jpeg(screen)
    answer = search(client, *sent, cadres="0,0,1,1")
    assert answer.status_code == 200, answer.text
    (found,) = answer.json["objects"]
    first = found["items"][0]
    assert (first["item"]["number"], first["likelihood"]) == (ring.public_number, "strong")
    assert "same_photo" in first["evidence"]
    assert [each["number"] for each in answer.json["refused"]] == [2]
    assert answer.json["screenshots"] == [3]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_search_is_held_to_the_limits_of_the_page(client: FlaskClient, items: list[Item]) -> None:
    photo = pictures.jpeg(RING)
    assert search(client).status_code == 422
    assert search(client, *[photo] * 9).status_code == 413
    assert search(client, photo, vol="", couleur="", mots="", departement="", cadres="").status_code == 200
    for name, said in (("couleur", "beige rosé"), ("vol", "9999-12-31"), ("vol", "1899-12-31")):
        assert search(client, photo, **{name: said}).json["errors"]["files"].keys() == {name}
    from_elsewhere = {"Sec-Fetch-Site": "cross-site"}
    answer = client.post(ROOT + "/search", headers=from_elsewhere, data={"photos": (BytesIO(photo), "a.jpg")})
    assert answer.status_code == 403


def test_any_address_of_the_gallery_is_a_list_too(client: FlaskClient, items: list[Item]) -> None:
    answer = client.get("/objets.csv?marque=lip")
    rows = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert [each["number"] for each in rows] == [items[1].public_number, items[0].public_number]
    again = client.get("/objets.csv?marque=lip", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/objets.json?mots=bague").headers["ETag"]
    assert (answer.mimetype, rows[0]["colours"], rows[0]["unit_departement"]) == ("text/csv", "gold", "35")
    assert read(client, "http://localhost/objets.json?marque=lip")["total"] == 2
    for accepted, ending in (("application/json", "json"), ("text/csv", "csv"), ("application/atom+xml", "atom")):
        for _ in range(2):
            answer = client.get("/objets?marque=lip", headers={"Accept": accepted})
            assert answer.headers["Location"] == f"/objets.{ending}?marque=lip"
    assert client.get("/objets?marque=lip", headers={"Accept": "text/html"}).mimetype == "text/html"


def test_a_cell_never_begins_a_formula(client: FlaskClient, make: Factory, case: Case) -> None:
    make.published(case, brand="=HYPERLINK(1)", maker="Établi ; « à l’ancre »\n@x")
    (row,) = csv.DictReader(StringIO(client.get("/objets.csv").text.removeprefix("\ufeff")), delimiter=";")
    assert row["brand"] == "'=HYPERLINK(1)"
    assert row["maker"].startswith("Établi ; « à l’ancre »")
    assert "\n@" not in row["maker"]


def test_the_page_names_all_that_can_be_asked(browser: Browser) -> None:
    for language in ("", "/en"):
        page = browser.get(f"{language}/api")
        named = [
            each.get_text()
            for each in page.all("#filtres ~ tbody td:first-child code, #champs ~ tbody td:first-child code")
        ]
        assert sorted(named) == sorted([*arguments.ItemQuery().fields, *SearchForm().fields])


@pytest.fixture
def described(app: Flask, items: list[Item]) -> Any:
    return schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", app)


def on_a_day_that_was(case: schemathesis.Case) -> schemathesis.Case:
    """No format of a description can say which day is the last."""
    for said in (case.query, case.body):
        if isinstance(said, dict) and "vol" in said:
            said["vol"] = "2026-05-31"
    return case


def test_every_answer_is_as_described(described: Any) -> None:
    found = [each.ok() for each in described.get_all_operations()]
    assert len(found) == 7
    for operation in found:

        @given(case=operation.as_strategy().map(on_a_day_that_was))
        @settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        def holds(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={"Accept-Encoding": "identity"})

        holds()

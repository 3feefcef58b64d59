"""Of a publication the public is told the month, and neither the day nor the hour, by whatever way it asks."""

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from gallery.models import Item, Unit
from gallery.services.days import begin_in_paris, day_in_paris
from tests.factories import Factory

ATOM = "{http://www.w3.org/2005/Atom}"
# In Paris it was November already.
PUBLISHED = datetime(2026, 10, 31, 23, 42, 17, 250_000, tzinfo=UTC)
TELLING = re.compile(
    r"2026-10-31|2026-11-01T(?!00:00:00\+01:00)|23:42|00:42|31 octobre|1er novembre|October 31|November 1,"
    rf"|{int(PUBLISHED.timestamp())}|{int(PUBLISHED.timestamp()):x}|Sat, 31 Oct|Sun, 01 Nov"
)
PATHS = (
    "/", "/en/", "/objets", "/objets?tri=anciens", "/objets/NUMBER", "/en/objets/NUMBER", "/objets.json", "/objets.csv",
    "/objets.atom", "/objets.atom?categorie=jewellery", "/api/v1/items", "/api/v1/items/NUMBER", "/api/v1/categories",
    "/api/v1/units", "/api/v1/openapi.json", "/catalogue.jsonld", "/sitemap.xml", "/unites", "/numero?numero=NUMBER",
    "/photos/PHOTO/320.webp", "/photos/PHOTO/320.jpg",
)  # fmt: skip


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    case = make.case(unit)
    make.now = PUBLISHED
    return make.published(case)


@pytest.mark.parametrize("path", PATHS)
def test_no_answer_tells_more_than_the_month(client: FlaskClient, item: Item, path: str) -> None:
    address = path.replace("NUMBER", item.public_number).replace("PHOTO", item.photos[0].public_id)
    # The second time it may be a kept one.
    for _time in range(2):
        answer = client.get(address)
        assert answer.status_code in (200, 302)
        assert "Last-Modified" not in answer.headers
        assert not TELLING.search(str(answer.headers))
        assert not TELLING.search(answer.data.decode("latin-1"))


@pytest.mark.parametrize(
    ("path", "said"),
    [("/objets/NUMBER", "novembre 2026"), ("/api/v1/items/NUMBER", '"2026-11"'),
     ("/sitemap.xml", "<lastmod>2026-11</lastmod>")],
)  # fmt: skip
def test_the_month_is_told(client: FlaskClient, item: Item, path: str, said: str) -> None:
    assert said in client.get(path.replace("NUMBER", item.public_number)).text


def entries(client: FlaskClient) -> list[tuple[str | None, str | None]]:
    feed = ElementTree.fromstring(client.get("/objets.atom").data)
    return [(each.findtext(f"{ATOM}id"), each.findtext(f"{ATOM}updated")) for each in feed.iter(f"{ATOM}entry")]


def test_a_reader_of_the_feed_sees_that_an_object_is_new(
    client: FlaskClient, make: Factory, unit: Unit, item: Item
) -> None:
    first = client.get("/objets.atom")
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/objets.atom", headers=known).status_code == 304
    ((own, instant),) = entries(client)
    assert instant == "2026-11-01T00:00:00+01:00"
    make.published(make.case(unit))
    assert client.get("/objets.atom", headers=known).status_code == 200
    assert len({each for each, _ in entries(client)} - {own}) == 1


@pytest.mark.parametrize("address", ["/objets.atom", "/objets.atom?categorie=bicycles"])
def test_a_feed_is_of_the_day_on_which_it_is_read(client: FlaskClient, item: Item, address: str) -> None:
    before = datetime.now(UTC)
    feed = ElementTree.fromstring(client.get(address).data)
    days = {begin_in_paris(day_in_paris(each)).isoformat() for each in (before, datetime.now(UTC))}
    assert feed.findtext(f"{ATOM}updated") in days

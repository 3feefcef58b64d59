"""Pages that are kept: what a browser is told of them, and that no change leaves an old one standing."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Item
from gallery.web.headers import HEADERS
from gallery.web.public.kept import KeptPage, KeptPages
from tests.web.public.kept.conftest import NOT_KEPT

on_sqlite = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


def test_a_page_that_stands_is_not_sent_again(addresses: list[str], client: FlaskClient) -> None:
    for address in addresses:
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.data) == (200, 304, b""), address
        assert client.get(address).data == first.data, address
        assert HEADERS.items() <= dict(again.headers).items(), address
        assert again.headers["ETag"] == first.headers["ETag"], address


def test_a_proxy_may_keep_it_and_must_ask_each_time(addresses: list[str], client: FlaskClient) -> None:
    for address in addresses * 2:
        headers = client.get(address).headers
        told = (headers["Cache-Control"], headers["Vary"])
        assert told == ("public, no-cache", "Cookie, Accept, Accept-Encoding"), address
        assert "Set-Cookie" not in headers, address


def test_it_is_compressed_for_who_takes_that(addresses: list[str], client: FlaskClient) -> None:
    for address in addresses * 2:
        plain = client.get(address, headers={"Accept-Encoding": "br, gzip; q=0.0, deflate"})
        small = client.get(address, headers={"Accept-Encoding": "gzip;q=0.5, br"})
        assert ("Content-Encoding" in plain.headers, small.headers["Content-Encoding"]) == (False, "gzip"), address
        assert gzip.decompress(small.data) == plain.data, address
        assert plain.headers["ETag"] != small.headers["ETag"], address


def test_nothing_of_a_session_is_in_it(addresses: list[str], client: FlaskClient) -> None:
    before = [client.get(address).data for address in addresses]
    client.get("/recherche")
    assert client.get_cookie("galerie") is not None
    assert [client.get(address).data for address in addresses] == before
    assert not [page for page in before if b"csrf_token" in page]


@pytest.mark.parametrize(
    ("accepted", "ending"),
    [
        ("application/json, text/plain, */*", "json"),
        ("Text/CSV, */*;q=0.1", "csv"),
        ("application/*,*/*;q=0.1", "json"),
    ],
)
def test_a_program_is_led_to_its_form_of_a_page_that_is_kept(
    item: Item, client: FlaskClient, accepted: str, ending: str
) -> None:
    assert client.get("/objets").status_code == 200
    answer = client.get("/objets", headers={"Accept": accepted})
    assert (answer.status_code, answer.headers.get("Location")) == (303, f"/objets.{ending}")


def test_what_a_visitor_types_or_sends_is_not_kept(item: Item, app: Flask, client: FlaskClient) -> None:
    for address in NOT_KEPT:
        headers = client.get(address).headers
        assert "ETag" not in headers, address
        assert "public" not in headers["Cache-Control"], address
    assert app.extensions["kept_pages"].weight == 0


def test_nothing_is_kept_of_the_back_office(backoffice_app: Flask) -> None:
    assert "kept_pages" not in backoffice_app.extensions


def test_a_head_request_is_answered_from_it(item: Item, client: FlaskClient) -> None:
    page = client.get("/")
    head = client.head("/")
    assert (head.data, head.headers["ETag"]) == (b"", page.headers["ETag"])
    assert head.headers["Content-Length"] == str(len(page.data))


@on_sqlite
def test_a_kept_page_is_sent_without_asking_flask_and_with_the_same_headers(
    addresses: list[str], app: Flask, client: FlaskClient
) -> None:
    asked: list[Flask] = []
    first = [client.get(address) for address in addresses]
    known = [client.get(each.request.path, headers={"If-None-Match": each.headers["ETag"]}) for each in first[:1]]
    with request_started.connected_to(asked.append, app):
        again = [client.get(address) for address in addresses]
        told = [client.get("/", headers={"If-None-Match": each}) for each in ('"x", ' + first[0].headers["ETag"], "*")]
    assert not asked
    for answer in (*first, *known, *again, *told):
        # Each answer's own; a busy machine answers in another second.
        del answer.headers["X-Request-ID"], answer.headers["Date"]
    assert [list(each.headers) for each in again] == [list(each.headers) for each in first]
    assert [each.data for each in again] == [each.data for each in first]
    assert [(each.status, list(each.headers), each.data) for each in told] == [
        (known[0].status, list(known[0].headers), b"")
    ] * 2


@on_sqlite
def test_what_asks_for_more_than_a_page_asks_flask(item: Item, app: Flask, client: FlaskClient) -> None:
    client.get("/")
    asked: list[Flask] = []
    with request_started.connected_to(asked.append, app):
        client.head("/")
        client.get("/", data=b"x")
        client.get("/", headers={"If-Match": '"x"'})
        client.get("/%3Fcategorie=jewellery")
        assert client.post("/").status_code == 405
    assert len(asked) == 5


def test_each_language_has_its_own(item: Item, client: FlaskClient) -> None:
    french = client.get("/").text
    for _ in range(2):
        assert '<html lang="en"' in client.get("/en/").text
        assert client.get("/").text == french


def test_a_kept_page_hides_no_choice_of_language(item: Item, client: FlaskClient) -> None:
    opened = {"Accept": "text/html"}
    assert client.get("/", headers=opened).status_code == 200
    client.set_cookie("langue", "en")
    assert client.get("/", headers=opened).headers["Location"] == "/en/"


def test_each_day_has_its_own(item: Item, app: Flask) -> None:
    today = replace(app.extensions["resources"], now=lambda: datetime(2026, 11, 29, 12, tzinfo=UTC))
    answers = []
    for place in (today, replace(today, now=lambda: datetime(2026, 11, 30, 12, tzinfo=UTC))):
        app.extensions["resources"] = place
        answers.append("est dans l’avenir" in app.test_client().get("/objets?vol=2026-11-30").text)
    assert answers == [True, False]


def test_each_host_has_its_own(item: Item, client: FlaskClient) -> None:
    client.get("/", base_url="http://false.example")
    assert "false.example" not in client.get("/").text


@on_sqlite
def test_each_host_that_a_trusted_proxy_names_has_its_own(item: Item, settings: Settings) -> None:
    client = create_app(replace(settings, trusted_proxies=1), {Site.PUBLIC}).test_client()
    for host in ("false.example", "galerie.example") * 2:
        page = client.get("/", headers={"X-Forwarded-Host": host, "X-Forwarded-Proto": "https"}).text
        assert f"https://{host}/" in page
        assert page.count(".example/") == page.count(f"https://{host}/")


def test_arguments_that_nobody_reads_make_no_page_of_their_own(item: Item, app: Flask, client: FlaskClient) -> None:
    page, weight = client.get("/objets").data, app.extensions["kept_pages"].weight
    for address in ("/objets?utm_source=x", "/objets?mots=&couleur=", "/objets?fbclid=1&mots=+"):
        assert client.get(address).data == page
    assert app.extensions["kept_pages"].weight == weight


def test_a_query_longer_than_ours_is_answered_and_not_kept(item: Item, app: Flask, client: FlaskClient) -> None:
    assert client.get("/objets?marque=" + "x" * 600).status_code == 200
    assert app.extensions["kept_pages"].weight == 0


def test_an_error_is_not_kept(client: FlaskClient, app: Flask) -> None:
    assert client.get("/objets/35-K7QM-4").status_code == 404
    assert app.extensions["kept_pages"].weight == 0


def test_memory_has_the_bound_that_the_settings_say(item: Item, settings: Settings) -> None:
    app = create_app(replace(settings, kept_pages_bytes=100_000), {Site.PUBLIC})
    for number in range(40):
        app.test_client().get(f"/objets?marque=x{number}")
    assert 0 < app.extensions["kept_pages"].weight <= 100_000


def test_no_memory_keeps_nothing(item: Item, settings: Settings) -> None:
    app = create_app(replace(settings, kept_pages_bytes=0), {Site.PUBLIC})
    assert app.test_client().get("/").status_code == app.test_client().get("/").status_code == 200
    assert app.extensions["kept_pages"].weight == 0


def test_what_is_asked_for_least_recently_is_given_up_first() -> None:
    pages = KeptPages(2500)
    for key in ("a", "b"):
        pages.keep(key, 1, KeptPage(b"", "", ""))
    pages.find("a", 1)
    pages.keep("c", 1, KeptPage(b"", "", ""))
    assert [bool(pages.find(key, 1)) for key in "abc"] == [True, False, True]


def test_a_page_of_another_revision_is_never_found() -> None:
    pages = KeptPages(10_000)
    pages.keep("a", 1, KeptPage(b"", "", ""))
    assert pages.find("a", 2) is pages.find("a", 0) is None
    pages.keep("b", 2, KeptPage(b"", "", ""))
    assert pages.find("a", 2) is pages.find("a", 1) is None

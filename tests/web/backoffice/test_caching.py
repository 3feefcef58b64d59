"""What a browser of the back office may keep: nothing but our own files, and thumbnails until it is signed out."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from gallery.models import Case, Item
from gallery.web.headers import OUR_FILES
from tests.web.backoffice.desk import Desk
from tests.web.backoffice.test_closed import address_of, methods_of

PICTURES = "backoffice.rendition"


@pytest.fixture
def rules(backoffice_app: Flask) -> list[Rule]:
    return [rule for rule in backoffice_app.url_map.iter_rules() if rule.endpoint not in OUR_FILES]


def test_no_page_is_kept_whoever_asks(
    backoffice_app: Flask, office: Desk, rules: list[Rule], item: Item, case: Case
) -> None:
    stranger = backoffice_app.test_client()
    told = {
        client.open(address_of(rule, item, case), method=method).headers["Cache-Control"]
        for client in (office.client, stranger)
        for rule in rules
        for method in methods_of(rule)
    }
    assert told == {"no-store"}


def test_recovery_codes_are_not_kept(desk: Desk) -> None:
    assert desk.client.get("/compte/codes-de-secours?show_codes=1").headers["Cache-Control"] == "no-store"
    assert desk.send("/compte/codes-de-secours").headers["Cache-Control"] == "no-store"


def test_what_does_not_exist_is_not_kept(desk: Desk) -> None:
    assert desk.client.get("/nulle-part").headers["Cache-Control"] == "no-store"


def test_a_thumbnail_named_by_its_digest_is_kept_by_this_browser_only(desk: Desk, item: Item) -> None:
    page = desk.get(f"/objets/{item.public_number}")
    address = str(page.all(".photo-card img")[0]["src"])
    assert desk.client.get(address).headers["Cache-Control"] == "private, max-age=43200"


@pytest.mark.parametrize("version", ["", "?v=", "?v=000000000000"])
def test_a_thumbnail_under_another_address_is_not(desk: Desk, item: Item, version: str) -> None:
    answer = desk.client.get(f"/photos/{item.photos[0].public_id}/320.jpg{version}")
    assert answer.headers["Cache-Control"] == "no-store"


def test_signing_out_empties_the_browser(desk: Desk) -> None:
    answer = desk.send("/deconnexion")
    assert (answer.headers["Clear-Site-Data"], answer.headers["Cache-Control"]) == ('"cache"', "no-store")

"""Every page of both sites is looked at by axe in some journey (tests/journeys/inspected.py says which)."""

import ast
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from gallery import create_app
from gallery.config import Settings, Site
from tests.journeys import inspected

JOURNEYS = Path(inspected.__file__).parent
SAMPLES = {"number": "35-K7QM-4", "album": "abcdefghjk", "item": "/objets/35-K7QM-4", "case": "/affaires/r"}
BY_ADDRESS = {
    Site.PUBLIC: (*inspected.PUBLIC, *inspected.UNFOLDED),
    Site.BACKOFFICE: (*inspected.DESK, *inspected.CASE),
}


def endpoints_of(app: Flask, addresses: tuple[str, ...]) -> set[str]:
    found = set()
    with app.test_request_context():
        rules = app.url_map.bind("localhost")
        for address in addresses:
            path = address.format(**SAMPLES).partition("?")[0].removeprefix("/en")
            try:
                found.add(str(rules.match(path)[0]))
            except (HTTPException, RequestRedirect) as error:
                pytest.fail(f"{address}: {error}")
    return found


@pytest.mark.parametrize("site", list(Site))
def test_no_page_is_left_out(settings: Settings, site: Site) -> None:
    app = create_app(settings, {site})
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    seen = endpoints_of(app, BY_ADDRESS[site])
    left_out = rules - seen - inspected.ON_THE_WAY.keys() - inspected.NO_PAGES
    assert not left_out, sorted(left_out)
    # One way each.
    assert not seen & inspected.NO_PAGES
    assert not inspected.ON_THE_WAY.keys() & inspected.NO_PAGES


def test_nothing_is_named_that_is_no_longer_there(settings: Settings) -> None:
    rules = {rule.endpoint for site in Site for rule in create_app(settings, {site}).url_map.iter_rules()}
    assert not (inspected.ON_THE_WAY.keys() | inspected.NO_PAGES) - rules


@pytest.mark.parametrize("named", sorted(set(inspected.ON_THE_WAY.values())))
def test_the_journey_that_is_named_asks_axe(named: str) -> None:
    file, _, name = named.partition("::")
    (path,) = JOURNEYS.rglob(file)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    (journey,) = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == name]
    calls = [each.func for each in ast.walk(journey) if isinstance(each, ast.Call)]
    assert "check" in {each.id for each in calls if isinstance(each, ast.Name)}

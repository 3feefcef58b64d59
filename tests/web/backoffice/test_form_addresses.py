"""An address that only takes a form leads whoever opens it to the page that the form is on."""

from pathlib import Path

import pytest
from flask import Flask

import gallery
from gallery import create_app
from gallery.config import BOTH_SITES, Settings
from gallery.models import Case, Item, Officer
from tests import factories
from tests.web.backoffice.accounts.test_sign_in import attempt
from tests.web.backoffice.desk import JSON, VOUCHED, Desk

TEMPLATES = Path(gallery.__file__).parent / "templates" / "backoffice"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/objets/{item}/publier", "/objets/{item}"),
        ("/objets/{item}/photos/choisies?choisies=x", "/objets/{item}?choisies=x"),
        ("/affaires/{case}/photos/trier", "/affaires/{case}/photos"),
        ("/publications/x/adresse?page=2", "/publications?page=2"),
        ("/albums/telecharger", "/albums"),
    ],
)
def test_it_works(desk: Desk, item: Item, case: Case, address: str, page: str) -> None:
    named = {"item": item.public_number, "case": case.reference}
    answer = desk.client.get(address.format(**named))
    assert (answer.status_code, answer.headers["Location"]) == (302, page.format(**named))
    assert desk.client.get(answer.headers["Location"]).status_code == 200


def test_what_is_on_no_page_of_its_own_and_what_a_script_asks_is_refused(desk: Desk, item: Item) -> None:
    assert desk.client.get("/langue").status_code == 405
    assert desk.client.get("/objets//publier").status_code == 404
    assert desk.client.get(f"/objets/{item.public_number}/publier", headers=JSON).status_code == 405


def test_after_signing_in_too(backoffice_app: Flask, officer: Officer, item: Item) -> None:
    client, address = backoffice_app.test_client(), f"/objets/{item.public_number}/publier"
    assert client.get(address).headers["Location"] == f"/connexion?next={address}"
    factories.sign_in(client, officer.email)
    assert client.get(address, follow_redirects=True).status_code == 200


def test_where_the_back_office_is_mounted(settings: Settings, officer: Officer, item: Item) -> None:
    client = create_app(settings, BOTH_SITES).test_client()
    attempt(client, officer.email, root="/agents")
    answer = client.get(f"/agents/objets/{item.public_number}/publier")
    assert answer.headers["Location"] == f"/agents/objets/{item.public_number}"


def test_the_page_that_answers_a_form_names_its_own_address(desk: Desk, item: Item) -> None:
    sheet = f"/objets/{item.public_number}"
    refused = desk.do(f"{sheet}/publier", VOUCHED | {"verifie": ""})
    assert refused.one("main")["data-own-address"] == sheet
    # Else photos would be ticked again that the officer has unticked.
    assert desk.get(f"{sheet}?choisies={item.photos[0].public_id}").one("main")["data-own-address"] == sheet


def test_so_does_each_page_that_takes_its_parts_anew() -> None:
    anew = [each for each in TEMPLATES.glob("*.html") if "backoffice/refresh.js" in each.read_text(encoding="utf-8")]
    assert len(anew) > 3
    assert [each.name for each in anew if "set own_address" not in each.read_text(encoding="utf-8")] == []

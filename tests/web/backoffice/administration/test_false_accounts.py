from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from gallery.models import Unit
from tests.page import Browser
from tests.web.backoffice.desk import Desk

FALSE = "/administration/comptes/faux"
FACEBOOK = "https://www.facebook.com/gendarmerie35"
POSTS = (FACEBOOK, "m.facebook.com/Gendarmerie35/?ref=x", f"{FACEBOOK}/posts/999")
WARNING = "Attention : ce compte est signalé comme faux"


def answers(client: FlaskClient, *addresses: str) -> list[bool]:
    public = Browser(client)
    return [WARNING in public.get(f"/verifier?{urlencode({'numero': each})}").text for each in addresses]


def report(office: Desk, address: str = FACEBOOK) -> None:
    office.do(FALSE, {"address": address, "note": "Demande des cartes prépayées"})


def test_it_works(office: Desk, client: FlaskClient) -> None:
    assert answers(client, *POSTS) == [False, False, False]
    report(office)
    assert answers(client, *POSTS) == [True, True, True]
    page = Browser(client).get(f"/verifier?{urlencode({'numero': FACEBOOK})}")
    assert "Se fait passer pour" in page.text
    assert "cartes prépayées" not in page.text
    assert "cartes prépayées" in office.get(FALSE).text


def test_nothing_else_becomes_false(office: Desk, client: FlaskClient) -> None:
    report(office)
    others = ("https://www.facebook.com/gendarmerie", "https://x.com/gendarmerie35", f"{FACEBOOK}2")
    assert answers(client, *others) == [False, False, False]


def test_it_is_taken_back(office: Desk, client: FlaskClient) -> None:
    report(office)
    (form,) = office.get(FALSE).all("form[action$='/retirer']")
    assert "Le site ne dit plus" in office.do(str(form["action"])).text
    assert answers(client, FACEBOOK) == [False]


def test_an_official_account_is_not_false(office: Desk, client: FlaskClient, unit: Unit) -> None:
    report(office)
    office.do("/administration/comptes", {"unit": unit.code, "address": FACEBOOK})
    assert answers(client, FACEBOOK) == [False]
    answer = office.send(FALSE, {"address": FACEBOOK, "note": ""})
    assert answer.status_code == 422
    assert "C’est un compte officiel" in answer.text


@pytest.mark.parametrize("address", ["", "gendarmerie35", "https://evil.example/x", FACEBOOK])
def test_what_can_not_be_listed_is_said(office: Desk, address: str) -> None:
    report(office)
    answer = office.send(FALSE, {"address": address, "note": ""})
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text


def test_administrators_alone_keep_the_list(desk: Desk) -> None:
    assert desk.client.get(FALSE).status_code == 403

"""The language of the back office belongs to the officer, not to the browser that the public site knows."""

import pytest
from flask import Flask

from gallery.models import Officer
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk


def lang(desk: Desk, address: str = "/objets") -> str:
    return str(desk.get(address).one("html")["lang"])


def test_it_works(desk: Desk) -> None:
    assert lang(desk) == "fr"
    page = desk.do("/langue", {"langue": "en", "retour": "/affaires?page=1"})
    assert page.one("h1").get_text() == "Cases"
    assert page.one(".language button")["value"] == "fr"


def test_it_follows_the_officer_to_another_browser_and_no_other_officer(
    sign_in: SignIn, officer: Officer, colleague: Officer
) -> None:
    Desk(sign_in(officer)).do("/langue", {"langue": "en"})
    assert lang(Desk(sign_in(officer))) == "en"
    assert lang(Desk(sign_in(colleague))) == "fr"


def test_the_sign_in_page_speaks_the_language_last_chosen_in_this_browser(backoffice_app: Flask) -> None:
    desk = Desk(backoffice_app.test_client())
    token = desk.get("/connexion").token
    desk.client.post("/langue", data={"csrf_token": token, "langue": "en", "retour": "/connexion"})
    assert lang(desk, "/connexion") == "en"


def test_an_officers_own_language_prevails_over_the_browsers(sign_in: SignIn, officer: Officer) -> None:
    desk = Desk(sign_in(officer))
    desk.do("/langue", {"langue": "fr"})
    desk.client.set_cookie("langue_agents", "en")
    assert lang(desk) == "fr"


def test_the_public_sites_cookie_says_nothing(desk: Desk) -> None:
    desk.client.set_cookie("langue", "en")
    assert lang(desk) == "fr"


@pytest.mark.parametrize("back", ["//elsewhere.example", "https://elsewhere.example/", "", "objets"])
def test_it_leads_nowhere_else(desk: Desk, back: str) -> None:
    assert desk.send("/langue", {"langue": "en", "retour": back}).headers["Location"] == "/objets"


def test_a_language_that_is_not_spoken_is_refused(desk: Desk) -> None:
    assert desk.send("/langue", {"langue": "de"}).status_code == 404
    assert lang(desk) == "fr"

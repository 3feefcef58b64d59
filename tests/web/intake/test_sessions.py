from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from gallery import create_app
from gallery.config import Settings, Site
from gallery.web import PUBLIC_SESSION
from tests import pictures
from tests.page import Browser

RING = pictures.jpeg(pictures.picture(1, kind="ring"))


def host(settings: Settings, *, ahead: timedelta = timedelta()) -> FlaskClient:
    """A visitor on one of several hosts of the public site, whose clock may be ahead of the others'."""
    app = create_app(settings, {Site.PUBLIC})
    place = app.extensions["resources"]
    app.extensions["resources"] = replace(place, now=lambda: place.now() + ahead)
    return app.test_client()


def status_of_form(first: FlaskClient, second: FlaskClient) -> int:
    """Open the form on one host, as a balancer may have it, and send it to the other."""
    token = Browser(first).get("/recherche").token
    cookie = first.get_cookie("galerie")
    assert cookie is not None
    second.set_cookie("galerie", cookie.value)
    return second.post("/recherche", data={"csrf_token": token, "categorie": ""}).status_code


@pytest.mark.parametrize("minutes", [-9, -2, 2, 9])
def test_hosts_whose_clocks_differ_take_each_others_forms(settings: Settings, sessions: object, minutes: int) -> None:
    one, other = host(settings), host(settings, ahead=timedelta(minutes=minutes))
    assert Browser(one).get("/recherche").token
    answer = status_of_form(one, other)
    assert answer == 400  # without photo: the form came back, and was not refused
    assert "Choisissez au moins une photo" in _text(one, other)


def _text(first: FlaskClient, second: FlaskClient) -> str:
    token = Browser(first).get("/recherche").token
    return second.post("/recherche", data={"csrf_token": token, "categorie": ""}).text


@pytest.mark.parametrize(
    "ahead", [timedelta(minutes=-11), PUBLIC_SESSION + timedelta(minutes=1)], ids=["future", "past"]
)
def test_beyond_it_a_form_has_expired(settings: Settings, sessions: object, ahead: timedelta) -> None:
    one, other = host(settings), host(settings, ahead=ahead)
    status_of_form(one, other)
    assert "Le formulaire a expiré" in _text(one, other)

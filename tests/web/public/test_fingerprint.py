import base64
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from gallery import matching
from gallery.matching.tiers.shipped_model import NAME
from gallery.models import Unit
from gallery.web.public.fingerprint import model
from tests import pictures
from tests.factories import Factory
from tests.fingerprints import fingerprint_of
from tests.page import Browser, Page
from tests.waiting import PATIENCE, begin

RING = pictures.picture(1, kind="ring")
MODEL = "2-1280-57934424"


@pytest.fixture(autouse=True)
def _shipped_model(app: Flask) -> None:
    """Once the application, which the tests' settings open without a model, is there."""
    matching.configure(Path(NAME))


# Of no picture, but as one of a picture may be.
MADE_UP = bytes([127]) + bytes(range(100)) * 12 + bytes(79) + bytes(range(256)) + bytes([30])


def sent(browser: Browser, *fingerprints: bytes, status: int = 200, **said: str | None) -> Page:
    fields = {
        "csrf_token": browser.get("/recherche").token,
        "modele": MODEL,
        "descriptions": [base64.b64encode(each).decode() for each in fingerprints],
    }
    answer = browser.client.post("/recherche/sans-envoi", data=fields | said)
    assert answer.status_code == status
    return Page(answer)


def test_it_says_of_which_photos_the_browser_has_left_a_screen_out(make: Factory, unit: Unit, browser: Browser) -> None:
    make.published(make.case(unit), pictures.jpeg(RING))
    said = "ressemble à une capture d’écran"
    assert said not in sent(browser, MADE_UP).text
    assert said in sent(browser, MADE_UP, captures="1").text
    two = sent(browser, MADE_UP, MADE_UP, captures="2").text
    assert "Une de vos images ressemble" in two
    assert "Photo 2" in two
    assert said not in sent(browser, MADE_UP, captures="2").text


def test_it_works(make: Factory, unit: Unit, browser: Browser) -> None:
    fingerprint = fingerprint_of(matching.describe(np.asarray(pictures.recompressed(RING, quality=40))))
    case = make.case(unit)
    make.published(case, pictures.jpeg(pictures.picture(2, kind="ring")), category="watches")
    ring = make.published(case, pictures.jpeg(RING), category="jewellery")
    page = sent(browser, fingerprint)
    first, other = page.all(".found-item")
    assert ring.public_number in first.get_text()
    assert [each.get_text() for each in page.all("#search-results h3")][0] == "Ressemblance forte"
    assert "même photo" in first.get_text()
    assert "Votre photo n’a pas été envoyée" in page.text
    assert other.find_parent(class_="is-strong") is None
    assert other.find_parent(class_="is-medium") is None
    # What narrows never hides the very same photo.
    assert len(sent(browser, fingerprint, categorie="watches").all(".found-item")) == 2
    assert len(sent(browser, fingerprint, fingerprint).all("[data-object-found]")) == 2


def test_what_no_browser_makes_of_a_photo_is_refused(browser: Browser) -> None:
    fingerprint = MADE_UP
    halved = (np.frombuffer(fingerprint, np.int8, 1280) // 2).tobytes() + fingerprint[1280:]
    for wrong in (
        b"",
        fingerprint[:-1],
        fingerprint + b"\0",
        halved,
        bytes(len(fingerprint)),
        fingerprint[:-1] + b"\xff",
    ):
        assert "n’est pas arrivé entier" in sent(browser, wrong, status=400).text
    sent(browser, fingerprint, status=400, modele="2-1280-00000000")
    sent(browser, fingerprint, status=400, descriptions="é" * 2052)
    assert "Choisissez au moins une photo" in sent(browser, status=400).text
    sent(browser, fingerprint)
    sent(browser, *[fingerprint] * 9, status=413)


def test_the_model_is_loaded_once(client: FlaskClient) -> None:
    answer = client.get(f"/recherche/modele/{MODEL}")
    assert len(answer.data) < 7_000_000
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/recherche/modele/2-1280-00000000").status_code == 404


def test_visitors_at_one_moment_have_one_copy_built(monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[Future[bytes]] = []

    def build() -> bytes:
        assert not others, "a second copy"
        others.append(begin(model.weights))
        with suppress(TimeoutError):
            others[0].result(0.1)
        return b"weights"

    monkeypatch.setattr(matching, "model_for_browsers", build)
    monkeypatch.setattr(model, "_built", cache(model._built.__wrapped__))
    assert model.weights() == b"weights"
    assert [each.result(PATIENCE) for each in others] == [b"weights"]


def test_it_is_not_offered_where_the_service_has_another_model(browser: Browser, encoder: Path) -> None:
    assert browser.get("/recherche").all("[data-own-way]")
    for other in (encoder, None):
        matching.configure(other)
        assert not browser.get("/recherche").all("[data-own-way]")
        assert browser.client.get(f"/recherche/modele/{MODEL}").status_code == 404
        for named in (MODEL, "None", None):
            sent(browser, MADE_UP, status=400, modele=named)

"""Hostile photos through the page that anyone can reach: refused in a sentence, and nobody else waits for them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from bench.hostile import structures
from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Unit
from tests import pictures
from tests.factories import Factory
from tests.page import Browser
from tests.waiting import PATIENCE, begin

RING = pictures.picture(1, kind="ring")
AGAIN = pictures.jpeg(pictures.recompressed(RING, quality=40))
SLOW = structures.slow_bmp(12_000_000)
TOO_LONG, UNREADABLE = "trop longue à ouvrir", "pas une photo lisible"
CORPUS: dict[str, tuple[Callable[[], bytes], str]] = {
    "20,000 scans": (lambda: structures.jpeg_of_scans(2000, 2000, 20_000), TOO_LONG),
    "0xFF": (lambda: structures.jpeg_then(b"\xff", 24_000_000), TOO_LONG),
    "six million empty segments": (lambda: structures.jpeg_then(b"\xff\xe1\0\2", 6_000_000), TOO_LONG),
    "a thread": (lambda: pictures.encoded(pictures.Image.new("1", (2_500_000, 16)), "PNG"), "trop étroite"),
    "190,000 directories": (lambda: structures.tiff_of_directories(190_000), TOO_LONG),
    "two million chunks": (lambda: structures.png_of_chunks(2_000_000), TOO_LONG),
    "a crowd of strips": (lambda: structures.tiff_of_strips(500_000), TOO_LONG),
    "a third of a photo": (lambda: AGAIN[: len(AGAIN) // 3], UNREADABLE),
}


@pytest.fixture
def hasty_app(app: Flask, settings: Settings) -> Flask:
    """A public site that gives a photo two seconds."""
    hasty = create_app(replace(settings, max_decode_seconds=2), {Site.PUBLIC})
    hasty.testing = True
    return hasty


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_file_is_refused_in_a_sentence(name: str, browser: Browser) -> None:
    make_file, sentence = CORPUS[name]
    assert sentence in browser.search(make_file(), status=400).text


def test_a_search_is_answered_while_bombs_are_being_read(hasty_app: Flask, make: Factory, unit: Unit) -> None:
    ring = make.published(make.case(unit), pictures.jpeg(RING))
    attack = begin(lambda: Browser(hasty_app.test_client()).search(SLOW, SLOW, status=400))
    page = Browser(hasty_app.test_client()).search(AGAIN)
    assert not attack.done(), "the search did not wait for the bombs"
    assert ring.public_number in page.text
    assert TOO_LONG in attack.result(PATIENCE).text


def test_a_request_is_given_up_after_two_bombs(hasty_app: Flask) -> None:
    page = Browser(hasty_app.test_client()).search(*[SLOW] * 7, AGAIN, status=400)
    assert page.text.count(TOO_LONG) == 8

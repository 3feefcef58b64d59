"""Hostile photos through the page that anyone can reach: refused in a sentence, and nobody else waits for them."""

import sys
from collections.abc import Callable
from dataclasses import replace

import psutil
import pytest
from flask import Flask

from bench.hostile import structures
from gallery import create_app
from gallery.config import Settings, Site
from gallery.imaging import warm_up
from gallery.models import Unit
from tests import pictures
from tests.factories import Factory
from tests.page import Browser
from tests.waiting import PATIENCE, begin, wait_until

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
def settings(settings: Settings) -> Settings:
    """With the time that the service gives a photo."""
    return replace(settings, max_decode_seconds=Settings.max_decode_seconds)


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


def decoder() -> psutil.Process:
    """The decoding process of this one, which has nothing to do."""
    warm_up()
    (found,) = [each for each in psutil.Process().children() if "gallery.imaging" in " ".join(each.cmdline())]
    wait_until(lambda: not found.children(), "the end of what it does")
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere photos are decoded in the process itself")
def test_a_search_is_answered_while_a_bomb_is_being_read(settings: Settings, make: Factory, unit: Unit) -> None:
    ring, patient = make.published(make.case(unit), pictures.jpeg(RING)), replace(settings, max_decode_seconds=60)
    attacked, visited = (create_app(patient, {Site.PUBLIC}).test_client() for _ in range(2))
    decodes = decoder()
    attack = begin(lambda: Browser(attacked).search(SLOW, status=400))
    (bomb,) = wait_until(decodes.children, "the bomb")
    # It takes as long as the search does, however slow this machine is.
    bomb.suspend()
    assert ring.public_number in Browser(visited).search(AGAIN).text
    assert not attack.done(), "the search did not wait for the bomb"
    bomb.kill()
    assert UNREADABLE in attack.result(PATIENCE).text


def test_a_request_is_given_up_after_two_bombs(hasty_app: Flask) -> None:
    page = Browser(hasty_app.test_client()).search(*[SLOW] * 7, AGAIN, status=400)
    assert (page.text.count(TOO_LONG), page.text.count("Elle n’a pas été lue")) == (2, 6)


def test_a_photo_that_was_not_read_is_not_called_slow(browser: Browser) -> None:
    slow = structures.png_of_chunks(60_000)
    lines = [each.get_text() for each in browser.search(AGAIN, slow, b"no photo", slow, AGAIN, slow).all(".message li")]
    assert [("trop longue à" in each, "n’a pas été lue" in each) for each in lines] == [
        (True, False),
        (False, False),
        (True, False),
        (False, True),
        (False, True),
    ]
    assert "les photos 2 et 4 sont trop longues à ouvrir" in lines[3]

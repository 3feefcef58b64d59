"""On a slow line: what is shown and said until a photo or an answer has come."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from gallery import matching
from gallery.matching.tiers.shipped_model import NAME
from gallery.models import Unit
from tests import pictures
from tests.factories import Factory
from tests.journeys.conftest import PHONE
from tests.journeys.public.test_fingerprint import RING, Answering
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
# What a page does when it has waited for long, it does when the test says so.
OVERDUE = """
const later = window.setTimeout;
window.overdue = [];
window.setTimeout = (act, time, ...given) => (
  time < 10000 ? later(act, time, ...given) : window.overdue.push(() => act(...given))
);
"""
IS_WHOLE = "figure => figure.querySelector('img').complete && figure.querySelector('img').naturalWidth > 0"


@pytest.fixture
def answering(app: Flask, client: FlaskClient, open_page: Opened) -> Iterator[Answering]:
    """A telephone, and what answers it."""
    matching.configure(Path(NAME))
    made = Answering(client, open_page(PHONE))
    yield made
    # What never came would be asked of the network else.
    made.page.goto("about:blank")
    made.page.unroute_all(behavior="ignoreErrors")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "bague.jpg"
    path.write_bytes(pictures.jpeg(pictures.relit(RING), quality=70))
    return path


def test_the_photo_of_one_object_never_stands_under_the_title_of_the_next(
    answering: Answering, make: Factory, unit: Unit, photo: Path
) -> None:
    for view in (RING, pictures.rotated(RING, 5)):
        make.published(make.case(unit), pictures.jpeg(view))
    page = answering.page
    page.goto("http://localhost/recherche")
    page.locator("#photos").set_input_files(photo)
    openers = page.locator("[data-compare-open]")
    expect(openers).to_have_count(2)
    openers.first.click()
    theirs = page.locator(".compare-pair figure").last
    wait_until(lambda: theirs.evaluate(IS_WHOLE), "the first object's photo")
    first = theirs.locator("img").screenshot()
    answering.stalled = str(openers.nth(1).get_attribute("data-large"))
    page.get_by_role("button", name="Suivant").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("Objet 2 sur 2")
    assert theirs.locator("img").screenshot() != first
    page.get_by_role("button", name="Précédent").click()
    wait_until(lambda: theirs.evaluate(IS_WHOLE), "the first object's photo again")


def test_a_picture_to_be_verified_leaves_with_a_word_though_no_token_comes(answering: Answering, photo: Path) -> None:
    page = answering.page
    page.add_init_script(OVERDUE)
    page.goto("http://localhost/verifier")
    page.wait_for_load_state("networkidle")
    answering.stalled = "/jeton"
    page.get_by_label("L’image à vérifier").set_input_files(photo)
    page.get_by_role("button", name="Vérifier cette image").click()
    expect(page.locator("[data-in-turn] [data-status]").last).to_have_text("Envoi de l’image…")
    assert not answering.sent
    with page.expect_navigation():
        page.evaluate("() => { for (const act of window.overdue) act(); }")
    assert [each.url for each in answering.sent] == ["http://localhost/verifier"]
    page.wait_for_load_state("networkidle")

"""A search whose photo stays on the device, in a real browser; what it asks for is answered in this process."""

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageOps
from playwright.sync_api import Page, Request, Route, expect

from gallery import matching
from gallery.matching.tiers.shipped_model import NAME
from gallery.models import Unit
from tests import pictures
from tests.factories import Factory
from tests.journeys.conftest import PHONE
from tests.journeys.public.test_old_browsers import WITHOUT_FROM_IMAGE, turn_as_a_telephone_does
from tests.journeys.test_accessibility import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]

RING = pictures.picture(3, kind="ring").resize((1000, 750))


@pytest.fixture(autouse=True)
def _shipped_model(app: Flask) -> None:
    """Once the application, which the tests' settings open without a model, is there."""
    matching.configure(Path(NAME))


class Answering:
    """Answers a page's requests with a test client.

    sent: those that send something; refused: part of the path of what fails; stalled: of what never comes.
    """

    def __init__(self, client: FlaskClient, page: Page) -> None:
        self._client, self.page = client, page
        self.sent: list[Request] = []
        self.refused = self.stalled = ""
        page.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        asked = route.request
        path = asked.url.removeprefix("http://localhost")
        if self.refused and self.refused in path:
            route.abort()
            return
        if self.stalled and self.stalled in path:
            return
        if asked.method == "POST":
            self.sent.append(asked)
        kept = {name: value for name, value in asked.headers.items() if name in ("content-type", "accept")}
        answer = self._client.open(path, method=asked.method, data=asked.post_data_buffer, headers=kept)
        given = {name: value for name, value in answer.headers.items() if name not in ("Set-Cookie", "Content-Length")}
        route.fulfill(status=answer.status_code, headers=given, body=answer.data)
        answer.close()


@pytest.fixture
def answering(client: FlaskClient, open_page: Opened) -> Iterator[Answering]:
    """A page of the search on a telephone, and what answers it."""
    made = Answering(client, open_page(PHONE))
    made.page.goto("http://localhost/recherche")
    yield made
    made.page.unroute_all(behavior="ignoreErrors")


@pytest.fixture
def ring(make: Factory, unit: Unit, client: FlaskClient, tmp_path: Path) -> Path:
    """The photo of a ring that is published, taken anew."""
    make.published(make.case(unit), pictures.jpeg(RING))
    path = tmp_path / "bague.jpg"
    path.write_bytes(pictures.jpeg(pictures.relit(RING), quality=70))
    return path


def described_in(sent: Request) -> matching.Fingerprint:
    """What a browser has sent in place of one photo."""
    (text,) = re.findall(rb'name="descriptions"\r\n\r\n(\S+)\r\n', sent.post_data_buffer or b"")
    return matching.Fingerprint.from_bytes(base64.b64decode(text))


def assert_described_alike(browsers: matching.Fingerprint, ours: matching.Signature) -> None:
    assert ours.vector is not None
    one, other = browsers.vector.astype(float), ours.vector.astype(float)
    assert one @ other / np.linalg.norm(one) / np.linalg.norm(other) > 0.999
    assert int(np.bitwise_count(browsers.hash.placements[0] ^ ours.hash).sum()) <= 2


def test_the_photo_stays_and_its_fingerprint_is_the_services_own(
    answering: Answering, ring: Path, look: Callable[[Page, str], None]
) -> None:
    page = answering.page
    page.get_by_label("Chercher sans envoyer la photo").check()
    check(page)
    page.locator("#photos").set_input_files(ring)
    expect(page.locator("[data-results-heading]")).to_be_visible(timeout=60_000)
    expect(page.locator(".found-item")).to_have_count(1)
    look(page, "results")
    (sent,) = answering.sent
    body = sent.post_data_buffer or b""
    assert sent.url.endswith("/recherche/sans-envoi")
    assert len(body) < 5_000
    assert b"bague.jpg" not in body
    assert_described_alike(described_in(sent), matching.describe(np.asarray(Image.open(ring))))


def test_a_turned_photo_is_described_upright_by_browsers_of_some_years_ago(answering: Answering, ring: Path) -> None:
    page = answering.page
    page.add_init_script(WITHOUT_FROM_IMAGE)
    page.reload()
    turn_as_a_telephone_does(ring)
    page.get_by_label("Chercher sans envoyer la photo").check()
    page.locator("#photos").set_input_files(ring)
    expect(page.locator("[data-results-heading]")).to_be_visible(timeout=60_000)
    (sent,) = answering.sent
    with Image.open(ring) as photo:
        upright = ImageOps.exif_transpose(photo)
    assert_described_alike(described_in(sent), matching.describe(np.asarray(upright)))


def test_of_a_screenshot_the_browser_describes_what_it_shows_as_the_service_does(
    answering: Answering, ring: Path, tmp_path: Path
) -> None:
    page, screenshot = answering.page, tmp_path / "capture.png"
    screen = Image.new("RGB", (720, 1560), (27, 28, 31))
    screen.paste(Image.open(ring).resize((720, 540)), (0, 500))
    screen.save(screenshot)
    page.get_by_label("Chercher sans envoyer la photo").check()
    page.locator("#photos").set_input_files(screenshot)
    expect(page.get_by_text("Nous n’avons comparé que la photo qui s’y trouve")).to_be_visible()
    (sent,) = answering.sent
    box = matching.find_photo(np.asarray(screen))
    assert box is not None
    shown = screen.crop(tuple(round(side * size) for side, size in zip(box, (720, 1560) * 2, strict=True)))
    assert_described_alike(described_in(sent), matching.describe(np.asarray(shown)))


def test_where_it_cant_be_done_a_sentence_says_so_and_nothing_is_sent(answering: Answering, ring: Path) -> None:
    page = answering.page
    answering.refused = "fingerprint/network.js"
    page.get_by_label("Chercher sans envoyer la photo").check()
    page.locator("#photos").set_input_files(ring)
    expect(page.get_by_role("status").first).to_contain_text("n’a pas pu décrire la photo : rien n’a été envoyé")
    again = page.get_by_role("button", name="Chercher les objets ressemblants")
    answering.refused = "/recherche/modele/"
    again.click()
    expect(page.get_by_role("status").first).to_contain_text("n’a pas pu être téléchargé : rien n’a été envoyé")
    answering.refused = ""
    matching.configure(None)
    again.click()
    expect(page.get_by_role("status").first).to_contain_text("Rechargez la page")
    assert not answering.sent
    matching.configure(Path(NAME))
    answering.stalled = "/recherche/modele/"
    again.click()
    expect(page.get_by_role("status").first).to_contain_text("Téléchargement de ce qu’il faut")
    expect(again).to_have_attribute("aria-disabled", "true")
    page.get_by_label("Chercher sans envoyer la photo").uncheck()
    again.click()
    expect(page.locator("[data-results-heading]")).to_be_visible()
    page.add_init_script("delete window.Worker")
    page.goto("http://localhost/recherche")
    expect(page.get_by_text("Votre navigateur ne permet pas de chercher sans envoyer la photo.")).to_be_visible()
    expect(page.get_by_label("Chercher sans envoyer la photo")).to_be_hidden()

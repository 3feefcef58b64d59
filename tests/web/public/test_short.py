from io import BytesIO

import pytest
from PIL import Image

from gallery.models import Unit
from gallery.sharing.addresses import scanned
from tests.factories import Factory
from tests.page import Browser


@pytest.mark.parametrize("form", ["/o/{}", "/O/{}"])
def test_the_short_address_leads_to_the_page(make: Factory, unit: Unit, browser: Browser, form: str) -> None:
    item = make.published(make.case(unit))
    answer = browser.client.get(form.format(item.public_number))
    assert answer.status_code == 301
    assert answer.location == f"/objets/{item.public_number}"


def test_what_a_code_says_is_answered(make: Factory, unit: Unit, browser: Browser) -> None:
    item = make.published(make.case(unit))
    path = scanned("http://localhost", item.public_number).removeprefix("HTTP://LOCALHOST")
    answer = browser.client.get(path, follow_redirects=True)
    assert item.public_number in answer.text


def test_a_shared_link_has_a_picture_of_its_own(make: Factory, unit: Unit, browser: Browser) -> None:
    item = make.published(make.case(unit))
    answer = browser.client.get(f"/objets/{item.public_number}/lien.jpg")
    assert Image.open(BytesIO(answer.data)).size == (1200, 630)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_a_draft_has_no_picture_of_a_link(make: Factory, unit: Unit, browser: Browser) -> None:
    draft = make.item(make.case(unit), with_photos=1)
    assert browser.client.get(f"/objets/{draft.public_number}/lien.jpg").status_code == 404


def test_what_is_no_number_is_refused(browser: Browser) -> None:
    browser.get("/o/rien", status=404)

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from gallery.models import Unit
from gallery.services.items.numbering.numbers import draw_public_number
from gallery.sharing.addresses import scanned
from tests import pictures
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


@pytest.mark.parametrize(
    "address", ["/objets/%00/lien.jpg", "/albums/%00/lien.jpg", "/photos/%00/320.webp", "/photos/a%00b/%00"]
)
def test_a_nul_in_an_address_names_nothing(browser: Browser, address: str) -> None:
    assert browser.client.get(address).status_code == 404


@pytest.mark.parametrize("place", ["apres", "avant"])
def test_a_nul_in_the_place_of_the_gallery_leads_to_its_beginning(browser: Browser, place: str) -> None:
    browser.get(f"/objets?{place}=a%00b")


def test_a_nul_in_the_category_of_a_search_is_left_out(browser: Browser) -> None:
    browser.search(pictures.jpeg(pictures.picture(1)), category="a\0b")


def test_the_picture_of_a_link_is_found_however_its_number_is_written(browser: Browser) -> None:
    number = draw_public_number("35")
    answer = browser.client.get(f"/objets/{number.replace('-', '').lower()}/lien.jpg")
    assert (answer.status_code, answer.location) == (301, f"/objets/{number}/lien.jpg")


def test_the_picture_of_an_albums_link_is_found_in_capitals_too(browser: Browser) -> None:
    answer = browser.client.get("/albums/ABCDEFGHJK/lien.jpg")
    assert (answer.status_code, answer.location) == (301, "/albums/abcdefghjk/lien.jpg")


def test_pictures_of_links_in_a_row_are_limited(browser: Browser) -> None:
    number = draw_public_number("35").replace("-", "")
    answers = {browser.client.get(f"/objets/{number}/lien.jpg").status_code for _ in range(60)}
    assert answers == {301}
    assert browser.client.get("/albums/ABCDEFGHJK/lien.jpg").status_code == 429


def test_what_is_no_number_is_refused(browser: Browser) -> None:
    browser.get("/o/rien", status=404)


def test_no_answer_leads_to_the_host_that_a_request_names(client: FlaskClient) -> None:
    answer = client.get("/o//35-K7QM-4", headers={"Host": "evil.example"})
    assert "evil.example" not in str(answer.headers)

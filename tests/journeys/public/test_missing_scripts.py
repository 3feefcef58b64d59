"""On a line that breaks: where a part of a page does not come, a sentence or the plain picture takes its place."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.journeys.conftest import PHONE, Ring
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]


@pytest.mark.parametrize("missing", ["**/public/box.js*", "**/cropper.esm.min.js*"], ids=["script", "library"])
def test_a_box_that_can_not_be_drawn_is_said_to_be(
    service: Service, open_page: Opened, watch: str, ring: Ring, missing: str
) -> None:
    page = open_page(PHONE)
    page.route(missing, lambda route: route.fulfill(status=403))
    page.goto(f"{service.address}/recherche")
    page.set_input_files("#photos", ring.victims)
    expect(page.locator("[data-results-heading]")).to_be_visible()
    page.get_by_role("button", name="Entourer l’objet").click()
    expect(page.locator("#search-status")).to_contain_text("Le cadre n’a pas pu s’ouvrir")
    expect(page.locator("#box-dialog")).to_be_hidden()
    page.wait_for_function("() => !history.state?.isCovered")
    expect(page.locator("[data-results-heading]")).to_be_visible()


def is_opened(link: Locator) -> Callable[[Request], bool]:
    """Whether the browser opens the picture of a link; it stays here: Chromium styles pictures against our policy."""
    address = str(link.evaluate("link => link.href"))
    link.page.route(address, lambda route: route.fulfill(status=204))
    return lambda asked: asked.url == address and asked.is_navigation_request()


def test_where_the_viewer_does_not_come_the_photo_opens_by_itself(
    service: Service, open_page: Opened, watch: str
) -> None:
    page = open_page(PHONE)
    page.route("**/photoswipe.esm.min.js*", lambda route: route.fulfill(status=403))
    page.goto(f"{service.address}/objets/{watch}")
    page.wait_for_load_state("networkidle")
    link = page.locator(".photo-viewer a").first
    with page.expect_request(is_opened(link)):
        link.click()

"""Photos of a form are made smaller before they leave, whenever they were chosen; the form says so, and leaves once."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.journeys import service as services
from tests.journeys.conftest import PHONE, Ring
from tests.journeys.public.test_old_browsers import turn_as_a_telephone_does
from tests.journeys.service import Service
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
# Photos are read once the test lets them be, and what leaves is counted.
HELD = """
const bitmapOf = window.createImageBitmap;
const released = new Promise((release) => { window.release = release; });
window.createImageBitmap = async (...given) => { await released; return bitmapOf(...given); };
window.sendings = 0;
window.addEventListener('submit', (event) => { if (!event.defaultPrevented) window.sendings += 1; });
"""
BYTES = "async (field) => [...new Uint8Array(await field.files[0].arrayBuffer())]"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that takes declarations."""
    instance = tmp_path_factory.mktemp("instance")
    (instance / "settings.toml").write_text(services.FOR_VICTIMS, encoding="utf-8")
    running = services.start(instance, with_unit=True)
    yield running
    assert running.stop() == 0


@pytest.fixture
def page(service: Service, open_page: Opened) -> Page:
    page = open_page(PHONE)
    wait_until(lambda: page.request.get(f"{service.address}/declarer").ok, "the worker's public key")
    return page


def test_photos_chosen_before_the_script_has_come_are_made_smaller_too(
    service: Service, page: Page, ring: Ring
) -> None:
    turn_as_a_telephone_does(ring.victims)

    def choose(route: Route) -> None:
        page.locator("#objet-1-photos").set_input_files(ring.victims)
        route.continue_()

    page.route("**/lighten.js*", choose)
    page.goto(f"{service.address}/declarer")

    def is_upright() -> bool:
        given = Image.open(BytesIO(bytes(page.locator("#objet-1-photos").evaluate(BYTES))))
        return given.height > given.width and not given.getexif()

    wait_until(is_upright, "the photo made anew")


def test_a_form_whose_photos_are_being_made_smaller_says_so_and_leaves_once(
    service: Service, page: Page, ring: Ring
) -> None:
    page.add_init_script(HELD)
    # The page stays, so that what leaves it can be counted.
    page.route("**/declarer", lambda route: route.fulfill(status=204) if is_sent(route) else route.continue_())
    page.goto(f"{service.address}/declarer")
    page.get_by_text("Objet 2", exact=True).click()
    status = page.locator("[data-lightening]")
    expect(status).to_be_hidden()
    for place, path in enumerate([ring.victims, ring.officers[0]], start=1):
        page.locator(f"#objet-{place}-photos").set_input_files(path)
    expect(status).to_have_text("Préparation des photos…")
    for _ in range(2):
        page.get_by_role("button", name="Envoyer ma déclaration").click()
    page.locator("#commune").press("Enter")
    assert page.evaluate("() => window.sendings") == 0
    with page.expect_response(lambda answer: answer.status == 204):
        page.evaluate("() => { window.release(); }")
    expect(status).to_be_hidden()
    assert page.evaluate("() => window.sendings") == 1


def is_sent(route: Route) -> bool:
    return route.request.method == "POST"

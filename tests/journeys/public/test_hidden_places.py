"""A place of a waiting photo is hidden by mouse, by finger and by keyboard: no picture that is fetched shows it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_bytes

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer
from tests.journeys.service import Service
from tests.journeys.sorting.test_touch_dragging import Finger
from tests.secret_photos import COVER, secret_photo, shows_secret

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Where a new zone lies, and how far it has to go in steps of a hundredth to cover the secret.
TO_THE_RIGHT, UP = 13, 12


def by_mouse(page: Page) -> None:
    (left, top), (right, bottom) = corners(page)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, (top + bottom) / 2)
    page.mouse.move(right, bottom)
    page.mouse.up()


def by_finger(page: Page) -> None:
    finger, (start, end) = Finger(page), corners(page)
    finger.draws(start, end)


def by_keyboard(page: Page) -> None:
    page.get_by_role("button", name="Nouvelle zone").press("Enter")
    for key, times in (("ArrowRight", TO_THE_RIGHT), ("ArrowUp", UP)):
        for _ in range(times):
            page.keyboard.press(key)


def corners(page: Page) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where on the screen the upper left and the lower right corner of what is to be hidden are."""
    stage = page.locator("[data-stage]")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box is not None
    x, y, width, height = (box[side] for side in ("x", "y", "width", "height"))
    left, top, right, bottom = COVER
    return (x + left * width, y + top * height), (x + right * width, y + bottom * height)


@pytest.fixture(
    params=[(DESKTOP, by_mouse), (PHONE, by_finger), (DESKTOP, by_keyboard)], ids=["mouse", "finger", "keys"]
)
def way(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[tuple[Page, Callable[[Page], None]]]:
    """A browser, and how whoever is before it draws."""
    size, draw = request.param
    is_phone = size is PHONE
    context = chromium.new_context(
        viewport=size, locale="fr-FR", is_mobile=is_phone, has_touch=is_phone, service_workers="block"
    )
    yield context.new_page(), draw
    context.close()


def test_what_is_drawn_over_is_in_no_picture_any_more(
    service: Service, way: tuple[Page, Callable[[Page], None]], tmp_path: Path
) -> None:
    (page, draw), photo = way, tmp_path / "visage.jpg"
    photo.write_bytes(secret_photo(comment=token_bytes(8)))
    officer = Officer(page, service)
    officer.signs_in()
    officer.opens_a_case("2026/visage")
    page.get_by_role("link", name="Déposer des photos").click()
    page.set_input_files("#files", photo)
    large = page.locator("li[data-photo] [data-large]")
    expect(large).to_have_count(1, timeout=UPLOAD_MILLISECONDS)
    assert shows_secret(picture_at(page, large.get_attribute("href")))
    page.locator("li[data-photo] a[href$='/cacher']").click()
    expect(page.locator("[data-stage][data-live]")).to_be_visible()
    draw(page)
    expect(page.locator("[data-lines] li")).to_have_count(1)
    page.locator("button[name=acte][value=enregistrer]").click()
    expect(page.locator("#messages")).to_contain_text("Une zone est cachée")
    assert not shows_secret(picture_at(page, large.get_attribute("href")))
    small = page.locator("li[data-photo] img")
    assert not shows_secret(picture_at(page, small.get_attribute("src")))


def picture_at(page: Page, address: str | None) -> bytes:
    answer = page.request.get(str(page.evaluate("address => new URL(address, location).href", address)))
    assert answer.ok
    return answer.body()

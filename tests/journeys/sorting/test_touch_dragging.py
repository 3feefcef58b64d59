"""Photos are dragged by finger after a long press, and a quick stroke still scrolls the page."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_bytes

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests import pictures
from tests.journeys.conftest import PHONE
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer
from tests.journeys.service import Service
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MIDDLE = PHONE["width"] / 2
TO_THE_UPPER_END = "each => window.scrollBy({ top: each.getBoundingClientRect().top - 150, behavior: 'instant' })"
# Where holding something scrolls down slowly: above the bar for a new object where there is one.
FLOOR = "() => (document.querySelector('.is-dragging .lot-new')?.getBoundingClientRect().top ?? innerHeight) - 80"


class Finger:
    """One finger on a telephone's screen."""

    def __init__(self, page: Page) -> None:
        self.page, self._screen = page, page.context.new_cdp_session(page)

    def strokes(self, up: int) -> None:
        """Let the page go on as far as it is thrown."""
        self.page.evaluate("() => addEventListener('scrollend', () => { window.hasScrolled = true; }, { once: true })")
        self._touches("touchStart", MIDDLE, 500)
        for step in range(1, 6):
            self._touches("touchMove", MIDDLE, 500 - up * step / 5)
        self._lifts()
        self.page.wait_for_function("() => window.hasScrolled")

    def drags(self, photo: Locator, to: Locator) -> None:
        """Press long, hold it near the lower end until the place is in sight, and let go once it would fall there."""
        photo.evaluate(TO_THE_UPPER_END)
        self._touches("touchStart", *_upper_part(photo))
        expect(self.page.locator(".drag-ghost")).to_be_attached()
        self._touches("touchMove", MIDDLE, self.page.evaluate(FLOOR))
        self.page.wait_for_function("each => each.getBoundingClientRect().top < 450", arg=to.element_handle())
        self._touches("touchMove", MIDDLE, 400)

        def is_over_it() -> bool:
            # The page may have gone on by a step.
            self._touches("touchMove", *_upper_part(to))
            return to.and_(self.page.locator(".is-target")).count() > 0

        wait_until(is_over_it, "the place under the finger")
        self._lifts()

    def draws(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Go over a part of the page that does not scroll under it."""
        self._touches("touchStart", *start)
        for share in (0.3, 0.6, 1.0):
            self._touches("touchMove", *(one + share * (other - one) for one, other in zip(start, end, strict=True)))
        self._lifts()

    def _touches(self, kind: str, x: float, y: float) -> None:
        self._screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})

    def _lifts(self) -> None:
        self._screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _upper_part(place: Locator) -> tuple[float, float]:
    """A point of it near its upper end."""
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 60)


@pytest.fixture
def telephone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        locale="fr-FR",
        is_mobile=True,
        has_touch=True,
        service_workers="block",
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"photo-{seed}.jpg" for seed in range(2)]
    for seed, path in enumerate(paths):
        path.write_bytes(pictures.jpeg(pictures.picture(80 + seed).resize((480, 360)), comment=token_bytes(8)))
    return paths


def test_a_photo_goes_to_another_object_and_to_another_place(
    service: Service, telephone: Page, photos: list[Path], tmp_path: Path
) -> None:
    officer, finger, page = Officer(telephone, service), Finger(telephone), telephone
    officer.signs_in()
    officer.opens_a_case(f"2026/{tmp_path.name}")
    page.get_by_role("link", name="Déposer des photos").click()
    page.set_input_files("#files", photos)
    objects = page.locator("tr[data-group]")
    expect(objects).to_have_count(2, timeout=UPLOAD_MILLISECONDS)
    before = page.evaluate("scrollY")
    finger.strokes(300)
    assert page.evaluate("scrollY") > before
    expect(objects).to_have_count(2)
    finger.drags(objects.first.locator("[data-photo]"), objects.last)
    expect(objects).to_have_count(1)
    expect(objects.locator("[data-photo]")).to_have_count(2)

    objects.locator("select[data-cell=categorie]").select_option("clocks")
    page.get_by_role("button", name="Créer les fiches sans publier").click()
    page.locator(".lot-made a").click()
    cards = page.locator(".photo-card")
    first, last = cards.first.get_attribute("id"), cards.last.get_attribute("id")
    finger.drags(cards.first.locator("img"), cards.last)
    expect(cards.first).to_have_attribute("id", str(last))
    expect(cards.last).to_have_attribute("id", str(first))

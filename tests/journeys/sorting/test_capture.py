"""Objects photographed where there is no network: nothing is lost, and each number's photos arrive together."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import pictures
from tests.journeys.conftest import PHONE
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def telephone(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser of its own, whose console may complain that there is no network."""
    context = chromium.new_context(viewport=PHONE, locale="fr-FR", is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{each}.jpg" for each in range(5)]
    for place, path in enumerate(paths):
        path.write_bytes(pictures.jpeg(pictures.picture(940 + place).resize((800, 600))))
    return paths


class Photographer(Officer):
    """An officer in a cellar, with a telephone."""

    def opens_the_capture_of(self, case: str) -> None:
        """Sign in where there is a network, and wait until the telephone has what it needs without one."""
        self.signs_in()
        self.opens_a_case(case)
        self.page.get_by_role("link", name="Photographier avec un téléphone").click()
        expect(self.page.locator("[data-number]")).to_contain_text("35-")
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")

    def takes(self, *photos: Path, then_waiting: int) -> str:
        """Photograph the object in hand; return its number."""
        number = self.page.locator("[data-number]").inner_text()
        for photo in photos:
            self.page.locator("#camera").set_input_files(photo)
        self.sees_waiting(then_waiting)
        return number

    def sees_waiting(self, count: int) -> None:
        expect(self.page.locator("[data-capture]")).to_have_attribute(
            "data-waits", str(count), timeout=UPLOAD_MILLISECONDS
        )

    def goes_on_to_the_next_object(self) -> None:
        number = self.page.locator("[data-number]").inner_text()
        self.page.get_by_role("button", name="Objet suivant").click()
        expect(self.page.locator("[data-number]")).not_to_have_text(number)

    def signs_in_again(self, page: Page) -> None:
        """In another window, since a full telephone has a photo in this one alone; then come back to this one."""
        expect(self.page.get_by_role("link", name="Se connecter")).to_be_visible()
        Officer(page, self.service).signs_in()
        page.close()
        self.page.evaluate("() => { window.dispatchEvent(new Event('online')); }")

    def sees_groups(self) -> dict[str, int]:
        self.page.get_by_role("link", name="Trier les photos reçues").click()
        groups = self.page.locator("tr[data-group]")
        # `all` waits for nothing: on a slow machine the page may not have come.
        expect(groups.first).to_be_visible()
        return {each.locator(".lot-name").inner_text(): each.locator(".lot-photos li").count() for each in groups.all()}


def test_photos_taken_without_a_network_arrive_by_number(
    service: Service, telephone: BrowserContext, photos: list[Path]
) -> None:
    officer = Photographer(telephone.new_page(), service)
    officer.opens_the_capture_of("2026/8801")
    telephone.set_offline(True)
    first = officer.takes(*photos[:3], then_waiting=3)
    officer.goes_on_to_the_next_object()
    second = officer.takes(photos[3], then_waiting=4)
    officer.page.close()

    # The browser was closed, and the session has died meanwhile.
    telephone.clear_cookies()
    again = Photographer(telephone.new_page(), service)
    again.opens("/capturer")
    again.sees_waiting(4)
    expect(again.page.locator("[data-number]")).to_have_text(second)
    expect(again.page.locator("[data-state]")).to_contain_text("Pas de réseau")

    # No disk is filled here: the browser refuses as it does then.
    again.page.evaluate(
        "() => { IDBObjectStore.prototype.add = () => { throw new DOMException('', 'QuotaExceededError'); }; }"
    )
    again.takes(photos[4], then_waiting=5)
    expect(again.page.locator("[data-alert]")).to_contain_text("n’a plus de place")

    telephone.set_offline(False)
    again.signs_in_again(telephone.new_page())
    again.sees_waiting(0)
    assert again.sees_groups() == {first: 3, second: 2}

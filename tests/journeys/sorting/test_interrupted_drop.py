"""A drop of photos outlives the server and the browser: nothing is lost, and nothing is sent twice."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests import pictures
from tests.journeys import service as services
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHOTOS, BEFORE_THE_CUT = 6, 2


class Power:
    """A service whose power is cut in the middle of a drop, and which comes back at the same address."""

    def __init__(self, instance: Path) -> None:
        self.instance, self.service, self.sent = instance, services.start(instance, with_unit=True), 0

    def cut_after_some(self, route: Route) -> None:
        """Let the first photos through, then cut the power before the next one."""
        if route.request.method == "POST":
            self.sent += 1
            if self.sent == BEFORE_THE_CUT + 1:
                self.service.kill()
        route.continue_()

    def comes_back(self) -> None:
        port = int(self.service.address.rpartition(":")[2])
        self.service = services.start(self.instance, with_unit=False, port=port)


@pytest.fixture
def power(tmp_path: Path) -> Iterator[Power]:
    power = Power(tmp_path / "instance")
    yield power
    power.service.kill()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Callable[[], Page]]:
    """Pages of one browser profile, whose console may complain that there is no server."""
    context = chromium.new_context(locale="fr-FR", service_workers="block")
    yield context.new_page
    context.close()


def drops(page: Page, photos: Sequence[Path]) -> None:
    page.set_input_files("#files", photos)


def sees(page: Page, sentence: str) -> None:
    expect(page.locator("[data-sentence]")).to_contain_text(sentence, timeout=UPLOAD_MILLISECONDS)


def test_a_drop_goes_on_after_a_power_cut_and_the_next_day(
    power: Power, opened: Callable[[], Page], tmp_path: Path
) -> None:
    photos = [tmp_path / f"photo-{seed}.jpg" for seed in range(PHOTOS + 1)]
    for seed, path in enumerate(photos):
        path.write_bytes(pictures.jpeg(pictures.picture(70 + seed).resize((480, 360))))
    page = opened()
    officer = Officer(page, power.service)
    officer.signs_in()
    officer.opens_a_case("2026/coupure")
    page.get_by_role("link", name="Déposer des photos").click()
    address = page.url
    page.route(address, power.cut_after_some)
    drops(page, photos[:PHOTOS])
    sees(page, "La connexion est coupée")
    page.unroute(address)
    power.comes_back()
    # The page asks again by itself.
    sees(page, f"Tout est reçu. Photos reçues : {PHOTOS}.")
    page.close()

    page, sent = opened(), list[str]()
    page.goto(address)
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    drops(page, photos)
    sees(page, f"Tout est reçu. Photos reçues : {PHOTOS + 1}.")
    assert sent.count(address) == 1
    expect(page.locator("li[data-photo]")).to_have_count(PHOTOS + 1)

    # Nor is anything sent of what has become objects since.
    page.locator("[value=tout-accepter]").click()
    expect(page.locator("tr.is-proposed")).to_have_count(0)
    page.get_by_role("button", name="Créer les fiches sans publier").click()
    expect(page.get_by_role("heading", name="Aucune photo en attente")).to_be_visible(timeout=UPLOAD_MILLISECONDS)
    sent.clear()
    drops(page, photos)
    sees(page, f"Tout est reçu. Photos reçues : {PHOTOS + 1}. Mises de côté : 0. Déjà dans des fiches : {PHOTOS + 1}.")
    assert sent.count(address) == 0
    expect(page.locator("li[data-photo]")).to_have_count(0)

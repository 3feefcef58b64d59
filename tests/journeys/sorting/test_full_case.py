"""A drop into a case that has room for few photos, and a photo that is refused: what is left goes on when it can."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_bytes

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests import pictures
from tests.journeys import service as services
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.people import UPLOAD_MILLISECONDS
from tests.journeys.sorter import Sorter
from tests.journeys.sorting.test_capture import Photographer

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOM, PHOTOS, AT_ONCE = 2, 8, 3


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[services.Service]:
    """A service in whose cases few photos may wait."""
    instance = tmp_path_factory.mktemp("small") / "instance"
    started = services.start(instance, with_unit=True, GALLERY_MAX_LOT_PHOTOS=str(ROOM))
    yield started
    started.kill()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A browser of its own, whose console may complain of refusals."""
    context = chromium.new_context(viewport=DESKTOP, locale="fr-FR", service_workers="block")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"photo-{seed}.jpg" for seed in range(PHOTOS)]
    for seed, path in enumerate(paths):
        path.write_bytes(pictures.jpeg(pictures.picture(130 + seed).resize((480, 360)), comment=token_bytes(8)))
    return paths


class Dropper(Sorter):
    """An officer who drops photos and sorts what there is room for."""

    def opens_the_drop(self, case: str) -> None:
        self.signs_in()
        self.opens_a_case(case)
        self.page.get_by_role("link", name="Déposer des photos").click()

    def reads(self, sentence: str) -> None:
        expect(self.page.locator("[data-sentence]")).to_contain_text(sentence, timeout=UPLOAD_MILLISECONDS)

    def makes_room(self) -> None:
        expect(self.rows).to_have_count(ROOM)
        self.accepts_all()
        self.button("Créer les fiches sans publier").click()
        expect(self.page.get_by_role("heading", name="Aucune photo en attente")).to_be_visible()


def test_a_full_case_stops_the_drop_until_there_is_room(
    small: services.Service, page: Page, photos: list[Path]
) -> None:
    officer = Dropper(page, small)
    officer.opens_the_drop("2026/plein")
    sent = list[str]()
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.set_input_files("#files", photos[: 2 * ROOM])
    officer.reads(f"{ROOM} photos attendent dans cette affaire")
    officer.reads("Triez-en d’abord")
    officer.reads(f"Photos reçues : {ROOM} sur {2 * ROOM}. Mises de côté : 0.")
    # Of what is left, only what was on its way when the first was refused.
    assert sent.count(page.url) <= ROOM + AT_ONCE
    officer.makes_room()
    officer.button("Reprendre").click()
    officer.reads(f"Tout est reçu. Photos reçues : {2 * ROOM}. Mises de côté : 0.")
    expect(officer.rows).to_have_count(ROOM)


def test_what_was_refused_for_a_passing_reason_is_tried_again(
    small: services.Service, page: Page, photos: list[Path]
) -> None:
    officer = Dropper(page, small)
    officer.opens_the_drop("2026/refus")
    is_refused = [True]

    def refuse(route: Route) -> None:
        """As a proxy before the service does."""
        if route.request.method == "POST" and is_refused.pop():
            route.fulfill(status=403, body="<h1>Refus</h1>")
        else:
            route.continue_()

    page.route(page.url, refuse)
    page.set_input_files("#files", photos[-1])
    refused = page.locator("[data-list] li.is-refused")
    expect(refused).to_contain_text("Le service n’a pas répondu comme prévu.")
    page.unroute(page.url)
    refused.get_by_role("button", name="Réessayer").click()
    officer.reads("Tout est reçu. Photos reçues : 1. Mises de côté : 0.")
    expect(refused).to_have_count(0)
    # What is no photo stays none.
    page.set_input_files("#files", {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"notes"})
    expect(refused).to_have_count(1, timeout=UPLOAD_MILLISECONDS)
    expect(refused.get_by_role("button")).to_have_count(0)


def test_a_telephone_keeps_the_photos_of_a_full_case_until_there_is_room(
    small: services.Service, chromium: Browser, photos: list[Path]
) -> None:
    context = chromium.new_context(viewport=PHONE, locale="fr-FR", is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    officer = Photographer(context.new_page(), small)
    officer.opens_the_capture_of("2026/téléphone")
    officer.takes(*photos[:ROOM], then_waiting=0)
    officer.takes(photos[ROOM], then_waiting=1)
    expect(officer.page.locator("[data-state]")).to_contain_text("Triez-en d’abord")
    expect(officer.page.locator("[data-set-aside]")).to_be_hidden()
    sorter = Dropper(context.new_page(), small)
    sorter.page.goto(officer.page.locator("[data-table-link]").evaluate("link => link.href"))
    sorter.rows.first.locator("[data-cell=categorie]").select_option("watches")
    sorter.button("Créer les fiches sans publier").click()
    expect(sorter.page.get_by_role("heading", name="Aucune photo en attente")).to_be_visible()
    sorter.page.close()
    officer.page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
    officer.sees_waiting(0)
    context.close()

"""The public site on a telephone: no network, photos shared or pasted, a withdrawn photo that nothing brings back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import pictures
from tests.journeys.conftest import PHONE, Ring
from tests.journeys.desk.test_arrivals import PASTE, in_text
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEIC = Path(__file__).parents[2] / "data" / "drawn.heic"
# What the telephone does with a photo that is shared: a form posted to the address of the manifest.
SHARE = """async (photo) => {
  const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action: '/recherche/partage' });
  const input = document.createElement('input');
  Object.assign(input, { type: 'file', name: 'photos' });
  const held = new DataTransfer();
  held.items.add(new File([bytes], 'partage.jpg', { type: 'image/jpeg' }));
  input.files = held.files;
  form.append(input);
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture
def telephone(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser of its own, whose console may complain that there is no network."""
    context = chromium.new_context(viewport=PHONE, locale="fr-FR", is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    yield context
    context.close()


def opens_and_installs(page: Page, address: str) -> None:
    """Open a page, and wait until the service worker answers for the site."""
    page.goto(address)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")


def test_a_shared_photo_is_searched_for_and_a_pasted_one_is_chosen(
    service: Service, telephone: BrowserContext, watch: str, ring: Ring
) -> None:
    page = telephone.new_page()
    opens_and_installs(page, f"{service.address}/")
    page.reload()
    page.evaluate(SHARE, in_text(ring.victims))
    expect(page.locator("[data-results-heading]")).to_be_visible(timeout=UPLOAD_MILLISECONDS)
    expect(page.locator("[data-previews] li")).to_have_count(1)
    page.evaluate(PASTE, in_text(ring.officers[0]))
    expect(page.locator("[data-previews] li")).to_have_count(2)
    page.locator("#photos").set_input_files(HEIC)
    expect(page.locator("[data-previews] li")).to_have_count(3)
    expect(page.locator("[data-previews] li").nth(2).locator("img")).to_be_visible()
    expect(page.locator("[data-previews] li").nth(2).get_by_role("button", name="Entourer")).to_be_visible()


def test_without_a_network_it_says_so_and_shows_nothing_withdrawn(
    service: Service, telephone: BrowserContext, chromium: Browser, tmp_path: Path
) -> None:
    photo = tmp_path / "vase.jpg"
    photo.write_bytes(pictures.jpeg(pictures.picture(961).resize((800, 600))))
    desk = chromium.new_page(locale="fr-FR")
    officer = Officer(desk, service)
    officer.signs_in()
    officer.opens_a_case("2026/8803")
    officer.records_an_item("Vase", category="Autres objets")
    officer.adds_photos(photo)
    number = officer.publishes()

    page = telephone.new_page()
    opens_and_installs(page, f"{service.address}/objets/{number}")
    page.reload()
    address = page.locator("main img").first.evaluate("(image) => image.currentSrc")
    desk.get_by_role("button", name="Retirer de la galerie").click()
    expect(desk.get_by_role("button", name="Retirer de la galerie")).to_have_count(0)
    desk.close()

    again = telephone.new_page()
    status = "(address) => fetch(address, { cache: 'reload' }).then((answer) => answer.status, () => 'none')"
    again.goto(f"{service.address}/recherche")
    assert again.evaluate(status, address) == 404
    telephone.set_offline(True)
    assert again.evaluate(status, address) == "none"
    again.goto(f"{service.address}/objets/{number}")
    expect(again.get_by_role("heading", level=1)).to_have_text("Pas de réseau")
    expect(again.locator("main img")).to_have_count(0)


def test_without_a_network_an_english_reader_is_told_so_in_english(service: Service, telephone: BrowserContext) -> None:
    page = telephone.new_page()
    opens_and_installs(page, f"{service.address}/en/")
    page.reload()
    telephone.set_offline(True)
    page.goto(f"{service.address}/en/objets")
    expect(page.get_by_role("heading", level=1)).to_have_text("No network")
    expect(page.locator("html")).to_have_attribute("lang", "en")

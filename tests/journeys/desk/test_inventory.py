"""A visitor lists belongings with photos and prints them: nothing is sent, and nothing is kept unless asked for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests import pictures
from tests.journeys import service as services
from tests.journeys.conftest import PHONE
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
Look = Callable[[Page, str], None]
# Whether the page would ask before it is left.
LEAVING = """() => {
  const leaving = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(leaving);
  return leaving.defaultPrevented;
}"""


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Two photos of a ring."""
    paths = [tmp_path / f"bague-{seed}.jpg" for seed in (1, 2)]
    for seed, path in enumerate(paths, start=1):
        path.write_bytes(pictures.jpeg(pictures.picture(seed, kind="ring").resize((800, 600))))
    return paths


@pytest.fixture
def declaring(tmp_path: Path) -> Iterator[Service]:
    """A service of its own, that takes declarations."""
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / "settings.toml").write_text(services.FOR_VICTIMS, encoding="utf-8")
    running = services.start(folder, with_unit=True)
    yield running
    assert running.stop() == 0


def row(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Objet {number}").get_by_label("Objet", exact=True)


def opened(page: Page, service: Service) -> Page:
    page.goto(f"{service.address}/conseils/inventaire")
    return page


def fill_in(page: Page, photos: list[Path]) -> None:
    page.get_by_label("Votre nom").fill("Jeanne Martin")
    first = page.get_by_role("group", name="Objet 1")
    first.get_by_label("Objet", exact=True).fill("Bague en or")
    first.get_by_label("Signes particuliers").fill("Gravée J. M.\nRayure au dos")
    first.get_by_label("Photos").set_input_files(photos)
    expect(first.locator(".previews img")).to_have_count(2)
    page.get_by_role("button", name="Ajouter un objet").click()
    second = page.get_by_role("group", name="Objet 2")
    expect(second.get_by_label("Objet", exact=True)).to_be_focused()
    second.get_by_label("Objet", exact=True).fill("Vélo bleu")
    second.get_by_label("Numéro de série").fill("WTU123456")


def printed(page: Page) -> Page:
    page.emulate_media(media="print", color_scheme="light")
    return page


def test_a_list_with_photos_is_printed_and_nothing_is_sent(
    service: Service, open_page: Opened, photos: list[Path], tmp_path: Path, look: Look
) -> None:
    page = opened(open_page(PHONE), service)
    page.wait_for_load_state("networkidle")
    sent: list[Request] = []
    page.on("request", lambda request: None if request.url.startswith("blob:") else sent.append(request))
    fill_in(page, photos)
    look(page, "form")
    check(page)
    printed(page)
    entries = page.locator(".paper-filled .paper-entry")
    expect(entries).to_have_count(2)
    expect(entries.first).to_contain_text("Rayure au dos")
    expect(entries.first.locator("img")).to_have_count(2)
    expect(page.locator(".paper-filled")).to_contain_text("Jeanne Martin")
    expect(page.locator(".paper-blank")).to_be_hidden()
    expect(page.locator(".inventory-form")).to_be_hidden()
    assert page.pdf(path=tmp_path / "inventaire.pdf", prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    assert not sent
    assert page.evaluate("localStorage.length") == 0


def test_photos_and_objects_are_removed(service: Service, open_page: Opened, photos: list[Path]) -> None:
    page = opened(open_page(), service)
    fill_in(page, photos)
    page.get_by_role("button", name="Retirer la photo 1").click()
    expect(page.get_by_role("button", name="Retirer la photo 1")).to_be_focused()
    expect(page.locator(".previews img")).to_have_count(1)
    page.get_by_role("button", name="Retirer l’objet 1").click()
    expect(page.locator("[data-entries] > li")).to_have_count(1)
    expect(page.get_by_label("Objet", exact=True)).to_be_focused()
    assert page.get_by_label("Objet", exact=True).input_value() == "Vélo bleu"


def test_the_list_is_kept_on_the_device_only_when_asked(
    service: Service, open_page: Opened, photos: list[Path]
) -> None:
    page = opened(open_page(), service)
    fill_in(page, photos)
    page.get_by_label("Garder la liste sur cet appareil").check()
    page.reload()
    assert page.get_by_label("Objet", exact=True).first.input_value() == "Bague en or"
    expect(page.locator(".previews img")).to_have_count(0)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Tout effacer").click()
    expect(page.locator("[data-entries] > li")).to_have_count(1)
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    assert page.get_by_label("Objet", exact=True).input_value() == ""


def test_two_tabs_that_keep_the_list_lose_nothing_of_each_other(
    service: Service, open_page: Opened, photos: list[Path]
) -> None:
    one = opened(open_page(), service)
    other = opened(one.context.new_page(), service)
    fill_in(one, photos)
    one.get_by_label("Garder la liste sur cet appareil").check()
    # What this one has already joins what the other one keeps.
    row(other, 1).fill("Montre")
    other.get_by_label("Garder la liste sur cet appareil").check()
    expect(row(one, 3)).to_have_value("Montre")
    row(one, 3).fill("Montre de gousset")
    expect(row(other, 1)).to_have_value("Montre de gousset")
    expect(row(other, 2)).to_have_value("Bague en or")
    other.get_by_role("button", name="Retirer l’objet 3").click()
    row(other, 2).fill("Bague en argent")
    expect(row(one, 1)).to_have_value("Bague en argent")
    expect(row(one, 2)).to_have_value("Montre de gousset")
    # The photos of a row that is gone elsewhere stay, and with them the row.
    other.get_by_role("button", name="Retirer l’objet 2").click()
    row(other, 1).fill("Montre en or")
    expect(row(one, 2)).to_have_value("Montre en or")
    expect(one.locator("[data-entries] > li")).to_have_count(2)
    expect(one.locator(".previews img")).to_have_count(2)
    one.get_by_label("Garder la liste sur cet appareil").uncheck()
    expect(other.get_by_label("Garder la liste sur cet appareil")).not_to_be_checked()
    assert other.evaluate("localStorage.length") == 0


def test_a_list_that_an_earlier_version_kept_is_read_in_two_tabs_as_one(service: Service, open_page: Opened) -> None:
    one = opened(open_page(), service)
    one.evaluate(
        """() => { localStorage.inventaire = JSON.stringify({ owner: 'Jeanne', entries: [{ name: 'Bague' }] }); }"""
    )
    one.reload()
    other = opened(one.context.new_page(), service)
    expect(row(other, 1)).to_have_value("Bague")
    row(one, 1).fill("Bague en or")
    expect(row(other, 1)).to_have_value("Bague en or")
    expect(other.locator("[data-entries] > li")).to_have_count(1)


def test_after_a_declaration_that_came_to_nothing_leaving_is_asked_about_again(
    declaring: Service, open_page: Opened, photos: list[Path]
) -> None:
    page = open_page()
    wait_until(lambda: page.request.get(f"{declaring.address}/declarer").ok, "the worker's public key")
    opened(page, declaring)
    fill_in(page, photos)
    assert page.evaluate(LEAVING)
    page.route("**/declarer", lambda route: route.fulfill(status=204))
    with page.expect_response("**/declarer"):
        page.get_by_role("button", name="Déclarer ce qu’on m’a volé").click()
    assert not page.evaluate(LEAVING)
    # Back, to the page as it was left.
    page.evaluate("() => { window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); }")
    assert page.evaluate(LEAVING)


@pytest.mark.parametrize("with_scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_empty_list_prints_a_blank_sheet(service: Service, open_page: Opened, with_scripts: bool) -> None:
    page = printed(opened(open_page(with_scripts=with_scripts), service))
    expect(page.locator(".paper-blank .paper-entry")).to_have_count(4)
    expect(page.locator(".paper-blank")).to_be_visible()
    expect(page.locator(".paper-filled")).to_be_hidden()
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_axe_finds_nothing(service: Service, open_page: Opened) -> None:
    page = opened(open_page(PHONE), service)
    check(page)
    # The blank sheet, as it stands there without script: axe itself needs one.
    page.evaluate("document.querySelector('.inventory').classList.remove('is-enhanced')")
    expect(page.locator(".paper-blank")).to_be_visible()
    check(page)

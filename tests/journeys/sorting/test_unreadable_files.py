"""Files that cannot be read, or not be sent: they are set aside by name, and hold up nothing else."""

from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_bytes

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests import pictures
from tests.journeys.conftest import DESKTOP
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer
from tests.journeys.service import Service
from tests.journeys.sorting.test_drop import AT_ONCE, Line
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
UNREAD = "Ce fichier n’a pas pu être lu sur votre appareil."
# What is read whole, by name.
READ = """(() => {
  const { arrayBuffer } = Blob.prototype;
  window.read = [];
  Blob.prototype.arrayBuffer = function read() {
    window.read.push(this.name);
    return arrayBuffer.call(this);
  };
})()"""
# A folder with a file and a folder that the disk does not give: no test can damage a disk.
DROP = """() => {
  const refused = (_take, refuse) => refuse(new DOMException('', 'NotReadableError'));
  const file = (name, give) => ({ name, isFile: true, fullPath: `/saisie/${name}`, file: give });
  const folder = (name, readEntries) => ({ name, isFile: false, createReader: () => ({ readEntries }) });
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 200;
  canvas.getContext('2d').fillRect(20, 30, 90, 120);
  return new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); }).then((picture) => {
    const whole = new File([picture], 'entier.png', { type: 'image/png' });
    const some = [file('abîmé.jpg', refused), file('Thumbs.db', refused), folder('vide', refused)];
    some.push(file('entier.png', (take) => take(whole)));
    const saisie = folder('saisie', (take) => take(some.splice(0)));
    const data = { types: ['Files'], files: [], items: [{ webkitGetAsEntry: () => saisie }] };
    const drop = Object.assign(new Event('drop', { bubbles: true, cancelable: true }), { dataTransfer: data });
    document.querySelector('.drop-zone').dispatchEvent(drop);
  });
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A browser of its own, whose console may complain of files that are gone."""
    context = chromium.new_context(viewport=DESKTOP, locale="fr-FR", service_workers="block")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"photo-{seed}.jpg" for seed in range(AT_ONCE + 1)]
    for seed, path in enumerate(paths):
        path.write_bytes(pictures.jpeg(pictures.picture(180 + seed).resize((480, 360)), comment=token_bytes(8)))
    return paths


def opens_the_drop(page: Page, service: Service, case: str) -> None:
    officer = Officer(page, service)
    officer.signs_in()
    officer.opens_a_case(case)
    page.get_by_role("link", name="Déposer des photos").click()


def reads(page: Page, sentence: str) -> None:
    expect(page.locator("[data-sentence]")).to_contain_text(sentence, timeout=UPLOAD_MILLISECONDS)


def refused(page: Page) -> list[str]:
    return page.locator("[data-list] li.is-refused").all_inner_texts()


def test_a_file_that_is_gone_is_set_aside_and_can_be_tried_again(
    service: Service, page: Page, photos: list[Path]
) -> None:
    opens_the_drop(page, service, "2026/clé")
    scripts = list[Route]()
    page.route("**/lot.js*", lambda route: scripts.append(route))
    page.reload(wait_until="commit")
    # Chosen before the script comes, on a slow line; meanwhile the stick is taken out.
    page.set_input_files("#files", photos[:2])
    photos[0].unlink()
    # What has happened in the browser comes in while it is asked something.
    wait_until(lambda: page.evaluate("true") and scripts, "the script")
    scripts.pop().continue_()
    reads(page, "Tout est reçu. Photos reçues : 1. Mises de côté : 1.")
    row = page.locator("[data-list] li.is-refused")
    expect(row).to_contain_text("photo-0.jpg")
    expect(row).to_contain_text(UNREAD)
    row.get_by_role("button", name="Réessayer").click()
    reads(page, "Tout est reçu. Photos reçues : 1. Mises de côté : 1.")
    expect(row).to_contain_text(UNREAD)


def test_a_file_that_goes_while_others_are_sent_holds_up_none(service: Service, page: Page, photos: list[Path]) -> None:
    opens_the_drop(page, service, "2026/pendant")
    line = Line(page, page.url)
    page.set_input_files("#files", photos)
    line.holds(AT_ONCE)
    photos[-1].unlink()
    # Lets through what is held, too.
    page.unroute(page.url)
    reads(page, f"Tout est reçu. Photos reçues : {AT_ONCE}. Mises de côté : 1.")
    expect(page.locator("[data-list] li.is-refused")).to_contain_text(UNREAD)


def test_a_file_that_is_too_heavy_is_not_even_read(service: Service, page: Page, photos: list[Path]) -> None:
    page.add_init_script(READ)
    opens_the_drop(page, service, "2026/film")
    heavy = photos[1]
    with heavy.open("wb") as film:
        film.truncate(int(page.locator("[data-lot]").get_attribute("data-max-bytes") or 0) + 1)
    page.set_input_files("#files", photos[:2])
    reads(page, "Tout est reçu. Photos reçues : 1. Mises de côté : 1.")
    assert page.evaluate("window.read") == [photos[0].name]


def test_what_a_folder_does_not_give_is_named(service: Service, page: Page) -> None:
    opens_the_drop(page, service, "2026/disque")
    page.evaluate(DROP)
    reads(page, "Tout est reçu. Photos reçues : 1. Mises de côté : 2.")
    first, second = refused(page)
    assert first.startswith("abîmé.jpg")
    assert second.startswith("vide")
    assert UNREAD in first


def test_a_drop_that_is_held_says_so_to_whoever_listens(service: Service, page: Page, photos: list[Path]) -> None:
    opens_the_drop(page, service, "2026/écoute")
    page.context.clear_cookies()
    page.set_input_files("#files", photos[0])
    expect(page.locator("[data-live]")).to_contain_text("Votre session est terminée")


def test_a_table_that_cannot_be_asked_for_is_said_to_be_missing(
    service: Service, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    opens_the_drop(page, service, "2026/fini")
    page.context.clear_cookies()
    page.evaluate("document.dispatchEvent(new Event('desk:refresh'))")
    expect(page.locator("#messages")).to_contain_text("cette page n’est peut-être pas à jour")

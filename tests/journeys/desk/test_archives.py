"""An officer takes over the albums of the unit's Facebook page: given, reported, confirmed, found as drafts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import pictures
from tests.archives import Shot, archive, zipped
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
Look = Callable[[Page, str], None]
CAPTIONS = ("Montre à gousset en argent\nGravée « Léa »", "Bague de fiançailles", "", "Violon")


def package(folder: Path, name: str, first_seed: int) -> Path:
    """An archive of two albums, with a photo that it lacks, at this name."""
    shots = [
        Shot(f"{seed}.jpg", pictures.jpeg(pictures.picture(first_seed + seed).resize((640, 480))), caption)
        for seed, caption in enumerate(CAPTIONS)
    ]
    path = folder / name
    path.write_bytes(archive({"Opération Vitré": shots[:3], "Fougères": [*shots[3:], Shot("absente.jpg", None)]}))
    return path


def opened(page: Page, service: Service) -> Page:
    """The page of archives, found from the menu."""
    Officer(page, service).signs_in()
    page.get_by_role("link", name="Partager").first.click()
    page.get_by_role("link", name="Reprendre des albums Facebook").click()
    return page


def test_an_officer_takes_albums_over(
    service: Service, open_page: Opened, run: int, tmp_path: Path, look: Look
) -> None:
    page = opened(open_page(PHONE), service)
    look(page, "empty")
    page.get_by_label("Archive donnée par Facebook").set_input_files(package(tmp_path, "f.zip", 275 + 100 * run))
    page.get_by_role("button", name="Envoyer l’archive").click()
    given = page.locator(".archives > li").first
    expect(given).to_contain_text("4 brouillons seront créés.", timeout=UPLOAD_MILLISECONDS)
    expect(given).to_contain_text("Opération Vitré")
    given.get_by_text("Photos refusées").click()
    expect(given).to_contain_text("Fougères, absente.jpg")
    check(page)
    look(page, "report")
    given.get_by_role("button", name="Créer les 4 brouillons").click()
    expect(given).to_contain_text("4 brouillons sont créés.", timeout=UPLOAD_MILLISECONDS)
    check(page)
    look(page, "done")
    given.get_by_role("link", name="Voir les brouillons").click()
    expect(page.get_by_role("link", name="Montre à gousset en argent").first).to_be_visible()


def test_without_script_too(service: Service, open_page: Opened, run: int, tmp_path: Path) -> None:
    page = opened(open_page(DESKTOP, with_scripts=False), service)
    page.get_by_label("Archive donnée par Facebook").set_input_files(package(tmp_path, "g.zip", 8900 + 100 * run))
    page.get_by_role("button", name="Envoyer l’archive").click()
    given = page.locator(".archives > li").first

    def is_read() -> bool:
        if "4 brouillons seront créés." in given.inner_text():
            return True
        page.get_by_role("link", name="Actualiser").first.click()
        return False

    wait_until(is_read, "the report of the archive")


def test_an_archive_of_pages_is_refused_at_once(
    service: Service, open_page: Opened, tmp_path: Path, look: Look
) -> None:
    page = opened(open_page(PHONE), service)
    path = tmp_path / "pages.zip"
    path.write_bytes(zipped({"posts/album/0.html": "<html>"}))
    page.get_by_label("Archive donnée par Facebook").set_input_files(path)
    page.get_by_role("button", name="Envoyer l’archive").click()
    expect(page.locator("#archive-error")).to_contain_text("Demandez à Facebook la même au format JSON")
    check(page)
    look(page, "refused")

"""axe finds nothing on what the back office shows once something is done: cases, hidden parts, files, codes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from tests import pictures
from tests.journeys import inspected
from tests.journeys.conftest import DESKTOP, PHONE, Ring
from tests.journeys.people import PASSWORD, UPLOAD_MILLISECONDS, Administrator, Officer
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]


@pytest.fixture
def officer(service: Service, open_page: Opened) -> Administrator:
    officer = Administrator(open_page(PHONE), service)
    officer.signs_in()
    return officer


def test_pages_of_a_case(officer: Officer, ring: Ring) -> None:
    officer.opens_a_case("2026/7790")
    case = officer.page.url.partition("/agents")[2]
    officer.records_an_item("Bague d’une affaire", category="Bijoux")
    for address in inspected.CASE:
        officer.opens(address.format(case=case))
        check(officer.page)
    officer.opens(f"{case}/liste")
    officer.page.set_input_files("input[type=file]", {"name": "liste.csv", "mimeType": "text/csv", "buffer": b"rien"})
    officer.page.locator("main form button").first.click()
    expect(officer.page.get_by_role("heading", name="Ce qui est à corriger")).to_be_visible()
    check(officer.page)


def test_acts_on_an_object(officer: Officer, ring: Ring) -> None:
    officer.opens_a_case("2026/7791")
    officer.records_an_item("Bague à montrer en partie", category="Bijoux")
    officer.adds_photos(*ring.officers[:2])
    page = officer.page
    sheet = page.url.partition("#")[0]
    officer.publishes()
    page.goto(sheet)
    page.locator(".photo-card [name=photos]").first.check()
    page.get_by_role("button", name="Cacher une partie").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cacher")
    page.locator("[data-new]").click()
    check(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(sheet)
    page.locator(".photo-card [name=photos]").last.check()
    page.get_by_role("button", name="Supprimer").click()
    page.get_by_role("link", name="Effacer définitivement").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Effacer définitivement cette photo ?")
    check(page)
    officer.opens("/objets?mots=montrer")
    page.locator("tbody input").first.check()
    page.get_by_role("button", name="Retirer de la galerie").click()
    check(page)


def test_waiting_photos(officer: Officer, tmp_path: Path) -> None:
    photo = tmp_path / "attente.jpg"
    photo.write_bytes(pictures.jpeg(pictures.picture(4711).resize((800, 600))))
    page = officer.page
    officer.opens_a_case("2026/7792")
    page.get_by_role("link", name="Déposer des photos").click()
    page.set_input_files("#files", photo)
    expect(page.locator(".lot-photos img").first).to_be_visible(timeout=UPLOAD_MILLISECONDS)
    page.goto(f"{officer.service.address}{page.locator('a[href*=cacher]').first.get_attribute('href')}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cacher")
    check(page)


def test_files_and_accounts(officer: Administrator, open_page: Opened, watch: str, run: int) -> None:
    page = officer.page
    officer.shares_everything()
    officer.opens("/albums/fichiers")
    check(page)
    page.locator("main a[href*='/albums/fichiers/']").first.click()
    check(page)
    link = officer.invites(f"Nolwenn {run}", f"nolwenn-{run}@rennes.example", role="agent")
    check(page)
    invited = open_page(PHONE)
    invited.goto(link)
    check(invited)
    officer.opens_the_account_of(f"Nolwenn {run}")
    check(page)


def test_signing_in_with_a_second_factor(officer: Administrator, open_page: Opened, service: Service, run: int) -> None:
    page = open_page(DESKTOP)
    agent = officer.gives_an_account(page, f"Maël {run}", f"mael-{run}@rennes.example", role="agent")
    agent.opens("/compte/code")
    page.get_by_role("button", name="Commencer").click()
    key = re.sub(r"\W", "", page.locator(".key").inner_text())
    check(page)
    page.get_by_label("Code à six chiffres").fill(TOTP(key).generate().token)
    page.get_by_role("button", name="Activer").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Code de connexion")
    page.context.clear_cookies()
    agent.tries_to_sign_in()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre code de connexion")
    assert agent.service.password == PASSWORD
    check(page)
    page.get_by_role("link", name="Utiliser un code de secours").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Code de secours")
    check(page)

"""Takes pictures of the program at work on its demo: python -m tests.journeys.screenshots [--all FOLDER].

Without an option the few of the README, into docs/screenshots; with --all every page, on a phone and on a wide screen,
for a person to look at.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from gallery.demo import DEMO_UNITS
from gallery.services.demo import email_of
from tests.journeys import service as services
from tests.journeys.conftest import ARGUMENTS, DESKTOP, PHONE
from tests.journeys.people import Officer, Victim
from tests.journeys.service import ROOT, Service
from tests.selection import CHROMIUM

FOLDER = ROOT / "docs" / "screenshots"
README = {"gallery-wide", "search-phone", "results-phone", "item-backoffice-phone"}
SIZES = {"phone": PHONE, "wide": DESKTOP}
PUBLIC_PATHS = {
    "home": "/",
    "gallery": "/objets",
    "category": "/objets?categorie=jewellery",
    "nothing": "/objets?mots=bague+licorne&vol=2019-01-01",
    "search": "/recherche",
    "number": "/numero",
    "number-refused": "/numero?numero=35",
    "words": "/objets?mots=bague+doree",
    "guide": "/aide",
    "advice": "/conseils",
    "inventory": "/conseils/inventaire",
    "verify": "/verifier",
    "verify-foreign-code": "/verifier?code=https://objets-retrouves.example.net/o/35-K7QM-4",
    "units": "/unites",
    "legal": "/mentions",
    "personal-data": "/donnees-personnelles",
    "accessibility": "/accessibilite",
    "error": "/nulle-part",
}
DESK_PATHS = {
    "items-backoffice": "/agents/objets",
    "item-new-backoffice": "/agents/objets/nouveau",
    "cases-backoffice": "/agents/affaires",
    "case-new-backoffice": "/agents/affaires/nouvelle",
    "account-backoffice": "/agents/compte",
    "password-again-backoffice": "/agents/compte/confirmer",
    "album-choose-backoffice": "/agents/albums",
    "album-backoffice": "/agents/albums/nouveau",
    "officers-backoffice": "/agents/administration/agents",
    "invite-backoffice": "/agents/administration/agents/inviter",
    "units-backoffice": "/agents/administration/unites",
    "unit-backoffice": "/agents/administration/unites/GGD35",
    "categories-backoffice": "/agents/administration/categories",
    "category-backoffice": "/agents/administration/categories/watches",
    "archives-backoffice": "/agents/reprise",
}

Take = Callable[[Page, str], None]


def main() -> None:
    """Start the demo, walk through it, keep the pictures."""
    parser = argparse.ArgumentParser(prog="screenshots", description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page, into this folder")
    folder = parser.parse_args().all
    with tempfile.TemporaryDirectory() as instance, sync_playwright() as playwright:
        service = services.start(Path(instance), with_unit=False)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            for size_name, size in SIZES.items():
                page = browser.new_page(viewport=size, locale="fr-FR", device_scale_factor=1)  # type: ignore[arg-type]
                for name in _walk(page, _with_password(service, Path(instance)), Path(instance)):
                    _keep(page, f"{name}-{size_name}", folder)
                page.close()
        finally:
            _close(browser, service)


def _walk(page: Page, service: Service, instance: Path) -> Iterator[str]:
    """Open one page after the other; yields what is on the screen."""
    for name, path in PUBLIC_PATHS.items():
        page.goto(service.address + path)
        yield name
    yield from _walk_as_victim(Victim(page, service), instance)
    yield from _walk_as_officer(Officer(page, service))


def _walk_as_victim(victim: Victim, instance: Path) -> Iterator[str]:
    victim.page.goto(f"{victim.service.address}/recherche")
    victim.page.set_input_files("#photos", instance / "demo" / "ma-bague.jpg")
    victim.page.get_by_role("button", name="Entourer l’objet").click()
    victim.page.wait_for_selector("cropper-selection:focus")
    yield "box"
    victim.opens_the_site()
    victim.searches_by_photo(instance / "demo" / "ma-bague.jpg")
    victim.page.locator("[data-results-heading]").evaluate("each => each.scrollIntoView({ behavior: 'instant' })")
    yield "results"
    victim.opens_the_first()
    yield "item"
    victim.enlarges_the_photo()
    yield "viewer"
    victim.closes_the_photo()


def _walk_as_officer(officer: Officer) -> Iterator[str]:
    page, address = officer.page, officer.service.address
    page.goto(f"{address}/agents/")
    yield "sign-in-backoffice"
    officer.signs_in()
    item = page.locator("main a[href*='/objets/3']").first.get_attribute("href")
    for name, path in {
        **DESK_PATHS,
        "item-backoffice": item,
        "preview-backoffice": f"{item}/apercu",
        "item-edit-backoffice": f"{item}/modifier",
    }.items():
        page.goto(f"{address}{path}")
        yield name
    page.goto(f"{address}{item}")
    page.locator("[name=photos]").first.check()
    page.get_by_role("button", name="Entourer").click()
    page.wait_for_selector("cropper-selection:not([hidden])")
    yield "box-backoffice"
    page.goto(f"{address}/agents/affaires")
    page.locator("main table a").first.click()
    yield "case-backoffice"
    page.goto(f"{address}/agents/administration/comptes")
    if not page.locator("tbody tr").count():
        page.get_by_label("Adresse du compte").fill("https://www.facebook.com/gendarmerie35")
        page.get_by_role("button", name="Ajouter ce compte").click()
    yield "accounts-backoffice"
    page.goto(f"{address}/comptes-officiels")
    yield "accounts"
    page.goto(f"{address}/albums/{officer.shares_everything()}")
    yield "album"


def _keep(page: Page, name: str, folder: Path | None) -> None:
    if folder is None and name not in README:
        return
    page.wait_for_load_state("networkidle")
    picture = page.screenshot(full_page=folder is not None)
    target = folder or FOLDER
    target.mkdir(parents=True, exist_ok=True)
    Image.open(BytesIO(picture)).convert("RGB").save(target / f"{name}.webp", quality=80, method=6)
    print(target / f"{name}.webp")


def _with_password(service: Service, instance: Path) -> Service:
    password = (instance / "demo" / "password").read_text(encoding="ascii").strip()
    return Service(service.address, email_of(DEMO_UNITS[0]), password, service.process)


def _close(browser: Browser, service: Service) -> None:
    browser.close()
    service.stop()


if __name__ == "__main__":
    main()

"""Officers and a victim in a real browser: methods read as what a person does."""

from dataclasses import replace
from pathlib import Path
from secrets import token_hex

from playwright.sync_api import Page, expect

from tests.journeys.service import Service
from tests.waiting import wait_until

UPLOAD_MILLISECONDS = 120_000
PASSWORD = "la-vilaine-coule-sous-le-pont"


class Officer:
    """Someone who works in the back office."""

    def __init__(self, page: Page, service: Service) -> None:
        self.page, self.service = page, service

    def signs_in(self) -> None:
        self.tries_to_sign_in()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Objets")

    def tries_to_sign_in(self) -> None:
        self.page.goto(f"{self.service.address}/agents/")
        self.page.get_by_label("Adresse électronique").fill(self.service.email)
        self.page.get_by_label("Mot de passe").fill(self.service.password)
        self.page.get_by_role("button", name="Se connecter").click()

    def opens(self, path: str) -> None:
        self.page.goto(f"{self.service.address}/agents{path}")

    def sees_heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def opens_a_case(self, number: str) -> str:
        """Open a case of this number, with an ending of its own: a journey that is run again opens another."""
        number = f"{number[:33]}-{token_hex(3)}"
        self.page.get_by_role("link", name="Affaires").click()
        self.page.get_by_role("link", name="Nouvelle affaire").first.click()
        self.page.get_by_label("Numéro de procédure").fill(number)
        self.page.get_by_label("Autorisée par").fill("Mme la procureure de Rennes")
        self.page.get_by_label("Autorisée le").fill("2026-10-01")
        self.page.get_by_role("button", name="Enregistrer l’affaire").click()
        return number

    def records_an_item(self, title: str, *, category: str) -> None:
        """Record an item in the case that is open."""
        self.page.get_by_role("link", name="Nouvel objet").click()
        self.page.get_by_label("Titre").fill(title)
        self.page.get_by_label("Catégorie").select_option(label=category)
        self.page.get_by_role("button", name="Enregistrer et ajouter des photos").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def adds_photos(self, *paths: Path) -> None:
        """Add photos once the page's scripts have come, which do without the button."""
        self.page.wait_for_load_state()
        before = self.page.locator(".photo-card").count()
        self.page.get_by_label("Ajouter des photos").set_input_files(list(paths))
        if self.page.get_by_role("button", name="Envoyer les photos").is_visible():
            self.page.get_by_role("button", name="Envoyer les photos").click()
        expect(self.page.locator(".photo-card")).to_have_count(before + len(paths), timeout=UPLOAD_MILLISECONDS)

    def publishes(self) -> str:
        """Vouch for the photos and publish, and return the item's public number."""
        self.page.get_by_label("J’ai vérifié").check()
        self.page.get_by_role("button", name="Publier").click()
        expect(self.page.locator("#publication")).to_contain_text("publié")
        return str(self.page.locator(".under-title .number").inner_text())

    def shares_everything(self) -> str:
        """Download an album of all published items, and return the code of its page."""
        self.page.goto(f"{self.service.address}/agents/albums/nouveau")
        code = self.page.locator("input[name=code]").input_value()
        with self.page.expect_download(timeout=UPLOAD_MILLISECONDS):
            self.page.get_by_role("button", name="Télécharger l’album").click()
        return code


class Administrator(Officer):
    """Someone who also looks after accounts, units and categories."""

    def invites(self, name: str, email: str, *, role: str) -> str:
        """Invite somebody, and return the link to pass on."""
        self.opens("/administration/agents")
        self.page.get_by_role("link", name="Inviter un agent").click()
        self.page.get_by_label("Nom et grade").fill(name)
        self.page.get_by_label("Adresse électronique professionnelle").fill(email)
        self.page.get_by_label("Unité").select_option(label="Gendarmerie d’Ille-et-Vilaine")
        self.page.get_by_label("Rôle").select_option(label=role)
        self.page.get_by_role("button", name="Préparer l’invitation").click()
        return str(self.page.get_by_label("Lien").input_value())

    def opens_the_account_of(self, name: str) -> None:
        self.opens("/administration/agents")
        self.page.get_by_role("link", name=name).click()
        self.sees_heading(name)

    def gives_an_account(self, page: Page, name: str, email: str, *, role: str) -> Officer:
        """Invite somebody, who chooses a password in a browser of their own and signs in."""
        invited = Officer(page, replace(self.service, email=email, password=PASSWORD))
        chooses_a_password(invited.page, self.invites(name, email, role=role))
        invited.signs_in()
        return invited


def chooses_a_password(page: Page, link: str) -> None:
    """Open the link of an invitation, and choose PASSWORD."""
    page.goto(link)
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    page.get_by_label("Le même, une seconde fois").fill(PASSWORD)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#messages")).to_contain_text("Votre mot de passe est enregistré")


class Victim:
    """Someone who looks for a stolen object on the public site."""

    def __init__(self, page: Page, service: Service) -> None:
        self.page, self.service = page, service

    def opens_the_site(self) -> None:
        self.page.goto(f"{self.service.address}/")

    def searches_by_photo(self, *paths: Path) -> None:
        """Choose photos, which starts the search where there are scripts."""
        self.page.get_by_role("link", name="Chercher par photo").first.click()
        self.page.get_by_label("Choisir des photos").set_input_files(list(paths))
        if not self.page.locator("#search-form.is-enhanced").count():
            self.page.get_by_role("button", name="Chercher les objets ressemblants").click()
        expect(self.page.locator("[data-results-heading]")).to_be_visible(timeout=UPLOAD_MILLISECONDS)

    def searches_until_found(self, photo: Path, number: str) -> None:
        """Search again while the worker has not yet described what was just published."""

        def is_first() -> bool:
            self.opens_the_site()
            self.searches_by_photo(photo)
            return bool(self.page.locator(".found-item").count()) and self.sees_first() == number

        wait_until(is_first, "the object as the first found")

    def sees_first(self) -> str:
        """The number of the first object found."""
        return str(self.page.locator(".found-item .number").first.inner_text())

    def opens_the_first(self) -> None:
        self.page.locator(".found-item h4 a").first.click()
        expect(self.page.locator(".big-number")).to_be_visible()

    def enlarges_the_photo(self) -> None:
        """Click once the page's scripts have come: before, the link opens the photo by itself."""
        self.page.wait_for_load_state("networkidle")
        self.page.locator(".photo-viewer a").first.click()
        expect(self.page.locator(".pswp--open")).to_be_visible()

    def closes_the_photo(self) -> None:
        """Press Escape until the viewer goes: while it opens it does not listen."""
        viewer = self.page.locator(".pswp--open")

        def is_gone() -> bool:
            self.page.keyboard.press("Escape")
            return not viewer.count()

        wait_until(is_gone, "the viewer's end")

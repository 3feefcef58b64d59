"""A burglary, told on a telephone without scripts by a daughter, found, claimed, agreed to, and really deleted."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests import pictures
from tests.journeys import service as services
from tests.journeys.conftest import PHONE, Ring
from tests.journeys.kept import files_in, found_in, is_compared, rows_in, victims_tables
from tests.journeys.people import Officer
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check
from tests.parts import smtp_server
from tests.parts.smtp_server import Mailbox
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SETTINGS = f"""{services.FOR_VICTIMS}
alerts_legal_act = "PLAN-3"
alerts_impact_assessment = "2026-11-29"
public_address = "https://retrouves.example"
smtp_host = "127.0.0.1"
smtp_port = {{port}}
smtp_security = "none"
mail_sender = "objets@retrouves.example"
"""
VICTIM, HELPER, PHRASE = "jeanne@victime.example", "anne@victime.example", "les hortensias bleus"
SAID = "bague de ma mère, gravée Zéphyrine"
TOLD = {
    "#vol-du": "2026-10-01", "#commune": "Saint-Méen-le-Grand", "#objet-1-mots": SAID,
    "#objet-3-mots": "pendule en bronze avec un cheval", "#nom": "Jeanne Rougé-Lacourt", "#courriel": VICTIM,
    "#phrase": PHRASE,
}  # fmt: skip
SECRETS = (
    VICTIM,
    HELPER,
    PHRASE,
    "Zéphyrine",
    "Rougé-Lacourt",
    "Saint-Méen-le-Grand",
    "pendule en bronze",
    "J.R. 1962",
)


@dataclass
class Household:
    """Jeanne and her daughter, with one telephone that runs no script."""

    page: Page
    service: Service
    code: str = ""

    def fills_in(self, ring: Path, watch: Path) -> None:
        page = self.page
        # Nothing can be declared before the worker has said to whom it is sealed.
        wait_until(lambda: page.request.get(f"{self.service.address}/declarer").ok, "the worker's public key")
        page.goto(f"{self.service.address}/declarer")
        page.get_by_label("Département du vol").select_option("35")
        page.locator("#objet-1-photos").set_input_files(ring)
        page.get_by_text("Objet 2", exact=True).click()
        page.locator("#objet-2-photos").set_input_files(watch)
        page.get_by_text("Objet 3", exact=True).click()
        page.get_by_text("Vous remplissez pour quelqu’un d’autre ?").click()
        for place, text in TOLD.items():
            page.locator(place).fill(text)
        page.locator("#aidant-nom").fill("Anne")
        page.locator("#aidant-courriel").fill(HELPER)
        page.locator("#accord").check()

    def sends(self, button: str, heading: str) -> None:
        """Send until it is believed to come from a person: that takes some seconds, and nothing is lost meanwhile."""

        def is_taken() -> bool:
            self.page.get_by_role("button", name=button).click()
            return heading in self.page.get_by_role("heading", level=1).inner_text()

        wait_until(is_taken, heading)

    def notes_the_code(self) -> None:
        self.code = " ".join(self.page.locator(".code-words li").all_inner_texts())
        self.page.get_by_label("Écrivez les six mots").fill(self.code)
        self.page.get_by_role("button", name="Vérifier").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Le code est bien noté")

    def opens(self) -> None:
        self.page.goto(f"{self.service.address}/ma-declaration")
        self.page.get_by_label("Vos six mots").fill(self.code)
        self.page.get_by_role("button", name="Ouvrir").click()

    def sees(self, text: str) -> None:
        """Load the page again until the worker has written there."""

        def is_there() -> bool:
            self.page.goto(f"{self.service.address}/ma-declaration")
            return text in self.page.locator("main").inner_text()

        wait_until(is_there, text)

    def confirms(self, digits: str) -> None:
        self.page.get_by_label("Code de six chiffres").fill(digits)
        self.page.get_by_role("button", name="Confirmer mon adresse").click()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp_server.running() as mailbox:
        yield mailbox


@pytest.fixture
def instance(tmp_path: Path, mailbox: Mailbox) -> Path:
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / "settings.toml").write_text(SETTINGS.format(port=mailbox.port), encoding="utf-8")
    return folder


@pytest.fixture
def service(instance: Path) -> Iterator[Service]:
    """A service of its own, that takes declarations and claims and writes mails."""
    running = services.start(instance, with_unit=True)
    yield running
    assert running.stop() == 0


def test_a_burglary_is_told_found_claimed_and_deleted(
    service: Service, open_page: Callable[..., Page], ring: Ring, mailbox: Mailbox, instance: Path,
    look: Callable[[Page, str], None], tmp_path: Path,
) -> None:  # fmt: skip
    home, officer = Household(open_page(PHONE, with_scripts=False), service), Officer(open_page(), service)
    home.fills_in(photo_sold_with(ring, tmp_path), photo_of_a_watch(tmp_path))
    officer.signs_in()
    officer.opens_a_case("2026/7790")
    officer.records_an_item("Bague retrouvée", category="Bijoux")
    files = files_in(instance)
    home.sends("Envoyer ma déclaration", "Votre code de suivi")
    look(home.page, "code")
    home.notes_the_code()
    confirm_both(home, mailbox)
    look(home.page, "declaration")
    # Three objects, two of them with a photo, and no file of anybody's.
    assert (rows_in(instance, "declared_objects"), rows_in(instance, "declared_photos")) == (3, 2)
    assert files_in(instance) == files
    assert not found_in(instance, *SECRETS, home.code)

    officer.adds_photos(*ring.officers)
    number = officer.publishes()
    hear_of_it(home, mailbox, number)
    look(home.page, "found")
    claim(home)
    agree(officer)
    look(officer.page, "claim")
    check_pages_of_victims(officer)
    home.sees("accord de restitution")
    expect(home.page.locator("main")).to_contain_text("Brigade de Rennes")
    look(home.page, "agreed")

    home.page.get_by_role("button", name="Tout effacer maintenant").click()
    home.page.get_by_role("button", name="Oui, tout effacer").click()
    wait_until(lambda: not victims_tables(instance), "everything to be gone")
    home.opens()
    expect(home.page.locator("#code-erreur")).to_be_visible()
    assert not found_in(instance, *SECRETS, home.code)
    # Shown again, the ring is compared with nothing: the worker has forgotten the photos too.
    officer.opens(f"/objets/{number}")
    officer.publishes()
    wait_until(lambda: is_compared(instance), "the ring to be compared once more")
    assert not victims_tables(instance)


def photo_sold_with(ring: Ring, folder: Path) -> Path:
    """The first photo, smaller and paler: so like it that the worker tells the victim without asking anybody."""
    path = folder / "annonce.jpg"
    with Image.open(ring.officers[0]) as photo:
        path.write_bytes(pictures.jpeg(pictures.relit(photo.resize((960, 720)), 1.1), quality=60))
    return path


def photo_of_a_watch(folder: Path) -> Path:
    path = folder / "montre.jpg"
    path.write_bytes(pictures.jpeg(pictures.picture(77, kind="watch").resize((800, 600)), quality=75))
    return path


def confirm_both(home: Household, mailbox: Mailbox) -> None:
    """Type the digits that each of the two was mailed."""
    wait_until(lambda: len(mailbox.mails) == 2, "both codes by mail")
    assert {str(each["To"]) for each in mailbox.mails} == {VICTIM, HELPER}
    home.opens()
    for mail in list(mailbox.mails):
        home.confirms(digits_in(mail))
    home.sees("Les deux adresses électroniques")


def hear_of_it(home: Household, mailbox: Mailbox, number: str) -> None:
    """Read the mails, which say who they are from and nothing else, and look."""
    wait_until(lambda: len(mailbox.mails) == 4, "the news by mail")
    for text in [str(each.get_content()) for each in mailbox.mails[2:]]:
        assert PHRASE in text
        # All six words: one of them, such as "nouveau", may be a word of any mail.
        assert not re.search(rf"https?:|www\.|{number}|bague|Rougé|{home.code}", " ".join(text.split()))
    home.sees(number)


def claim(home: Household) -> None:
    home.page.get_by_role("link", name="Cet objet est à moi").click()
    home.page.get_by_label("Qu’est-ce qui est gravé").fill("J.R. 1962")
    home.sends("Envoyer ma demande", "Ma déclaration")
    # Once the worker has filed it.
    home.sees("Vos demandes pour des objets retrouvés")


def check_pages_of_victims(officer: Officer) -> None:
    """What axe says of the officer's pages that only this service has, with a claim and a declaration in them."""
    page = officer.page
    check(page)
    for path in (
        "/rapprochements",
        "/personnes-a-prevenir",
        "/quarantaine",
        "/declarations/nouvelle",
        "/demandes",
        "/declarations",
    ):
        officer.opens(path)
        check(page)
    page.locator("tbody th a").first.click()
    check(page)


def agree(officer: Officer) -> None:
    """Read the claim, and pass the magistrate's agreement on."""
    page = officer.page
    page.get_by_role("link", name="Demandes").click()
    page.locator("tbody th a").click()
    expect(page.get_by_text("antérieur à la publication")).to_have_count(3)
    page.get_by_label("transmise au magistrat").check()
    page.get_by_role("button", name="Enregistrer et prévenir").click()
    page.get_by_label("accord de restitution").check()
    page.get_by_label("Où", exact=True).fill("Brigade de Rennes")
    page.get_by_label("Quand").fill("en semaine, de 9 h à 12 h")
    page.get_by_label("À apporter").fill("une pièce d’identité")
    page.get_by_role("button", name="Enregistrer et prévenir").click()
    expect(page.locator("main .tag").first).to_have_text("accord de restitution")


def digits_in(mail: EmailMessage) -> str:
    found = re.search(r"^ +([0-9]{6})\r?$", str(mail.get_content()), re.MULTILINE)
    assert found is not None
    return found[1]

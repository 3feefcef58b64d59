"""Browsers of some years ago: what the scripts serve has all of them, and what is older the same pages without."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests import pictures
from tests.journeys import service as services
from tests.journeys.conftest import PHONE, Ring
from tests.journeys.people import Officer, Victim
from tests.journeys.public.test_theft import Household, photo_of_a_watch
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECRET = b"Zephyrine, rue du Puits"
SETTINGS = """
declarations_legal_act = "PLAN-1"
declarations_impact_assessment = "2026-11-29"
declaration_rate = "1000 per minute"
declaration_overall_rate = "10000 per minute"
"""
# A word that Chrome refused until 112, Firefox until 111 and Safari until 17.
WITHOUT_FROM_IMAGE = """
const bitmapOf = window.createImageBitmap;
window.createImageBitmap = async (source, options = {}) => {
  if (options.imageOrientation === 'from-image') throw new TypeError('not a value of ImageOrientation');
  return bitmapOf(source, options);
};
"""
# What Safari lacked until 16.4, and Chrome until 100.
SERVED = f"""
{WITHOUT_FROM_IMAGE}
delete AbortSignal.prototype.throwIfAborted;
delete AbortSignal.prototype.reason;
delete HTMLFormElement.prototype.requestSubmit;
delete Array.prototype.findLast;
delete Document.prototype.adoptedStyleSheets;
"""
# And until 15.4, as Firefox until 98.
OLDER = f"{SERVED} delete HTMLDialogElement.prototype.showModal;"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that takes declarations."""
    instance = tmp_path_factory.mktemp("instance")
    (instance / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    running = services.start(instance, with_unit=True)
    yield running
    assert running.stop() == 0


@pytest.fixture
def old_page(chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """Open a page in a browser that lacks something; the older one complains, as it should."""
    contexts = []

    def opened(lacks: str) -> Page:
        context = chromium.new_context(viewport=PHONE, locale="fr-FR", service_workers="block")  # type: ignore[arg-type]
        context.add_init_script(lacks)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def published(service: Service, open_page: Callable[..., Page], ring: Ring) -> str:
    officer = Officer(open_page(), service)
    officer.signs_in()
    officer.opens_a_case("2026/5510")
    officer.records_an_item("Bague de 2021", category="Bijoux")
    officer.adds_photos(*ring.officers)
    return officer.publishes()


@pytest.mark.parametrize(("lacks", "has_scripts"), [(SERVED, True), (OLDER, False)], ids=["served", "older"])
def test_somebody_searches_opens_what_was_found_and_declares(
    service: Service, old_page: Callable[[str], Page], published: str, ring: Ring, tmp_path: Path,
    lacks: str, has_scripts: bool,
) -> None:  # fmt: skip
    victim = Victim(old_page(lacks), service)
    victim.searches_until_found(ring.victims, published)
    page = victim.page
    assert page.locator("#search-form.is-enhanced").count() == has_scripts
    expect(page.get_by_role("button", name="Entourer l’objet")).to_have_count(0)
    if has_scripts:
        page.locator("[data-compare-open]").first.click()
        expect(page.get_by_role("dialog", name="Comparer")).to_be_visible()
        page.get_by_role("button", name="Fermer").click()
    page.get_by_role("button", name="Déclarer ce qu’on m’a volé").click()
    expect(page.locator("main .message").first).to_contain_text("Ce que vous aviez indiqué est repris ici.")
    assert page.locator(".declared-photos li").count() == has_scripts
    victim.searches_until_found(ring.victims, published)
    victim.opens_the_first()
    expect(page.locator(".big-number")).to_contain_text(published)
    home = Household(page, service)
    home.fills_in(ring.victims, photo_of_a_watch(tmp_path))
    home.sends("Envoyer ma déclaration", "Votre code de suivi")


def test_a_photo_is_sent_upright_and_without_its_place(
    service: Service, old_page: Callable[[str], Page], ring: Ring
) -> None:
    page = old_page(SERVED)
    # Of what passes unseen, Chromium tells no file.
    page.route("**/recherche", lambda route: route.continue_())
    page.goto(f"{service.address}/recherche")
    turn_as_a_telephone_does(ring.victims)
    with page.expect_request(lambda asked: asked.method == "POST" and asked.url.endswith("/recherche")) as sending:
        page.get_by_label("Choisir des photos").set_input_files(ring.victims)
    body = sending.value.post_data_buffer or b""
    sent = Image.open(BytesIO(body[body.index(b"\xff\xd8") :]))
    assert sent.height > sent.width
    assert SECRET in ring.victims.read_bytes()
    assert not sent.getexif()
    assert SECRET not in body


def turn_as_a_telephone_does(path: Path) -> None:
    """Make it a photo of a telephone held upright: on its side, with EXIF data that say so, and where."""
    with Image.open(path) as photo:
        path.write_bytes(pictures.jpeg(photo, exif=pictures.exif_with(SECRET, orientation=6)))


def test_an_officer_works_in_one_that_is_served(service: Service, old_page: Callable[[str], Page], ring: Ring) -> None:
    officer = Officer(old_page(SERVED), service)
    officer.signs_in()
    officer.opens_a_case("2026/5511")
    officer.records_an_item("Bague d’un vieux poste", category="Bijoux")
    officer.adds_photos(*ring.officers)
    page = officer.page
    cards = page.locator(".photo-card")
    before = [str(card.get_attribute("id")) for card in cards.all()]
    page.locator(f"#{before[0]} [name=photos]").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(cards.nth(1)).to_have_attribute("id", before[0])
    # Which button was pressed is sent, too.
    page.locator(f"#{before[2]} [name=photos]").check()
    page.get_by_role("button", name="Masquer").click()
    expect(page.locator(f"#{before[2]}")).to_contain_text("Masquée du public")

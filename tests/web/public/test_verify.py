from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Item, Officer, Unit
from gallery.services.items import publication
from gallery.services.items.numbers import draw_public_number
from gallery.services.mails import references
from gallery.services.people import official_accounts
from gallery.services.transaction import atomic
from gallery.sharing import qr
from tests import pictures
from tests.factories import Factory
from tests.page import Browser, Page

RING = pictures.picture(1, kind="ring")
AGAIN = pictures.jpeg(pictures.recompressed(RING, quality=40))


def give(browser: Browser, *photo: bytes, manifest: dict[str, bytes] | None = None, status: int = 200) -> Page:
    """Send a picture with the form, and the files of a manifest."""
    files = [("photo", FileStorage(BytesIO(data), filename="capture.png")) for data in photo]
    files += [("manifeste", FileStorage(BytesIO(data), filename=name)) for name, data in (manifest or {}).items()]
    fields = [("csrf_token", browser.get("/verifier").token)]
    boundary, body = encode_multipart(MultiDict([*fields, *files]))
    content_type = f"multipart/form-data; boundary={boundary}"
    answer = browser.client.post("/verifier", data=body, content_type=content_type)
    assert answer.status_code == status, f"the page answered {answer.status_code}"
    return Page(answer)


@pytest.fixture
def ring(make: Factory, unit: Unit) -> Item:
    return make.published(make.case(unit), pictures.jpeg(RING), title="Bague en or")


def answered(page: Page) -> str:
    return page.all("#reponse h2")[0].get_text()


def test_a_copy_of_ours_is_told_with_its_unit_and_our_accounts(ring: Item, browser: Browser) -> None:
    page = give(browser, AGAIN)
    assert answered(page) == "Oui, cette photo est la nôtre"
    answer = page.one("#reponse")
    assert f"n° {ring.public_number}" in page.text
    assert "Groupement de gendarmerie" in answer.get_text()
    assert "le 24 novembre 2026" in page.text
    assert "Cela ne prouve pas que le compte qui la montre est le nôtre" in page.text
    assert answer.select("a[href='/comptes-officiels']")
    assert answer.select(f"a[href='/objets/{ring.public_number}']")
    assert page.one(".marked image")["href"].startswith("data:image/jpeg;base64,")  # type: ignore[union-attr]
    assert page.all(".marked polygon")


def test_our_posts_of_the_object_are_told(ring: Item, make: Factory, browser: Browser) -> None:
    address = "https://www.facebook.com/media/set/?set=a.123"
    make.posting(ring, address=address)
    for page in (give(browser, AGAIN), browser.get(f"/verifier?numero={ring.public_number}")):
        (link,) = page.all("[aria-labelledby=nos-publications] a")
        assert link["href"] == address
        assert link.get_text() == "Facebook – www.facebook.com/media/set/?set=a.123"


def test_an_altered_copy_is_shown_beside_ours(ring: Item, browser: Browser) -> None:
    altered = RING.copy()
    altered.paste(pictures.picture(2).resize((160, 120)), (240, 180))
    page = give(browser, pictures.jpeg(altered))
    assert answered(page) == "C’est notre photo, mais elle a été modifiée"
    assert [len(each.select(".change")) for each in page.all(".marked")] == [1, 1]
    assert "L’endroit encadré en rouge" in page.text
    assert "Que faire ?" in page.text


def test_a_mirrored_copy_says_so(ring: Item, browser: Browser) -> None:
    assert "comme dans un miroir" in give(browser, pictures.jpeg(pictures.mirrored(RING))).text


def test_another_picture_is_not_known_and_what_to_do_is_said(ring: Item, browser: Browser) -> None:
    page = give(browser, pictures.jpeg(pictures.picture(7)))
    assert answered(page) == "Nous ne reconnaissons pas cette image"
    assert "Que faire ?" in page.text
    assert ring.public_number not in page.text


def pasted(text: str) -> bytes:
    """Another picture above a code that says this."""
    code = qr.drawn(text, module_pixels=6)
    whole = pictures.picture(5)
    whole.paste(code, (0, whole.height - code.height))
    return pictures.jpeg(whole)


def test_our_code_on_another_picture_is_told(ring: Item, browser: Browser, settings: Settings) -> None:
    page = give(browser, pasted(f"http://{settings.host}:{settings.port}/o/{ring.public_number}"))
    assert answered(page) == "Nous ne reconnaissons que le code de cette image"
    assert f"mène à notre objet {ring.public_number}" in page.text
    assert "Un code se copie et se colle sous n’importe quelle image" in page.text


def test_our_photo_in_a_corner_of_another_picture_does_not_make_it_ours(ring: Item, browser: Browser) -> None:
    flyer = Image.new("RGB", (1600, 2000), "white")
    flyer.paste(RING.resize((560, 420)), (500, 900))
    page = give(browser, pictures.jpeg(flyer))
    assert answered(page) == "Une petite partie de cette image est à nous, le reste non"
    assert not page.all("#reponse .message-success")


def test_a_code_of_a_page_of_ours_is_no_foreign_one(browser: Browser, settings: Settings) -> None:
    page = browser.get(f"/verifier?code=http://{settings.host}:{settings.port}/albums/abcdefghjk")
    assert answered(page) == "Oui, cette adresse mène à une page de ce site"


def test_a_code_of_ours_without_an_object_is_told(browser: Browser, settings: Settings) -> None:
    page = browser.get(f"/verifier?code=http://{settings.host}:{settings.port}/o/{draw_public_number('35')}")
    assert answered(page).startswith("Ce code porte notre adresse")


def test_what_is_no_number_is_told_with_what_to_do(browser: Browser) -> None:
    page = browser.get("/verifier?numero=35-AAAA-A")
    assert answered(page) == "Ce n’est pas un numéro d’objet"
    assert "Que faire ?" in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/verifier?numero=35-AAAA-A",
        "/verifier?numero=https://www.facebook.com/a.page/posts/12345",
        "/verifier?code=https://elsewhere.example/o/35-K7QM-4",
        "/verifier?numero=facebook.com/gendarmerie99",
    ],
)
def test_the_unknown_is_never_called_false(address: str, browser: Browser) -> None:
    page = browser.get(address)
    assert "Nous ne pouvons pas dire si c’est vrai ou faux" in page.text
    assert "Signalez-le" not in page.text
    assert not page.all("#reponse .message-danger")
    assert "de nous" not in page.one("#reponse").get_text()


def test_an_unknown_picture_is_not_called_false(ring: Item, browser: Browser) -> None:
    page = give(browser, pictures.jpeg(pictures.picture(7)))
    assert "Nous ne pouvons pas dire si c’est vrai ou faux" in page.text
    assert "Signalez-le" not in page.text


def test_a_long_address_is_broken_into_lines(browser: Browser) -> None:
    address = "https://www.facebook.com/permalink.php?story_fbid=" + "a" * 300
    page = browser.get(f"/verifier?numero={quote(address)}")
    assert page.one("#reponse .code-text").get_text() == address
    assert page.one("#numero")["value"] == address


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("https://m.facebook.com/gend35/", "Oui, c’est l’adresse d’un de nos comptes officiels"),
        ("facebook.com/Gend35?locale=fr_FR", "Oui, c’est l’adresse d’un de nos comptes officiels"),
        ("https://www.facebook.com/media/set/?set=a.123&type=3&fbclid=x", "Oui, cette publication est la nôtre"),
        (
            "https://www.facebook.com/gend35/posts/999",
            "Cette adresse est celle d’une publication d’un de nos comptes officiels",
        ),
        ("https://www.facebook.com/photo/?fbid=999", "Nous ne connaissons pas cette adresse"),
    ],
)
def test_addresses_of_posts_and_accounts_are_understood(
    ring: Item, make: Factory, officer: Officer, browser: Browser, address: str, answer: str
) -> None:
    make.posting(ring, address="https://www.facebook.com/media/set/?set=a.123&type=3")
    with atomic(make.session) as session:
        official_accounts.add(session, ring.unit, "https://www.facebook.com/gend35", by=officer, now=make.now)
    page = browser.get(f"/verifier?{urlencode({'numero': address})}")
    assert answered(page) == answer
    assert ("Groupement de gendarmerie" in page.text) == (answer != "Nous ne connaissons pas cette adresse")


def test_a_post_of_what_was_withdrawn_is_no_longer_ours(ring: Item, make: Factory, browser: Browser) -> None:
    address = "https://x.com/gend035/status/1"
    make.posting(ring, address=address)
    with atomic(make.session):
        publication.withdraw(make.session, ring, by=None, now=make.now)
    assert answered(browser.get(f"/verifier?numero={address}")) == "Nous ne connaissons pas cette adresse"


def test_an_address_that_imitates_a_network_is_to_be_reported(browser: Browser) -> None:
    page = browser.get("/verifier?numero=https://www.faceboook.com/gendarmerie35")
    assert answered(page) == "Cette adresse imite celle d’un réseau social. Ne l’ouvrez pas."
    assert "Signalez-le" in page.text
    assert not page.all("#reponse a[href*=faceboook]")


def test_a_link_checker_is_answered(browser: Browser) -> None:
    assert [browser.client.head(path).status_code for path in ("/verifier", "/recherche")] == [200, 200]


def test_a_foreign_code_is_written_and_is_no_link(ring: Item, browser: Browser) -> None:
    page = give(browser, pasted("https://evil.example/<b>o</b>/35-K7QM-4"))
    assert "ne mène pas chez nous" in page.text
    assert page.one(".code-text").get_text() == "https://evil.example/<b>o</b>/35-K7QM-4"
    assert not [each for each in page.all("a") if "evil" in str(each["href"])]


@pytest.mark.parametrize("written", ["{number}", " {lower} "])
def test_a_number_is_answered(ring: Item, browser: Browser, written: str) -> None:
    typed = written.format(number=ring.public_number, lower=ring.public_number.lower().replace("-", ""))
    page = browser.get(f"/verifier?numero={typed}")
    assert answered(page) == "Oui, ce numéro est le nôtre"
    assert page.all(".verify-card img")


def test_a_withdrawn_number_is_told(ring: Item, make: Factory, browser: Browser) -> None:
    with atomic(make.session):
        publication.withdraw(make.session, ring, by=None, now=make.now)
    page = browser.get(f"/verifier?numero={ring.public_number}")
    assert answered(page) == "Cet objet n’est plus public"
    assert "Bague en or" not in page.text


def test_a_withdrawn_picture_is_told_and_not_shown(ring: Item, make: Factory, browser: Browser) -> None:
    with atomic(make.session):
        publication.withdraw(make.session, ring, by=None, now=make.now)
    page = give(browser, AGAIN)
    assert answered(page) == "Cette photo n’est plus publique"
    assert "nous ne pouvons pas dire si celle-ci a été modifiée" in page.text
    assert "Cela ne prouve pas que le compte" in page.text
    assert ring.public_number not in page.text
    assert not page.all("#reponse img, #reponse image")


def test_a_draft_and_a_number_that_never_was_are_answered_alike(make: Factory, unit: Unit, browser: Browser) -> None:
    draft = make.item(make.case(unit), with_photos=1)
    other = draw_public_number("35")
    pages = [browser.get(f"/verifier?numero={number}").text for number in (draft.public_number, other)]
    assert pages[0].replace(draft.public_number, "") == pages[1].replace(other, "")
    assert "Nous ne montrons aucun objet sous ce numéro" in pages[0]


def test_a_scanned_code_of_ours_is_answered(ring: Item, browser: Browser, settings: Settings) -> None:
    address = f"HTTP://{settings.host}:{settings.port}/O/{ring.public_number}"
    page = browser.get(f"/verifier?code={address}")
    assert answered(page) == "Oui, ce code mène à un objet que nous montrons"


def test_a_scanned_code_of_another_is_refused(browser: Browser) -> None:
    page = browser.get("/verifier?code=https://evil.example/o/35-K7QM-4")
    assert answered(page) == "Ce code ne mène pas à ce site"


def test_a_picture_that_cannot_be_read_is_refused(browser: Browser) -> None:
    assert "pas une photo lisible" in give(browser, b"not a picture", status=400).text


def test_no_picture_at_all_is_refused(browser: Browser) -> None:
    assert "Choisissez une image" in give(browser, status=400).text


def test_a_manifest_that_is_not_ours_proves_nothing(ring: Item, browser: Browser) -> None:
    page = give(browser, AGAIN, manifest={"manifest.json": b"{}", "manifest.sig": b"AAAA"})
    assert answered(page) == "Oui, cette photo est la nôtre"
    assert "il ne prouve rien" in page.text


def test_a_picture_that_resembles_a_signed_file_is_not_vouched_for(ring: Item, make: Factory, browser: Browser) -> None:
    package = make.package(ring)
    photo = next(data for path, data in package.items() if path.startswith("photos/"))
    file = pictures.encoded(Image.open(BytesIO(photo)).convert("LAB"), "TIFF")
    signed = {name: package[name] for name in ("manifest.json", "manifest.sig")}
    page = give(browser, file, manifest=signed)
    assert "mais ce n’est pas le même fichier. Le manifeste ne dit pas si des détails ont été changés." in page.text


def test_nothing_is_kept(ring: Item, make: Factory, browser: Browser) -> None:
    give(browser, AGAIN)
    before = sorted(make.settings.instance.rglob("*.*"))
    page = give(browser, pictures.encoded(Image.open(BytesIO(AGAIN)).resize((1400, 1050)), "BMP"))
    assert sorted(make.settings.instance.rglob("*.*")) == before
    assert page.answer.headers["Cache-Control"] == "no-store"


def test_verifications_in_a_row_are_limited(settings: Settings, sessions: object) -> None:
    app = create_app(replace(settings, search_rate="2 per day"), {Site.PUBLIC})
    browser = Browser(app.test_client())
    for _ in range(2):
        give(browser, AGAIN)
    assert "Patientez une minute" in give(browser, AGAIN, status=429).text


def test_the_reference_of_a_mail_is_known_by_its_day_alone(make: Factory, browser: Browser) -> None:
    with atomic(make.session):
        references.note(make.session, "M-ABCDEFGHJKMN", day=date(2026, 11, 24))
    known = browser.get("/verifier?numero=m-abcdefghjkmn")
    assert "Oui, nous avons envoyé" in known.text
    assert "24 novembre 2026" in known.text
    assert "Nous ne connaissons aucun courriel" in browser.get("/verifier?numero=M-ABCDEFGHJKMM").text


def test_the_page_is_found_from_everywhere(browser: Browser) -> None:
    assert browser.get("/").all("footer a[href='/verifier']")
    assert browser.get("/aide").all("main a[href='/verifier']")
    assert "/verifier" in browser.client.get("/sitemap.xml").text


def test_the_script_is_there_for_the_camera_only(browser: Browser) -> None:
    page = browser.get("/verifier")
    assert page.one("[data-scan]").has_attr("hidden")
    assert "verify.js" in {Path(str(each["src"]).split("?")[0]).name for each in page.all("script[src]")}

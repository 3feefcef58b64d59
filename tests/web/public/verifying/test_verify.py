from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Item
from gallery.services.items import publication
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory
from tests.page import Browser
from tests.web.public.verifying.conftest import AGAIN, RING, answered, give, pasted


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


def test_an_unknown_picture_is_not_called_false(ring: Item, browser: Browser) -> None:
    page = give(browser, pictures.jpeg(pictures.picture(7)))
    assert "Nous ne pouvons pas dire si c’est vrai ou faux" in page.text
    assert "Signalez-le" not in page.text


def test_a_foreign_code_is_written_and_is_no_link(ring: Item, browser: Browser) -> None:
    page = give(browser, pasted("https://evil.example/<b>o</b>/35-K7QM-4"))
    assert "ne mène pas chez nous" in page.text
    assert page.one(".code-text").get_text() == "https://evil.example/<b>o</b>/35-K7QM-4"
    assert not [each for each in page.all("a") if "evil" in str(each["href"])]


def test_a_withdrawn_picture_is_told_and_not_shown(ring: Item, make: Factory, browser: Browser) -> None:
    with atomic(make.session):
        publication.withdraw(make.session, ring, by=None, now=make.now)
    page = give(browser, AGAIN)
    assert answered(page) == "Cette photo n’est plus publique"
    assert "nous ne pouvons pas dire si celle-ci a été modifiée" in page.text
    assert "Cela ne prouve pas que le compte" in page.text
    assert ring.public_number not in page.text
    assert not page.all("#reponse img, #reponse image")


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


def test_the_page_is_found_from_everywhere(browser: Browser) -> None:
    assert browser.get("/").all("footer a[href='/verifier']")
    assert browser.get("/aide").all("main a[href='/verifier']")
    assert "/verifier" in browser.client.get("/sitemap.xml").text


def test_the_script_is_there_for_the_camera_only(browser: Browser) -> None:
    page = browser.get("/verifier")
    assert page.one("[data-scan]").has_attr("hidden")
    assert "verify.js" in {Path(str(each["src"]).split("?")[0]).name for each in page.all("script[src]")}

"""What is typed or scanned is verified without a picture: codes, numbers, addresses of posts and of accounts."""

from datetime import date
from urllib.parse import quote, urlencode

import pytest

from gallery.config import Settings
from gallery.models import Item, Officer, Unit
from gallery.services.items import publication
from gallery.services.items.numbering.numbers import draw_public_number
from gallery.services.mails import references
from gallery.services.people import official_accounts
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.page import Browser
from tests.web.public.verifying.conftest import answered


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


def test_a_post_is_not_ours_because_its_address_begins_with_our_name(
    ring: Item, make: Factory, officer: Officer, browser: Browser
) -> None:
    with atomic(make.session) as session:
        official_accounts.add(session, ring.unit, "https://x.com/gend35", by=officer, now=make.now)
    page = browser.get("/verifier?numero=https://x.com/gend35/status/999")
    assert answered(page) == "Nous ne connaissons pas cette publication"
    assert "Son adresse commence comme celle du compte de : Groupement de gendarmerie" in page.text
    assert "Nous ne pouvons pas dire si c’est vrai ou faux" in page.text
    assert not page.all("#reponse .message-success")


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


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "Regarde https://www.faceboook.com/gend35 !",
            "Cette adresse imite celle d’un réseau social. Ne l’ouvrez pas.",
        ),
        (
            "Objet n° {number}, conservé par : COB.\nIl est à vous ? {site}/objets/{number}.",
            "Oui, ce numéro est le nôtre",
        ),
        ("Tous les objets : {site}/albums/abcdefghjk", "Oui, cette adresse mène à une page de ce site"),
        ("{number} https://elsewhere.example/o/{number}", "Nous ne connaissons pas cette adresse"),
        ("Regarde faceboook.com/gend35 !", "Cette adresse imite celle d’un réseau social. Ne l’ouvrez pas."),
        ("https://a.example/1 ou https://b.example/2", "Ce n’est pas un numéro d’objet"),
    ],
    ids=["imitation", "caption", "album", "elsewhere", "without scheme", "two"],
)
def test_the_one_address_in_a_pasted_text_is_verified(
    ring: Item, browser: Browser, settings: Settings, text: str, answer: str
) -> None:
    site = f"http://{settings.host}:{settings.port}"
    pasted = text.format(number=ring.public_number, site=site)
    assert answered(browser.get(f"/verifier?{urlencode({'numero': pasted})}")) == answer


def test_a_link_checker_is_answered(browser: Browser) -> None:
    assert [browser.client.head(path).status_code for path in ("/verifier", "/recherche")] == [200, 200]


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


def test_the_reference_of_a_mail_is_known_by_its_day_alone(make: Factory, browser: Browser) -> None:
    with atomic(make.session):
        references.note(make.session, "M-ABCDEFGHJKMN", day=date(2026, 11, 24))
    known = browser.get("/verifier?numero=m-abcdefghjkmn")
    assert "Oui, nous avons envoyé" in known.text
    assert "24 novembre 2026" in known.text
    assert "Nous ne connaissons aucun courriel" in browser.get("/verifier?numero=M-ABCDEFGHJKMM").text

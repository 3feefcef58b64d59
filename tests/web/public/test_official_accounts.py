import pytest

from gallery.models import Officer, Unit
from gallery.services.people import official_accounts
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.page import Browser

PAGE, DOCUMENT = "/comptes-officiels", "/.well-known/official-accounts.json"


@pytest.fixture
def known(make: Factory, unit: Unit, officer: Officer) -> None:
    """A unit's two accounts, and a département without any."""
    with atomic(make.session) as session:
        for address in ("https://www.facebook.com/gendarmerie35", "https://x.com/gend035"):
            official_accounts.add(session, unit, address, by=officer, now=make.now)
        official_accounts.declare_none(session, "48", by=officer, now=make.now)


def test_it_works(known: None, unit: Unit, browser: Browser) -> None:
    page = browser.get(PAGE)
    card = page.one(".accounts > li")
    assert unit.name in card.get_text()
    assert [str(link["href"]) for link in card.select("a[rel~=me]")] == [
        "https://www.facebook.com/gendarmerie35",
        "https://x.com/gend035",
    ]
    assert f"Vérifié le 24 novembre 2026 par : {unit.name}" in card.get_text()
    assert card.select("a[href='tel:+33-2-61-91-00-35']")


def test_links_to_networks_tell_them_nothing(known: None, browser: Browser) -> None:
    for link in browser.get(PAGE).all("main a[href^=https]"):
        assert {"noopener", "noreferrer"} <= set(link["rel"])


def test_departements_without_account_are_named_and_no_others(known: None, browser: Browser) -> None:
    (row,) = browser.get(PAGE).all(".accountless li")
    assert "Lozère (48)" in row.get_text()


def test_an_empty_list_accuses_nobody(browser: Browser) -> None:
    page = browser.get(PAGE)
    assert "pas encore remplie" in page.text
    assert "est faux" not in page.text


def test_it_is_told_how_to_report_a_false_account(browser: Browser) -> None:
    section = browser.get(PAGE).one("section[aria-labelledby=signaler]")
    links = [str(link["href"]) for link in section.select("a")]
    assert links == ["https://www.internet-signalement.gouv.fr", "/unites"]


def test_programs_read_the_same(known: None, unit: Unit, browser: Browser) -> None:
    answer = browser.client.get(DOCUMENT)
    assert answer.mimetype == "application/json"
    assert answer.get_json() == {
        "site": "http://localhost/",
        "accounts": [
            {
                "unit": unit.name,
                "unit_code": "GGD35",
                "departement": "35",
                "network": network,
                "address": address,
                "checked_by": unit.name,
                "checked_on": "2026-11-24",
            }
            for network, address in (
                ("facebook", "https://www.facebook.com/gendarmerie35"),
                ("x", "https://x.com/gend035"),
            )
        ],
        "departements_without_account": [
            {"departement": "48", "name": "Lozère", "checked_by": unit.name, "checked_on": "2026-11-24"}
        ],
    }


def test_the_page_names_the_document_and_is_in_the_footer_of_every_page(browser: Browser) -> None:
    assert browser.get(PAGE).one("link[rel=alternate][type]")["href"] == DOCUMENT
    assert browser.get("/").all(f"footer a[href='{PAGE}']")

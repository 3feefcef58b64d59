import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, abort, get_template_attribute, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Unit
from gallery.services.gallery.public_records import PublicUnit, UnitCount
from gallery.services.items import publication
from gallery.services.transaction import atomic
from gallery.web.languages import ADDRESSED, PREFIXES
from gallery.web.public import well_known
from tests.factories import Factory
from tests.page import Browser

LEGAL = {
    "operator_name": "Préfecture d’Essai",
    "operator_address": "1 place du Marché, 35000 Rennes",
    "publication_director": "Mme Exemple",
    "hosting_provider": "Hébergeur d’Essai, Rennes",
    "dpo_contact": "dpo@essai.example",
    "accessibility_contact": "acces@essai.example",
}


@pytest.fixture
def browse_with(settings: Settings, sessions: sessionmaker[Session]) -> Callable[..., Browser]:
    """A browser on a public site with other settings."""
    return lambda **changes: Browser(create_app(replace(settings, **changes), {Site.PUBLIC}).test_client())


@pytest.mark.parametrize("path", ["/aide", "/unites", "/mentions", "/donnees-personnelles", "/accessibilite"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_is_there_and_names_its_own_address(browser: Browser, path: str, language: str) -> None:
    address = PREFIXES[language] + path
    assert browser.get(address).one("link[rel=canonical]")["href"] == f"http://localhost{address}"


@pytest.mark.parametrize("path", ["/", "/objets", "/recherche"])
def test_a_link_to_it_is_shown_with_a_picture_though_nothing_is_published(browser: Browser, path: str) -> None:
    page = browser.get(path)
    told = {str(each["property"]): str(each["content"]) for each in page.all("meta[property^='og:']")}
    assert told["og:url"] == page.one("link[rel=canonical]")["href"]
    assert browser.client.get(told["og:image"]).mimetype == told["og:image:type"] == "image/png"


def test_the_help_has_a_drawing_a_step_and_is_in_the_navigation(browser: Browser) -> None:
    page = browser.get("/aide")
    assert page.one("header a[aria-current=page]")["href"] == "/aide"
    assert len(page.all(".guide > li")) == len(page.all(".guide svg[aria-hidden=true]")) == 9


def test_the_help_says_that_choosing_a_photo_is_enough(browser: Browser) -> None:
    for address, at_once in (("", "La recherche commence aussitôt"), ("/en", "The search starts at once")):
        assert at_once in browser.get(f"{address}/aide").text
        assert browser.get(f"{address}/recherche").one(".at-once").get_text().startswith(at_once)


@pytest.mark.parametrize("is_installable", [True, False])
def test_the_help_says_how_the_site_comes_onto_a_telephone(
    browse_with: Callable[..., Browser], is_installable: bool
) -> None:
    text = browse_with(installable=is_installable, site_name="Retrouvés 35").get("/aide").text
    assert ("Comment mettre ce site sur mon téléphone" in text) == is_installable
    assert ("« Partager », puis « Retrouvés »" in text.replace("\u00a0", " ")) == is_installable


def test_what_the_operator_has_not_given_is_said_plainly(browser: Browser) -> None:
    for path, missing in (("/mentions", 4), ("/donnees-personnelles", 2), ("/accessibilite", 1)):
        assert len(browser.get(path).all("dd em")) == missing


@pytest.mark.parametrize("kind", ["declarations", "claims"])
@pytest.mark.parametrize(("address", "day"), [("", "29 novembre 2026"), ("/en", "November 29, 2026")])
def test_the_day_of_an_impact_assessment_is_written_out(
    browse_with: Callable[..., Browser], kind: str, address: str, day: str
) -> None:
    switch = {f"{kind}_legal_act": "PLAN-1", f"{kind}_impact_assessment": "2026-11-29"}
    assert day in browse_with(**switch).get(f"{address}/donnees-personnelles").text


@pytest.mark.parametrize("path", ["/", "/recherche", "/objets.json"])
def test_whoever_asks_for_the_headers_alone_is_told_what_a_page_would_say(client: FlaskClient, path: str) -> None:
    whole, alone = client.get(path), client.head(path)
    assert alone.headers["Cache-Control"] == whole.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/mentions", "/donnees-personnelles", "/accessibilite"])
def test_what_the_operator_has_given_completes_the_legal_pages(browse_with: Callable[..., Browser], path: str) -> None:
    page = browse_with(**LEGAL).get(path)
    assert not page.all("dd em")
    assert all(value in LEGAL.values() for value in [each.get_text() for each in page.all("dl.facts dd")])


def test_every_page_says_what_the_audit_found(browse_with: Callable[..., Browser], browser: Browser) -> None:
    assert "Accessibilité : non conforme" in browser.get("/").one("footer").get_text()
    audited = browse_with(accessibility_level="partial")
    assert "Accessibilité : partiellement conforme" in audited.get("/").one("footer").get_text()


def test_the_declaration_has_what_the_law_asks_for(browse_with: Callable[..., Browser]) -> None:
    given = {"accessibility_audit": "72 % des critères, audit d’Essai", "accessibility_gaps": "Les films, muets"}
    page = browse_with(accessibility_level="partial", accessibility_date="2026-11-29", **given).get("/accessibilite")
    text = page.one("main").get_text()
    assert "partiellement conforme au RGAA" in text
    assert "établie le 29 novembre 2026" in text
    assert all(each in text for each in given.values())
    ways = [str(link["href"]) for link in page.all("main a")]
    assert [way for way in ways if "defenseurdesdroits.fr" in way or way.startswith("tel:")] == ways
    assert len(ways) == 3


def test_production_warns_of_what_the_legal_pages_lack(
    settings: Settings, sessions: sessionmaker[Session], caplog: pytest.LogCaptureFixture
) -> None:
    create_app(
        replace(settings, production=True, public_address="https://objets.example", **(LEGAL | {"dpo_contact": ""})),
        {Site.PUBLIC},
    )
    assert [re.findall(r"setting (\w+) is missing", line) for line in caplog.messages] == [["dpo_contact"]]


def test_units_are_listed_with_their_phone_and_their_items(make: Factory, unit: Unit, browser: Browser) -> None:
    item = make.published(make.case(unit))
    make.unit("GGD44", "Groupement sans objet", departement="44")
    for path in ("/", "/unites"):
        card = browser.get(path).one(".unit-card")
        assert unit.name in card.get_text()
        assert card.select("a[href='tel:+33-2-61-91-00-35']")
    link = browser.get("/unites").all(".unit-card a")[-1]
    assert [each.get_text() for each in browser.get(str(link["href"])).all(".item-card .number")] == [
        item.public_number
    ]


def test_home_counts_what_was_returned_once_there_is_any(make: Factory, unit: Unit, browser: Browser) -> None:
    item = make.published(make.case(unit))
    assert "déjà rendu" not in browser.get("/").text
    with atomic(make.session):
        publication.hand_back(make.session, item, by=None, now=make.now)
    assert "Un objet déjà rendu" in browser.get("/").text


def test_the_sitemap_names_pages_and_items_and_robots_name_it(make: Factory, unit: Unit, browser: Browser) -> None:
    item = make.published(make.case(unit))
    draft = make.item(make.case(unit))
    answer = browser.client.get("/sitemap.xml")
    addresses = re.findall(r"<loc>http://localhost(.*?)</loc>", answer.text)
    assert answer.mimetype == "application/xml"
    assert f"/objets/{item.public_number}" in addresses
    assert draft.public_number not in answer.text
    assert {browser.client.get(each.replace("&amp;", "&")).status_code for each in addresses} == {200}
    assert "<lastmod>2026-11</lastmod>" in answer.text
    robots = browser.client.get("/robots.txt").text
    assert "Sitemap: http://localhost/sitemap.xml" in robots
    closed = re.findall(r"Disallow: (.+)", robots)
    assert not [each for each in addresses if each.startswith(tuple(closed))]


def test_too_many_addresses_for_one_list_are_several(
    make: Factory, unit: Unit, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.published(make.case(unit))
    monkeypatch.setattr(well_known, "MAX_PAGES", 6)
    lists = re.findall(r"<loc>http://localhost(.*?)</loc>", browser.client.get("/sitemap.xml").text)
    assert lists == ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]
    found = [each for one in lists for each in re.findall(r"<loc>", browser.client.get(one).text)]
    assert len(found) == 2 * (len(well_known.MAPPED_PAGES) + 2)
    assert browser.client.get("/sitemap-4.xml").status_code == 404


def test_a_link_to_a_page_is_shown_with_the_newest_object(make: Factory, unit: Unit, browser: Browser) -> None:
    item = make.published(make.case(unit))
    for path in ("/", "/objets?categorie=jewellery"):
        page = browser.get(path)
        assert (
            page.one("meta[property='og:image']")["content"] == f"http://localhost/objets/{item.public_number}/lien.jpg"
        )
        assert page.one("meta[name=description]")["content"]
    assert browser.client.get("/favicon.ico").mimetype == "image/png"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_on_the_map_says_what_it_is(
    make: Factory, unit: Unit, app: Flask, browser: Browser, language: str
) -> None:
    item = make.published(make.case(unit))
    with app.test_request_context():
        fixed = [url_for(f"public.{name}") for name in well_known.MAPPED_PAGES]
    descriptions = set()
    for path in (*fixed, f"/objets/{item.public_number}"):
        page = browser.get(PREFIXES[language] + path)
        assert page.one("meta[property='og:locale']")["content"] == {"fr": "fr_FR", "en": "en_GB"}[language]
        descriptions.add(page.one("meta[name=description]")["content"])
    # Each its own.
    assert len(descriptions) == len(fixed) + 1


def test_a_link_to_an_object_is_shown_large(make: Factory, unit: Unit, browser: Browser) -> None:
    item = make.published(make.case(unit))
    assert browser.get(f"/objets/{item.public_number}").one("meta[name='twitter:card']")["content"] == (
        "summary_large_image"
    )


def test_a_telephones_bar_has_the_colours_of_the_pages_head(browser: Browser) -> None:
    """Those of --sheet, light and dark; a theme with styles of its own may have others, and tells none."""
    light, dark = re.findall(r"--sheet: (#\w+);", browser.client.get("/static/theme.css").text)
    told = {str(each["media"]): str(each["content"]) for each in browser.get("/").all("meta[name=theme-color]")}
    assert told == {"(prefers-color-scheme: light)": light, "(prefers-color-scheme: dark)": dark}


ERRORS = {
    400: "Revenez à la page précédente",
    403: "pas accès",
    404: "Vérifiez l’adresse",
    405: "Revenez à l’accueil",
    410: "plus en ligne",
    413: "Envoyez moins de photos",
    429: "Patientez une minute",
    500: "Réessayez dans quelques instants",
    503: "Réessayez dans une minute",
}


@pytest.mark.parametrize(("status", "advice"), ERRORS.items())
def test_an_error_is_in_the_sites_clothes_and_says_what_to_do(
    app: Flask, browser: Browser, status: int, advice: str
) -> None:
    app.add_url_rule("/erreur", "error", lambda: abort(status))
    page = browser.get("/erreur", status=status)
    assert advice in page.one("[data-error]").get_text()
    assert {"/", "/objets", "/recherche"} <= {str(link["href"]) for link in page.all("main a")}
    assert page.one("meta[name=robots]")["content"] == "noindex"


def test_a_fault_of_ours_is_logged_and_told_without_its_details(
    app: Flask, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> str:
        raise RuntimeError("mot de passe")

    app.add_url_rule("/panne", "fault", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    page = browser.get("/panne", status=500)
    assert page.one("h1").get_text() == "Une erreur est survenue"
    assert "mot de passe" not in page.text
    assert "RuntimeError" in caplog.text


def test_signs_do_not_begin_a_line(browser: Browser) -> None:
    assert "en ce moment\u00a0?" in browser.get("/").answer.text


@pytest.mark.parametrize(("language", "expected"), [("fr", "12\u202f345 objets"), ("en", "12,345 objects")])
def test_large_numbers_are_grouped_as_the_language_does(app: Flask, unit: Unit, language: str, expected: str) -> None:
    keeper = PublicUnit(unit.code, unit.name, unit.kind, unit.departement, "", "")
    with app.test_request_context(environ_overrides={ADDRESSED: language}):
        card = get_template_attribute("public/macros.html", "unit_card")(UnitCount(keeper, 12345))
    assert expected in card.replace("&#8239;", "\u202f")

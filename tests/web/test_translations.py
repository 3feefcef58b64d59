"""The English catalogue says everything that both sites can say, and pages of one language hold no other."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from gallery.models import Unit
from tests.factories import Factory
from tests.page import Browser

GALLERY = Path(__file__).parents[2] / "gallery"
CATALOGUE = GALLERY / "translations" / "en" / "LC_MESSAGES" / "messages.po"
EVERYWHERE = ("templates/", "web/")
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")


def all_messages() -> list[str | tuple[str, str]]:
    """What both sites say, in French."""
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    found = extract_from_dir(str(GALLERY), methods, keywords=KEYWORDS)  # type: ignore[arg-type]
    return list(dict.fromkeys(said for name, _, said, *_ in found if name.startswith(EVERYWHERE)))  # type: ignore[misc]


@pytest.fixture(scope="module")
def english() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def forms(said: object) -> tuple[str, ...]:
    return tuple(map(str, said)) if isinstance(said, list | tuple) else (str(said or ""),)


def test_everything_is_said_in_english(english: Catalog) -> None:
    messages = {said: english.get(said[0] if isinstance(said, tuple) else said) for said in all_messages()}
    assert len(messages) > 800
    missing = [said for said, message in messages.items() if message is None or not all(forms(message.string))]
    assert not missing, "run `make translations`, and translate"
    assert not [said for said, message in messages.items() if message and message.fuzzy]


def translated(english: Catalog) -> Iterator[Message]:
    return (message for message in english if message.id and all(forms(message.string)))


def test_a_translation_names_what_its_source_names(english: Catalog) -> None:
    for message in translated(english):
        for french, said in zip(forms(message.id), forms(message.string), strict=True):
            assert set(PLACES.findall(french)) == set(PLACES.findall(said)), french


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/objets",
        "/recherche",
        "/aide",
        "/verifier",
        "/mentions",
        "/donnees-personnelles",
        "/comptes-officiels",
        "/conseils",
        "/conseils/inventaire",
        "/nulle",
    ],
)
def test_an_english_page_holds_no_french_sentence(
    make: Factory, unit: Unit, browser: Browser, english: Catalog, path: str
) -> None:
    make.published(make.case(unit), title="Bague", colours=("gold",))
    text = browser.get(f"/en{path}", status=404 if path == "/nulle" else 200).text
    french = {forms(message.id)[0] for message in translated(english) if len(forms(message.id)[0]) > 12}
    said_in_english = " ".join(form for message in translated(english) for form in forms(message.string))
    assert not [said for said in french if said in text and said not in said_in_english]


def test_dates_and_numbers_are_of_the_language(make: Factory, unit: Unit, browser: Browser) -> None:
    item = make.published(make.case(unit), title="Bague", colours=("gold",))
    text = browser.get(f"/en/objets/{item.public_number}").text
    assert "between March 1, 2026 and June 27, 2026" in text
    assert "gold" in text
    assert "November 2026" in text


def test_the_rest_of_the_address_says_nothing_of_the_language(make: Factory, unit: Unit, browser: Browser) -> None:
    make.published(make.case(unit), title="Bague", category="watches")
    assert browser.get("/en/objets?categorie=watches").one("h1").get_text() == "Watches"

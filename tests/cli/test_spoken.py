"""The commands in French: every help and every sentence is in the catalogue, and nothing else is."""

import ast
import gettext
import json
import string
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from re import sub

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from click.testing import Result

from gallery import cli
from gallery.cli import COMMANDS, spoken
from gallery.cli.operating import status
from gallery.models import Unit
from gallery.services import operating, storekeeping
from gallery.services.operating import inspection, machine
from gallery.services.storekeeping import wording
from tests.factories import Factory

FRENCH = spoken.CATALOGUES / "fr" / "LC_MESSAGES" / "messages.po"


@cache
def catalogue() -> Catalog:
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr")


def messages() -> list[Message]:
    return [each for each in catalogue() if each.id]


def sentences(places: Path) -> set[str]:
    """Every string that the code of a folder has."""
    trees = [ast.parse(path.read_text("utf-8")) for path in places.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {node.value for node in nodes if isinstance(node.value, str)}


def helps(command: click.Command) -> Iterator[str]:
    for each in (command, *command.params):
        yield from spoken.paragraphs(getattr(each, "help", None) or "")
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from helps(each)


def all_helps() -> set[str]:
    places = [place.split(":") for place in COMMANDS.values()]
    commands = [getattr(import_module(f"{cli.__name__}.{module}"), name) for module, name in places]
    return {each for command in commands for each in helps(command)} - {""}


def test_every_help_has_its_french() -> None:
    assert all_helps() - {each.id for each in messages() if each.string} == set()


def test_nothing_is_translated_that_no_command_says() -> None:
    places = (cli, click, operating, storekeeping)
    code = all_helps().union(*(sentences(Path(str(each.__file__)).parent) for each in places))
    assert {each.id for each in messages() if isinstance(each.id, str)} - code == set()


def findings() -> set[str]:
    """The sentences of the modules that find something or say how things stand."""
    modules = (inspection, machine, wording, status)
    nodes = [
        node for module in modules for node in spoken_nodes(ast.parse(Path(str(module.__file__)).read_text("utf-8")))
    ]
    return {node.value for node in nodes if isinstance(node.value, str) and " " in node.value.strip()}


def spoken_nodes(tree: ast.AST) -> Iterator[ast.Constant]:
    """The constants of a module that are no docstring, no part of another text, no SQL, no pattern and no help."""
    for node in ast.iter_child_nodes(tree):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        is_silent = isinstance(node, ast.JoinedStr | ast.keyword) and getattr(node, "arg", "") in ("", "help", None)
        if isinstance(node, ast.Constant):
            yield node
        elif not (is_silent or isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield from () if called in ("text", "re.findall") else spoken_nodes(node)


def test_what_is_found_has_its_french() -> None:
    found = findings()
    assert len(found) > 80
    assert found - {each.id for each in messages() if each.string} == set()


def names(texts: str | Iterable[str]) -> set[str]:
    """What is put into a sentence, or into its singular and plural."""
    parts = (part for text in ([texts] if isinstance(texts, str) else texts) for part in string.Formatter().parse(text))
    return {name for _, name, _, _ in parts if name is not None}


def test_what_is_put_in_stays_the_same() -> None:
    assert [each.id for each in messages() if names(each.id) != names(each.string)] == []


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    place = tmp_path / "fr" / "LC_MESSAGES" / "messages.mo"
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        write_mo(file, catalogue())
    before = gettext.bindtextdomain("messages")
    monkeypatch.setattr(spoken, "CATALOGUES", tmp_path)
    spoken.begin()
    yield
    gettext.bindtextdomain("messages", before)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(
    "asked", [{"LANGUAGE": "fr"}, {"LANGUAGE": "", "LC_ALL": "fr_FR.UTF-8"}], ids=["LANGUAGE", "LC_ALL"]
)
def test_french_is_spoken_where_it_is_asked_for(flask: Callable[..., Result], asked: dict[str, str]) -> None:
    help_text = flask("list", "--help", env=asked).output
    assert "Emploi : " in help_text
    assert "Lister les objets" in help_text
    assert "Code de sortie : 0 il y en a" in " ".join(help_text.split())
    assert "List the items" in flask("list", "--help").output


@pytest.mark.usefixtures("compiled")
def test_what_is_found_is_said_in_french_and_given_to_programs_in_english(flask: Callable[..., Result]) -> None:
    french = {"LANGUAGE": "fr"}
    assert "dernière sauvegarde : aucune encore" in flask("status", env=french).output
    asked = flask("doctor", "--json", env=french)
    told = flask("doctor", env=french).output
    found = json.loads(asked.output)
    # How much of the disk is free may change in between.
    assert sub(r"\d", "", asked.output) == sub(r"\d", "", flask("doctor", "--json").output)
    assert "dépôts : le dépôt public se lit et s’écrit" in told
    known = {each.id for each in messages()}
    assert {each["part"] for each in found} <= known
    assert not [each for each in found if len(each["advice"]) > 30 and each["advice"] in told]


@pytest.mark.usefixtures("compiled")
def test_items_are_told_in_french(flask: Callable[..., Result], make: Factory, unit: Unit) -> None:
    french, number = {"LANGUAGE": "fr"}, make.item(make.case(unit)).public_number
    assert "photos : 0" in flask("list", env=french).output
    shown = flask("show", number, env=french).output
    assert "statut : draft" in shown
    assert "ce qui l’empêche d’être public : il n’a aucune photo qui puisse être publique" in shown
    assert flask("show", number, "--json", env=french).output == flask("show", number, "--json").output


@pytest.mark.usefixtures("compiled")
def test_albums_and_keys_are_told_in_french(
    flask: Callable[..., Result], make: Factory, unit: Unit, tmp_path: Path
) -> None:
    make.published(make.case(unit))
    french, file = {"LANGUAGE": "fr"}, tmp_path / "album.zip"
    made = flask("album", "--unit", unit.code, "--output", file, env=french)
    assert f"1 photos de 1 objets dans {file}." in made.output
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("photos/0002_faux.jpg", b"x")
    assert "photos/0002_faux.jpg : inconnu" in flask("verify", file, env=french).output
    assert "clé de signature montrée" in flask("keys", "list", env=french).output

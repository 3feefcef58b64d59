"""The commands in French: every help and every sentence is in the catalogue, and nothing else is."""

import ast
import gettext
import string
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from click.testing import Result

from gallery import cli
from gallery.cli import COMMANDS, spoken

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
    code = sentences(Path(cli.__file__).parent) | sentences(Path(click.__file__).parent) | all_helps()
    assert {each.id for each in messages() if isinstance(each.id, str)} - code == set()


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

"""Commands in French where the environment asks for it (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), in English elsewhere.

The catalogue is read by Python's own gettext, where click looks too, when something is said and not before.
"""

import gettext
import inspect
from copy import copy
from pathlib import Path
from typing import TypeVar

import click

from gallery.services.phrase import Phrase

CATALOGUES = Path(__file__).with_name("translations")
Spoken = TypeVar("Spoken", click.Command, click.Parameter)


def begin() -> None:
    """Have what this process says at a terminal looked up in the commands' catalogue."""
    gettext.bindtextdomain("messages", str(CATALOGUES))


def said(sentence: str, **values: object) -> str:
    """A sentence of the code, which is English, in the language of whoever runs the command, with what is put into it.

    >>> said("Unit {code} created.", code="GGD35")
    'Unit GGD35 created.'
    """
    told = gettext.gettext(sentence) if sentence else ""
    return told.format(**values) if values else told


def told(phrase: Phrase) -> str:
    """A phrase of the services in the language of whoever runs the command."""
    values = {name: told(value) if isinstance(value, Phrase) else value for name, value in phrase.values.items()}
    return said(phrase.sentence, **values)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a help, each in one line, as the catalogue has them.

    >>> paragraphs("List them,\\n    newest first.\\n\\n    Exit status: 0.")
    ['List them, newest first.', 'Exit status: 0.']
    """
    return [" ".join(each.split()) for each in inspect.cleandoc(text).split("\n\n")]


def translated(command: click.Command) -> click.Command:
    """A command with its help, and that of its options and its own commands, in the language of whoever asks."""
    found = _with_help(command)
    found.params = [_with_help(each) for each in command.params]
    if isinstance(found, click.Group):
        found.commands = {name: translated(each) for name, each in found.commands.items()}
    return found


def _with_help(spoken: Spoken) -> Spoken:
    found = copy(spoken)
    text = getattr(spoken, "help", None)
    if text:
        found.help = "\n\n".join(map(said, paragraphs(text)))
    return found

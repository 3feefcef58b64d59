"""Several files of one form: each is kept or refused on its own, one bad photo never spoils the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash
from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage

from gallery.errors import NoPhotoGiven, PhotoRefused
from gallery.services.words.tidying import tidy_line
from gallery.web.errors import answer_for, sentence_for

SHOWN_NAME = 80


@dataclass(frozen=True)
class FileRefusal:
    """A file that did not become a photo: its name as the officer knows it, and why, in French."""

    name: str
    status: int
    sentence: str


def keep_each(files: Sequence[FileStorage], keep: Callable[[FileStorage], None]) -> list[FileRefusal]:
    """Keep these files one by one; return those that were refused."""
    refused = []
    for file in files:
        try:
            keep(file)
        except PhotoRefused as error:
            name = tidy_line(file.filename)[:SHOWN_NAME]
            refused.append(FileRefusal(name=name, status=answer_for(error)[0], sentence=sentence_for(error)))
        finally:
            file.close()
    return refused


def tell(given: int, refused: Sequence[FileRefusal]) -> None:
    """Say how many were kept, and name the others."""
    added = given - len(refused)
    if given == 0:
        flash(sentence_for(NoPhotoGiven()), "danger")
    if added:
        flash(ngettext("Une photo est ajoutée.", "%(num)d photos sont ajoutées.", added), "success")
    for each in refused:
        flash(gettext("« %(name)s » n’a pas été ajoutée. %(why)s", name=each.name, why=each.sentence), "danger")

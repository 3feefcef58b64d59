"""Several files or photos of one form: one bad photo never spoils the others, and there is an end to each request."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from flask import flash
from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage

from gallery.errors import ChangedMeanwhile, GalleryError, NoPhotoGiven, Outage, PhotoRefused
from gallery.services.words.tidying import tidy_line
from gallery.web.errors import answer_for, sentence_for
from gallery.web.resources import now

SHOWN_NAME = 80
# What makes many files, or rows, is done by several requests, each of which answers before a proxy gives up.
LONGEST_REQUEST = timedelta(seconds=15)
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class FileRefusal:
    """A file that did not become a photo: its name as the officer knows it, and why, in French.

    untried: how many came after it and were not tried, as it would have been the same with them; outage: what is down.
    """

    name: str
    status: int
    sentence: str
    untried: int = 0
    outage: Outage | None = None


def as_long_as_there_is_time(things: Sequence[Thing], longest: timedelta) -> Iterator[Thing]:
    """These one after the other, the first in any case, until so much time has passed."""
    until = now() + longest
    for place, each in enumerate(things):
        if place and now() >= until:
            return
        yield each


def keep_one(file: FileStorage, keep: Callable[[FileStorage], None]) -> FileRefusal | None:
    """Keep the one file that a script sends; return why it is no photo. What else goes wrong the script waits for."""
    try:
        keep(file)
    except PhotoRefused as error:
        return _refusal(file, error)
    finally:
        file.close()
    return None


def keep_each(files: Sequence[FileStorage], keep: Callable[[FileStorage], None]) -> list[FileRefusal]:
    """Keep these files one by one, until something is in the way of all; return those that were refused."""
    refused = []
    for place, file in enumerate(files, start=1):
        try:
            keep(file)
        except (PhotoRefused, ChangedMeanwhile) as error:
            refused.append(_refusal(file, error))
        except GalleryError as error:
            refused.append(_refusal(file, error, untried=len(files) - place))
            break
        finally:
            file.close()
    return refused


def tell(given: int, refused: Sequence[FileRefusal]) -> None:
    """Say how many were kept, and name the others; raise the outage that stopped it, once that is said."""
    added = given - sum(1 + each.untried for each in refused)
    if given == 0:
        flash(sentence_for(NoPhotoGiven()), "danger")
    if added:
        flash(ngettext("Une photo est ajoutée.", "%(num)d photos sont ajoutées.", added), "success")
    for each in refused:
        flash(f"{_which(each)} {each.sentence}", "danger")
    for each in refused:
        if each.outage:
            raise each.outage


def _which(refusal: FileRefusal) -> str:
    if refusal.untried:
        return ngettext(
            "« %(name)s » et la photo suivante n’ont pas été ajoutées.",
            "« %(name)s » et les %(num)d photos suivantes n’ont pas été ajoutées.",
            refusal.untried,
            name=refusal.name,
        )
    return gettext("« %(name)s » n’a pas été ajoutée.", name=refusal.name)


def _refusal(file: FileStorage, error: GalleryError, *, untried: int = 0) -> FileRefusal:
    return FileRefusal(
        name=tidy_line(file.filename)[:SHOWN_NAME],
        status=answer_for(error)[0],
        sentence=sentence_for(error),
        untried=untried,
        outage=error if isinstance(error, Outage) else None,
    )

"""Search by photo. What a victim sends is decoded in memory and forgotten with the answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from flask import render_template, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage

from gallery import imaging
from gallery.errors import PhotoRefused, TooManyPhotos, TooManySearches
from gallery.extensions import limiter
from gallery.matching import Box, Likelihood
from gallery.services import public_items, renditions
from gallery.services import search as searches
from gallery.services.gallery_index import Facet
from gallery.services.search import NO_HINTS, FoundItem, Hints
from gallery.services.words import fold
from gallery.web import labels
from gallery.web.errors import sentence_for
from gallery.web.public.refining import refinements_of
from gallery.web.requests import given_files
from gallery.web.workplace import database, workplace

MAX_NAME = 60
MAX_BOX = 80
MAX_WORDS = 120
WAIT_SECONDS = 10


@dataclass(frozen=True)
class RefusedPhoto:
    """A photo that could not be read. number: its place among those sent, from 1; name: as the sender calls it."""

    number: int
    name: str
    sentence: str


@dataclass(frozen=True)
class GivenPhotos:
    """What was sent: the pictures, the place of each among the files (from 0), and those that could not be read.

    boxes: what was drawn around the object in each picture, as fractions of its sides, or None.
    """

    pictures: list[imaging.Picture] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    boxes: list[Box | None] = field(default_factory=list)
    refused: list[RefusedPhoto] = field(default_factory=list)


@limiter.limit(lambda: workplace().settings.search_rate, methods=["POST"])
def search() -> str | tuple[str, int]:
    """The form, and the objects that resemble the given photos."""
    form = FlaskForm()
    if request.method == "GET":
        return _page(form)
    files = given_files("photos")
    limit = workplace().settings.max_search_photos
    hints = _hints()
    if len(files) > limit:
        too_many = sentence_for(TooManyPhotos(limit=limit))
        return _page(form, given=GivenPhotos(), hints=hints, too_many=too_many), 413
    with _a_place():
        given = _read(files, request.form.getlist("cadres"))
        if not given.pictures:
            return _page(form, given=given, hints=hints), 400
        found = searches.by_photos(
            database(),
            given.pictures,
            catalogue=workplace().catalogue,
            boxes=given.boxes,
            hints=hints,
        )
    return _page(form, given=given, found=found, hints=hints)


def _page(
    form: FlaskForm,
    *,
    given: GivenPhotos | None = None,
    found: Sequence[FoundItem] | None = None,
    hints: Hints = NO_HINTS,
    too_many: str = "",
) -> str:
    return render_template(
        "public/search.html",
        form=form,
        given=given,
        groups=None if found is None else _grouped(found),
        refinements=refinements_of(found or ()),
        hints=hints,
        too_many=too_many,
        categories=sorted(public_items.category_counts(database()), key=lambda each: fold(labels.category(each))),
        departements=sorted(workplace().gallery.current().totals(Facet.DEPARTEMENT)),
        max_photos=workplace().settings.max_search_photos,
    )


def _hints() -> Hints:
    """What was said besides the photos; what can't be read was not said."""
    said = request.form
    colour = said.get("couleur", "")
    return Hints(
        category_code=said.get("categorie", "")[:32] or None,
        stolen_on=said.get("vol", type=date.fromisoformat),
        words=said.get("mots", "")[:MAX_WORDS],
        colours=(colour,) if colour in labels.COLOURS else (),
        departement=said.get("departement", "")[:3],
    )


def _read(files: Sequence[FileStorage], boxes: Sequence[str]) -> GivenPhotos:
    """Decode each photo; one that can't be read is named, and the others go on. boxes: as sent, in the same order."""
    given = GivenPhotos()
    limits = renditions.limits_of(workplace().settings)
    for place, file in enumerate(files):
        try:
            given.pictures.append(imaging.decode(file.stream.read(), limits))
            given.places.append(place)
            given.boxes.append(_box(boxes[place]) if place < len(boxes) else None)
        except PhotoRefused as refusal:
            name = (file.filename or "")[-MAX_NAME:]
            given.refused.append(RefusedPhoto(place + 1, name, sentence_for(refusal)))
        finally:
            file.close()
    return given


def _box(text: str) -> Box | None:
    """Left, top, right and bottom as fractions, such as "0.1,0.2,0.8,0.9"; None for what is no box."""
    try:
        left, top, right, bottom = (float(side) for side in text[:MAX_BOX].split(","))
    except ValueError:
        return None
    is_box = 0 <= left < right <= 1 and 0 <= top < bottom <= 1
    return (left, top, right, bottom) if is_box else None


def _grouped(found: Sequence[FoundItem]) -> dict[Likelihood, list[FoundItem]]:
    return {
        likelihood: [each for each in found if each.likelihood is likelihood]
        for likelihood in Likelihood
        if any(each.likelihood is likelihood for each in found)
    }


@contextmanager
def _a_place() -> Iterator[None]:
    """Let so many searches run at once in this process, each needs memory and a processor; others are told to wait."""
    places = workplace().searching
    if not places.acquire(timeout=WAIT_SECONDS):
        raise TooManySearches
    try:
        yield
    finally:
        places.release()

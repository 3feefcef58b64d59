"""Search by photo. What a victim sends is decoded in memory and forgotten with the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import Forbidden

from gallery import matching
from gallery.errors import TooManyPhotos
from gallery.services.gallery import public_items
from gallery.services.gallery.index_entries import Facet
from gallery.services.search import search as searches
from gallery.services.search.search import NO_HINTS, FoundItem, FoundObject, Hints
from gallery.services.transaction import end_reading
from gallery.services.words.folding import fold
from gallery.services.words.tidying import tidy_line
from gallery.web import labels
from gallery.web.catalogues import catalogues
from gallery.web.errors import sentence_for
from gallery.web.given_photos import GivenPhotos, NamedPhoto, read_photos, without_screens
from gallery.web.intake.turns import expect_a_place, place_to_search
from gallery.web.public import filters
from gallery.web.public.refining import refinements_of
from gallery.web.requests import given_files
from gallery.web.resources import database, resources
from gallery.web.stating import theft_days

MAX_WORDS = 120
SHOWN_LARGE = 6
"""Of what resembles weakly, as many are shown beside the visitor's photo where nothing resembles more; others small."""
# What the visitor does in the browser itself or on this site, and no other site's page.
OWN_DOING = {"none", "same-origin"}


@dataclass(frozen=True)
class ShownObject:
    """What the page shows for one object. pictures: from 0; degrees: items by a likelihood's code; rest: the others.

    is_likely: something resembles more than weakly, so that the rest may be folded.
    """

    pictures: tuple[int, ...]
    degrees: Mapping[str, Sequence[FoundItem]]
    rest: Sequence[FoundItem]
    is_likely: bool


@dataclass(frozen=True)
class GivenFingerprints:
    """Photos that stay with the visitor, as GivenPhotos is of those that were sent."""

    pictures: Sequence[matching.Fingerprint] = ()
    refused: tuple[()] = ()
    damaged: tuple[()] = ()
    screenshots: Sequence[NamedPhoto] = ()
    stay_with_visitor: bool = True

    @property
    def places(self) -> Sequence[int]:
        """The place of each among those chosen."""
        return range(len(self.pictures))


@dataclass(frozen=True)
class SaidBesides:
    """What a visitor has said besides the photos, and what the page answers where that can't be read."""

    hints: Hints = NO_HINTS
    day_error: str = ""
    too_many: str = ""


NOTHING_BESIDES = SaidBesides()


def search() -> str | tuple[str, int]:
    """The form, and the objects that resemble the given photos."""
    form = FlaskForm()
    if request.method != "POST":
        return page_of(form)
    files = given_files("photos")
    theft = theft_days.read(request.form.get("vol"))
    said = SaidBesides(hints_of(theft.day), day_error=theft.error)
    try:
        given = read_given(files)
    except TooManyPhotos as error:
        return page_of(form, given=GivenPhotos(), said=replace(said, too_many=sentence_for(error))), 413
    if not given.pictures:
        return page_of(form, given=given, said=said), 400
    return page_of(form, given=given, found=look_for(given, said.hints), said=said)


def read_given(files: Sequence[FileStorage]) -> GivenPhotos:
    """Decode what was sent, with the boxes drawn on it; raise TooManyPhotos, or TooManySearches before it is read."""
    limit = resources().settings.max_search_photos
    if len(files) > limit:
        raise TooManyPhotos(limit=limit)
    expect_a_place()
    return without_screens(read_photos(files, request.form.getlist("cadres")))


def look_for(given: GivenPhotos, hints: Hints) -> list[FoundObject]:
    """What resembles the objects in these photos, once there is a place to search; raise TooManySearches."""
    with place_to_search():
        return searches.by_photos(
            database(), given.pictures, catalogue=catalogues().photos, boxes=given.boxes, hints=hints
        )


def shared() -> ResponseReturnValue:
    """Search by photos that a telephone shares with the installed site, which can't send a form's token.

    A search changes nothing; one that a page of another site sends is refused nevertheless.
    """
    refuse_other_sites()
    return search() if given_files("photos") else redirect(url_for(".search"))


def refuse_other_sites() -> None:
    """Raise Forbidden where a page of another site makes a visitor's browser search."""
    if request.headers.get("Sec-Fetch-Site", "none") not in OWN_DOING:
        raise Forbidden


def page_of(
    form: FlaskForm,
    *,
    given: GivenPhotos | GivenFingerprints | None = None,
    found: Sequence[FoundObject] | None = None,
    said: SaidBesides = NOTHING_BESIDES,
) -> str:
    """The form, before it or below what was found."""
    return render_template(
        "public/search.html",
        form=form,
        given=given,
        objects=None if found is None else [_shown(each) for each in found if each.items],
        refinements=refinements_of(item for each in found or () for item in each.items),
        hints=said.hints,
        too_many=said.too_many,
        day_error=said.day_error,
        categories=sorted(public_items.category_counts(database()), key=lambda each: fold(labels.category(each))),
        departements=sorted(catalogues().gallery.current().totals(Facet.DEPARTEMENT)),
        browser_model=matching.browser_model(),
        max_photos=resources().settings.max_search_photos,
    )


def hints_of(stolen_on: date | None) -> Hints:
    """What was said besides the photos; what can't be read was not said."""
    said = request.form
    colour = said.get("couleur", "")
    return Hints(
        category_code=_category(said.get("categorie", "")),
        stolen_on=stolen_on,
        words=tidy_line(said.get("mots", "")[: filters.MAX_GIVEN])[:MAX_WORDS].strip(),
        colours=(colour,) if colour in labels.COLOURS else (),
        departement=said.get("departement", "")[:3],
    )


def _category(code: str) -> str | None:
    """The code, where a category that may be public has it: any other would hide all that is sorted."""
    if not code:
        return None
    known = public_items.categories_by_code(database())
    # Photos are decoded next.
    end_reading(database())
    return code if code in known else None


def _shown(found: FoundObject) -> ShownObject:
    by_degree = {code: [each for each in found.items if each.likelihood is code] for code in matching.Likelihood}
    weak = by_degree.pop(matching.Likelihood.WEAK)
    shown = {code.value: items for code, items in by_degree.items() if items}
    if shown:
        return ShownObject(found.pictures, shown, weak, is_likely=True)
    large = {matching.Likelihood.WEAK.value: weak[:SHOWN_LARGE]}
    return ShownObject(found.pictures, large, weak[SHOWN_LARGE:], is_likely=False)

"""The page that tells how other programs read the gallery."""

from flask import render_template

from gallery.matching import Likelihood
from gallery.models import Colour
from gallery.web import labels
from gallery.web.public import filters
from gallery.web.public.api.arguments import MAX_ITEMS
from gallery.web.public.api.description import PREFIX
from gallery.web.public.api.schemas import NEAREST
from gallery.web.public.kept import kept
from gallery.web.resources import resources


@kept()
def show() -> str:
    """What there is, under which licence, and examples that work as they stand."""
    settings = resources().settings
    return render_template(
        "public/api.html",
        root=labels.absolute(PREFIX),
        licence=settings.data_licence,
        max_photos=settings.max_search_photos,
        max_items=MAX_ITEMS,
        colours=[each.value for each in Colour],
        sorts=[code for code, _ in filters.SORTS.values()],
        margins=list(filters.MARGINS),
        likelihoods=[*(each.value for each in Likelihood), NEAREST],
    )

"""The page that tells how other programs read the gallery."""

from flask import render_template

from gallery.web import labels
from gallery.web.public.api.description import PREFIX
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
    )

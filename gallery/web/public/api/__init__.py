"""The gallery for other programs: the same public records, filters and searches as the pages, as JSON."""

from flask import Flask

from gallery.extensions import csrf
from gallery.web.public.api import description, operations, photo_search
from gallery.web.public.api.description import blueprint
from gallery.web.resources import resources_of

__all__ = ["operations", "photo_search", "register"]


def register(app: Flask) -> None:
    """Add the operations under /api/v1, the reading of their description among them."""
    csrf.exempt(blueprint)
    description.configure(app, resources_of(app).settings)

"""What searches of a site run on: its photos, those that were public, and the gallery's index."""

from dataclasses import dataclass

from flask import Flask, current_app

from gallery.config import Site
from gallery.services.gallery.public_gallery import PublicGallery
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.search.search import PhotoCatalogue
from gallery.web.resources import resources_of


@dataclass(frozen=True)
class Catalogues:
    """Each is loaded when it is first asked. former: of the photos that were public."""

    photos: PhotoCatalogue
    former: PhotoCatalogue
    gallery: PublicGallery


def init_app(app: Flask, site: Site) -> None:
    """Give the application the catalogues that its site may search."""
    given = resources_of(app)
    app.extensions["catalogues"] = Catalogues(
        photos=open_catalogue(given, Scope.PUBLIC if site is Site.PUBLIC else Scope.ALL),
        former=open_catalogue(given, Scope.FORMER),
        gallery=PublicGallery(given.sessions),
    )


def catalogues_of(app: Flask) -> Catalogues:
    """Those of an application."""
    made: Catalogues = app.extensions["catalogues"]
    return made


def catalogues() -> Catalogues:
    """Those of the application that answers this request."""
    return catalogues_of(current_app)

"""What an album says of places and periods. In French whatever the reader's language: it goes to French pages."""

from datetime import date

from flask_babel import force_locale

from gallery.config import Settings
from gallery.services.albums.compose import Surroundings, site_address
from gallery.web import labels
from gallery.web.departements import DEPARTEMENTS


def surroundings(settings: Settings, departement: str) -> Surroundings:
    """Where an album leads and comes from."""
    with force_locale("fr"):
        place = str(DEPARTEMENTS.get(departement, ""))
    return Surroundings(site_address=site_address(settings), place=place, window=_window)


def _window(first: date | None, last: date | None) -> str:
    with force_locale("fr"):
        return labels.theft_window(first, last)

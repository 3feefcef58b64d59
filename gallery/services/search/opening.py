"""The catalogue of photos that the settings ask for."""

from gallery.services.resources import Resources
from gallery.services.search.database_catalogue import DatabaseCatalogue
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.search.search import PhotoCatalogue


def open_catalogue(given: Resources, scope: Scope) -> PhotoCatalogue:
    """The photos of this scope, in the database or in memory; loaded when they are first asked."""
    if given.settings.catalogue == "pgvector":
        return DatabaseCatalogue(given.sessions, scope=scope)
    # The snapshot has the public photos.
    folder = None if scope in (Scope.FORMER, Scope.UNPUBLISHED) else given.settings.snapshot_path
    return MemoryCatalogue(given.sessions, folder, scope=scope)

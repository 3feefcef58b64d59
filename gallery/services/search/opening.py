"""The catalogue of photos that the settings ask for, and its snapshot."""

from gallery.services.resources import Resources
from gallery.services.search import snapshots
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


def write_snapshot(given: Resources, *, min_new: int) -> bool:
    """Write the public photos for the processes of this machine to map, as MemoryCatalogue says; none where none maps.

    Returns whether it was written.
    """
    folder = given.settings.snapshot_path
    if given.settings.catalogue != "memory":
        snapshots.forget(folder, now=given.now())
        return False
    # A catalogue of its own, gone afterwards: the worker needs no memory for it in between.
    return MemoryCatalogue(given.sessions, folder).write_snapshot(min_new=min_new, now=given.now())

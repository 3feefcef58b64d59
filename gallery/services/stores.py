"""The two stores of an installation, opened where its settings say and as patiently as its processes may wait."""

from obstore.exceptions import BaseError

from gallery.config import Settings, Site
from gallery.errors import SettingInvalid
from gallery.storage import Patience, PhotoStore

# Files of officers are larger than pictures of pages, and nobody else waits for them.
LONGER_FOR_WHOLE_FILES = 20


def open_public(settings: Settings, site: Site = Site.BACKOFFICE) -> PhotoStore:
    """The store of published derivatives; raise SettingInvalid when there can be none.

    site: the public one waits for a picture at most twice `store_answer_seconds`.
    """
    return _opened("public_store", settings.public_store_address, patience_of(settings, site))


def open_private(settings: Settings) -> PhotoStore:
    """The store of originals and of everything unpublished; raise SettingInvalid when there can be none."""
    return _opened("private_store", settings.private_store_address, patience_of(settings, Site.BACKOFFICE))


def open_other(settings: Settings, address: str) -> PhotoStore:
    """A folder or an object store that no setting names, as patiently; raise SettingInvalid when there can be none."""
    return _opened("address", address, patience_of(settings, Site.BACKOFFICE))


def patience_of(settings: Settings, site: Site) -> Patience:
    """How long the processes of a site wait for a remote store."""
    answer = settings.store_answer_seconds
    whole = answer if site is Site.PUBLIC else answer * LONGER_FOR_WHOLE_FILES
    return Patience(connect=settings.store_connect_seconds, silence=answer, whole=whole)


def _opened(name: str, address: str, patience: Patience) -> PhotoStore:
    try:
        return PhotoStore(address, patience)
    except OSError as error:
        raise SettingInvalid(name, f"{address} can't be used: {error.strerror or error}") from error
    except (BaseError, ValueError) as error:
        # The library's message goes on for lines about its own insides.
        raise SettingInvalid(name, f"can't be used: {str(error).splitlines()[0]}") from error

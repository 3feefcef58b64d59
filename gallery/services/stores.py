"""The two stores of an installation, opened where its settings say."""

from obstore.exceptions import BaseError

from gallery.config import Settings
from gallery.errors import SettingInvalid
from gallery.storage import PhotoStore


def open_public(settings: Settings) -> PhotoStore:
    """The store of published derivatives; raise SettingInvalid when there can be none."""
    return _opened("public_store", settings.public_store_address)


def open_private(settings: Settings) -> PhotoStore:
    """The store of originals and of everything unpublished; raise SettingInvalid when there can be none."""
    return _opened("private_store", settings.private_store_address)


def _opened(name: str, address: str) -> PhotoStore:
    try:
        return PhotoStore(address)
    except OSError as error:
        raise SettingInvalid(name, f"{address} can't be used: {error.strerror or error}") from error
    except (BaseError, ValueError) as error:
        # The library's message goes on for lines about its own insides.
        raise SettingInvalid(name, f"can't be used: {str(error).splitlines()[0]}") from error

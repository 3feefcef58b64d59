"""Addresses as they are printed, and as a QR code says them."""

import re

_HOST_ONLY = re.compile(r"https?://[^/]+")


def page_address(site_address: str, number: str) -> str:
    """The address of an item's page.

    >>> page_address("https://objets.example.fr", "35-K7QM-4")
    'https://objets.example.fr/objets/35-K7QM-4'
    """
    return f"{site_address}/objets/{number}"


def short_address(site_address: str, number: str) -> str:
    """The address that leads to it and that a person can type."""
    return f"{site_address}/o/{number}"


def album_address(site_address: str, code: str) -> str:
    """The address of an album's page."""
    return f"{site_address}/albums/{code}"


def accounts_address(site_address: str) -> str:
    """The address of the list of official accounts.

    >>> accounts_address("https://objets.example.fr")
    'https://objets.example.fr/comptes-officiels'
    """
    return f"{site_address}/comptes-officiels"


def printed(address: str) -> str:
    """The address without what browsers add.

    >>> printed("https://objets.example.fr/o/35-K7QM-4")
    'objets.example.fr/o/35-K7QM-4'
    """
    return re.sub(r"^https?://", "", address)


def scanned(site_address: str, number: str) -> str:
    """The short address in capitals where that changes nothing: a QR code packs them closer, so its modules are larger.

    >>> scanned("https://objets.example.fr", "35-K7QM-4")
    'HTTPS://OBJETS.EXAMPLE.FR/O/35-K7QM-4'
    >>> scanned("https://example.fr/objets-retrouves", "35-K7QM-4")
    'https://example.fr/objets-retrouves/o/35-K7QM-4'
    """
    address = short_address(site_address, number)
    return address.upper() if _HOST_ONLY.fullmatch(site_address) else address

"""Keyed digests of the sealed numbers of items, by which officers find an item without any row being opened."""

from gallery.sealing import Sealer


def exhibit_key(number: str, sealer: Sealer) -> str:
    """The digest of an exhibit number, however it is spaced or written in capitals; empty without a number."""
    return _key(number, sealer, purpose="exhibit number")


def serial_key(number: str, sealer: Sealer) -> str:
    """The digest of a serial number, in the same way."""
    return _key(number, sealer, purpose="serial number")


def same_spelling(number: str) -> str:
    """A number without what people write differently.

    >>> same_spelling("sn 44-71/b"), same_spelling("SN4471B")
    ('SN4471B', 'SN4471B')
    """
    return "".join(letter for letter in number.upper() if letter.isalnum())


def _key(number: str, sealer: Sealer, *, purpose: str) -> str:
    spelt = same_spelling(number)
    return sealer.fingerprint(spelt, purpose=purpose) if spelt else ""

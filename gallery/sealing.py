"""Sealing of confidential values with age (X25519, through pyrage).

A sealed value names the row that it belongs to, so that one row's value moved into another is refused.
Format: https://age-encryption.org/v1, around a JSON object.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pyrage

from gallery.errors import KeyAbsent, SealBroken

SealedFields = Mapping[str, Any]


def seal_to(recipient: str, fields: SealedFields, *, row: str) -> bytes:
    """Seal these fields for the row of this name with a public key (age1...) only; equal fields never give equal bytes.

    Whoever has sealed can't open. Raises KeyAbsent for a text that is no such key.
    """
    try:
        key = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise KeyAbsent from error
    text = json.dumps({"row": row, "fields": dict(fields)}, ensure_ascii=False, separators=(",", ":"))
    return bytes(pyrage.encrypt(text.encode(), [key]))


class Sealer:
    """Seals and opens the confidential fields of rows; without an identity every act raises KeyAbsent."""

    def __init__(self, identity: str) -> None:
        self._identity = pyrage.x25519.Identity.from_str(identity) if identity else None
        self._fingerprint_key = hashlib.sha256(f"fingerprint of {identity}".encode()).digest() if identity else None

    def seal(self, fields: SealedFields, *, row: str) -> bytes:
        """Seal these fields for the row of this name; equal fields never give equal bytes."""
        return seal_to(self.recipient, fields, row=row)

    @property
    def recipient(self) -> str:
        """The public key that values for this sealer are sealed to."""
        if self._identity is None:
            raise KeyAbsent
        return str(self._identity.to_public())

    def fingerprint(self, text: str, *, purpose: str) -> str:
        """Keyed digest, 64 hexadecimal digits, by which a confidential value is found again without opening any row.

        Equal texts give equal digests for one purpose, and unrelated ones for two.
        """
        if self._fingerprint_key is None:
            raise KeyAbsent
        message = json.dumps([purpose, text], ensure_ascii=False).encode()
        return hmac.new(self._fingerprint_key, message, hashlib.sha256).hexdigest()

    def unseal(self, sealed: bytes, *, row: str) -> dict[str, Any]:
        """Open what `seal` made for this row; raise SealBroken when it was made for another, damaged or foreign."""
        if self._identity is None:
            raise KeyAbsent
        try:
            value = json.loads(pyrage.decrypt(sealed, [self._identity]))
        except (pyrage.DecryptError, ValueError) as error:
            raise SealBroken from error
        if not isinstance(value, dict) or value.get("row") != row or not isinstance(value.get("fields"), dict):
            raise SealBroken
        return dict(value["fields"])

"""Sealing of confidential values with age (X25519, through pyrage).

A sealed value names the row that it belongs to, so that one row's value moved into another is refused.
Format: https://age-encryption.org/v1, around a JSON object.
"""

import hashlib
import hmac
import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyrage
from cachetools import TTLCache

from gallery.errors import KeyAbsent, SealBroken

SealedFields = Mapping[str, Any]
# What is shown on every list of a unit is opened once in this time: at most MAX_REMEMBERED values, of a kilobyte or
# two each.
REMEMBERED_SECONDS: Final = 3600
MAX_REMEMBERED: Final = 5000


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

    def __init__(self, identities: str, digest_key: str = "") -> None:
        """Take age identities, one a line, of which the first seals and all open.

        digest_key: 64 hexadecimal digits; "": derived from the last identity, as before it had a key of its own.
        """
        texts = identities.split()
        self._identities = [pyrage.x25519.Identity.from_str(each) for each in texts]
        derived = hashlib.sha256(f"fingerprint of {texts[-1]}".encode()).digest() if texts else None
        self._fingerprint_key = bytes.fromhex(digest_key) if digest_key else derived
        self._opened_before: TTLCache[bytes, dict[str, Any]] = TTLCache(MAX_REMEMBERED, REMEMBERED_SECONDS)
        self._remembering = threading.Lock()

    def seal(self, fields: SealedFields, *, row: str) -> bytes:
        """Seal these fields for the row of this name; equal fields never give equal bytes."""
        return seal_to(self.recipient, fields, row=row)

    @property
    def recipient(self) -> str:
        """The public key that values for this sealer are sealed to."""
        if not self._identities:
            raise KeyAbsent
        return str(self._identities[0].to_public())

    @property
    def digest_key(self) -> str:
        """What keys the digests, 64 hexadecimal digits: other keys may follow the sealing identity, it may not."""
        if self._fingerprint_key is None:
            raise KeyAbsent
        return self._fingerprint_key.hex()

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
        try:
            value = json.loads(self._opened(sealed, self._identities))
        except ValueError as error:
            raise SealBroken from error
        if not isinstance(value, dict) or value.get("row") != row or not isinstance(value.get("fields"), dict):
            raise SealBroken
        return dict(value["fields"])

    def unseal_remembered(self, sealed: bytes, *, row: str) -> dict[str, Any]:
        """As `unseal`, for small values that many pages show: this process opens the same bytes once an hour."""
        key = hashlib.sha256(row.encode() + b"\0" + sealed).digest()
        with self._remembering:
            # By itself it forgets what is too old only at the next writing.
            self._opened_before.expire()
            known = self._opened_before.get(key)
        if known is None:
            known = self.unseal(sealed, row=row)
            with self._remembering:
                self._opened_before[key] = known
        return dict(known)

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the newest identity opens this value."""
        try:
            self._opened(sealed, self._identities[:1])
        except SealBroken:
            return False
        return True

    def opens(self, sealed: bytes) -> bool:
        """Whether any of the identities opens this value."""
        try:
            self._opened(sealed, self._identities)
        except SealBroken:
            return False
        return True

    def sealed_anew(self, sealed: bytes) -> bytes:
        """The same value of the same row, sealed to the newest identity; raise SealBroken where none opens it."""
        return bytes(pyrage.encrypt(self._opened(sealed, self._identities), [self._identities[0].to_public()]))

    def _opened(self, sealed: bytes, identities: Sequence[pyrage.x25519.Identity]) -> bytes:
        if not identities:
            raise KeyAbsent
        try:
            return bytes(pyrage.decrypt(sealed, identities))
        except pyrage.DecryptError as error:
            raise SealBroken from error

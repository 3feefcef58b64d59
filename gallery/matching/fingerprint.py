"""What a visitor's own browser says of a photo that it does not send: the encoder's direction and the hash.

The bytes come from anybody. What a browser makes of a photo is nearly what `describe` makes of it (docs/matching.md).
"""

from dataclasses import dataclass

import numpy as np

from gallery.errors import FingerprintInvalid
from gallery.matching.signature import MIN_CONTRAST
from gallery.matching.tiers.encoder import Vector, in_use
from gallery.matching.tiers.perceptual_hash import HASH_BITS, PLACEMENTS, HashQuery
from gallery.matching.tiers.shipped_model import ShippedModel

_HASH_BYTES = PLACEMENTS * HASH_BITS // 8
_MAX_CONTRAST, _LARGEST = 128, 127
FINGERPRINT_BYTES = ShippedModel.dimensions + _HASH_BYTES + 1


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """Of one photo. vector: (1280,) int8, the largest number 127; hash: of its eight placements."""

    vector: Vector
    hash: HashQuery

    @classmethod
    def from_bytes(cls, data: bytes) -> "Fingerprint":
        """Read the vector, eight hashes and the contrast; raise FingerprintInvalid for what no picture gives."""
        if len(data) != FINGERPRINT_BYTES:
            raise FingerprintInvalid
        vector = np.frombuffer(data, np.int8, ShippedModel.dimensions)
        placements = np.frombuffer(data, "<u8", PLACEMENTS * HASH_BITS // 64, len(vector)).reshape(PLACEMENTS, -1)
        contrast = data[-1]
        if int(np.abs(vector.astype(np.int16)).max()) != _LARGEST or contrast > _MAX_CONTRAST:
            raise FingerprintInvalid
        return cls(vector, HashQuery(placements.astype(np.uint64), telling=contrast >= MIN_CONTRAST))


def browser_model() -> str | None:
    """What names the model that browsers may run; None where this process describes with another one, or with none."""
    encoder = in_use()
    return encoder.version if encoder is not None and encoder.path == ShippedModel.path else None

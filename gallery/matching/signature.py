"""What matching keeps of one photo, with its version: one part a tier, and their binary form.

The compact form stays in the memory of every searching process; the details are fetched for the few photos that are
verified. Both come back from a database and are checked to the last byte.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gallery.matching import packing
from gallery.matching.tiers.colour import COLOUR_BINS, Histogram, colour_histogram
from gallery.matching.tiers.encoder import Vector, in_use
from gallery.matching.tiers.foreground import WEIGHT_UNIT, Box, find_foreground
from gallery.matching.tiers.local_features import (
    ANGLE_UNIT,
    DESCRIPTOR_BYTES,
    POINTS,
    POSITION_UNIT,
    LocalFeatures,
    find_features,
)
from gallery.matching.tiers.look import Look, is_valid, look_of
from gallery.matching.tiers.perceptual_hash import PLACEMENTS, Words, hash_placements
from gallery.matching.tiers.reduced import LONG_SIDE, Pixels, reduce
from gallery.matching.tiers.surface import SURFACE_SIDE, Surface, surface_of
from gallery.matching.version import current_version

_COMPACT, _DETAILS = b"GSc1", b"GSd4"
_BOX_UNIT = 65_535

MIN_CONTRAST, _MIN_WORDS = 6, 10


@dataclass(frozen=True, eq=False)
class Details:
    """What is needed of a query, and of the photos that are verified.

    placements: (8, 4) uint64, the hashes of the picture turned and mirrored; features: its local features; object_box:
    what was taken for the object; surface: what is drawn on it.
    """

    placements: Words
    features: LocalFeatures
    object_box: Box
    surface: Surface


@dataclass(frozen=True, eq=False)
class Signature:
    """What matching keeps of one photo.

    contrast: 0 to 127 grey levels; hash: (4,) uint64; colour: (1152,) uint8; look: visual words; details: None when
    only the compact form was read; vector: None without an encoder. Two signatures are equal when their bytes are.
    """

    version: str
    contrast: int
    hash: Words
    colour: Histogram
    look: Look
    details: Details | None
    vector: Vector | None = None

    @property
    def has_telling_hash(self) -> bool:
        """Whether the hash is of something: that of a white wall is noise, that of a shadow on it any shadow's."""
        return self.contrast >= MIN_CONTRAST and len(self.look) >= _MIN_WORDS

    def compact(self) -> bytes:
        """The part kept in memory: 15 kB at most, and a byte for each dimension of an encoder."""
        body = (
            bytes([self.contrast])
            + packing.little(self.hash)
            + packing.little(self.colour)
            + packing.counted(len(self.look))
            + packing.little(self.look.words)
            + packing.little(self.look.codes)
            + packing.little(self.look.weights)
            + (b"" if self.vector is None else packing.little(self.vector))
        )
        return packing.framed(_COMPACT, self.version, body)

    def details_bytes(self) -> bytes:
        """The part fetched on demand: 125 kB at most. Raise ValueError for a signature read without its details."""
        if self.details is None:
            raise ValueError("this signature was read without its details")
        features = self.details.features
        body = (
            packing.little(self.details.placements)
            + packing.little(np.rint(np.array(self.details.object_box) * _BOX_UNIT).astype(np.uint16))
            + packing.counted(features.width)
            + packing.counted(features.height)
            + packing.counted(len(features))
            + packing.little(features.placed)
            + packing.little(features.descriptors)
            + packing.little(features.weights)
            + packing.little(np.packbits(features.inside))
            + _surface_bytes(self.details.surface)
        )
        return packing.framed(_DETAILS, self.version, body)

    @classmethod
    def from_bytes(cls, compact: bytes, details: bytes | None = None) -> "Signature":
        """Read a signature back; raise SignatureUnreadable when damaged, tampered with or of another version."""
        version = current_version()
        reader = packing.unframed(_COMPACT, version, compact)
        contrast = int(reader.array(np.uint8, (1,))[0])
        packing.require(contrast <= 128, "impossible contrast")
        signature_hash = reader.array(np.uint64, (4,))
        colour = reader.array(np.uint8, (COLOUR_BINS,))
        look, vector = _read_look(reader), _read_vector(reader)
        reader.end()
        read = None if details is None else read_details(details)
        return cls(version, contrast, signature_hash, colour, look, read, vector)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Signature):
            return NotImplemented
        return self._bytes() == other._bytes()

    def __hash__(self) -> int:
        return hash(self._bytes())

    def _bytes(self) -> tuple[bytes, bytes | None]:
        return self.compact(), None if self.details is None else self.details_bytes()


def describe(picture: Pixels, box: Box | None = None) -> Signature:
    """Describe a picture of any size: the same pixels and box always give the same signature.

    picture: (h, w, 3) uint8 RGB, upright; ValueError for another array. A picture without any feature has a signature
    too, which resembles nothing. box: what is outside of it counts less.
    """
    reduced = reduce(picture)
    placements = hash_placements(reduced.grey)
    foreground = find_foreground(reduced.colour, box)
    features = find_features(reduced.grey, foreground)
    encoder = in_use()
    return Signature(
        version=current_version(),
        contrast=reduced.contrast,
        hash=placements[0],
        colour=colour_histogram(foreground),
        look=look_of(features.descriptors, features.weights),
        details=Details(
            placements, features, _whole_steps(foreground.object_box), surface_of(reduced.grey, foreground)
        ),
        vector=encoder.encode(reduced.colour, foreground.object_box, is_drawn=box is not None) if encoder else None,
    )


def read_details(blob: bytes) -> Details:
    """Read the details of a photo; raise SignatureUnreadable when damaged, tampered with or of another version."""
    reader = packing.unframed(_DETAILS, current_version(), blob)
    placements, object_box = reader.array(np.uint64, (PLACEMENTS, 4)), _read_object_box(reader)
    width, height = reader.count(limit=LONG_SIDE), reader.count(limit=LONG_SIDE)
    count = reader.count(limit=POINTS)
    placed = reader.array(np.uint16, (count, 4))
    descriptors = reader.array(np.uint8, (count, DESCRIPTOR_BYTES))
    weights = _read_weights(reader, count)
    inside = np.unpackbits(reader.array(np.uint8, (-(-count // 8),)), count=count).astype(np.bool_)
    surface = _read_surface(reader)
    reader.end()
    _require_inside(placed, width, height)
    return Details(placements, LocalFeatures(width, height, placed, descriptors, weights, inside), object_box, surface)


def _whole_steps(box: Box) -> Box:
    """The box as it is kept."""
    left, top, right, bottom = (round(min(1.0, max(0.0, side)) * _BOX_UNIT) / _BOX_UNIT for side in box)
    return left, top, right, bottom


def _read_object_box(reader: packing.Reader) -> Box:
    left, top, right, bottom = (reader.array(np.uint16, (4,)) / _BOX_UNIT).tolist()
    packing.require(left <= right and top <= bottom, "an object without area")
    return left, top, right, bottom


def _surface_bytes(surface: Surface) -> bytes:
    """Its sides, where it is, and what it shows there."""
    is_shown = surface > 0
    sides = packing.counted(surface.shape[0]) + packing.counted(surface.shape[1])
    return sides + packing.little(np.packbits(is_shown)) + packing.little(surface[is_shown])


def _read_surface(reader: packing.Reader) -> Surface:
    height, width = reader.count(limit=SURFACE_SIDE), reader.count(limit=SURFACE_SIDE)
    packing.require(height * width > 0, "a surface without area")
    bits = reader.array(np.uint8, (-(-height * width // 8),))
    is_shown = np.unpackbits(bits, count=height * width).astype(np.bool_).reshape(height, width)
    shown = reader.array(np.uint8, (int(is_shown.sum()),))
    packing.require(bool((shown > 0).all()), "a surface with holes")
    surface = np.zeros((height, width), np.uint8)
    surface[is_shown] = shown
    return surface


def _read_look(reader: packing.Reader) -> Look:
    count = reader.count(limit=POINTS)
    look = Look(reader.array(np.uint16, (count,)), reader.array(np.uint64, (count, 2)), _read_weights(reader, count))
    packing.require(is_valid(look.words), "impossible visual words")
    return look


def _read_vector(reader: packing.Reader) -> Vector | None:
    encoder = in_use()
    return reader.array(np.int8, (encoder.dimensions,)) if encoder else None


def _read_weights(reader: packing.Reader, count: int) -> npt.NDArray[np.uint8]:
    weights = reader.array(np.uint8, (count,))
    packing.require(bool(((weights >= 1) & (weights <= WEIGHT_UNIT)).all()), "impossible weights")
    return weights


def _require_inside(placed: npt.NDArray[np.uint16], width: int, height: int) -> None:
    packing.require(width > 0 and height > 0, "a picture without area")
    limits = np.array([width * POSITION_UNIT, height * POSITION_UNIT, np.inf, 360 * ANGLE_UNIT])
    packing.require((placed < limits).all(), "a point outside of the picture")
    packing.require((placed[:, 2] > 0).all(), "a point without size")

"""The hash tier: finds the same picture again, recompressed, resized, mirrored or turned by quarter turns.

Knows pictures and bits. A stored photo keeps one hash; a query brings the hashes of its eight placements.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import faiss
import numpy as np
import numpy.typing as npt
from PIL import Image

Words = npt.NDArray[np.uint64]

HASH_BITS = 256

_SIDE = 16
_PLACEMENTS = (
    None,
    Image.Transpose.ROTATE_90,
    Image.Transpose.ROTATE_180,
    Image.Transpose.ROTATE_270,
    Image.Transpose.FLIP_LEFT_RIGHT,
    Image.Transpose.FLIP_TOP_BOTTOM,
    Image.Transpose.TRANSPOSE,
    Image.Transpose.TRANSVERSE,
)
PLACEMENTS = len(_PLACEMENTS)
_REDUCED = _SIDE * 4
_WAVES = np.cos(np.pi / _REDUCED * np.outer(np.arange(_SIDE), np.arange(_REDUCED) + 0.5))
FIRST_MIRRORED = 4
SUSPECTED_BITS = 72
"""Differing hash bits up to which a photo is verified, whatever the other tiers say of it."""


def hash_placements(grey: npt.NDArray[np.uint8]) -> Words:
    """Hash a picture as it is, turned by 90, 180 and 270 degrees, then mirrored four ways. Returns (8, 4) uint64."""
    small = Image.fromarray(grey).resize((_REDUCED, _REDUCED), Image.Resampling.LANCZOS)
    return np.stack([_hash(small if turn is None else small.transpose(turn)) for turn in _PLACEMENTS])


def _hash(image: Image.Image) -> Words:
    """The bits of imagehash's phash, which loads 19 MB of SciPy for this one transform."""
    waves = _WAVES @ np.asarray(image, np.float64) @ _WAVES.T
    bits = waves > np.median(waves)
    return np.packbits(bits.ravel()).view("<u8").astype(np.uint64)


def hamming_distances(query: Words, catalogue: Words) -> npt.NDArray[np.int64]:
    """Count differing bits between one hash (4,) and every catalogue hash (n, 4), both uint64.

    Returns (n,) bits, 0 (identical) to 256 (opposite).

    >>> hamming_distances(np.zeros(4, np.uint64), np.array([[0, 0, 0, 3]], np.uint64)).tolist()
    [2]
    """
    return np.asarray(np.bitwise_count(catalogue ^ query).sum(axis=1, dtype=np.int64))


@dataclass(frozen=True)
class HashQuery:
    """placements: (8, 4) uint64, or (1, 4) when only the upright hash was kept; telling: whether it says something."""

    placements: Words
    telling: bool


@dataclass(eq=False)
class HashIndex:
    """The hashes of n photos, arranged for faiss once they are searched by it.

    hashes: (n, 4) uint64; telling: (n,) bool, False for pictures that show nothing.
    """

    hashes: Words
    telling: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, hashes: Sequence[Words], telling: Sequence[bool]) -> "HashIndex":
        """Index the hashes (4,) of photos; telling: whether each says something."""
        return cls(np.array(hashes, np.uint64).reshape(-1, 4), np.array(telling, np.bool_))

    def distances(self, query: HashQuery) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Least distance of any placement of the query to every photo, and which placement it was; (n,) each.

        A picture that shows nothing, on either side, is as far as can be from everything.
        """
        by_placement = np.stack([hamming_distances(placement, self.hashes) for placement in query.placements])
        nearest = by_placement.argmin(axis=0)
        bits = np.where(self.telling & query.telling, by_placement.min(axis=0), HASH_BITS)
        return bits, nearest

    def near(self, query: HashQuery, *, within: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """What `distances` returns for photos within this many bits; all others count as HASH_BITS away, placement 0.

        The fast one, by faiss (https://github.com/facebookresearch/faiss, IndexBinaryFlat): most of the time of
        `distances` goes to numbers that nobody asks for.
        """
        bits, nearest = np.full(len(self.hashes), HASH_BITS), np.zeros(len(self.hashes), np.int64)
        if not query.telling or not len(self.hashes):
            return bits, nearest
        limits, found, rows = self._flat.range_search(_as_bytes(query.placements), within + 1)
        for placement in np.flatnonzero(np.diff(limits))[::-1]:
            part = slice(limits[placement], limits[placement + 1])
            closer = found[part] <= bits[rows[part]]
            bits[rows[part][closer]], nearest[rows[part][closer]] = found[part][closer], placement
        if len(rows):
            bits[~self.telling], nearest[~self.telling] = HASH_BITS, 0
        return bits, nearest

    @cached_property
    def _flat(self) -> faiss.IndexBinaryFlat:
        index = faiss.IndexBinaryFlat(HASH_BITS)
        index.add(_as_bytes(self.hashes))
        return index

    @classmethod
    def joined(cls, parts: Sequence[tuple["HashIndex", npt.NDArray[np.bool_]]]) -> "HashIndex":
        """One index of the photos kept of several, in order."""
        return cls(
            hashes=np.concatenate([index.hashes[kept] for index, kept in parts]),
            telling=np.concatenate([index.telling[kept] for index, kept in parts]),
        )


def _as_bytes(hashes: Words) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(hashes).view(np.uint8).reshape(len(hashes), HASH_BITS // 8)

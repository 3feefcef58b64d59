"""The visual words: centroids of RootSIFT descriptors, learnt by bench/learn_vocabulary.py and shipped as one file.

Knows descriptors and words, never pictures. All sums are of integers that floats hold exactly, so that every processor
gives the same words and codes for the same descriptors.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

VOCABULARY_FILE = Path(__file__).with_name("vocabulary.npz")
WEIGHT_UNIT = 256.0
_BLOCK = 128
"""Descriptors compared at once: what they need stays near the processor."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """w visual words.

    centroids: (w, 128) uint8; rotation: (128, 128) int8, near to a rotation times 127 or less, which spreads what
    neighbouring numbers of a descriptor have in common before only signs are kept; weights: (w,) uint16, 256 times the
    inverse document frequency.
    """

    centroids: npt.NDArray[np.uint8]
    rotation: npt.NDArray[np.int8]
    weights: npt.NDArray[np.uint16]

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits that name this vocabulary."""
        arrays = (self.centroids, self.rotation, self.weights)
        return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()[:8]

    def save(self, path: Path) -> None:
        """Write the vocabulary as one compressed file."""
        np.savez_compressed(path, centroids=self.centroids, rotation=self.rotation, weights=self.weights)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that this version describes with."""
    with np.load(VOCABULARY_FILE, allow_pickle=False) as file:
        return Vocabulary(file["centroids"], file["rotation"], file["weights"].astype(np.uint16))


@cache
def word_weights() -> npt.NDArray[np.float64]:
    """Inverse document frequency of every word, (w,) float64."""
    return vocabulary().weights / WEIGHT_UNIT


@cache
def _search_form() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    centroids = vocabulary().centroids.astype(np.float32)
    return np.ascontiguousarray(centroids.T), (centroids**2).sum(axis=1) / 2


def nearest_words(descriptors: npt.NDArray[np.uint8], count: int) -> npt.NDArray[np.int64]:
    """The nearest words of each descriptor, the nearest first: (n, 128) uint8 -> (n, count) int64."""
    transposed, half_squares = _search_form()
    words = np.empty((len(descriptors), count), np.int64)
    room = np.empty((_BLOCK, len(half_squares)), np.float32)
    for start in range(0, len(descriptors), _BLOCK):
        asked = descriptors[start : start + _BLOCK].astype(np.float32)
        block = slice(start, start + len(asked))
        nearness = np.matmul(asked, transposed, out=room[: len(asked)])
        nearness -= half_squares
        for place in range(count):
            words[block, place] = nearness.argmax(axis=1)
            nearness[np.arange(len(nearness)), words[block, place]] = -np.inf
    return words


def residual_signs(
    descriptors: npt.NDArray[np.uint8], words: npt.NDArray[np.int64], weights: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint64], npt.NDArray[np.uint8]]:
    """Sum the residuals of descriptors (n, 128) to their words (n, k), word by word, turn them, and keep the signs.

    weights: (n,), what each descriptor counts. Returns the distinct words (m,) uint16, increasing, (m, 2) uint64, and
    the largest weight of each.
    """
    residuals = descriptors.astype(np.float64)[:, None, :] - vocabulary().centroids[words]
    residuals *= weights[:, None, None]
    order = np.argsort(words.ravel(), kind="stable")
    distinct, starts = np.unique(words.ravel()[order], return_index=True)
    sums = np.add.reduceat(residuals.reshape(-1, residuals.shape[-1])[order], starts, axis=0)
    turned = sums @ vocabulary().rotation.astype(np.float64)
    largest = np.maximum.reduceat(np.repeat(weights, words.shape[1])[order], starts)
    return distinct.astype(np.uint16), np.packbits(turned > 0, axis=1).view("<u8").astype(np.uint64), largest

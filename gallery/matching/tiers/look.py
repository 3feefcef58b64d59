"""The look tier: shortlists photos that share many aggregated local features with the query.

Residuals of local features to their visual word are summed by word, kept as signs, and compared in an inverted file:
ASMK* (Tolias, Avrithis and Jegou, "To aggregate or not to aggregate", 2013; "Image search with selective match
kernels", 2016). A query's features also ask their second and third nearest words. What lies beside the object counts
less in one similarity and as much in another: both tell, the first more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gallery.matching.tiers.vocabulary import nearest_words, residual_signs, vocabulary, word_weights

CODE_BITS = 128
ASSIGNED_OF_QUERY = 3
_SELECTIVITY = 3.0
_BLOCK = 10_000
"""Entries compared at once: what they need stays near the processor, and with the process (`memory`)."""
TELLING_BITS = 57
"""Differing bits of two codes beyond which their gain, a thousandth of the most, is not worth adding up."""

_agreement = np.maximum(0, 1 - 2 * np.arange(CODE_BITS + 1) / CODE_BITS)
# Multiples of a power of two add up exactly: the order of the photos can't change a similarity.
_SIMILARITY_BY_BITS = np.rint(_agreement**_SELECTIVITY * 2**20) / 2**20
FOREGROUND_SHARE = 5 / 8


@dataclass(frozen=True, eq=False)
class Look:
    """The visual words of one photo.

    words: (n,) uint16, increasing; codes: (n, 2) uint64, signs of the residuals; weights: (n,) uint8, 1 to 15, less
    beside the object.
    """

    words: npt.NDArray[np.uint16]
    codes: npt.NDArray[np.uint64]
    weights: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.words)


def look_of(descriptors: npt.NDArray[np.uint8], weights: npt.NDArray[np.uint8], *, assigned: int = 1) -> Look:
    """Aggregate descriptors (n, 128) uint8 over the nearest words of each (1 for the catalogue, 3 for a query)."""
    if not len(descriptors):
        return nothing_seen()
    return Look(*residual_signs(descriptors, nearest_words(descriptors, assigned), weights))


def nothing_seen() -> Look:
    """The look of a picture without features, which resembles nothing."""
    return Look(np.zeros(0, np.uint16), np.zeros((0, 2), np.uint64), np.zeros(0, np.uint8))


@dataclass(frozen=True, eq=False)
class LookIndex:
    """An inverted file of n photos, its entries sorted by word.

    words (m,) uint16, codes (m, 2) uint64, weights (m,) uint8, photos (m,) uint32: one entry a word and photo; norms:
    (n, 2) float32, of the weighted and the plain similarity.
    """

    words: npt.NDArray[np.uint16]
    codes: npt.NDArray[np.uint64]
    weights: npt.NDArray[np.uint8]
    photos: npt.NDArray[np.uint32]
    norms: npt.NDArray[np.float32]

    @classmethod
    def of(cls, looks: Sequence[Look]) -> "LookIndex":
        """Index the looks of photos, in order."""
        counts = np.array([len(look) for look in looks], np.int64)
        return cls._sorted(
            np.concatenate([np.zeros(0, np.uint16), *(look.words for look in looks)]),
            np.concatenate([np.zeros((0, 2), np.uint64), *(look.codes for look in looks)]),
            np.concatenate([np.zeros(0, np.uint8), *(look.weights for look in looks)]),
            np.repeat(np.arange(len(looks), dtype=np.uint32), counts),
            np.array([norms_of(look) for look in looks], np.float32).reshape(-1, 2),
        )

    @classmethod
    def joined(cls, parts: Sequence[tuple["LookIndex", npt.NDArray[np.bool_]]]) -> "LookIndex":
        """One index of the photos kept of several, in order."""
        words, codes, weights, photos, first = [], [], [], [], 0
        for index, kept in parts:
            entries = kept[index.photos]
            renumbered = np.cumsum(kept, dtype=np.int64) - 1 + first
            words.append(index.words[entries])
            codes.append(index.codes[entries])
            weights.append(index.weights[entries])
            photos.append(renumbered[index.photos[entries]].astype(np.uint32))
            first += int(kept.sum())
        norms = np.concatenate([index.norms[kept] for index, kept in parts])
        return cls._sorted(
            np.concatenate(words), np.concatenate(codes), np.concatenate(weights), np.concatenate(photos), norms
        )

    @classmethod
    def _sorted(
        cls,
        words: npt.NDArray[np.uint16],
        codes: npt.NDArray[np.uint64],
        weights: npt.NDArray[np.uint8],
        photos: npt.NDArray[np.uint32],
        norms: npt.NDArray[np.float32],
    ) -> "LookIndex":
        order = np.argsort(words, kind="stable")
        return cls(words[order], codes[order], weights[order], photos[order], norms)

    def similarities(self, query: Look) -> npt.NDArray[np.float32]:
        """Similarity of the query with every photo: (n,) float32, 0 (no word agrees) to 1 (the same)."""
        weighted, plain = np.zeros((2, len(self.norms)), np.float64)
        frequencies, query_weights = word_weights()[query.words], query.weights.astype(np.float64)
        for asked, lists in self._blocks(query.words):
            lengths = [each.stop - each.start for each in lists]
            bits = self._differing_bits(np.repeat(query.codes[asked], lengths, axis=0), lists)
            telling = np.flatnonzero(bits <= TELLING_BITS)
            words = np.repeat(asked, lengths)[telling]
            photos = np.concatenate([self.photos[each] for each in lists])[telling].astype(np.int64)
            gains = _SIMILARITY_BY_BITS[bits[telling]] * frequencies[words]
            np.add.at(plain, photos, gains)
            gains *= query_weights[words] * np.concatenate([self.weights[each] for each in lists])[telling]
            np.add.at(weighted, photos, gains)
        both = np.sqrt(np.stack([weighted, plain], axis=1) / (self.norms * norms_of(query)))
        return np.asarray((both @ (FOREGROUND_SHARE, 1 - FOREGROUND_SHARE)) ** 2, np.float32)

    def _blocks(self, words: npt.NDArray[np.uint16]) -> Iterator[tuple[npt.NDArray[np.int64], list[slice]]]:
        """Numbers of asked words and the list of entries of each, some hundred thousand entries at a time."""
        first = np.searchsorted(self.words, words, side="left")
        last = np.searchsorted(self.words, words, side="right")
        block = np.cumsum(last - first) // _BLOCK
        for number in np.unique(block):
            asked = np.flatnonzero(block == number)
            yield asked, [slice(*ends) for ends in zip(first[asked].tolist(), last[asked].tolist(), strict=True)]

    def _differing_bits(self, codes: npt.NDArray[np.uint64], lists: Sequence[slice]) -> npt.NDArray[np.uint8]:
        """Bits by which the entries of lists, one after the other, differ from the code that asked for each."""
        differing = np.concatenate([self.codes[each] for each in lists])
        differing ^= codes
        counted = np.bitwise_count(differing)
        return np.asarray(counted[:, 0] + counted[:, 1])


def norms_of(look: Look) -> tuple[float, float]:
    """Lengths of a look, weighted and plain; 1 for an empty one."""
    frequency = word_weights()[look.words]
    weighted = float(np.sqrt((frequency * look.weights.astype(np.float64) ** 2).sum()))
    return weighted or 1.0, float(np.sqrt(frequency.sum())) or 1.0


def is_valid(words: npt.NDArray[np.uint16]) -> bool:
    """Whether these can be the words of a look: increasing, each once, all in the vocabulary."""
    wide = words.astype(np.int64)
    return bool((np.diff(wide) > 0).all() and (not len(wide) or wide[-1] < len(vocabulary().centroids)))

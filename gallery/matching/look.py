"""The look tier: shortlists photos that share many aggregated local features with the query.

Residuals of local features to their visual word are summed a word, kept as signs, and compared in an inverted file:
ASMK* (Tolias, Avrithis and Jegou, "To aggregate or not to aggregate", 2013; "Image search with selective match
kernels", 2016). A query's features also ask their second and third nearest words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gallery.matching.vocabulary import nearest_words, residual_signs, vocabulary, word_weights

CODE_BITS = 128
ASSIGNED_OF_QUERY = 3
_SELECTIVITY = 3.0
_BLOCK = 1_000_000

_agreement = np.maximum(0, 1 - 2 * np.arange(CODE_BITS + 1) / CODE_BITS)
# Multiples of a power of two add up exactly: the order of the photos can't change a similarity.
_SIMILARITY_BY_BITS = np.rint(_agreement**_SELECTIVITY * 2**20) / 2**20


@dataclass(frozen=True, eq=False)
class Look:
    """The visual words of one photo. words: (n,) uint16, increasing; codes: (n, 2) uint64, signs of the residuals."""

    words: npt.NDArray[np.uint16]
    codes: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.words)


def look_of(descriptors: npt.NDArray[np.uint8], *, assigned: int = 1) -> Look:
    """Aggregate descriptors (n, 128) uint8 over the nearest words of each (1 for the catalogue, 3 for a query)."""
    if not len(descriptors):
        return Look(np.zeros(0, np.uint16), np.zeros((0, 2), np.uint64))
    return Look(*residual_signs(descriptors, nearest_words(descriptors, assigned)))


@dataclass(frozen=True, eq=False)
class LookIndex:
    """An inverted file of n photos, its entries sorted by word.

    words (m,) uint16, codes (m, 2) uint64, photos (m,) uint32: one entry a word and photo; norms: (n,) float32.
    """

    words: npt.NDArray[np.uint16]
    codes: npt.NDArray[np.uint64]
    photos: npt.NDArray[np.uint32]
    norms: npt.NDArray[np.float32]

    @classmethod
    def of(cls, looks: Sequence[Look]) -> "LookIndex":
        """Index the looks of photos, in order."""
        counts = np.array([len(look) for look in looks], np.int64)
        return cls._sorted(
            np.concatenate([np.zeros(0, np.uint16), *(look.words for look in looks)]),
            np.concatenate([np.zeros((0, 2), np.uint64), *(look.codes for look in looks)]),
            np.repeat(np.arange(len(looks), dtype=np.uint32), counts),
            np.array([_norm(look) for look in looks], np.float32),
        )

    @classmethod
    def joined(cls, parts: Sequence[tuple["LookIndex", npt.NDArray[np.bool_]]]) -> "LookIndex":
        """One index of the photos kept of several, in order."""
        words, codes, photos, first = [], [], [], 0
        for index, kept in parts:
            entries = kept[index.photos]
            renumbered = np.cumsum(kept, dtype=np.int64) - 1 + first
            words.append(index.words[entries])
            codes.append(index.codes[entries])
            photos.append(renumbered[index.photos[entries]].astype(np.uint32))
            first += int(kept.sum())
        norms = np.concatenate([index.norms[kept] for index, kept in parts])
        return cls._sorted(np.concatenate(words), np.concatenate(codes), np.concatenate(photos), norms)

    @classmethod
    def _sorted(
        cls,
        words: npt.NDArray[np.uint16],
        codes: npt.NDArray[np.uint64],
        photos: npt.NDArray[np.uint32],
        norms: npt.NDArray[np.float32],
    ) -> "LookIndex":
        order = np.argsort(words, kind="stable")
        return cls(words[order], codes[order], photos[order], norms)

    def similarities(self, query: Look) -> npt.NDArray[np.float32]:
        """Similarity of the query with every photo: (n,) float32, 0 (no word agrees) to 1 (the same)."""
        totals = np.zeros(len(self.norms), np.float64)
        for entries, asked in self._postings(query.words):
            bits = np.bitwise_count(self.codes[entries] ^ query.codes[asked]).sum(axis=1, dtype=np.int64)
            gains = _SIMILARITY_BY_BITS[bits] * word_weights()[query.words[asked]]
            totals += np.bincount(self.photos[entries], gains, minlength=len(totals))
        return (totals / (self.norms * _norm(query))).astype(np.float32)

    def _postings(self, words: npt.NDArray[np.uint16]) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """Entries under each word and the number of the word that asked, a million pairs at a time at most or so."""
        first = np.searchsorted(self.words, words, side="left")
        lengths = np.searchsorted(self.words, words, side="right") - first
        block = np.cumsum(lengths) // _BLOCK
        for number in np.unique(block):
            chosen = np.flatnonzero(block == number)
            counts = lengths[chosen]
            asked = np.repeat(chosen, counts)
            before = np.repeat(np.cumsum(counts) - counts, counts)
            yield np.arange(len(asked)) - before + first[asked], asked


def _norm(look: Look) -> float:
    return float(np.sqrt(word_weights()[look.words].sum())) or 1.0


def is_valid(words: npt.NDArray[np.uint16]) -> bool:
    """Whether these can be the words of a look: increasing, each once, all in the vocabulary."""
    wide = words.astype(np.int64)
    return bool((np.diff(wide) > 0).all() and (not len(wide) or wide[-1] < len(vocabulary().centroids)))

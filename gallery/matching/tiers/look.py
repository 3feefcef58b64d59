"""The look tier: shortlists photos that share many aggregated local features with the query.

Residuals of local features to their visual word are summed by word, kept as signs, and compared in an inverted file:
ASMK* (Tolias, Avrithis and Jegou, "To aggregate or not to aggregate", 2013; "Image search with selective match
kernels", 2016). A query's features also ask their second and third nearest words. What lies beside the object counts
less in one similarity and as much in another: both tell, the first more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import faiss
import numpy as np
import numpy.typing as npt

from gallery.matching.tiers.vocabulary import nearest_words, residual_signs, vocabulary, word_weights

CODE_BITS = 128
ASSIGNED_OF_QUERY = 3
_SELECTIVITY = 3.0
_BLOCK = 10_000
"""Entries compared at once: what they need stays near the processor, and with the process (`memory`)."""
_LONG_LIST = 400
"""Entries of a word from which its list is compared by a call of its own."""
TELLING_BITS = 57
"""Differing bits of two codes beyond which their gain, a thousandth of the most, is not worth adding up."""

_agreement = np.maximum(0, 1 - 2 * np.arange(CODE_BITS + 1) / CODE_BITS)
# Multiples of a power of two add up exactly: the order of the photos can't change a similarity.
_SIMILARITY_BY_BITS = np.rint(_agreement**_SELECTIVITY * 2**20) / 2**20
FOREGROUND_SHARE = 5 / 8

Codes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
# Each with the number of the query's word that asked for it: (n,), (n,), and the bits that differ, (n,).
Telling = tuple[Numbers, Numbers, npt.NDArray[np.integer]]


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
class _Lists:
    """Where the entries of n words are. asked: numbers of the query's words; first: their first entries; (n,) each."""

    asked: Numbers
    first: Numbers
    lengths: Numbers

    @classmethod
    def of_words(cls, words: npt.NDArray[np.uint16], asked: npt.NDArray[np.uint16]) -> "_Lists":
        first, last = (np.searchsorted(words, asked, side=side) for side in ("left", "right"))
        return cls(np.arange(len(asked)), first, last - first)

    def of(self, some: Numbers) -> "_Lists":
        return _Lists(self.asked[some], self.first[some], self.lengths[some])

    def slices(self) -> list[slice]:
        return [slice(*ends) for ends in zip(self.first.tolist(), (self.first + self.lengths).tolist(), strict=True)]


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
        lists = _Lists.of_words(self.words, query.words)
        is_long = lists.lengths >= _LONG_LIST
        short, long = (lists.of(np.flatnonzero(each)) for each in (~is_long, is_long))
        for asked, entries, bits in chain(
            self._telling_in_short(query.codes, short), self._telling_in_long(query.codes, long)
        ):
            photos = self.photos[entries].astype(np.int64)
            gains = _SIMILARITY_BY_BITS[bits] * frequencies[asked]
            np.add.at(plain, photos, gains)
            gains *= query_weights[asked] * self.weights[entries]
            np.add.at(weighted, photos, gains)
        both = np.sqrt(np.stack([weighted, plain], axis=1) / (self.norms * norms_of(query)))
        return np.asarray((both @ (FOREGROUND_SHARE, 1 - FOREGROUND_SHARE)) ** 2, np.float32)

    def _telling_in_short(self, codes: Codes, lists: "_Lists") -> Iterator[Telling]:
        """The telling entries of these words' lists, some ten thousand entries compared at a time."""
        blocks = np.cumsum(lists.lengths) // _BLOCK
        for number in np.unique(blocks):
            block = lists.of(np.flatnonzero(blocks == number))
            differing = np.concatenate([self.codes[each] for each in block.slices()])
            differing ^= np.repeat(codes[block.asked], block.lengths, axis=0)
            counted = np.bitwise_count(differing)
            bits = counted[:, 0] + counted[:, 1]
            telling = np.flatnonzero(bits <= TELLING_BITS)
            starts = np.repeat(block.first - np.cumsum(block.lengths) + block.lengths, block.lengths)
            yield np.repeat(block.asked, block.lengths)[telling], starts[telling] + telling, bits[telling]

    def _telling_in_long(self, codes: Codes, lists: "_Lists") -> Iterator[Telling]:
        """The same, each list by a call of faiss (match_hamming_thres), some ten thousand that tell at a time."""
        longest = int(lists.lengths.max(initial=0))
        pairs, differing = np.empty((longest, 2), np.int64), np.empty(longest, np.int32)
        entries, bits = np.empty(_BLOCK + longest, np.int64), np.empty(_BLOCK + longest, np.int64)
        asking, asked_of = (np.ascontiguousarray(each).view(np.uint8) for each in (codes, self.codes))
        room, filled, counts = (faiss.swig_ptr(pairs), faiss.swig_ptr(differing)), 0, list[tuple[int, int]]()
        for word, each in zip(lists.asked.tolist(), lists.slices(), strict=True):
            given = faiss.swig_ptr(asking[word : word + 1]), faiss.swig_ptr(asked_of[each])
            found: int = faiss.match_hamming_thres(  # type: ignore[attr-defined]
                *given, 1, each.stop - each.start, TELLING_BITS, CODE_BITS // 8, *room
            )
            np.add(pairs[:found, 1], each.start, out=entries[filled : filled + found])
            bits[filled : filled + found] = differing[:found]
            filled += found
            counts.append((word, found))
            if filled >= _BLOCK:
                yield np.repeat(*np.array(counts).T), entries[:filled], bits[:filled]
                filled, counts = 0, []
        if filled:
            yield np.repeat(*np.array(counts).T), entries[:filled], bits[:filled]


def norms_of(look: Look) -> tuple[float, float]:
    """Lengths of a look, weighted and plain; 1 for an empty one."""
    frequency = word_weights()[look.words]
    weighted = float(np.sqrt((frequency * look.weights.astype(np.float64) ** 2).sum()))
    return weighted or 1.0, float(np.sqrt(frequency.sum())) or 1.0


def is_valid(words: npt.NDArray[np.uint16]) -> bool:
    """Whether these can be the words of a look: increasing, each once, all in the vocabulary."""
    wide = words.astype(np.int64)
    return bool((np.diff(wide) > 0).all() and (not len(wide) or wide[-1] < len(vocabulary().centroids)))

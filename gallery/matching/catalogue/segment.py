"""An immutable run of photos, indexed once by every shortlist tier.

Knows the tiers' indexes; which runs there are, and when they are joined, is the catalogue's matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gallery.matching.signature import Signature
from gallery.matching.threads import side_by_side
from gallery.matching.tiers.colour import ColourIndex, Histogram
from gallery.matching.tiers.encoder import EncoderIndex, Vector, no_cosines
from gallery.matching.tiers.look import Look, LookIndex
from gallery.matching.tiers.perceptual_hash import SUSPECTED_BITS, HashIndex, HashQuery

Numbers = npt.NDArray[np.int64]
Kept = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Question:
    """A query photo as each shortlist tier wants it: prepared once, asked of every segment."""

    hash: HashQuery
    colour: Histogram
    look: Look
    mirrored_look: Look
    vector: Vector | None = None


@dataclass(frozen=True, eq=False)
class Similarities:
    """What the shortlist tiers say of n photos. All (n,): ids, differing hash bits, similarities of 0 to 1.

    mirrored_look: of the query's mirror image; cosine: of the encoder's vectors, NaN without one.
    """

    entry_ids: Numbers
    item_ids: Numbers
    hash_bits: Numbers
    placements: Numbers
    look: npt.NDArray[np.float32]
    mirrored_look: npt.NDArray[np.float32]
    colour: npt.NDArray[np.float32]
    object_colour: npt.NDArray[np.float32]
    cosine: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.entry_ids)


@dataclass(frozen=True, eq=False)
class Segment:
    """n photos in the order of their addition. entry_ids, item_ids: (n,) int64."""

    entry_ids: Numbers
    item_ids: Numbers
    hashes: HashIndex
    colours: ColourIndex
    looks: LookIndex
    vectors: EncoderIndex | None

    @classmethod
    def of(cls, entry_ids: Sequence[int], item_ids: Sequence[int], signatures: Sequence[Signature]) -> "Segment":
        """Index signatures, in order."""
        return cls(
            entry_ids=np.array(entry_ids, np.int64),
            item_ids=np.array(item_ids, np.int64),
            hashes=HashIndex.of([one.hash for one in signatures], [one.has_telling_hash for one in signatures]),
            colours=ColourIndex.of([one.colour for one in signatures]),
            looks=LookIndex.of([one.look for one in signatures]),
            vectors=EncoderIndex.of([one.vector for one in signatures]),
        )

    @classmethod
    def joined(cls, parts: Sequence[tuple["Segment", Kept]]) -> "Segment":
        """One segment of the photos kept (n,) bool of several, in order."""
        return cls(
            entry_ids=np.concatenate([segment.entry_ids[kept] for segment, kept in parts]),
            item_ids=np.concatenate([segment.item_ids[kept] for segment, kept in parts]),
            hashes=HashIndex.joined([(segment.hashes, kept) for segment, kept in parts]),
            colours=ColourIndex.joined([(segment.colours, kept) for segment, kept in parts]),
            looks=LookIndex.joined([(segment.looks, kept) for segment, kept in parts]),
            vectors=EncoderIndex.joined([(segment.vectors, kept) for segment, kept in parts]),
        )

    def __len__(self) -> int:
        return len(self.entry_ids)

    @property
    def size_bytes(self) -> int:
        """Memory of all indexes."""
        arrays = (
            self.entry_ids, self.item_ids, self.hashes.hashes, self.hashes.telling, self.colours.by_bin,
            self.looks.words, self.looks.codes, self.looks.weights, self.looks.photos, self.looks.norms,
        )  # fmt: skip
        return sum(array.nbytes for array in arrays) + (self.vectors.size_bytes if self.vectors else 0)

    def answer(self, question: Question, kept: Kept) -> Similarities:
        """Compare the question with the photos kept."""
        look, mirrored_look = side_by_side(self.looks.similarities, (question.look, question.mirrored_look))
        bits, placements = self.hashes.near(question.hash, within=SUSPECTED_BITS)
        colour, object_colour = self.colours.similarities(question.colour)
        return Similarities(
            entry_ids=self.entry_ids[kept],
            item_ids=self.item_ids[kept],
            hash_bits=bits[kept],
            placements=placements[kept],
            look=look[kept],
            mirrored_look=mirrored_look[kept],
            colour=colour[kept],
            object_colour=object_colour[kept],
            cosine=self.cosines(question.vector)[kept],
        )

    def cosines(self, vector: Vector | None) -> npt.NDArray[np.float32]:
        """Cosines of a vector with those of all photos: (n,), NaN without an encoder."""
        return self.vectors.cosines(vector) if self.vectors else no_cosines(len(self))

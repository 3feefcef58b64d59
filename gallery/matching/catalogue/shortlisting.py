"""What a database needs to make the shortlist itself: signatures and questions as bits, numbers and weights.

Plain values for a table, one row a photo and one a visual word; the sums that a shortlist ranks by are those of `look`,
so that a catalogue in tables shortlists what one in memory does. Knows no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gallery.matching.catalogue.segment import Question
from gallery.matching.signature import Signature
from gallery.matching.tiers.encoder import Vector
from gallery.matching.tiers.look import CODE_BITS, Look, norms_of
from gallery.matching.tiers.perceptual_hash import HASH_BITS
from gallery.matching.tiers.vocabulary import word_weights

MAX_WORDS, MAX_MIRRORED_WORDS = 512, 128
"""Visual words that a question asks a table about, the rarest: a frequent one costs most and tells least."""

_COLOUR_UNIT = 255.0


@dataclass(frozen=True)
class PhotoRow:
    """One photo. hash: 256 characters of 0 and 1; colour: 1152 numbers of 0 to 1; norms: of its look, over 0.

    words: number of each visual word, its code of 128 characters of 0 and 1, its weight. vector: the encoder's, of
    length 1; None without one or without a direction.
    """

    hash: str
    is_telling: bool
    colour: Sequence[float]
    norms: tuple[float, float]
    words: Sequence[tuple[int, str, int]]
    vector: Sequence[float] | None = None


@dataclass(frozen=True)
class LookRow:
    """The look of a query photo. words: number, code, frequency's weight and own weight of each; norms: over 0."""

    words: Sequence[tuple[int, str, float, int]]
    norms: tuple[float, float]


@dataclass(frozen=True)
class QuestionRow:
    """One query photo. hashes: of its placements, none when it shows nothing; mirrored_look: of its mirror image.

    vector: as in PhotoRow.
    """

    hashes: Sequence[str]
    colour: Sequence[float]
    look: LookRow
    mirrored_look: LookRow
    vector: Sequence[float] | None = None


def photo_row(signature: Signature) -> PhotoRow:
    """What a table keeps of a signature."""
    look = signature.look
    return PhotoRow(
        hash=_bits(signature.hash[None], HASH_BITS)[0],
        is_telling=signature.has_telling_hash,
        colour=_shares(signature.colour),
        norms=norms_of(look),
        words=list(zip(look.words.tolist(), _bits(look.codes, CODE_BITS), look.weights.tolist(), strict=True)),
        vector=unit_numbers(signature.vector),
    )


def question_row(question: Question) -> QuestionRow:
    """What a table is asked."""
    return QuestionRow(
        hashes=_bits(question.hash.placements, HASH_BITS) if question.hash.telling else [],
        colour=_shares(question.colour),
        look=_look_row(question.look, MAX_WORDS),
        mirrored_look=_look_row(question.mirrored_look, MAX_MIRRORED_WORDS),
        vector=unit_numbers(question.vector),
    )


def unit_numbers(vector: Vector | None) -> list[float] | None:
    """A vector of length 1 as a table keeps it; None without a direction."""
    if vector is None or not vector.any():
        return None
    numbers = vector.astype(np.float64)
    return [float(number) for number in np.round(numbers / np.linalg.norm(numbers), 5)]


def _look_row(look: Look, most: int) -> LookRow:
    frequency = word_weights()[look.words]
    rarest = np.sort(np.argsort(-frequency, kind="stable")[:most])
    columns = look.words[rarest].tolist(), _bits(look.codes[rarest], CODE_BITS), frequency[rarest].tolist()
    return LookRow(list(zip(*columns, look.weights[rarest].tolist(), strict=True)), norms_of(look))


def _bits(rows: npt.NDArray[np.uint64], count: int) -> list[str]:
    """Rows of words (n, count / 64) uint64 as texts of 0 and 1."""
    if not len(rows):
        return []
    ones = np.unpackbits(np.ascontiguousarray(rows.astype("<u8")).view(np.uint8), axis=1)[:, :count]
    return [row.tobytes().decode("ascii") for row in ones + ord("0")]


def _shares(histogram: npt.NDArray[np.uint8]) -> list[float]:
    return [float(share) for share in histogram / _COLOUR_UNIT]

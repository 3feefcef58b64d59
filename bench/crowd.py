"""Photos that never were: real signatures, some bits of which are others, up to the size of a country."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from gallery.matching import Signature
from gallery.matching.tiers.encoder import Vector, direction_of
from gallery.matching.tiers.look import Look
from gallery.matching.tiers.vocabulary import vocabulary

SEED = 2026


def crowd(real: Sequence[Signature], size: int, *, after: int = 0) -> Iterator[Signature]:
    """`size` signatures like the real ones, without details, the same at every call: those after the first `after`."""
    numbers = range(after, after + size)
    return (noisy(real[number % len(real)], np.random.default_rng((SEED, number))) for number in numbers)


def noisy(signature: Signature, rng: np.random.Generator) -> Signature:
    """The signature of a photo that never was: some hash bits, words, codes and the encoder's direction are others."""
    words = signature.look.words.copy()
    moved = rng.random(len(words)) < 0.5
    words[moved] = rng.integers(0, len(vocabulary().centroids), moved.sum())
    words, kept = np.unique(words, return_index=True)
    codes = signature.look.codes[kept] ^ few_bits(rng, (len(kept), 2))
    return replace(
        signature,
        hash=signature.hash ^ few_bits(rng, (4,)),
        look=Look(words, codes, signature.look.weights[kept]),
        details=None,
        vector=None if signature.vector is None else strayed(signature.vector, rng),
    )


def strayed(vector: Vector, rng: np.random.Generator) -> Vector:
    """A direction that has a cosine of some .6 with this one, and of .4 with another that strayed from it."""
    numbers = vector.astype(np.float32)
    stray = rng.standard_normal(len(numbers), np.float32)
    return direction_of(numbers + stray * np.float32(1.3 * np.linalg.norm(numbers) / np.sqrt(len(numbers))))


def few_bits(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """An eighth of the bits set."""
    every = [rng.integers(0, 2**64, shape, dtype=np.uint64) for _ in range(3)]
    return np.asarray(np.bitwise_and.reduce(every))

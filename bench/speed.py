"""How long describing and searching take, by stage and size: python -m bench speed [FOLDER].

Catalogues are real signatures repeated with noise up to the size. The hash tier is compared with a plain loop over
imagehash objects on the same bits, in the same run.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image

from gallery.matching import Catalogue, Entry, Signature, describe, rank
from gallery.matching.comparison import question_of
from gallery.matching.dataset import read_galleries, read_picture
from gallery.matching.look import Look
from gallery.matching.perceptual_hash import HashIndex, HashQuery
from gallery.matching.vocabulary import vocabulary

SIZES = 1_000, 5_000, 20_000
REAL_PHOTOS = 500
QUERIES = 20
PUBLIC_LONG_SIDE = 1600
SEED = 2026


def main(arguments: list[str]) -> None:
    """Print the time of each stage."""
    parser = argparse.ArgumentParser(prog="bench speed", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args(arguments)
    pictures = _pictures(options.folder)
    _print_describing(pictures)
    real = [describe(picture) for picture in pictures]
    print(f"\n{'photos':>8}{'question':>10}{'shortlist':>11}{'verifying':>11}{'search':>9}{'p95':>8}  ms; memory")
    for size in options.sizes:
        _print_search(real, size)
    print(f"\n{'photos':>8}{'hash tier':>11}{'imagehash loop':>16}{'ratio':>8}  ms, eight placements")
    for size in options.sizes:
        _print_hashing(real, size)


def _pictures(folder: Path) -> list[np.ndarray]:
    photographs = list(dict.fromkeys(one.path for gallery in read_galleries(folder) for one in gallery.photographs))
    return [read_picture(path) for path in photographs[:: max(1, len(photographs) // REAL_PHOTOS)]]


def _print_describing(pictures: Sequence[np.ndarray]) -> None:
    public = [
        np.asarray(Image.fromarray(picture).resize((PUBLIC_LONG_SIDE, PUBLIC_LONG_SIDE * 3 // 4)))
        for picture in pictures[:QUERIES]
    ]
    for name, chosen in (("as they are", pictures[:100]), ("1600 x 1200", public)):
        times = [_milliseconds(partial(describe, picture)) for picture in chosen]
        print(f"describing {name}: {np.mean(times):.0f} ms a photo, 95 of 100 under {np.percentile(times, 95):.0f} ms")


def _print_search(real: Sequence[Signature], size: int) -> None:
    details = [signature.details_bytes() for signature in real]
    catalogue = Catalogue(lambda ids: {photo_id: details[photo_id % len(details)] for photo_id in ids})
    rng = np.random.default_rng(SEED)
    catalogue.add(Entry(number, number, _noisy(real[number % len(real)], rng)) for number in range(size))
    indexing = _milliseconds(lambda: catalogue.size_bytes)
    asked = [real[place] for place in rng.choice(len(real), QUERIES)]
    preparing = np.mean([_milliseconds(partial(question_of, one)) for one in asked])
    questions = [question_of(one) for one in asked]
    shortlisting = np.mean([_milliseconds(partial(catalogue.answer, [one])) for one in questions])
    searches = [_milliseconds(partial(rank, [one], catalogue)) for one in asked]
    whole = np.mean(searches)
    print(
        f"{size:8}{preparing:10.1f}{shortlisting:11.1f}{whole - preparing - shortlisting:11.1f}{whole:9.1f}"
        f"{np.percentile(searches, 95):8.1f}  {catalogue.size_bytes / size:.0f} bytes each, index in {indexing:.0f} ms"
    )


def _noisy(signature: Signature, rng: np.random.Generator) -> Signature:
    """The signature of a photo that never was: some hash bits, words and codes are others."""
    words = signature.look.words.copy()
    moved = rng.random(len(words)) < 0.5
    words[moved] = rng.integers(0, len(vocabulary().centroids), moved.sum())
    words, kept = np.unique(words, return_index=True)
    codes = signature.look.codes[kept] ^ _few_bits(rng, (len(kept), 2))
    return replace(
        signature,
        hash=signature.hash ^ _few_bits(rng, (4,)),
        look=Look(words, codes, signature.look.weights[kept]),
        details=None,
    )


def _few_bits(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """An eighth of the bits set."""
    every = [rng.integers(0, 2**64, shape, dtype=np.uint64) for _ in range(3)]
    return np.asarray(np.bitwise_and.reduce(every))


def _print_hashing(real: Sequence[Signature], size: int) -> None:
    rng = np.random.default_rng(SEED)
    hashes = np.stack([real[number % len(real)].hash ^ _few_bits(rng, (4,)) for number in range(size)])
    index = HashIndex.of(list(hashes), [True] * size)
    details = real[0].details
    assert details is not None
    query = HashQuery(details.placements, telling=True)
    peers = [_as_imagehash(one) for one in hashes]
    asked = [_as_imagehash(one) for one in details.placements]
    ours = min(_milliseconds(lambda: index.distances(query)) for _ in range(5))
    loop = _milliseconds(lambda: [min(peer - one for one in asked) for peer in peers])
    nearest, _ = index.distances(query)
    assert nearest[0] == min(peers[0] - one for one in asked), "both count the same bits"
    print(f"{size:8}{ours:11.2f}{loop:16.1f}{ours / loop:8.4f}")


def _as_imagehash(words: np.ndarray) -> imagehash.ImageHash:
    bits = np.unpackbits(words.astype("<u8").view(np.uint8))
    return imagehash.ImageHash(bits.reshape(16, 16).astype(bool))


def _milliseconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000

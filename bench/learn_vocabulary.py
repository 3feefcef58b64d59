"""Learn the visual words from half of the distractors: python -m bench learn_vocabulary [FOLDER].

Seeded and single-threaded in its choices: the same pictures and library versions give the same file. The other half of
the distractors, and every labelled object, stay unseen.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from tqdm import tqdm

from gallery.matching.tiers.local_features import strongest
from gallery.matching.tiers.reduced import reduce
from gallery.matching.tiers.vocabulary import VOCABULARY_FILE, WEIGHT_UNIT, Vocabulary

Floats = npt.NDArray[np.float32]

WORDS = 8192
POINTS = 560
SAMPLE = 300_000
ROUNDS = 10
SEED = 2026
ROTATION_SEED = 3
_BLOCK = 4096
_SHARPEST_SIGN = 127.0


def main(arguments: list[str]) -> None:
    """Learn the vocabulary and replace the shipped file."""
    parser = argparse.ArgumentParser(prog="bench learn_vocabulary", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--output", type=Path, default=VOCABULARY_FILE)
    parser.add_argument("--words", type=int, default=WORDS)
    options = parser.parse_args(arguments)
    photos = [_descriptors(path) for path in tqdm(learning_half(options.folder), unit="photo")]
    learnt = learn(photos, words=options.words)
    learnt.save(options.output)
    print(f"{options.output}: {len(learnt.centroids)} words, {options.output.stat().st_size:,} bytes, {learnt.digest}")


def learning_half(folder: Path) -> list[Path]:
    """Every other distractor of the folder's manifest, in the order of their names."""
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as file:
        names = sorted(row["file"] for row in csv.DictReader(file) if row["set"] == "distractors")
    return [folder / name for name in names[::2]]


def learn(photos: list[npt.NDArray[np.uint8]], *, words: int) -> Vocabulary:
    """Cluster the descriptors (n, 128) uint8 of photos into words, and weigh each word by how few photos have it."""
    rng = np.random.default_rng(SEED)
    everything = np.concatenate(photos)
    sample = everything[rng.permutation(len(everything))[:SAMPLE]].astype(np.float32)
    centroids = np.clip(np.rint(_clustered(sample, words, rng)), 0, 255).astype(np.uint8)
    frequency = np.zeros(len(centroids))
    for descriptors in photos:
        frequency[np.unique(_nearest(descriptors.astype(np.float32), centroids.astype(np.float32)))] += 1
    weights = np.log((len(photos) + 1) / (frequency + 1))
    return Vocabulary(centroids, _rotation(), np.rint(weights * WEIGHT_UNIT).astype(np.uint16))


def _descriptors(path: Path) -> npt.NDArray[np.uint8]:
    with Image.open(path) as image:
        return strongest(reduce(np.asarray(image.convert("RGB"))).grey, most=POINTS)[1]


def _clustered(sample: Floats, count: int, rng: np.random.Generator) -> Floats:
    centroids = sample[rng.choice(len(sample), count, replace=False)].copy()
    for _ in tqdm(range(ROUNDS), unit="round"):
        words = _nearest(sample, centroids)
        order = np.argsort(words, kind="stable")
        present, starts, counts = np.unique(words[order], return_index=True, return_counts=True)
        centroids[present] = np.add.reduceat(sample[order], starts, axis=0) / counts[:, None]
        empty = np.setdiff1d(np.arange(count), present)
        centroids[empty] = sample[rng.choice(len(sample), len(empty), replace=False)]
    return centroids


def _nearest(descriptors: Floats, centroids: Floats) -> npt.NDArray[np.int64]:
    transposed, half_squares = np.ascontiguousarray(centroids.T), (centroids**2).sum(axis=1) / 2
    blocks = [
        (descriptors[start : start + _BLOCK] @ transposed - half_squares).argmax(axis=1)
        for start in range(0, len(descriptors), _BLOCK)
    ]
    return np.concatenate([np.zeros(0, np.int64), *blocks])


def _rotation() -> npt.NDArray[np.int8]:
    """A random rotation, scaled so that its largest number is 127."""
    rotation, _ = np.linalg.qr(np.random.default_rng(ROTATION_SEED).normal(size=(128, 128)))
    return np.asarray(np.rint(rotation / np.abs(rotation).max() * _SHARPEST_SIGN), np.int8)

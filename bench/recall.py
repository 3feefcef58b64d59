"""What each tier finds, alone and together, and what it costs: python -m bench recall [FOLDER] [--edge N].

Prints one line a tier and set, then how often each likelihood of a first candidate is right, and how often it is given
when the object is absent.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from gallery import matching
from gallery.matching.catalogue.catalogue import Catalogue, CatalogueEntry
from gallery.matching.catalogue.segment import Segment
from gallery.matching.evaluation.dataset import Gallery, read_galleries
from gallery.matching.evaluation.evaluation import (
    Described,
    QueryOutcome,
    describe_all,
    likelihoods_of,
    recalls_of,
    search_all,
)
from gallery.matching.evidence import Likelihood
from gallery.matching.ranking.comparison import Effort, compare, question_of
from gallery.matching.ranking.ranking import VERIFIED_PHOTOS
from gallery.matching.ranking.weighing import resemblance
from gallery.matching.signature import Signature
from gallery.matching.tiers.colour import WHOLE_COLOUR_BINS
from gallery.matching.tiers.perceptual_hash import HashQuery
from gallery.matching.tiers.shipped_model import NAME

Scores = npt.NDArray[np.float64]
Tier = Callable[[Signature, int], Scores]
"""Scores of every photo for a query, whose own picture has that number (or -1) and is left out."""

HEADINGS = ("R@1", "R@5", "R@10", "R@20", "mAP")


def main(arguments: list[str]) -> None:
    """Print the ablation and the reliability of every set of the folder."""
    parser = argparse.ArgumentParser(prog="bench recall", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--edge", type=int, help="reduce every picture to this many pixels first")
    parser.add_argument("--objects", type=int, help="at most this many of each set")
    parser.add_argument("--encoder", default=NAME, help="as in the settings; empty: none")
    options = parser.parse_args(arguments)
    matching.choose_encoder(options.encoder, Path())
    galleries = read_galleries(options.folder, max_objects=options.objects)
    started = time.perf_counter()
    described = describe_all(galleries, edge=options.edge, progress=_Bars())
    spent = time.perf_counter() - started
    print(f"{len(described)} photos described in {spent:.0f} s by two processes")
    for gallery in galleries:
        _print_ablation(gallery, described)
        _print_reliability(gallery, described)


def _print_ablation(gallery: Gallery, described: Described) -> None:
    signatures = [Signature.from_bytes(described[one.path][0]) for one in gallery.shown()]
    segment = Segment.of(range(len(signatures)), range(len(signatures)), signatures)
    details = sum(len(described[one.path][1]) for one in gallery.shown())
    print(f"\n{gallery.name}: {len(gallery.asked())} queries, {len(segment)} photos")
    print(f"{'tier':<28}" + "".join(f"{heading:>8}" for heading in HEADINGS) + f"{'ms':>8}{'bytes':>9}")
    for name, tier in TIERS.items():
        started = time.perf_counter()
        outcomes = list(_asked(gallery, described, tier(segment)))
        _print_line(name, outcomes, started, _size_bytes(name, segment) / len(segment))
    catalogue = _catalogue(gallery, described)
    whole = (segment.size_bytes + details) / len(segment)
    for name, asks_neighbour in (("+ verified", False), ("+ nearest neighbour (all)", True)):
        started = time.perf_counter()
        outcomes = list(_asked(gallery, described, _verifying(gallery, catalogue, asks_neighbour=asks_neighbour)))
        _print_line(name, outcomes, started, whole)


def _catalogue(gallery: Gallery, described: Described) -> Catalogue:
    blobs = {number: described[one.path] for number, one in enumerate(gallery.shown())}
    catalogue = Catalogue(lambda ids: {number: blobs[number][1] for number in ids})
    catalogue.add(CatalogueEntry(number, number, compact) for number, (compact, _) in blobs.items())
    return catalogue


def _verifying(gallery: Gallery, catalogue: Catalogue, *, asks_neighbour: bool) -> Tier:
    everything = range(len(gallery.shown()))

    def scored(query: Signature, own: int) -> Scores:
        [answer] = catalogue.answer([question_of(query)])
        others = [number for number in everything if number != own]
        return compare(query, answer, catalogue, others, Effort(VERIFIED_PHOTOS, asks_neighbour)).scores

    return scored


def _print_line(name: str, outcomes: list[QueryOutcome], started: float, size_bytes: float) -> None:
    milliseconds = (time.perf_counter() - started) / len(outcomes) * 1000
    recalls = recalls_of(outcomes)
    columns = "".join(f"{recalls[heading]:8.3f}" for heading in HEADINGS)
    print(f"{name:<28}{columns}{milliseconds:8.1f}{size_bytes:9.0f}")


def _asked(gallery: Gallery, described: Described, tier: Tier) -> Iterator[QueryOutcome]:
    shown = gallery.shown()
    objects = np.array([one.object_id for one in shown])
    places = {one.path: place for place, one in enumerate(shown)}
    for query in tqdm(gallery.asked(), leave=False):
        own = places.get(query.path, -1)
        scores = tier(Signature.from_bytes(*described[query.path]), own)
        others = np.arange(len(shown)) != own
        order = np.argsort(-scores[others], kind="stable")
        relevant = (objects[others] == query.object_id)[order]
        ranks = tuple((np.flatnonzero(relevant) + 1).tolist())
        yield QueryOutcome(ranks=ranks, relevant=len(ranks), first=None, is_right=ranks[:1] == (1,))


def _by_hash(segment: Segment) -> Tier:
    def scored(query: Signature, _: int) -> Scores:
        assert query.details is not None
        bits, _placements = segment.hashes.distances(HashQuery(query.details.placements, telling=True))
        return -bits.astype(np.float64)

    return scored


def _by_colour(segment: Segment) -> Tier:
    return lambda query, _: segment.colours.similarities(query.colour)[0].astype(np.float64)


def _by_object_colour(segment: Segment) -> Tier:
    return lambda query, _: segment.colours.similarities(query.colour)[1].astype(np.float64)


def _by_look(segment: Segment) -> Tier:
    return lambda query, _: segment.looks.similarities(question_of(query).look).astype(np.float64)


def _by_look_and_colours(segment: Segment) -> Tier:
    return lambda query, _: resemblance(
        segment.looks.similarities(question_of(query).look), *segment.colours.similarities(query.colour)
    )


def _by_encoder(segment: Segment) -> Tier:
    vectors = segment.vectors
    return lambda query, _: (vectors.cosines(query.vector) if vectors else np.zeros(len(segment))).astype(np.float64)


TIERS: dict[str, Callable[[Segment], Tier]] = {
    "hash": _by_hash,
    "colour": _by_colour,
    "object's colour": _by_object_colour,
    "look": _by_look,
    "look + both colours": _by_look_and_colours,
    "encoder": _by_encoder,
}


def _size_bytes(name: str, segment: Segment) -> int:
    looks, whole = segment.looks, WHOLE_COLOUR_BINS * len(segment)
    colours = segment.colours.by_bin.nbytes
    words = sum(part.nbytes for part in (looks.words, looks.codes, looks.weights, looks.photos, looks.norms))
    sizes = {
        "hash": segment.hashes.hashes.nbytes,
        "colour": whole,
        "object's colour": colours - whole,
        "look": words,
        "encoder": segment.vectors.size_bytes if segment.vectors else 0,
    }
    return sizes.get(name, words + colours)


def _print_reliability(gallery: Gallery, described: Described) -> None:
    outcomes = search_all(gallery, described, progress=_Bars())
    for likelihood in Likelihood:
        right = [outcome.is_right for outcome in outcomes if outcome.first and outcome.first.likelihood is likelihood]
        if right:
            print(f"first called {likelihood.name:<7} {len(right):4} times, right {sum(right) / len(right):.3f}")
    absent = likelihoods_of(search_all(gallery, described, absent=True, progress=_Bars()))
    print("object absent: " + ", ".join(f"{name} {share:.4f}" for name, share in absent.items()))


class _Bars:
    """Shows progress as one bar a step."""

    def __init__(self) -> None:
        self._bars: dict[str, tqdm[NoReturn]] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        if step not in self._bars:
            self._bars[step] = tqdm(total=total, desc=step, leave=False)
        bar = self._bars[step]
        bar.update(done - bar.n)
        if done == total:
            self._bars.pop(step).close()

"""A search among a million photos on one machine: python -m bench growth [FOLDER] [--photos N] [--part N].

Signatures are drawn from real ones, as in `bench speed`, and written as mapped segments of --part photos, --distinct of
them different; the others are these again under other ids, so that a search reads as much and the machine holds less.
Then the process maps all and searches with --queries real photos. Decoding and describing a photo come on top.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from bench.crowd import crowd
from bench.restart import memory
from gallery import matching
from gallery.matching import Catalogue, Signature, describe, rank
from gallery.matching.catalogue.catalogue import _Part
from gallery.matching.catalogue.mapped import map_segment, write_segment
from gallery.matching.catalogue.segment import Segment
from gallery.matching.evaluation.dataset import read_galleries, read_picture
from gallery.matching.ranking.comparison import question_of
from gallery.matching.tiers.shipped_model import NAME

REAL_PHOTOS = 40


def main(arguments: list[str]) -> None:
    """Print what writing, starting, holding and searching cost."""
    parser = argparse.ArgumentParser(prog="bench growth", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--photos", type=int, default=1_000_000)
    parser.add_argument("--part", type=int, default=100_000)
    parser.add_argument("--distinct", type=int, default=2)
    parser.add_argument("--queries", type=int, default=20)
    options = parser.parse_args(arguments)
    matching.choose_encoder(NAME, Path())
    paths = list(dict.fromkeys(one.path for gallery in read_galleries(options.folder) for one in gallery.photographs))
    real = [describe(read_picture(path)) for path in paths[:: max(1, len(paths) // REAL_PHOTOS)]]
    with tempfile.TemporaryDirectory() as folder:
        written = [Path(folder) / str(number) for number in range(options.distinct)]
        signatures = crowd(real, options.part * options.distinct)
        for place in written:
            _write(list(islice(signatures, options.part)), place)
        _search(written, options.photos // options.part, real, options.queries)


def _write(signatures: Sequence[Signature], place: Path) -> None:
    ids = range(len(signatures))
    began = time.process_time()
    segment = Segment.of(ids, ids, signatures)
    indexed = time.process_time() - began
    write_segment(segment, place, more={})
    print(
        f"{len(segment)} photos: indexed in {indexed:.1f} s of a processor, written in "
        f"{time.process_time() - began - indexed:.1f}; {segment.size_bytes / len(segment) / 1000:.1f} kB each",
        flush=True,
    )


def _search(written: Sequence[Path], parts: int, real: Sequence[Signature], queries: int) -> None:
    details = [signature.details_bytes() for signature in real]
    began = time.perf_counter()
    segments = [_mapped(written[number % len(written)], number) for number in range(parts)]
    # As a worker that joins no more than a part at once would have them.
    catalogue = Catalogue(lambda ids: {entry_id: details[entry_id % len(details)] for entry_id in ids}, most_joined=1)
    catalogue._parts = tuple(_Part(segment, np.ones(len(segment), np.bool_)) for segment in segments)
    catalogue._known = {each for segment in segments for each in segment.entry_ids.tolist()}
    print(f"{len(catalogue)} photos mapped in {time.perf_counter() - began:.1f} s; before a search {_held()}")
    rank([real[0]], catalogue)
    asked = real[1 : queries + 1]
    questions = [question_of(one) for one in asked]
    _print("shortlist", [partial(catalogue.answer, [one]) for one in questions])
    _print("whole search", [partial(rank, [one], catalogue) for one in asked])
    print(f"afterwards {_held()}")


def _mapped(place: Path, number: int) -> Segment:
    segment, _ = map_segment(place)
    first = number * len(segment)
    return replace(segment, entry_ids=segment.entry_ids + first, item_ids=segment.item_ids + first)


def _held() -> str:
    own, mapped = memory()
    return f"{own} MiB of its own, {mapped} MiB mapped"


def _print(name: str, acts: Sequence[Callable[[], object]]) -> None:
    clock, processor = [], []
    for act in acts:
        began, worked = time.perf_counter(), time.process_time()
        act()
        clock.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
    print(
        f"{name}: {np.median(clock):.2f} s, p95 {np.percentile(clock, 95):.2f} s; of a processor "
        f"{np.median(processor):.2f} s, p95 {np.percentile(processor, 95):.2f} s",
        flush=True,
    )

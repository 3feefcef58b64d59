"""What others' hashes find of the same objects, and what they cost beside ours: python -m bench peers [FOLDERS].

R@1, and milliseconds of one process: to describe a decoded picture, and to search. Peers, of which none was made to
find an object in another picture: a loop over the perceptual hashes of imagehash; the same hashes in the BK-tree of
imagededup, which finds what differs by ten bits at most, its own limit; PDQ in the index of threatexchange. Those that
are not installed are left out. The learned features of imagededup need PyTorch, and weights from the network.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import imagehash
import numpy as np
import numpy.typing as npt
from PIL import Image

from gallery import matching
from gallery.matching.evaluation.dataset import Gallery, Photograph, read_galleries, read_picture
from gallery.matching.evaluation.evaluation import describe_all, search_all
from gallery.matching.tiers.shipped_model import NAME

Pixels = npt.NDArray[np.uint8]
Search = Callable[[Any], Sequence[int]]
"""Rows that resemble a hash, the nearest first; two at least where there are any, since one may be its own."""

_BKTREE_BITS = 10
_NEAREST = 2
_DESCRIBED = 60


@dataclass(frozen=True)
class Peer:
    """How a peer hashes a picture (h, w, 3) uint8 RGB, and how it searches many hashes."""

    name: str
    hashed: Callable[[Pixels], Any]
    index: Callable[[Sequence[Any]], Search]


def main(arguments: list[str]) -> None:
    """Print one line a set and method."""
    parser = argparse.ArgumentParser(prog="bench peers", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[Path("../shared/data"), Path("../shared/wild")])
    parser.add_argument("--distractors", type=int, help="at most this many")
    parser.add_argument("--objects", type=int, help="at most this many of each set")
    options = parser.parse_args(arguments)
    matching.configure(Path(NAME))
    print(f"{'set':<14}{'method':<22}{'R@1':>8}{'describing':>12}{'searching':>12}")
    for folder in options.folders:
        for gallery in read_galleries(folder, max_objects=options.objects, max_distractors=options.distractors):
            _print("ours", gallery, *_ours(gallery))
            for peer in peers():
                _print(peer.name, gallery, *_theirs(gallery, peer))


def peers() -> list[Peer]:
    """Those that are installed."""
    made = (_imagehash(), _imagededup(), _threatexchange())
    return [peer for peer in made if peer]


def _imagehash() -> Peer:
    return Peer("imagehash, loop", lambda picture: imagehash.phash(Image.fromarray(picture)), _loop)


def _loop(stored: Sequence[imagehash.ImageHash]) -> Search:
    def search(asked: imagehash.ImageHash) -> list[int]:
        bits = [asked - one for one in stored]
        return sorted(range(len(bits)), key=bits.__getitem__)[:_NEAREST]

    return search


def _imagededup() -> Peer | None:
    try:
        bktree = import_module("imagededup.handlers.search.bktree")
    except ImportError:
        return None

    def index(stored: Sequence[str]) -> Search:
        tree = bktree.BKTree({str(row): one for row, one in enumerate(stored)}, _differing)
        return lambda asked: [
            int(row) for row, _ in sorted(tree.search(asked, tol=_BKTREE_BITS), key=lambda hit: hit[1])
        ]

    return Peer("imagededup, BK-tree", lambda picture: str(imagehash.phash(Image.fromarray(picture))), index)


def _threatexchange() -> Peer | None:
    try:
        pdqhash = import_module("pdqhash")
        matcher = import_module("threatexchange.signal_type.pdq.pdq_faiss_matcher")
    except ImportError:
        return None

    def hashed(picture: Pixels) -> str:
        return np.packbits(np.asarray(pdqhash.compute(picture)[0], np.bool_)).tobytes().hex()

    def index(stored: Sequence[str]) -> Search:
        flat = matcher.PDQFlatHashIndex()
        flat.add(stored, range(len(stored)))

        def search(asked: str) -> list[int]:
            for bits in (31, 90, 256):
                # Its own limit first: all that lies within is sorted.
                found = flat.search_with_distance_in_result([asked], bits)[asked]
                hits = sorted(found, key=lambda hit: hit[2])
                if len(hits) >= _NEAREST:
                    break
            return [int(row) for row, *_ in hits]

        return search

    return Peer("threatexchange, PDQ", hashed, index)


def _differing(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _ours(gallery: Gallery) -> tuple[float, float, float]:
    describing = _seconds_each(matching.describe, gallery)
    described = describe_all([gallery])
    started = time.perf_counter()
    outcomes = search_all(gallery, described)
    spent = time.perf_counter() - started
    return sum(outcome.is_right for outcome in outcomes) / len(outcomes), describing, spent / len(outcomes)


def _theirs(gallery: Gallery, peer: Peer) -> tuple[float, float, float]:
    describing = _seconds_each(peer.hashed, gallery)
    photographs: Sequence[Photograph] = list(dict.fromkeys(gallery.photographs))
    hashes = {one: peer.hashed(read_picture(one.path)) for one in photographs}
    shown = gallery.shown()
    search = peer.index([hashes[one] for one in shown])
    started, right = time.perf_counter(), 0
    for query in gallery.asked():
        first = next((row for row in search(hashes[query]) if shown[row] != query), None)
        right += first is not None and shown[first].object_id == query.object_id
    asked = len(gallery.asked())
    return right / asked, describing, (time.perf_counter() - started) / asked


def _seconds_each(act: Callable[[Pixels], object], gallery: Gallery) -> float:
    pictures = [read_picture(one.path) for one in gallery.asked()[:_DESCRIBED]]
    act(pictures[0])
    started = time.perf_counter()
    for picture in pictures:
        act(picture)
    return (time.perf_counter() - started) / len(pictures)


def _print(method: str, gallery: Gallery, right: float, describing: float, searching: float) -> None:
    print(f"{gallery.name:<14}{method:<22}{right:8.3f}{1000 * describing:12.1f}{1000 * searching:12.1f}", flush=True)

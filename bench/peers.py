"""What others' hashes find of the same objects, and what they cost beside ours: python -m bench peers [FOLDER].

R@1 and milliseconds: of a picture described, of a search. Peers: a loop over imagehash's perceptual hashes, and PDQ
where the package pdqhash is installed, compared by differing bits as threatexchange does. Neither was made to find an
object in another picture: this is what choosing one of them would mean.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import imagehash
import numpy as np
import numpy.typing as npt
from PIL import Image

from gallery import matching
from gallery.matching.evaluation.dataset import Gallery, Photograph, read_galleries, read_picture
from gallery.matching.evaluation.evaluation import describe_all, search_all
from gallery.matching.tiers.shipped_model import NAME

Bits = npt.NDArray[np.bool_]
Hash = Callable[[npt.NDArray[np.uint8]], Bits]


def main(arguments: list[str]) -> None:
    """Print one line a set and method."""
    parser = argparse.ArgumentParser(prog="bench peers", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--distractors", type=int, help="at most so many")
    parser.add_argument("--objects", type=int, help="at most so many of each set")
    options = parser.parse_args(arguments)
    matching.configure(Path(NAME))
    print(f"{'set':<14}{'method':<12}{'R@1':>8}{'describing':>12}{'searching':>12}")
    for gallery in read_galleries(options.folder, max_objects=options.objects, max_distractors=options.distractors):
        _print("ours", gallery, *_ours(gallery))
        for name, hashed in peers().items():
            _print(name, gallery, *_theirs(gallery, hashed))


def peers() -> dict[str, Hash]:
    """How each peer that is installed hashes a picture (h, w, 3) uint8 RGB."""
    found: dict[str, Hash] = {"imagehash": lambda picture: imagehash.phash(Image.fromarray(picture)).hash.ravel()}
    try:
        pdqhash = import_module("pdqhash")
    except ImportError:
        return found
    return found | {"PDQ": lambda picture: np.asarray(pdqhash.compute(picture)[0], np.bool_)}


def _ours(gallery: Gallery) -> tuple[float, float, float]:
    started = time.perf_counter()
    described = describe_all([gallery])
    between = time.perf_counter()
    outcomes = search_all(gallery, described)
    spent = time.perf_counter() - between
    right = sum(outcome.is_right for outcome in outcomes) / len(outcomes)
    return right, (between - started) / len(described), spent / len(outcomes)


def _theirs(gallery: Gallery, hashed: Hash) -> tuple[float, float, float]:
    photographs: Sequence[Photograph] = list(dict.fromkeys(gallery.photographs))
    started = time.perf_counter()
    hashes = {one: hashed(read_picture(one.path)) for one in photographs}
    describing = (time.perf_counter() - started) / len(hashes)
    shown = gallery.shown()
    stored = np.stack([hashes[one] for one in shown])
    started, right = time.perf_counter(), 0
    for query in gallery.asked():
        bits = (stored != hashes[query]).sum(axis=1)
        first = min((place for place, one in enumerate(shown) if one != query), key=lambda place: bits[place])
        right += shown[first].object_id == query.object_id
    asked = len(gallery.asked())
    return right / asked, describing, (time.perf_counter() - started) / asked


def _print(method: str, gallery: Gallery, right: float, describing: float, searching: float) -> None:
    print(f"{gallery.name:<14}{method:<12}{right:8.3f}{1000 * describing:12.1f}{1000 * searching:12.1f}", flush=True)

"""A whole search with a 12-megapixel JPEG, by stage and size: python -m bench speed [FOLDER] [--sizes N ...].

Catalogues are real signatures repeated with noise up to the size, each repetition with the details of another photo, as
photos of other objects have. The limit beside each is decoding and describing the same photo alone, which every matcher
has to do.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from bench.crowd import SEED, crowd
from gallery import imaging, matching
from gallery.matching import Catalogue, CatalogueEntry, Signature, describe, rank
from gallery.matching.evaluation.dataset import read_galleries, read_picture
from gallery.matching.ranking.comparison import question_of
from gallery.matching.tiers.shipped_model import NAME

SIZES = 1_000, 10_000, 100_000
REAL_PHOTOS = 500
QUERIES = 40
LARGE = 4000, 3000


def main(arguments: list[str]) -> None:
    """Print the time of each stage."""
    parser = argparse.ArgumentParser(prog="bench speed", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--encoder", default=NAME, help="as in the settings; empty: none")
    parser.add_argument(
        "--copies", action="store_true", help="keep the details in each repetition: copies are dearest to compare"
    )
    options = parser.parse_args(arguments)
    matching.choose_encoder(options.encoder, Path())
    pictures = _pictures(options.folder)
    real = [describe(picture) for picture in pictures]
    files = [_as_large_jpeg(pictures[place]) for place in np.random.default_rng(SEED).choice(len(pictures), QUERIES)]
    decoding = [_seconds(partial(imaging.decode, file, imaging.Limits())) for file in files]
    asked = [imaging.as_array(imaging.decode(file, imaging.Limits())) for file in files]
    describing = [_seconds(partial(describe, picture)) for picture in asked]
    signatures = [describe(picture) for picture in asked]
    alone = np.array(decoding) + np.array(describing)
    print(f"12-megapixel JPEG: decoding {_told(decoding)}, describing {_told(describing)} ms; {1 / alone.mean():.1f} a")
    print("second on one core")
    columns = (
        "photos",
        "question",
        "shortlist",
        "verifying",
        "search",
        "p95",
        "whole/alone",
        "whole p95",
        "bytes each",
    )
    print("".join(f"{column:>12}" for column in columns))
    for size in options.sizes:
        _print_search(_catalogue(real, size, has_copies=options.copies), signatures, alone)


def _catalogue(real: Sequence[Signature], size: int, *, has_copies: bool) -> Catalogue:
    details = [signature.details_bytes() for signature in real]

    def details_of(entry_id: int) -> bytes:
        repetition = 0 if has_copies else entry_id // len(details)
        return details[(entry_id + repetition) % len(details)]

    catalogue = Catalogue(lambda ids: {entry_id: details_of(entry_id) for entry_id in ids})
    catalogue.add(CatalogueEntry(number, number, signature) for number, signature in enumerate(crowd(real, size)))
    return catalogue


def _print_search(catalogue: Catalogue, asked: Sequence[Signature], alone: np.ndarray) -> None:
    size = len(catalogue)
    bytes_each = catalogue.size_bytes / size
    preparing = np.array([_seconds(partial(question_of, one)) for one in asked])
    questions = [question_of(one) for one in asked]
    shortlisting = np.array([_seconds(partial(catalogue.answer, [one])) for one in questions])
    searching = np.array([_seconds(partial(rank, [one], catalogue)) for one in asked])
    whole = alone + searching
    figures = (
        *(1000 * each.mean() for each in (preparing, shortlisting, searching - preparing - shortlisting, searching)),
        1000 * np.percentile(searching, 95),
        whole.mean() / alone.mean(),
        1000 * np.percentile(whole, 95),
        bytes_each,
    )
    print(
        f"{size:12}" + "".join(f"{figure:12.2f}" if figure < 10 else f"{figure:12.0f}" for figure in figures),
        flush=True,
    )


def _pictures(folder: Path) -> list[np.ndarray]:
    photographs = list(dict.fromkeys(one.path for gallery in read_galleries(folder) for one in gallery.photographs))
    return [read_picture(path) for path in photographs[:: max(1, len(photographs) // REAL_PHOTOS)]]


def _as_large_jpeg(picture: np.ndarray) -> bytes:
    buffer = BytesIO()
    Image.fromarray(picture).resize(LARGE, Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def _told(seconds: Sequence[float]) -> str:
    return f"{1000 * np.mean(seconds):.0f}"


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started

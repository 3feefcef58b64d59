"""The hash tier beside its peers, on the same bits in the same run: python -m bench hashing [--sizes N ...].

Peers: faiss IndexBinaryFlat (the limit: at most 1.3 times its time), a loop over imagehash objects, and where they are
installed the BK-tree of imagededup and the PDQ index of python-threatexchange. Bits are random: that costs the same.
"""

import argparse
import importlib
import time
from collections.abc import Callable
from typing import Any

import faiss
import imagehash
import numpy as np

from bench.crowd import SEED
from gallery.matching.tiers.perceptual_hash import HASH_BITS, SUSPECTED_BITS, HashIndex, HashQuery, Words

SIZES = 1_000, 10_000, 100_000
NEAREST = 20
SLOW_PEERS_UP_TO = 10_000
REPEATS = 15


def main(arguments: list[str]) -> None:
    """Print milliseconds a query of eight placements."""
    parser = argparse.ArgumentParser(prog="bench hashing", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args(arguments)
    print(f"{'photos':>8}{'ours':>9}{'faiss flat':>12}{'ratio':>7}  peers, ms")
    for size in options.sizes:
        _print_line(size)


def _print_line(size: int) -> None:
    rng = np.random.default_rng(SEED)
    hashes = rng.integers(0, 2**64, (size, 4), dtype=np.uint64)
    query = rng.integers(0, 2**64, (8, 4), dtype=np.uint64)
    index = HashIndex.of(list(hashes), [True] * size)
    flat = faiss.IndexBinaryFlat(HASH_BITS)
    flat.add(_as_bytes(hashes))
    ours = _milliseconds(lambda: index.near(HashQuery(query, telling=True), within=SUSPECTED_BITS))
    theirs = _milliseconds(lambda: flat.search(_as_bytes(query), NEAREST))
    peers = {name: peer(hashes, query) for name, peer in PEERS.items() if size <= SLOW_PEERS_UP_TO}
    told = ", ".join(f"{name} {'not installed' if each is None else f'{each:.2f}'}" for name, each in peers.items())
    print(f"{size:8}{ours:9.3f}{theirs:12.3f}{ours / theirs:7.2f}  {told}", flush=True)


def _imagehash_loop(hashes: Words, query: Words) -> float | None:
    stored = [_as_imagehash(one) for one in hashes]
    asked = [_as_imagehash(one) for one in query]
    return _milliseconds(lambda: [min(peer - one for one in asked) for peer in stored], repeats=1)


def _imagededup(hashes: Words, query: Words) -> float | None:
    module = _module("imagededup.handlers.search.bktree")
    if module is None:
        return None
    tree = module.BKTree({str(row): _as_hex(one) for row, one in enumerate(hashes)}, _differing)
    return _milliseconds(lambda: [tree.search(_as_hex(one), tol=SUSPECTED_BITS) for one in query], repeats=1)


def _threatexchange(hashes: Words, query: Words) -> float | None:
    module = _module("threatexchange.signal_type.pdq.pdq_faiss_matcher")
    if module is None:
        return None
    index = module.PDQFlatHashIndex()
    index.add([_as_hex(one) for one in hashes], range(len(hashes)))
    return _milliseconds(lambda: index.search([_as_hex(one) for one in query], SUSPECTED_BITS))


PEERS: dict[str, Callable[[Words, Words], float | None]] = {
    "imagehash loop": _imagehash_loop,
    "imagededup BK-tree": _imagededup,
    "threatexchange PDQ": _threatexchange,
}


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _differing(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _as_hex(words: Words) -> str:
    return _as_bytes(words[None]).tobytes().hex()


def _as_bytes(hashes: Words) -> np.ndarray:
    return np.ascontiguousarray(hashes).view(np.uint8).reshape(len(hashes), HASH_BITS // 8)


def _as_imagehash(words: Words) -> imagehash.ImageHash:
    bits = np.unpackbits(words.astype("<u8").view(np.uint8))
    return imagehash.ImageHash(bits.reshape(16, 16).astype(bool))


def _milliseconds(act: Callable[[], object], *, repeats: int = REPEATS) -> float:
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return min(times) * 1000

"""Whether waiting photos without a card are put together by object: python -m bench together [FOLDER ...] [--choose].

Lots of 40 real objects are composed, one to five photos each, with pauses drawn as an officer makes them, with or
without a clock. Prints how many of the pairs that are put together show one object (precision), and how many of those
that do are put together (recall): by time alone, and by look and time. Half of the objects of each set may choose
thresholds (--choose prints what each would give); the other half tells what came of it.
"""

import argparse
import math
import random
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, zip_longest
from pathlib import Path
from typing import NamedTuple, TypeVar

from gallery import matching
from gallery.matching.evaluation.dataset import read_galleries
from gallery.matching.evaluation.evaluation import describe_all
from gallery.matching.ranking import putting_together
from gallery.matching.signature import Signature
from gallery.matching.tiers.shipped_model import NAME
from gallery.services.lots.grouping import LONGEST_PAUSE, MAX_PROPOSED

FOLDERS = [Path("../shared/data"), Path("../shared/wild")]
OBJECTS, LOTS, PHOTOS = 40, 6, (1, 2, 3, 3, 4, 5)
# Seconds: the middle of the pauses between two photos of an object and between two objects, and how they scatter.
WITHIN, BETWEEN, SCATTER = 4.5, 16.0, 0.7
TAKEN_LATER = 0.12
OF_A_SET = 45
SETS_LEFT_OUT = ("cover",)

Photos = Mapping[str, Sequence[Signature]]
Of = TypeVar("Of")
Pauses = Sequence[float | None]


class Taken(NamedTuple):
    """One photo of a lot: what it shows, and when it was taken in seconds."""

    object_id: str
    signature: Signature
    at: float


def main(arguments: list[str]) -> None:
    """Print precision and recall of both ways, on both halves, with and without a clock."""
    parser = argparse.ArgumentParser(prog="bench together", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=FOLDERS)
    parser.add_argument("--encoder", default=NAME, help="as in the settings; empty: none")
    parser.add_argument("--choose", action="store_true", help="print what other thresholds give on the first half")
    options = parser.parse_args(arguments)
    matching.choose_encoder(options.encoder, Path())
    both = halves(_described(options.folders))
    if options.choose:
        _choose(both[0])
    print("| objects | clock | by time alone: precision, recall | by look and time | ms a photo |")
    print("|---|---|---|---|---|")
    for name, photos in zip(("chosen on", "told on"), both, strict=True):
        for clock in (True, False):
            lots = [_lot(photos, seed) for seed in range(LOTS)]
            before = _told(lots, by_time, has_clock=clock)
            began = time.perf_counter()
            after = _told(lots, matching.put_together, has_clock=clock)
            spent = 1000 * (time.perf_counter() - began) / sum(map(len, lots))
            print(f"| {name} | {'yes' if clock else 'no'} | {before} | {after} | {spent:.0f} |", flush=True)


def by_time(series: Sequence[Signature], pauses: Pauses) -> list[int]:
    """What was proposed before photos were looked at: those that follow soon."""
    group: list[int] = []
    for place in range(len(series)):
        pause, last = pauses[place], group[-1] if group else -1
        is_soon = pause is not None and pause <= LONGEST_PAUSE.total_seconds()
        group.append(last if is_soon and group.count(last) < MAX_PROPOSED else place)
    return group


def _described(folders: Sequence[Path]) -> Photos:
    galleries = [
        each
        for folder in folders
        for each in read_galleries(folder, max_objects=OF_A_SET)
        if each.name not in SETS_LEFT_OUT
    ]
    wanted = [
        gallery.__class__(gallery.name, tuple(one for one in gallery.photographs if one.object_id))
        for gallery in galleries
    ]
    made = describe_all(wanted, progress=lambda *_: None)
    photos = defaultdict(list)
    for gallery in wanted:
        for one in gallery.photographs:
            photos[f"{gallery.name} {one.object_id}"].append(Signature.from_bytes(*made[one.path]))
    return photos


def halves(photos: Mapping[str, Of]) -> tuple[dict[str, Of], dict[str, Of]]:
    """Every other object of each set, of what is known of objects by set and name."""
    by_set = defaultdict(list)
    for name in sorted(photos):
        by_set[name.split()[0]].append(name)
    first, second = ({name: photos[name] for kind in by_set.values() for name in kind[half::2]} for half in (0, 1))
    return first, second


def chosen_for_a_lot(photos: Mapping[str, object], draw: random.Random) -> list[str]:
    """The objects of one lot, in the order in which they are taken: as many of each set, so that none is half of it."""
    kinds = defaultdict(list)
    for name in draw.sample(sorted(photos), len(photos)):
        kinds[name.split()[0]].append(name)
    names = [name for row in zip_longest(*kinds.values()) for name in row if name]
    chosen = names[:OBJECTS]
    draw.shuffle(chosen)
    return chosen


def _lot(photos: Photos, seed: int) -> list[Taken]:
    """Photos as they are taken one object after another; of some objects one more, at the end."""
    draw = random.Random(seed)
    taken: list[Taken] = []
    later: list[tuple[str, Signature]] = []
    clock = 0.0
    for name in chosen_for_a_lot(photos, draw):
        some = draw.sample(list(photos[name]), min(len(photos[name]), draw.choice(PHOTOS)))
        if len(some) > 2 and draw.random() < TAKEN_LATER:
            later.append((name, some.pop()))
        for place, signature in enumerate(some):
            clock += draw.lognormvariate(math.log(WITHIN if place else BETWEEN), SCATTER)
            taken.append(Taken(name, signature, clock))
    for name, signature in later:
        clock += draw.lognormvariate(math.log(BETWEEN), SCATTER)
        taken.append(Taken(name, signature, clock))
    return taken


def _told(
    lots: Sequence[list[Taken]], way: Callable[[Sequence[Signature], Pauses], list[int]], *, has_clock: bool
) -> str:
    right = together = one_object = 0
    for lot in lots:
        pauses = [math.inf, *(b.at - a.at if has_clock else None for a, b in zip(lot, lot[1:], strict=False))]
        group = way([each.signature for each in lot], pauses)
        for a, b in combinations(range(len(lot)), 2):
            is_one, is_together = lot[a].object_id == lot[b].object_id, group[a] == group[b]
            right += is_one and is_together
            together += is_together
            one_object += is_one
    return f"{right / together if together else 1:.3f}, {right / one_object:.3f}"


def _choose(photos: Photos) -> None:
    lots = [_lot(photos, seed) for seed in range(100, 100 + LOTS)]
    usual = (putting_together._APART, putting_together._SURE_ENOUGH)
    for apart in (-6.0, -5.0, -4.0, -3.0):
        for enough in (-1.0, 0.0, 1.0, 2.0):
            putting_together._APART, putting_together._SURE_ENOUGH = apart, enough
            told = [_told(lots, matching.put_together, has_clock=clock) for clock in (True, False)]
            print(f"apart {apart}, enough {enough}: with a clock {told[0]}; without {told[1]}", flush=True)
    putting_together._APART, putting_together._SURE_ENOUGH = usual

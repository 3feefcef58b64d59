"""Whether a forgotten card is noticed, and how many cards are asked about without need: python -m bench doubts.

Lots are composed as in bench/together.py, of objects with their photos one after the other; of every seventh object the
card was forgotten, so that the object before swallows it. A threshold is chosen on one half of the objects of each set:
the lowest at which none is swallowed unnoticed. The other half tells what comes of it, in the same draws and in fresh
ones. Descriptions are kept in a folder.
"""

import argparse
import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench._spoilt import AS_IT_IS, described, end_after
from bench.together import BETWEEN, PHOTOS, SCATTER, WITHIN, chosen_for_a_lot, halves
from gallery import matching
from gallery.matching.evaluation.dataset import read_galleries
from gallery.matching.ranking import doubting
from gallery.matching.ranking.putting_together import CountShared
from gallery.matching.signature import Signature
from gallery.matching.tiers.shipped_model import NAME

FOLDERS = [Path("../shared/data"), Path("../shared/wild")]
SETS = {"handheld", "in_the_wild", "guitars", "jewellery", "packages"}
FORGOTTEN, ALL = 7, 1000
THRESHOLDS = tuple(each / 10 for each in range(0, 31))
Photos = Mapping[str, Sequence[tuple[Path, Signature]]]


@dataclass(frozen=True)
class Group:
    """What one card has placed: photos of its object, and of another one from `begins` on where a card is missing."""

    kind: str
    photos: tuple[tuple[Path, Signature], ...]
    pauses: tuple[float, ...]
    begins: int | None


def main(arguments: list[str]) -> None:
    """Choose on one half, tell on the other."""
    parser = argparse.ArgumentParser(prog="bench doubts", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=FOLDERS)
    parser.add_argument("--lots", type=int, default=24, help="of each half")
    parser.add_argument("--kept", type=Path, default=Path("build/findability"), help="folder of the descriptions")
    parser.add_argument("--seconds", type=float, default=1e9, help="of a processor, after which it ends")
    options = parser.parse_args(arguments)
    options.kept.mkdir(parents=True, exist_ok=True)
    matching.choose_encoder(NAME, Path())
    end_after(options.seconds)
    first, second = halves(_described(options.folders, options.kept))
    count = _counted_once()
    chosen_on = [group for seed in range(options.lots) for group in _groups(first, seed)]
    found = {threshold: _tell(chosen_on, threshold, count) for threshold in THRESHOLDS}
    threshold = next((each for each, told in found.items() if not told["swallowed"]), THRESHOLDS[-1])
    for each in sorted({0.0, 1.0, 1.6, threshold}):
        _print(f"chosen on, at {each}", _tell(chosen_on, each, count))
    for name, seed in (("the other half", 0), ("the other half, fresh draws", 1000)):
        groups = [group for at in range(options.lots) for group in _groups(second, seed + at)]
        for each in sorted({1.0, 1.6, threshold}):
            _print(f"{name}, at {each}", _tell(groups, each, count))


def _tell(groups: Sequence[Group], threshold: float, count: Callable[[Group], CountShared]) -> Counter[str]:
    told = Counter[str]()
    doubting._SURE_ENOUGH = threshold  # noqa: SLF001
    for group in groups:
        places = matching.doubtful_places([each for _, each in group.photos], group.pauses, count(group))
        is_whole = group.begins is None
        told["whole" if is_whole else "mixed"] += 1
        told[f"whole {group.kind}"] += is_whole
        told["asked without need"] += is_whole and bool(places)
        told[f"asked {group.kind}"] += is_whole and bool(places)
        told["swallowed"] += not is_whole and not places
        told["at the place"] += group.begins in places
    return told


def _print(name: str, told: Counter[str]) -> None:
    kinds = sorted(each.partition(" ")[2] for each in told if each.startswith("whole "))
    of_kinds = ", ".join(f"{kind} {told[f'asked {kind}']} of {told[f'whole {kind}']}" for kind in kinds)
    print(
        f"| {name} | {told['swallowed']} of {told['mixed']} swallowed unasked, {told['at the place']} at the place"
        f" | {told['asked without need']} of {told['whole']} asked without need: {of_kinds} |",
        flush=True,
    )


def _described(folders: Sequence[Path], kept: Path) -> Photos:
    photos = defaultdict(list)
    for folder in folders:
        for gallery in read_galleries(folder, sets=SETS, max_objects=ALL, max_distractors=1):
            for each in gallery.photographs:
                if each.object_id:
                    signature = described(kept, each.path, AS_IT_IS).signature
                    photos[f"{gallery.name} {each.object_id}"].append((each.path, signature))
    return photos


def _groups(photos: Photos, seed: int) -> Iterator[Group]:
    """What the cards of one lot have placed: as many objects of each set, as long as there are."""
    draw = random.Random(seed)
    group: list[tuple[tuple[Path, Signature], float]] = []
    kind, begins = "", None
    for number, name in enumerate(chosen_for_a_lot(photos, draw)):
        if number % FORGOTTEN == FORGOTTEN - 1:
            begins = len(group)
        elif group:
            yield _group(kind, group, begins)
            group, begins = [], None
        kind = name.split()[0] if begins is None else kind
        for place, photo in enumerate(draw.sample(list(photos[name]), min(len(photos[name]), draw.choice(PHOTOS)))):
            group.append((photo, draw.lognormvariate(math.log(WITHIN if place else BETWEEN), SCATTER)))
    yield _group(kind, group, begins)


def _group(kind: str, taken: Sequence[tuple[tuple[Path, Signature], float]], begins: int | None) -> Group:
    return Group(kind, tuple(photo for photo, _ in taken), tuple(pause for _, pause in taken), begins)


def _counted_once() -> Callable[[Group], CountShared]:
    """What counts the details that two photos share, once for all lots."""
    known: dict[tuple[Path, Path], int] = {}

    def of(group: Group) -> CountShared:
        def count(one: int, other: int) -> int:
            (path, signature), (beside, its) = group.photos[one], group.photos[other]
            if (path, beside) not in known:
                known[path, beside] = known[beside, path] = matching.shared_details(signature.details, its.details)
            return known[path, beside]

        return count

    return of

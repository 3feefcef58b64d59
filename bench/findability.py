"""What each advice on an object's photos is worth to searches: python -m bench findability [FOLDER...].

Each labelled object stands in a catalogue with one photo, beside the others and distractors, and is searched with
photos that are not there. The same searches are then made with that photo spoilt by code, and with a second view. The
thresholds are the program's; the first objects, on which they were chosen, are counted apart (--chosen-on).
Descriptions and what was found are kept in a folder, and all is drawn from --seed, so that a run that was ended, as
after --seconds of a processor, goes on where it was.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench._searches import Searches, compare_once, kept_ranks
from bench._spoilt import AS_IT_IS, FAULTS, TimeUsed, described, end_after
from gallery import matching
from gallery.matching.evaluation.dataset import read_galleries
from gallery.matching.findability import BLURRED_PIXELS, LIT_SHARE, SMALL_SHARE
from gallery.matching.tiers.shipped_model import NAME

SETS = {"guitars", "jewellery", "packages", "in_the_wild"}
FEWEST_PHOTOS, FOUND_AMONG, ALL = 4, 10, 1000
TWO_VIEWS, SHOWN = "two views", (AS_IT_IS, *FAULTS)


@dataclass(frozen=True)
class Turn:
    """One photo of an object in the catalogue, the one that may stand beside it, and those that ask."""

    name: str
    shown: Path
    second: Path
    asked: tuple[Path, ...]


@dataclass(frozen=True)
class Outcome:
    """One search: its object, the photo in the catalogue, and the object's rank with each that is shown of it."""

    name: str
    shown: Path
    ranks: Mapping[str, int]


@dataclass(frozen=True)
class Rule:
    """Advice is given by one number of a photo, below a threshold or above it; faults: what it is meant to tell."""

    number: str
    threshold: float
    faults: tuple[str, ...]
    is_below: bool = False

    def tells(self, numbers: Mapping[str, float]) -> bool:
        """Whether the advice is given."""
        value = numbers[self.number]
        return value <= self.threshold if self.is_below else value >= self.threshold


RULES = (
    Rule("share", SMALL_SHARE, tuple(each for each in FAULTS if "small" in each), is_below=True),
    Rule("median_size", BLURRED_PIXELS, tuple(each for each in FAULTS if "blurred" in each)),
    Rule("lit", LIT_SHARE, tuple(each for each in FAULTS if "reflections" in each)),
)


def main(arguments: list[str]) -> None:
    """Describe what is not described yet, search, and print what each rule recovers."""
    parser = argparse.ArgumentParser(prog="bench findability", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[Path("../shared/wild"), Path("../shared/data")])
    parser.add_argument("--objects", type=int, default=ALL, help="of each set")
    parser.add_argument("--turns", type=int, default=1, help="photos of an object that are shown, one after the other")
    parser.add_argument("--asked", type=int, default=4, help="searches for each")
    parser.add_argument("--chosen-on", type=int, default=16, help="every other of the first objects, counted apart")
    parser.add_argument("--distractors", type=int, default=234)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--seconds", type=float, default=1e9, help="of a processor, after which it ends")
    parser.add_argument("--kept", type=Path, default=Path("build/findability"), help="folder of the descriptions")
    options = parser.parse_args(arguments)
    options.kept.mkdir(parents=True, exist_ok=True)
    matching.choose_encoder(NAME, Path())
    end_after(options.seconds)
    _measure(options)


def _measure(options: argparse.Namespace) -> None:
    objects, others = _read(options.folders, options.objects, options.distractors)
    turns = {name: _turns(name, photos, options) for name, photos in objects.items()}
    first = [described(options.kept, some[0].shown, AS_IT_IS) for some in turns.values()]
    searches = Searches(first, (described(options.kept, path, AS_IT_IS) for path in others))
    outcomes, numbers = list[Outcome](), dict[tuple[Path, str], Mapping[str, float]]()
    chosen = set(list(objects)[: 2 * options.chosen_on : 2])
    for turn in _in_turn(turns, chosen):
        compare_once()
        try:
            shown = {what: [described(options.kept, turn.shown, what)] for what in SHOWN}
            two = [*shown[AS_IT_IS], described(options.kept, turn.second, AS_IT_IS)]
            asked = [described(options.kept, path, AS_IT_IS) for path in turn.asked]
            search = partial(searches.ranks, list(turns).index(turn.name), shown | {TWO_VIEWS: two}, asked)
            ranks = kept_ranks(options.kept, [turn, *turns, *others], search)
        except TimeUsed:
            continue
        numbers |= {(turn.shown, what): each.numbers for what, [each] in shown.items()}
        outcomes += [Outcome(turn.name, turn.shown, each) for each in ranks]
    _print(outcomes, numbers, set(objects), chosen)


def _in_turn(turns: Mapping[str, Sequence[Turn]], chosen: Collection[str]) -> list[Turn]:
    """The turns of all sets alike, those on which no threshold was chosen first."""
    by_set = defaultdict[tuple[bool, str], list[Turn]](list)
    for name, some in turns.items():
        by_set[name in chosen, name.partition("/")[0]] += some
    placed = [
        (is_chosen, place / len(some), turn)
        for (is_chosen, _), some in by_set.items()
        for place, turn in enumerate(some)
    ]
    return [turn for *_, turn in sorted(placed, key=lambda each: each[:2])]


def _print(
    outcomes: Sequence[Outcome],
    numbers: Mapping[tuple[Path, str], Mapping[str, float]],
    objects: set[str],
    chosen: set[str],
) -> None:
    print(f"{len(outcomes)} searches for {len({each.name for each in outcomes})} of {len(objects)} objects")
    for what, names in (("thresholds chosen on", chosen), ("the others", objects - chosen), ("all", objects)):
        print(f"\n{what}: {len({each.name for each in outcomes} & names)} objects")
        if found := [each for each in outcomes if each.name in names]:
            _tell_all(found, numbers)


def _tell_all(outcomes: Sequence[Outcome], numbers: Mapping[tuple[Path, str], Mapping[str, float]]) -> None:
    shown = {each.shown for each in outcomes}
    print("| what is shown of an object | missed, of searches | instead | recovered where told |\n|---|---|---|---|")
    _tell(outcomes, AS_IT_IS, TWO_VIEWS, shown)
    _tell(outcomes, AS_IT_IS, TWO_VIEWS, shown, among=1)
    for rule in RULES:
        told = {what: {path for path in shown if rule.tells(numbers[path, what])} for what in (AS_IT_IS, *rule.faults)}
        print(f"{rule.number} {rule.threshold:.3f} tells {len(told[AS_IT_IS])} of {len(shown)} photos as they are")
        for fault in rule.faults:
            print(f"  tells {len(told[fault])} of {len(shown)} {fault}")
            _tell(outcomes, fault, AS_IT_IS, told[fault])
            _tell(outcomes, fault, AS_IT_IS, told[fault], among=1)
        for what, paths in (("told", told[AS_IT_IS]), ("not told", shown - told[AS_IT_IS])):
            missed = [each.ranks[AS_IT_IS] > FOUND_AMONG for each in outcomes if each.shown in paths]
            print(f"  as they are, {what}: {sum(missed)} of {len(missed)} searches miss")


def _tell(
    outcomes: Sequence[Outcome], what: str, advised: str, told: Collection[Path], among: int = FOUND_AMONG
) -> None:
    """Print how many of the searches that miss what is shown heeding the advice recovers where it is given."""
    missed = [each for each in outcomes if each.ranks[what] > among]
    recovered = [each for each in missed if each.shown in told and each.ranks[advised] <= among]
    lost = sum(each.ranks[what] <= among < each.ranks[advised] for each in outcomes)
    share = len(recovered) / len(missed) if missed else 0.0
    print(
        f"| {what}, not among {among} | {len(missed)} of {len(outcomes)} | {advised} | {len(recovered)}, {share:.2f};"
        f" {lost} found only so |"
    )


def _read(folders: Iterable[Path], most: int, distractors: int) -> tuple[dict[str, list[Path]], list[Path]]:
    objects, others = defaultdict[str, list[Path]](list), dict[Path, None]()
    for folder in folders:
        for gallery in read_galleries(folder, sets=SETS, max_objects=most, max_distractors=distractors):
            for each in gallery.photographs:
                if each.object_id:
                    objects[f"{gallery.name}/{each.object_id}"].append(each.path)
                else:
                    others[each.path] = None
    enough = {name: photos for name, photos in objects.items() if len(photos) >= FEWEST_PHOTOS}
    return enough, list(others)[:: max(1, len(others) // distractors)]


def _turns(name: str, photos: Sequence[Path], options: argparse.Namespace) -> list[Turn]:
    """The photos of an object in a drawn order, each of the first once in the catalogue; others ask."""
    drawn = random.Random(f"{options.seed} {name}").sample(list(photos), len(photos))
    turns = []
    for first in range(min(options.turns, len(drawn))):
        shown, second, *asked = [*drawn[first:], *drawn[:first]]
        turns.append(Turn(name, shown, second, tuple(asked[: options.asked])))
    return turns

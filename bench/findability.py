"""What each advice on an object's photos is worth to searches: python -m bench findability [FOLDER...].

Each labelled object stands in a catalogue with one photo, beside the others and distractors, and is searched with
photos that are not there. The same searches are then made with that photo spoilt by code, and with more views of the
object. Thresholds are chosen on one half of the objects, and what heeding the advice recovers is measured on the other.
Descriptions are kept in a folder, so that a second run only searches.
"""

import argparse
import hashlib
import pickle
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from gallery import matching
from gallery.matching import Signature, describe, findability_of
from gallery.matching.catalogue.catalogue import Catalogue, CatalogueEntry
from gallery.matching.evaluation.dataset import Photograph, read_galleries, read_picture
from gallery.matching.ranking.ranking import rank
from gallery.matching.tiers.reduced import reduce
from gallery.matching.tiers.shipped_model import NAME

Pixels = npt.NDArray[np.uint8]
Fault = Callable[[Pixels], Pixels]
SETS = {"guitars", "jewellery", "packages", "in_the_wild"}
EDGE, VIEWS, TURNS, ASKED, FOUND_AMONG, PROCESSES = 1024, 3, 1, 2, 10, 2
NOWHERE = 1000
LIT, MOST_GOOD = 250, 0.15


@dataclass(frozen=True)
class Described:
    """A photo as the catalogue has it, and the numbers that a rule may look at."""

    compact: bytes
    details: bytes
    numbers: Mapping[str, float]

    @property
    def signature(self) -> Signature:
        """What searches run on."""
        return Signature.from_bytes(self.compact, self.details)


@dataclass(frozen=True)
class Turn:
    """One object, with the photos that stand in the catalogue (the first alone, or with the others) and that ask."""

    name: str
    views: tuple[Path, ...]
    asked: tuple[Path, ...]


@dataclass(frozen=True)
class Outcome:
    """One search: the half of its object (0 or 1), the photo in the catalogue, and the object's rank with each."""

    half: int
    shown: Path
    ranks: Mapping[str, int]


@dataclass(frozen=True)
class Bench:
    """What searches run on. kept: the folder of descriptions; details: by entry; entries: numbers not used yet."""

    kept: Path
    catalogue: Catalogue
    details: dict[int, bytes]
    entries: Iterator[int]


def _shifted(picture: Pixels, share: float) -> Pixels:
    """The photo as a small part of a plain table, a little off its middle."""
    height, width = picture.shape[:2]
    table = np.random.default_rng(1).integers(165, 180, picture.shape, dtype=np.uint8)
    small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    top, left = round((height - small.shape[0]) * 0.45), round((width - small.shape[1]) * 0.55)
    table[top : top + small.shape[0], left : left + small.shape[1]] = small
    return table


def _among_things(picture: Pixels, share: float) -> Pixels:
    """The photo as a small part of a table that is full of things."""
    height, width = picture.shape[:2]
    draw, shifted = np.random.default_rng(2), _shifted(picture, share)
    table = draw.integers(165, 180, picture.shape, dtype=np.uint8)
    for _ in range(60):
        x, y, w, h = (draw.random(4) * (width, height, width / 5, height / 5)).astype(int).tolist()
        colour = [int(each) for each in draw.integers(0, 255, 3)]
        cv2.rectangle(table, (x, y), (x + w, y + h), colour, -1)
        cv2.putText(table, chr(65 + x % 26) * 3, (x, y + h), cv2.FONT_HERSHEY_SIMPLEX, 1, (255 - colour[0],) * 3, 2)
    rows, columns = (round(side * share) for side in (height, width))
    top, left = round((height - rows) * 0.45), round((width - columns) * 0.55)
    table[top : top + rows, left : left + columns] = shifted[top : top + rows, left : left + columns]
    return table


def _blurred(picture: Pixels, share: float) -> Pixels:
    """Out of focus by this share of the long side."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), share * max(picture.shape[:2])), np.uint8)


def _glaring(picture: Pixels, share: float) -> Pixels:
    """Three lamps reflected on what is in the middle, each of this share of the side."""
    height, width = picture.shape[:2]
    down, across = np.ogrid[:height, :width]
    light = np.zeros((height, width))
    for x, y in ((0.5, 0.5), (0.35, 0.4), (0.62, 0.64)):
        away = np.hypot((across / width - x), (down / height - y))
        light = np.maximum(light, np.clip(1.6 - away / share, 0, 1))
    return np.asarray(picture * (1 - light[..., None]) + 255 * light[..., None], np.uint8)


FAULTS: Mapping[str, Fault] = {
    "small, a quarter as wide": partial(_shifted, share=0.25),
    "small, a third as wide, among things": partial(_among_things, share=0.33),
    "blurred a little": partial(_blurred, share=0.004),
    "with reflections": partial(_glaring, share=0.1),
}
AS_IT_IS = "as it is"
SHOWN = (AS_IT_IS, *FAULTS)


@dataclass(frozen=True)
class Rule:
    """Advice is given by one number of a photo, below a threshold or above it; faults: what it is meant to tell."""

    number: str
    faults: tuple[str, ...]
    is_below: bool = False

    def tells(self, numbers: Mapping[str, float], threshold: float) -> bool:
        """Whether the advice is given."""
        return numbers[self.number] <= threshold if self.is_below else numbers[self.number] >= threshold


RULES = (
    Rule("share", tuple(each for each in FAULTS if "small" in each), is_below=True),
    Rule("median_size", tuple(each for each in FAULTS if "blurred" in each)),
    Rule("bright_largest", ("with reflections",)),
)
Numbers = Mapping[tuple[Path, str], Mapping[str, float]]


def main(arguments: list[str]) -> None:
    """Describe what is not described yet, search, and print what each rule recovers."""
    parser = argparse.ArgumentParser(prog="bench findability", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[Path("../shared/wild"), Path("../shared/data")])
    parser.add_argument("--objects", type=int, default=25, help="of each set")
    parser.add_argument("--distractors", type=int, default=234)
    parser.add_argument("--kept", type=Path, default=Path("build/findability"), help="folder of the descriptions")
    options = parser.parse_args(arguments)
    options.kept.mkdir(parents=True, exist_ok=True)
    objects, others = _read(options.folders, options.objects, options.distractors)
    turns = [turn for name, photos in objects.items() for turn in _turns(name, photos)]
    wanted = [(path, AS_IT_IS) for path in _plain(turns, others)]
    wanted += [(path, fault) for path in {turn.views[0] for turn in turns} for fault in FAULTS]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"), initializer=_start) as pool:
        list(pool.map(partial(_described, options.kept), *zip(*wanted, strict=True), chunksize=16))
        shares = [turns[place::PROCESSES] for place in range(PROCESSES)]
        outcomes = [each for some in pool.map(partial(_searched, options.kept, turns, others), shares) for each in some]
    (options.kept / "outcomes.pickle").write_bytes(pickle.dumps(outcomes))
    print(f"{len(objects)} objects, {len(outcomes)} searches, {len(others)} distractors")
    print("| what is shown of an object | missed | after | recovered |\n|---|---|---|---|")
    shown = {each.shown for each in outcomes}
    _tell(outcomes, AS_IT_IS, "two views", shown)
    numbers = {(path, fault): _described(options.kept, path, fault).numbers for path in shown for fault in SHOWN}
    for rule in RULES:
        _measure(rule, outcomes, numbers)


def _measure(rule: Rule, outcomes: Sequence[Outcome], numbers: Numbers) -> None:
    """Choose the threshold on one half of the objects, and print what the rule does on the other."""
    halves = [sorted({each.shown for each in outcomes if each.half == half}) for half in (0, 1)]
    threshold = max(
        {numbers[path, fault][rule.number] for path in halves[0] for fault in rule.faults},
        key=lambda value: _told_apart(rule, value, halves[0], numbers),
    )
    other = [each for each in outcomes if each.half == 1]
    told = {
        fault: {path for path in halves[1] if rule.tells(numbers[path, fault], threshold)}
        for fault in (AS_IT_IS, *rule.faults)
    }
    of_all = len(halves[1])
    print(f"{rule.number} {threshold:.3f} tells {len(told[AS_IT_IS])} of {of_all} photos as they are")
    for fault in rule.faults:
        print(f"  tells {len(told[fault])} of {of_all} {fault}")
        _tell(other, fault, AS_IT_IS, told[fault])
    for what, paths in (("told", told[AS_IT_IS]), ("not told", set(halves[1]) - told[AS_IT_IS])):
        missed = [each.ranks[AS_IT_IS] > FOUND_AMONG for each in other if each.shown in paths]
        print(f"  as they are, {what}: {sum(missed)} of {len(missed)} searches miss")


def _told_apart(rule: Rule, threshold: float, paths: Sequence[Path], numbers: Numbers) -> float:
    """Share of spoilt photos that are told of, less that of good ones; too many good ones count for all."""
    good = sum(rule.tells(numbers[path, AS_IT_IS], threshold) for path in paths) / len(paths)
    spoilt = [rule.tells(numbers[path, fault], threshold) for path in paths for fault in rule.faults]
    return sum(spoilt) / len(spoilt) - (good if good <= MOST_GOOD else 1.0)


def _tell(outcomes: Sequence[Outcome], what: str, advised: str, told: Collection[Path]) -> None:
    """Print how many of the searches that miss what is shown heeding the advice recovers where it is given."""
    missed = [each for each in outcomes if each.ranks[what] > FOUND_AMONG]
    recovered = [each for each in missed if each.shown in told and each.ranks[advised] <= FOUND_AMONG]
    share = len(recovered) / len(missed) if missed else 0.0
    print(f"| {what} | {len(missed)} of {len(outcomes)} | {advised} | {len(recovered)}, {share:.2f} |", flush=True)


def _start() -> None:
    matching.choose_encoder(NAME, Path())


def _read(folders: Iterable[Path], most: int, distractors: int) -> tuple[dict[str, list[Path]], list[Path]]:
    objects, others = defaultdict[str, list[Path]](list), dict[Path, Photograph]()
    for folder in folders:
        for gallery in read_galleries(folder, sets=SETS, max_objects=most, max_distractors=distractors):
            for each in gallery.photographs:
                if each.object_id:
                    objects[f"{gallery.name}/{each.object_id}"].append(each.path)
                else:
                    others[each.path] = each
    return {name: photos for name, photos in objects.items() if len(photos) > VIEWS}, list(others)[
        :: max(1, len(others) // distractors)
    ]


def _turns(name: str, photos: Sequence[Path]) -> list[Turn]:
    """Each of the first photos once as the one that is shown; the others, beyond its further views, ask."""
    turns = []
    for first in range(TURNS):
        turned = [*photos[first:], *photos[:first]]
        turns.append(Turn(name, tuple(turned[:VIEWS]), tuple(turned[VIEWS : VIEWS + ASKED])))
    return turns


def _plain(turns: Iterable[Turn], others: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys([*(path for turn in turns for path in turn.views + turn.asked), *others]))


def _described(kept: Path, path: Path, fault: str) -> Described:
    name = hashlib.sha256(f"{path} {fault} {EDGE} {matching.current_version()}".encode()).hexdigest()[:24]
    file = kept / name
    if not file.exists():
        picture = read_picture(path, edge=EDGE)
        spoilt = FAULTS[fault](picture) if fault in FAULTS else picture
        signature = describe(spoilt)
        made = Described(signature.compact(), signature.details_bytes(), _numbers(spoilt, signature))
        file.write_bytes(pickle.dumps(made))
        return made
    described = pickle.loads(file.read_bytes())  # noqa: S301  what this program has written
    assert isinstance(described, Described)
    return described


def _numbers(picture: Pixels, signature: Signature) -> dict[str, float]:
    told = findability_of(signature)
    assert signature.details is not None
    grey = reduce(picture).grey
    left, top, right, bottom = signature.details.object_box
    rows, columns = (
        slice(int(one * side), int(other * side) + 1)
        for one, other, side in ((top, bottom, grey.shape[0]), (left, right, grey.shape[1]))
    )
    bright = (grey[rows, columns] >= LIT).astype(np.uint8)
    _, _, areas, _ = cv2.connectedComponentsWithStats(bright)
    sides = np.array(bright.shape[::-1])
    is_inside = (areas[1:, :2] > 0).all(axis=1) & (areas[1:, :2] + areas[1:, 2:4] < sides).all(axis=1)
    lit = areas[1:, 4][is_inside].max(initial=0) / bright.size
    return {"share": told.object_share or 0.0, "median_size": told.point_size or 0.0, "bright_largest": float(lit)}


def _searched(kept: Path, turns: Sequence[Turn], others: Sequence[Path], own: Sequence[Turn]) -> list[Outcome]:
    """Search the objects of these turns in the catalogue of all: every object with its first photo, and distractors."""
    names = {name: number for number, name in enumerate(dict.fromkeys(turn.name for turn in turns))}
    first = {names[turn.name]: _described(kept, turn.views[0], AS_IT_IS) for turn in reversed(turns)}
    there = first | {len(names) + place: _described(kept, path, AS_IT_IS) for place, path in enumerate(others)}
    details = {number: each.details for number, each in there.items()}
    catalogue = Catalogue(lambda ids: {each: details[each] for each in ids})
    catalogue.add(CatalogueEntry(number, number, each.compact) for number, each in there.items())
    bench = Bench(kept, catalogue, details, count(len(there)))
    shown = repr([turns, others])
    found = []
    for turn in own:
        file = kept / f"found-{hashlib.sha256(f'{turn.name} {shown}'.encode()).hexdigest()[:24]}"
        if not file.exists():
            ranks = _ranks(bench, turn, names[turn.name], there[names[turn.name]].compact)
            file.write_bytes(pickle.dumps(ranks))
        half = names[turn.name] % 2
        ranks = pickle.loads(file.read_bytes())  # noqa: S301  what this program has written
        found += [Outcome(half, turn.views[0], each) for each in ranks]
    return found


def _ranks(bench: Bench, turn: Turn, number: int, compact: bytes) -> list[dict[str, int]]:
    """Of each search for one object its rank with each that is shown of it; compact: what else is shown."""
    ranks: dict[Path, dict[str, int]] = {path: {} for path in turn.asked}
    bench.catalogue.remove([number])
    for what, photos in _shown(bench.kept, turn).items():
        entries = {next(bench.entries): each for each in photos}
        bench.details.update({entry: each.details for entry, each in entries.items()})
        bench.catalogue.add(CatalogueEntry(entry, number, each.compact) for entry, each in entries.items())
        for path in turn.asked:
            ranks[path][what] = _rank(number, _described(bench.kept, path, AS_IT_IS).signature, bench.catalogue)
        bench.catalogue.remove(list(entries))
    bench.catalogue.add([CatalogueEntry(number, number, compact)])
    return list(ranks.values())


def _shown(kept: Path, turn: Turn) -> dict[str, list[Described]]:
    plain = [_described(kept, path, AS_IT_IS) for path in turn.views]
    spoilt = {fault: [_described(kept, turn.views[0], fault)] for fault in FAULTS}
    return {AS_IT_IS: plain[:1], "two views": plain[:2], **spoilt}


def _rank(number: int, asked: Signature, catalogue: Catalogue) -> int:
    ranked = [each.item_id for each in rank([asked], catalogue, limit=60)]
    return ranked.index(number) + 1 if number in ranked else NOWHERE

"""What a view of the mark recovers: searches by somebody whose only photo shows the part of a thing that bears a mark.

No set of photographs has serial numbers. What stands for them is print: of each DVD cover and package the window with
the most strokes, found in every photo of it by its geometry. The catalogue has one photo on which that window is
painted over, as a thing seen from another side; then also the window alone, from a second photo. The window alone of
further photos asks, and the whole of them.
"""

import hashlib
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from bench._searches import Searches, compare_once, kept_ranks
from bench._spoilt import EDGE, Described, Pixels, check_time, kept_description
from gallery.matching.evaluation.dataset import read_galleries, read_picture

SETS = {"cover", "packages"}
WINDOW, STEP, AROUND = (0.45, 0.3), 0.05, 0.12
FEWEST_AGREEING, RATIO, MISS = 25, 0.75, 5.0
FOUND_AMONG, ALL = 10, 1000
OUTSIDE, WITH_MARK = "without the mark", "with a view of the mark"
Corners = npt.NDArray[np.float32]
Found = dict[str, list[dict[str, int]]]
OfThing = tuple[Described, Described, list[Described], list[Described]]


@dataclass(frozen=True)
class Marked:
    """One thing: a photo without its mark, a view of it, and photos that ask, each with where the mark is."""

    kind: str
    outside: tuple[Path, Corners]
    mark: tuple[Path, Corners]
    asked: tuple[tuple[Path, Corners], ...]


def measure(folders: Sequence[Path], kept: Path, distractors: int) -> None:
    """Print how many searches by mark, and by the whole, find the thing, without a view of its mark and with it."""
    photos: dict[tuple[str, str], list[Path]] = {}
    others: dict[Path, None] = {}
    for folder in folders:
        for gallery in read_galleries(folder, sets=SETS, max_objects=ALL, max_distractors=distractors):
            for each in gallery.photographs:
                if each.object_id:
                    photos.setdefault((gallery.name, each.object_id), []).append(each.path)
                else:
                    others[each.path] = None
    far = list(others)[:: max(1, len(others) // distractors)]
    found_marks = [_kept_mark(kept, name, paths) for name, paths in photos.items()]
    things = [each for each in found_marks if each is not None]
    print(f"{len(things)} of {len(photos)} things in which the mark was found in three photos, {len(far)} distractors")
    of_things = [_descriptions(kept, each) for each in things]
    searches = Searches([over for over, *_ in of_things], (_plain(kept, path) for path in far))
    found = [_searched(kept, searches, number, each) for number, each in enumerate(of_things)]
    for kind in (*sorted({each.kind for each in things}), ""):
        for asks in ("mark", "whole"):
            ranks = [
                each
                for thing, some in zip(things, found, strict=True)
                if kind in ("", thing.kind)
                for each in some[asks]
            ]
            _tell(f"{kind or 'all'}, the {asks} asks", ranks)


def _tell(what: str, ranks: Sequence[Mapping[str, int]]) -> None:
    missed = [each for each in ranks if each[OUTSIDE] > FOUND_AMONG]
    recovered = sum(each[WITH_MARK] <= FOUND_AMONG for each in missed)
    lost = sum(each[OUTSIDE] <= FOUND_AMONG < each[WITH_MARK] for each in ranks)
    share = recovered / len(missed) if missed else 0.0
    print(
        f"| {what} | missed {len(missed)} of {len(ranks)} | recovered {recovered}, {share:.2f} | lost {lost} |"
        f" first {sum(each[OUTSIDE] == 1 for each in ranks)} -> {sum(each[WITH_MARK] == 1 for each in ranks)}"
    )


def _kept_mark(kept: Path, name: tuple[str, str], paths: Sequence[Path]) -> "Marked | None":
    file = kept / f"mark-{hashlib.sha256(repr((name, paths)).encode()).hexdigest()[:24]}"
    if not file.exists():
        check_time()
        file.write_bytes(pickle.dumps(_marked(name, paths)))
    found = pickle.loads(file.read_bytes())  # noqa: S301  what this program has written
    assert found is None or isinstance(found, Marked)
    return found


def _marked(name: tuple[str, str], paths: Sequence[Path]) -> Marked | None:
    """The thing by the photo to which most others could be laid; None where fewer than two could."""
    seen = {path: _points(read_picture(path, edge=EDGE)) for path in paths}
    laid = {path: list(_laid(path, seen)) for path in paths}
    best = max(paths, key=lambda path: len(laid[path]))
    if len(laid[best]) < 2:
        return None
    window = _window(read_picture(best, edge=EDGE))
    there = [(path, cv2.perspectiveTransform(window[None], placement)[0]) for path, placement in laid[best]]
    return Marked(name[0], (best, window), there[0], tuple(there[1:]))


def _points(picture: Pixels) -> tuple[Corners, Corners]:
    keys, descriptors = cv2.SIFT.create(2000).detectAndCompute(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), None)
    positions = np.array([each.pt for each in keys], np.float32).reshape(-1, 2)
    return positions, np.asarray(descriptors if len(keys) else np.zeros((0, 128)), np.float32)


def _laid(path: Path, seen: Mapping[Path, tuple[Corners, Corners]]) -> Iterator[tuple[Path, npt.NDArray[np.float64]]]:
    """The other photos onto which this one could be laid, and how."""
    positions, descriptors = seen[path]
    for other, (there, theirs) in seen.items():
        if other == path or min(len(descriptors), len(theirs)) < FEWEST_AGREEING:
            continue
        pairs = cv2.BFMatcher().knnMatch(descriptors, theirs, k=2)
        good = [one for one, two in pairs if one.distance < RATIO * two.distance]
        if len(good) < FEWEST_AGREEING:
            continue
        cv2.setRNGSeed(13)
        source, target = (np.array(some) for some in zip(*((positions[g.queryIdx], there[g.trainIdx]) for g in good)))  # noqa: B905
        placement, agreeing = cv2.findHomography(source, target, cv2.RANSAC, MISS)
        if placement is not None and int(agreeing.sum()) >= FEWEST_AGREEING:
            yield other, np.asarray(placement, np.float64)


def _window(picture: Pixels) -> Corners:
    """The corners of the part of a picture that has the most strokes, clear of its edges."""
    height, width = picture.shape[:2]
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    strokes = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 60
    across, down = (round(share * side) for share, side in zip(WINDOW, (width, height), strict=True))
    places = [
        (x, y)
        for x in range(width // 10, width - across - width // 10, max(1, round(STEP * width)))
        for y in range(height // 10, height - down - height // 10, max(1, round(STEP * height)))
    ]
    x, y = max(places, key=lambda place: strokes[place[1] : place[1] + down, place[0] : place[0] + across].sum())
    return np.array([(x, y), (x + across, y), (x + across, y + down), (x, y + down)], np.float32)


def _painted_over(path: Path, corners: Corners) -> Pixels:
    picture = read_picture(path, edge=EDGE).copy()
    mask = cv2.fillConvexPoly(np.zeros(picture.shape[:2], np.uint8), corners.astype(np.int32), 1)
    colour = cv2.mean(picture, mask)[:3]
    return np.asarray(cv2.fillConvexPoly(picture, corners.astype(np.int32), colour), np.uint8)


def _alone(path: Path, corners: Corners) -> Pixels:
    picture = read_picture(path, edge=EDGE)
    least, most = corners.min(axis=0), corners.max(axis=0)
    margin = AROUND * (most - least)
    left, top = np.maximum(least - margin, 0).astype(int).tolist()
    right, bottom = np.minimum(most + margin, picture.shape[1::-1]).astype(int).tolist()
    return np.ascontiguousarray(picture[top : max(bottom, top + 32), left : max(right, left + 32)])


def _plain(kept: Path, path: Path) -> Described:
    return kept_description(kept, f"{path} as it is", partial(read_picture, path, edge=EDGE))


def _descriptions(kept: Path, thing: Marked) -> OfThing:
    """Of one thing: outside, mark, the marks that ask, and the whole photos that ask."""
    alone = [
        kept_description(kept, f"{path} mark {corners.round().tolist()}", partial(_alone, path, corners))
        for path, corners in (thing.mark, *thing.asked)
    ]
    path, corners = thing.outside
    over = kept_description(kept, f"{path} over {corners.tolist()}", partial(_painted_over, path, corners))
    return over, alone[0], alone[1:], [_plain(kept, path) for path, _ in thing.asked]


def _searched(kept: Path, searches: Searches, number: int, of_thing: OfThing) -> Found:
    compare_once()
    outside, mark, marks, wholes = of_thing
    shown = {OUTSIDE: [outside], WITH_MARK: [outside, mark]}
    about = [hashlib.sha256(each.compact).hexdigest() for each in (outside, mark, *marks, *wholes)]
    return {
        asks: kept_ranks(kept, [asks, number, *about], partial(searches.ranks, number, shown, asked))
        for asks, asked in (("mark", marks), ("whole", wholes))
    }

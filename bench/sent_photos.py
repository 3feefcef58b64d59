"""What victims really send, beside clean photographs: python -m bench sent_photos [FOLDER...] [--queries N].

Photos of each set, as messengers, telephones, printers and evenings leave them (`_as_sent`), are searched among the
set's other photos and distractors; the clean photo's own figures, of the same run, are the limit. A screenshot is
searched both whole and, as the sites do, by the photo that it shows. Descriptions and answers are kept in a folder, so
that a run that was interrupted goes on where it stopped.
"""

import argparse
import hashlib
import json
import pickle
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np
from PIL import Image
from tqdm import tqdm

from bench._as_sent import CHANGES, Source
from gallery import matching
from gallery.imaging.picture import Picture, as_array, cropped
from gallery.matching import Catalogue, CatalogueEntry, Likelihood, describe, rank
from gallery.matching.evaluation.dataset import Gallery, Photograph, read_galleries, read_picture
from gallery.matching.tiers.shipped_model import NAME

OTHERS = 12
"""Photographs that stand in no catalogue: what stands beside or around the object."""
LISTED = 60


@dataclass(frozen=True)
class Options:
    """queries, distractors: of each set, at most; kept: folder of what is done; until: on the clock of `monotonic`."""

    queries: int
    distractors: int
    changes: tuple[str, ...]
    kept: Path
    until: float


Answer = tuple[int, str, str]
"""Rank of the object, 0 for not listed; likelihood of the first candidate, and of the first that is another object."""
Ways = tuple[Answer, Answer]
"""Searched as the sites do, and whole."""


def main(arguments: list[str]) -> None:
    """Search what was not searched yet, and print how often the object comes first."""
    parser = argparse.ArgumentParser(prog="bench sent_photos", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[Path("../shared/wild"), Path("../shared/data")])
    parser.add_argument("--queries", type=int, default=25, help="of each set, evenly spread")
    parser.add_argument("--distractors", type=int, default=600)
    parser.add_argument("--only", default="", help="changes whose name has this text")
    parser.add_argument("--kept", type=Path, default=Path("build/sent_photos"), help="folder of what is done")
    parser.add_argument("--seconds", type=float, default=1e9, help="after which it stops, to go on the next time")
    given = parser.parse_args(arguments)
    changes = tuple(name for name in CHANGES if given.only in name)
    options = Options(given.queries, given.distractors, changes, given.kept, monotonic() + given.seconds)
    options.kept.mkdir(parents=True, exist_ok=True)
    matching.choose_encoder(NAME, Path())
    answers = {
        gallery.name: answers_of(gallery, options)
        for folder in given.folders
        for gallery in read_galleries(folder, max_distractors=options.distractors + OTHERS)
    }
    print_answers(answers)


def answers_of(gallery: Gallery, options: Options) -> dict[str, list[Ways]]:
    """What is found for each change of the set's queries, as far as there is time."""
    asked = gallery.asked()
    chosen = [asked[place * len(asked) // options.queries] for place in range(min(options.queries, len(asked)))]
    others = [each for each in gallery.shown() if not each.object_id][:OTHERS]
    shown = [each for each in gallery.shown() if each not in others]
    catalogue: Catalogue | None = None
    answers: dict[str, list[Ways]] = {change: [] for change in options.changes}
    for query in tqdm(chosen, desc=gallery.name, leave=False):
        for change in options.changes:
            about = f"{query.path} {change} {options.queries} {options.distractors} {matching.current_version()}"
            file = options.kept / f"{hashlib.sha256(about.encode()).hexdigest()[:24]}.json"
            if not file.exists():
                catalogue = catalogue or _catalogue(shown, options)
                if catalogue is None or monotonic() > options.until:
                    return answers
                file.write_text(json.dumps(_ways(query, change, shown, others, catalogue)))
            answers[change].append(json.loads(file.read_text()))
    return answers


def _catalogue(shown: Sequence[Photograph], options: Options) -> Catalogue | None:
    """Every photo as an item of its own, numbered by its place; None when time is over before all are described."""
    described = {}
    for number, photograph in enumerate(shown):
        about = f"{photograph.path} {matching.current_version()}"
        file = options.kept / f"{hashlib.sha256(about.encode()).hexdigest()[:24]}.pickle"
        if not file.exists():
            if monotonic() > options.until:
                return None
            signature = describe(read_picture(photograph.path))
            file.write_bytes(pickle.dumps((signature.compact(), signature.details_bytes())))
        described[number] = pickle.loads(file.read_bytes())  # noqa: S301  what this program has written
    catalogue = Catalogue(lambda ids: {number: described[number][1] for number in ids})
    catalogue.add(CatalogueEntry(number, number, compact) for number, (compact, _) in described.items())
    return catalogue


def _ways(
    query: Photograph, change: str, shown: Sequence[Photograph], others: Sequence[Photograph], catalogue: Catalogue
) -> Ways:
    seed = zlib.crc32(query.path.name.encode())
    other = Image.fromarray(read_picture(others[seed % len(others)].path))
    source = Source(Image.fromarray(read_picture(query.path)), other, np.random.default_rng(seed))
    sent = Picture(CHANGES[change](source), "image/jpeg", 0, 0)
    place = matching.find_photo(as_array(sent))
    whole = _answer(sent, query, shown, catalogue)
    return _answer(cropped(sent, place), query, shown, catalogue) if place else whole, whole


def _answer(sent: Picture, query: Photograph, shown: Sequence[Photograph], catalogue: Catalogue) -> Answer:
    others_than_it = {number for number, each in enumerate(shown) if each != query}
    candidates = rank([describe(as_array(sent))], catalogue, narrowed_to=others_than_it, limit=LISTED)
    found = [each for each in candidates if shown[each.item_id] != query]
    is_right = [shown[each.item_id].object_id == query.object_id for each in found]
    impostor = next((each for each, right in zip(found, is_right, strict=True) if not right), None)
    return (
        is_right.index(True) + 1 if any(is_right) else 0,
        found[0].likelihood.value if found else "",
        impostor.likelihood.value if impostor else "",
    )


def print_answers(answers: Mapping[str, Mapping[str, Sequence[Ways]]]) -> None:
    """A row a change: R@1 of each set; then over all sets R@10, STRONG, and another object called STRONG or MEDIUM."""
    print("| what is sent | " + " | ".join(answers) + " | mean | among ten | STRONG, right | another STRONG, MEDIUM |")
    print("|---|" + "---|" * (len(answers) + 4))
    for change in next(iter(answers.values())):
        sets = [each[change] for each in answers.values()]
        if not all(sets):
            continue
        _print_row(change, [[searched for searched, _ in each] for each in sets])
        if any(searched != whole for each in sets for searched, whole in each):
            _print_row(f"{change}, searched whole", [[whole for _, whole in each] for each in sets])


def _print_row(what: str, sets: Sequence[Sequence[Answer]]) -> None:
    shares = [np.mean([rank == 1 for rank, *_ in each]) for each in sets]
    every = [answer for each in sets for answer in each]
    strong = [rank == 1 for rank, first, _ in every if first == Likelihood.STRONG.value]
    others = [sum(impostor == each.value for *_, impostor in every) for each in list(Likelihood)[:2]]
    print(
        f"| {what} ({len(every)}) | "
        + " | ".join(f"{each:.3f}" for each in (*shares, np.mean(shares)))
        + f" | {np.mean([1 <= rank <= 10 for rank, *_ in every]):.3f}"
        + f" | {len(strong)}, {sum(strong)} | {others[0]}, {others[1]} |",
        flush=True,
    )

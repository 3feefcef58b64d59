"""What a box around the object and a category add on in_the_wild: python -m bench hints [FOLDER].

The boxes were drawn by hand (boxes.csv: shares of width and height). No distractor has a category: one is taken to hold
every tenth of them, and all objects of the query's class.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from gallery.matching import Catalogue, CatalogueEntry, Signature, describe, rank
from gallery.matching.evaluation.dataset import Gallery, Photograph, read_galleries, read_picture
from gallery.matching.evaluation.evaluation import Described, QueryOutcome, describe_all, recalls_of
from gallery.matching.tiers.foreground import Box

BOXES = Path(__file__).with_name("boxes.csv")
CLASSES = {"bear_plushie": "plush", "grey_sloth_plushie": "plush", "wolf_plushie": "plush"}
_CATEGORIES = 10


def main(arguments: list[str]) -> None:
    """Print recall without a hint, with a box on either side or both, with a category, and with all of it."""
    parser = argparse.ArgumentParser(prog="bench hints", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    options = parser.parse_args(arguments)
    [gallery] = read_galleries(options.folder, sets=["in_the_wild"])
    print_hints(gallery, describe_all([gallery]), options.folder)


def print_hints(gallery: Gallery, described: Described, folder: Path) -> None:
    """Search with every combination of hints; described: without any."""
    boxed = dict(described)
    for path, box in read_boxes(folder).items():
        signature = describe(read_picture(path), box)
        boxed[path] = (signature.compact(), signature.details_bytes())
    for name, asked, shown, narrows in (
        ("no hint", described, described, False),
        ("box of the query", boxed, described, False),
        ("box of both", boxed, boxed, False),
        ("category", described, described, True),
        ("box of both, category", boxed, boxed, True),
    ):
        recalls = recalls_of(_asked(gallery, asked, shown, narrows=narrows))
        print(f"{name:<24}" + "".join(f"  {metric} {value:.3f}" for metric, value in recalls.items()), flush=True)


def read_boxes(folder: Path) -> dict[Path, Box]:
    """The boxes drawn by hand, by picture."""
    with BOXES.open(newline="", encoding="utf-8") as file:
        return {
            folder / row["file"]: (float(row["left"]), float(row["top"]), float(row["right"]), float(row["bottom"]))
            for row in csv.DictReader(file)
        }


def _asked(gallery: Gallery, asked: Described, shown: Described, *, narrows: bool) -> list[QueryOutcome]:
    photographs = gallery.shown()
    catalogue = Catalogue(lambda ids: {number: shown[photographs[number].path][1] for number in ids})
    catalogue.add(CatalogueEntry(number, number, shown[one.path][0]) for number, one in enumerate(photographs))
    outcomes = []
    for query in gallery.asked():
        allowed = [n for n, one in enumerate(photographs) if one != query and (not narrows or _alike(n, one, query))]
        ranked = rank(
            [Signature.from_bytes(*asked[query.path])], catalogue, narrowed_to=allowed, limit=len(photographs)
        )
        objects = [photographs[one.item_id].object_id for one in ranked if photographs[one.item_id] != query]
        ranks = tuple((np.flatnonzero(np.array(objects) == query.object_id) + 1).tolist())
        outcomes.append(QueryOutcome(ranks=ranks, relevant=len(ranks), first=None, is_right=ranks[:1] == (1,)))
    return outcomes


def _alike(number: int, photograph: Photograph, query: Photograph) -> bool:
    if not photograph.object_id:
        return number % _CATEGORIES == 0
    return _class(photograph) == _class(query)


def _class(photograph: Photograph) -> str:
    return CLASSES.get(photograph.object_id, photograph.object_id)

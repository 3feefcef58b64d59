"""Which categories an object probably belongs to: those of items that look alike, and what the model takes it for.

Knows vectors and codes of categories; which item has which is asked of the caller. The numbers were measured, see
docs/matching.md.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gallery.matching.catalogue.searched import Searched
from gallery.matching.naming.classes import categories_of_classes
from gallery.matching.signature import Signature
from gallery.matching.tiers.encoder import outstanding
from gallery.matching.tiers.image_classes import class_shares

MAX_TOLD = 3

_NEIGHBOURS, _ASKED = 10, 40
"""How many items vote, and among how many they are looked for: some have no category that may be known."""
_DOUBT = 0.3
"""What no neighbour votes for: of alike neighbours little is left, of neighbours that are like anything much."""
_MIN_FIRST, _MIN_TOLD = 0.4, 0.1

Confidences = dict[str, float]
CategoriesOf = Callable[[Collection[int]], Mapping[int, str]]
"""The code of the category of each of these items; items of which nothing may be known are left out."""


@dataclass(frozen=True)
class LikelyCategory:
    """A category that an object probably belongs to. confidence: 0 to 1."""

    code: str
    confidence: float


def likely_categories(
    photos: Sequence[Signature], catalogue: Searched, categories_of: CategoriesOf
) -> list[LikelyCategory]:
    """The categories of the object that these photos show, the likeliest first, three at most.

    Empty where none is likely enough to be told, and always without an encoder.
    """
    sums: Confidences = {}
    for photo in photos:
        for code, confidence in _confidences(photo, catalogue, categories_of).items():
            sums[code] = sums.get(code, 0.0) + confidence / len(photos)
    likely = sorted((LikelyCategory(*each) for each in sums.items()), key=lambda each: (-each.confidence, each.code))
    if not likely or likely[0].confidence < _MIN_FIRST:
        return []
    return [each for each in likely[:MAX_TOLD] if each.confidence >= _MIN_TOLD]


def _confidences(photo: Signature, catalogue: Searched, categories_of: CategoriesOf) -> Confidences:
    """What the neighbours say, and the model of what they leave in doubt."""
    votes = _votes(photo, catalogue, categories_of)
    left = 1 - sum(votes.values())
    confidences = dict(votes)
    for code, share in _taken_for(photo).items():
        confidences[code] = confidences.get(code, 0.0) + left * share
    return confidences


def _votes(photo: Signature, catalogue: Searched, categories_of: CategoriesOf) -> Confidences:
    """The nearest items vote for their categories, by the fourth power of how far they stand out: of a sum below 1."""
    near = _nearest_items(photo, catalogue)
    known = categories_of(list(near))
    voters = [(known[item], standing**4) for item, standing in near.items() if item in known][:_NEIGHBOURS]
    total = _DOUBT + sum(weight for _, weight in voters)
    votes: Confidences = {}
    for code, weight in voters:
        votes[code] = votes.get(code, 0.0) + weight / total
    return votes


def _nearest_items(photo: Signature, catalogue: Searched) -> dict[int, float]:
    """How far the nearest items stand out, the nearest first; each by its best photo."""
    if photo.vector is None or not len(catalogue):
        return {}
    items, cosines = catalogue.cosines(photo.vector)
    standing = outstanding(cosines)
    if standing is None:
        return {}
    near: dict[int, float] = {}
    for row in np.argsort(-standing, kind="stable").tolist():
        if standing[row] <= 0 or len(near) == _ASKED:
            break
        near.setdefault(int(items[row]), float(standing[row]))
    return near


def _taken_for(photo: Signature) -> Confidences:
    """What the model that comes with the program takes the picture for, in our categories: of a sum of 1 at most."""
    shares = class_shares(photo.vector)
    found: Confidences = {}
    if shares is not None:
        for number, codes in categories_of_classes().items():
            for code in codes:
                found[code] = found.get(code, 0.0) + float(shares[number]) / len(codes)
    return found

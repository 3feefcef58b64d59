"""From query photos to one ranking of items: each photo is compared, then what they say of an item is fused.

Knows comparisons, not how they are made; which numbers mean what is the matter of weighing.
"""

from collections.abc import Collection, Sequence

import numpy as np

from gallery.matching.catalogue.searched import Searched
from gallery.matching.evidence import Candidate
from gallery.matching.ranking.comparison import Comparison, Numbers, Scores, compare, first, question_of
from gallery.matching.ranking.weighing import AGREEMENT_WEIGHT, evidence_of, likelihood_of
from gallery.matching.signature import Signature

VERIFIED_PHOTOS = 60
"""Photos of the catalogue whose details are compared with a query photo; several query photos share twice as many."""


def rank(
    query: Sequence[Signature],
    catalogue: Searched,
    *,
    narrowed_to: Collection[int] | None = None,
    limit: int = 60,
) -> list[Candidate]:
    """Rank the catalogue's items by resemblance to the queried object, the nearest first.

    query: one signature a photo, of one object. narrowed_to: ids of the items that may appear; any other appears only
    when the very same photo is found. A candidate without evidence resembles no more than chance does.
    """
    if not query or not len(catalogue):
        return []
    answers = catalogue.answer([question_of(signature) for signature in query])
    comparisons = [
        compare(signature, answer, catalogue, narrowed_to, verified_photos=_share(len(query)))
        for signature, answer in zip(query, answers, strict=True)
    ]
    return _items(comparisons, limit=limit)


def _share(photos: int) -> int:
    return VERIFIED_PHOTOS if photos == 1 else max(1, min(VERIFIED_PHOTOS, 2 * VERIFIED_PHOTOS // photos))


def _items(comparisons: Sequence[Comparison], *, limit: int) -> list[Candidate]:
    """Best photo pair of every item, plus a little for the other query photos that resemble it."""
    items, inverse = np.unique(comparisons[0].answer.item_ids, return_inverse=True)
    each = np.full((len(comparisons), len(items)), -np.inf)
    for row, comparison in zip(each, comparisons, strict=True):
        np.maximum.at(row, inverse, comparison.scores)
    totals = _fused(each)
    ordered = [place for place in first(-totals, items, limit).tolist() if np.isfinite(totals[place])]
    nearest = [_nearest_rows(comparison, inverse) for comparison in comparisons]
    return [_candidate(comparisons, nearest, each[:, place], place, float(totals[place])) for place in ordered]


def _nearest_rows(comparison: Comparison, inverse: Numbers) -> Numbers:
    """The row of each item's best photo, ties by photo id."""
    order = np.lexsort((comparison.answer.photo_ids, -comparison.scores, inverse))
    _, starts = np.unique(inverse[order], return_index=True)
    return np.asarray(order[starts])


def _fused(each: Scores) -> Scores:
    """Best score of each item over the query photos (q, items), plus a tenth of the others."""
    best = each.max(axis=0)
    others = np.where(np.isfinite(each), each, 0).sum(axis=0) - np.where(np.isfinite(best), best, 0)
    return np.asarray(best + AGREEMENT_WEIGHT * others)


def _candidate(
    comparisons: Sequence[Comparison], nearest: Sequence[Numbers], scores: Scores, place: int, total: float
) -> Candidate:
    query_index = int(scores.argmax())
    comparison = comparisons[query_index]
    row = int(nearest[query_index][place])
    measured = comparison.measurement(row)
    return Candidate(
        item_id=int(comparison.answer.item_ids[row]),
        photo_id=int(comparison.answer.photo_ids[row]),
        query_index=query_index,
        likelihood=likelihood_of(measured),
        evidence=evidence_of(measured),
        measurement=measured,
        score=total,
        points=comparison.points(row),
    )

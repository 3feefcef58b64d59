"""From query photos to one ranking of items: each photo is compared, then what they say of an item is fused.

Knows comparisons, not how they are made; which numbers mean what is the matter of weighing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gallery.matching.catalogue.searched import Searched
from gallery.matching.evidence import Candidate, Likelihood
from gallery.matching.ranking.comparison import (
    Comparison,
    Effort,
    Numbers,
    Scores,
    Verified,
    compare,
    first,
    question_of,
)
from gallery.matching.ranking.weighing import evidence_of, likelihood_of, shows_the_same_thing
from gallery.matching.signature import Signature

VERIFIED_PHOTOS = 60
"""Photos of the catalogue whose details are compared with a query photo; several query photos share twice as many."""


@dataclass(frozen=True)
class Ranked:
    """What resembles one of the queried objects. photos: indexes of the query photos that show it, from 0."""

    photos: tuple[int, ...]
    candidates: Sequence[Candidate]


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
    comparisons = _compared(query, catalogue, narrowed_to)
    return items_of(comparisons, range(len(query)), limit=limit) if comparisons else []


def rank_objects(
    query: Sequence[Signature],
    catalogue: Searched,
    *,
    narrowed_to: Collection[int] | None = None,
    limit: int = 60,
) -> list[Ranked]:
    """Rank for each object that the query shows, as `rank` does for one; in the order of the photos.

    Photos show one object when their own details agree, or when both resemble one item more than chance would have it.
    """
    comparisons = _compared(query, catalogue, narrowed_to)
    if not comparisons:
        return []
    groups = _photos_of_each(query, comparisons)
    return [Ranked(photos, items_of([comparisons[each] for each in photos], photos, limit=limit)) for photos in groups]


def _compared(query: Sequence[Signature], catalogue: Searched, narrowed_to: Collection[int] | None) -> list[Comparison]:
    if not query or not len(catalogue):
        return []
    answers = catalogue.answer([question_of(signature) for signature in query])
    effort = Effort(verified_photos=_share(len(query)))
    return [
        compare(signature, answer, catalogue, narrowed_to, effort)
        for signature, answer in zip(query, answers, strict=True)
    ]


def _photos_of_each(query: Sequence[Signature], comparisons: Sequence[Comparison]) -> list[tuple[int, ...]]:
    """The query photos, put together by the object that they show."""
    best = [_sure_item(comparison) for comparison in comparisons]
    group = list(range(len(query)))
    for one, other in combinations(range(len(query)), 2):
        is_same_item = best[one] is not None and best[one] == best[other]
        if group[one] != group[other] and (is_same_item or _agree(query[one], query[other])):
            joined = group[other]
            group = [group[one] if each == joined else each for each in group]
    return [tuple(np.flatnonzero(np.asarray(group) == each).tolist()) for each in dict.fromkeys(group)]


def _agree(one: Signature, other: Signature) -> bool:
    if one.details is None or other.details is None:
        return False
    return shows_the_same_thing(Verified.of(one.details.features, other.details).found.details)


def _sure_item(comparison: Comparison) -> int | None:
    """The item that a query photo resembles most, unless it may be chance; None where nothing was shortlisted."""
    if not len(comparison.scores):
        return None
    row = int(comparison.scores.argmax())
    is_sure = (
        np.isfinite(comparison.scores[row]) and likelihood_of(comparison.whole_measurement(row)) is not Likelihood.WEAK
    )
    return int(comparison.answer.item_ids[row]) if is_sure else None


def _share(photos: int) -> int:
    return VERIFIED_PHOTOS if photos == 1 else max(1, min(VERIFIED_PHOTOS, 2 * VERIFIED_PHOTOS // photos))


def items_of(comparisons: Sequence[Comparison], photos: Sequence[int], *, limit: int) -> list[Candidate]:
    """Every item by what all query photos say of it, with its best photo pair; the nearest first.

    photos: index in the query of each comparison's photo.
    """
    items, inverse = np.unique(comparisons[0].answer.item_ids, return_inverse=True)
    scores = np.full((len(comparisons), len(items)), -np.inf)
    for row, comparison in zip(scores, comparisons, strict=True):
        np.maximum.at(row, inverse, comparison.scores)
    totals = _fused(scores)
    ordered = [place for place in first(-totals, items, limit).tolist() if np.isfinite(totals[place])]
    nearest = [_nearest_rows(comparison, inverse) for comparison in comparisons]
    found = []
    for place in ordered:
        best = int(scores[:, place].argmax())
        nearest_row = int(nearest[best][place])
        found.append(_candidate(comparisons[best], nearest_row, query_index=photos[best], score=float(totals[place])))
    return found


def _nearest_rows(comparison: Comparison, inverse: Numbers) -> Numbers:
    """The row of each item's best photo, ties by photo id."""
    order = np.lexsort((comparison.answer.entry_ids, -comparison.scores, inverse))
    _, starts = np.unique(inverse[order], return_index=True)
    return np.asarray(order[starts])


def _fused(scores: Scores) -> Scores:
    """Mean score of each item over the query photos, (q, items); minus infinity where no photo lets it appear."""
    known = np.isfinite(scores)
    return np.where(known.any(axis=0), np.where(known, scores, 0).mean(axis=0), -np.inf)


def _candidate(comparison: Comparison, row: int, *, query_index: int, score: float) -> Candidate:
    measured = comparison.whole_measurement(row)
    return Candidate(
        item_id=int(comparison.answer.item_ids[row]),
        entry_id=int(comparison.answer.entry_ids[row]),
        query_index=query_index,
        likelihood=likelihood_of(measured),
        evidence=evidence_of(measured),
        measurement=measured,
        score=score,
        points=comparison.points(row),
        object_boxes=comparison.object_boxes(row),
    )

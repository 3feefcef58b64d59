"""From query photos to one ranking of items: shortlist, verification of the best, fusion.

Knows the catalogue and the tiers' measurements; which numbers mean what is the matter of weighing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gallery.matching.evidence import Candidate, Measurement
from gallery.matching.geometry import Correspondence, verify
from gallery.matching.look import ASSIGNED_OF_QUERY, look_of
from gallery.matching.perceptual_hash import FIRST_MIRRORED, HashQuery
from gallery.matching.searched import Searched
from gallery.matching.segment import Answer, Question
from gallery.matching.signature import Details, Signature
from gallery.matching.weighing import (
    AGREEMENT_WEIGHT,
    SUSPECTED_BITS,
    evidence_of,
    gain,
    is_same_photo,
    likelihood_of,
    resemblance,
)

Numbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]

VERIFIED_PHOTOS = 60
"""Photos of the catalogue whose details are compared with a query photo; several query photos share twice as many."""
_SUSPECTS = 20


@dataclass(frozen=True, eq=False)
class _Comparison:
    """One query photo against n photos. scores: (n,), minus infinity where it may not appear; verified: by row."""

    answer: Answer
    scores: Scores
    verified: Mapping[int, Correspondence]

    def measurement(self, row: int) -> Measurement:
        return _measurement(self.answer, row, self.verified.get(row))


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
        _compare(signature, answer, catalogue, narrowed_to, verified_photos=_share(len(query)))
        for signature, answer in zip(query, answers, strict=True)
    ]
    return _items(comparisons, limit=limit)


def _share(photos: int) -> int:
    return VERIFIED_PHOTOS if photos == 1 else max(1, min(VERIFIED_PHOTOS, 2 * VERIFIED_PHOTOS // photos))


def question_of(signature: Signature) -> Question:
    """A query with its details asks its turned and mirrored hashes and several words a feature."""
    details = signature.details
    placements = signature.hash[None] if details is None else details.placements
    look = signature.look
    if details is not None:
        look = look_of(details.features.descriptors, assigned=ASSIGNED_OF_QUERY)
    return Question(HashQuery(placements, signature.has_telling_hash), signature.colour, look)


def _compare(
    signature: Signature,
    answer: Answer,
    catalogue: Searched,
    narrowed_to: Collection[int] | None,
    *,
    verified_photos: int,
) -> _Comparison:
    scores = resemblance(answer.look, answer.colour, words=len(signature.look))
    allowed = np.ones(len(answer), np.bool_)
    if narrowed_to is not None:
        allowed = np.isin(answer.item_ids, list(narrowed_to))
        scores[~allowed] = -np.inf
    shortlist = _shortlist(answer, scores, verified_photos)
    verified = _verify(signature, answer, shortlist, catalogue)
    for row in shortlist:
        measured = _measurement(answer, row, verified.get(row))
        if allowed[row]:
            scores[row] += gain(measured)
        elif is_same_photo(measured):
            scores[row] = gain(measured)
    return _Comparison(answer, scores, verified)


def _shortlist(answer: Answer, scores: Scores, size: int) -> list[int]:
    """Rows to verify: the best scores, and what the hash suspects to be the same photo."""
    best = [row for row in _first(-scores, answer.photo_ids, size) if np.isfinite(scores[row])]
    suspects = np.flatnonzero(answer.hash_bits <= SUSPECTED_BITS)
    nearest = suspects[_first(answer.hash_bits[suspects], answer.photo_ids[suspects], _SUSPECTS)]
    return list(dict.fromkeys([*best, *nearest.tolist()]))


def _first(keys: npt.NDArray[np.number], ids: Numbers, count: int) -> Numbers:
    """Rows of the least keys, ties by id, in order."""
    if len(keys) > count:
        border = np.partition(keys, count - 1)[count - 1]
        rows = np.flatnonzero(keys <= border)
    else:
        rows = np.arange(len(keys))
    return rows[np.lexsort((ids[rows], keys[rows]))][:count]


def _verify(
    signature: Signature, answer: Answer, rows: Sequence[int], catalogue: Searched
) -> dict[int, Correspondence]:
    """Compare the details of rows; rows whose details are gone are left out."""
    if signature.details is None or not rows:
        return {}
    stored = catalogue.details([int(answer.photo_ids[row]) for row in rows])
    found = {row: stored[int(answer.photo_ids[row])] for row in rows if int(answer.photo_ids[row]) in stored}
    return {row: _correspondence(signature.details, details, answer, row) for row, details in found.items()}


def _correspondence(query: Details, candidate: Details, answer: Answer, row: int) -> Correspondence:
    features = query.features
    if _is_mirrored(answer, row):
        features = features.mirrored()
    return verify(features, candidate.features)


def _is_mirrored(answer: Answer, row: int) -> bool:
    return bool(answer.hash_bits[row] <= SUSPECTED_BITS and answer.placements[row] >= FIRST_MIRRORED)


def _measurement(answer: Answer, row: int, verified: Correspondence | None) -> Measurement:
    measured = Measurement(
        hash_bits=int(answer.hash_bits[row]),
        look=float(answer.look[row]),
        colour=float(answer.colour[row]),
        mirrored=verified is not None and _is_mirrored(answer, row),
    )
    if verified is None:
        return measured
    return replace(measured, verified=verified.details, agreement=verified.agreement, centring=verified.centring)


def _items(comparisons: Sequence[_Comparison], *, limit: int) -> list[Candidate]:
    """Best photo pair of every item, plus a little for the other query photos that resemble it."""
    items, inverse = np.unique(comparisons[0].answer.item_ids, return_inverse=True)
    each = np.full((len(comparisons), len(items)), -np.inf)
    for row, comparison in zip(each, comparisons, strict=True):
        np.maximum.at(row, inverse, comparison.scores)
    totals = _fused(each)
    ordered = [place for place in _first(-totals, items, limit).tolist() if np.isfinite(totals[place])]
    nearest = [_nearest_rows(comparison, inverse) for comparison in comparisons]
    return [_candidate(comparisons, nearest, each[:, place], place, float(totals[place])) for place in ordered]


def _nearest_rows(comparison: _Comparison, inverse: Numbers) -> Numbers:
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
    comparisons: Sequence[_Comparison], nearest: Sequence[Numbers], scores: Scores, place: int, total: float
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
    )

"""One query photo against every photo of the catalogue: shortlist, verification of the best, and what those resemble.

Knows the catalogue and the tiers' measurements; which numbers mean what is the matter of weighing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gallery.matching.catalogue.searched import Searched
from gallery.matching.catalogue.segment import Question, Similarities
from gallery.matching.evidence import Measurement, PointPair
from gallery.matching.ranking.weighing import (
    NEIGHBOUR_WEIGHT,
    by_encoder,
    gain,
    is_good_neighbour,
    is_mirror_image,
    is_recognised,
    is_same_photo,
    needs_its_surface_compared,
    resemblance,
    stand_out_alike,
)
from gallery.matching.signature import Details, Signature
from gallery.matching.threads import side_by_side
from gallery.matching.tiers.colour import Histogram
from gallery.matching.tiers.encoder import outstanding
from gallery.matching.tiers.foreground import Box
from gallery.matching.tiers.geometry import Correspondence, Floats, one_a_spot, verify
from gallery.matching.tiers.local_features import LocalFeatures
from gallery.matching.tiers.look import ASSIGNED_OF_QUERY, Look, look_of, nothing_seen
from gallery.matching.tiers.perceptual_hash import FIRST_MIRRORED, SUSPECTED_BITS, HashQuery
from gallery.matching.tiers.surface import Surface, agreeing_share

Numbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

_SUSPECTS = 20
_MIRRORED = 8
_OF_NEIGHBOUR = 20
"""Photos verified against the nearest neighbour, where there is one."""


@dataclass(frozen=True, eq=False)
class Verified:
    """Details that agree with the query, or with its mirror image. points: where they lie in what was compared.

    object_box, surface: what was taken for the object in the candidate, and what is drawn on it.
    """

    found: Correspondence
    points: Floats
    object_box: Box
    surface: Surface
    mirrored: bool = False

    @classmethod
    def of(cls, query: LocalFeatures, candidate: Details, *, mirrored: bool = False) -> "Verified":
        """Compare features. mirrored: the query's are those of its mirror image."""
        found = verify(query, candidate.features)
        points = one_a_spot(query, candidate.features, found)
        return cls(found, points, candidate.object_box, candidate.surface, mirrored)


@dataclass(frozen=True, eq=False)
class Comparison:
    """One query photo against n photos.

    scores: (n,), minus infinity where it may not appear; verified: by row; encoded: (n,) and alike: see Measurement;
    object_box, surface: what was taken for the object in the query photo, and what is drawn on it, None when it was
    read without its details.
    """

    answer: Similarities
    scores: Scores
    verified: Mapping[int, Verified]
    encoded: Scores | None = None
    alike: int = 0
    object_box: Box | None = None
    surface: Surface | None = None

    def measurement(self, row: int) -> Measurement:
        """Everything measured between the query photo and the photo of a row."""
        measured = _measurement(self.answer, row, self.verified.get(row))
        if self.encoded is None:
            return measured
        return replace(measured, encoder=float(self.encoded[row]), alike=self.alike)

    def whole_measurement(self, row: int) -> Measurement:
        """The measurement of a row, and how much of the object's surface agrees where the likelihood depends on it."""
        measured, verified = self.measurement(row), self.verified.get(row)
        if self.surface is None or verified is None or not needs_its_surface_compared(measured):
            return measured
        surface = self.surface[:, ::-1] if verified.mirrored else self.surface
        return replace(measured, surface=agreeing_share(surface, verified.surface, verified.points))

    def points(self, row: int) -> tuple[PointPair, ...]:
        """Where the verified details lie in the query photo and in the photo of a row."""
        verified = self.verified.get(row)
        if verified is None:
            return ()
        pairs = verified.points.astype(float).tolist()
        return tuple(PointPair(1 - x if verified.mirrored else x, *others) for x, *others in pairs)

    def object_boxes(self, row: int) -> tuple[Box, Box] | None:
        """What was taken for the object in the query photo and in the photo of a row, where these were compared."""
        verified = self.verified.get(row)
        return None if self.object_box is None or verified is None else (self.object_box, verified.object_box)


def question_of(signature: Signature) -> Question:
    """A query with its details asks its turned and mirrored hashes, several words a feature, and its mirror image."""
    details = signature.details
    if details is None:
        hashes = HashQuery(signature.hash[None], signature.has_telling_hash)
        return Question(hashes, signature.colour, signature.look, nothing_seen(), signature.vector)
    mirrored = details.features.mirrored()
    return Question(
        hash=HashQuery(details.placements, signature.has_telling_hash),
        colour=signature.colour,
        look=_several_words(details),
        mirrored_look=look_of(mirrored.descriptors, mirrored.weights),
        vector=signature.vector,
    )


def _several_words(details: Details) -> Look:
    return look_of(details.features.descriptors, details.features.weights, assigned=ASSIGNED_OF_QUERY)


@dataclass(frozen=True)
class Effort:
    """How many photos are verified, and whether what resembles the nearest verified photo gains too."""

    verified_photos: int
    asks_neighbour: bool = True


def compare(
    signature: Signature,
    answer: Similarities,
    catalogue: Searched,
    narrowed_to: Collection[int] | None,
    effort: Effort,
) -> Comparison:
    """Score every photo. narrowed_to: ids of the items that may appear; the very same photo always may."""
    scores = resemblance(answer.look, answer.colour, answer.object_colour)
    allowed = np.ones(len(answer), np.bool_)
    if narrowed_to is not None:
        allowed = np.isin(answer.item_ids, list(narrowed_to))
    encoded, alike = outstanding(answer.cosine), 0
    if encoded is not None:
        scores[allowed] += by_encoder(encoded[allowed])
        alike = len(np.unique(answer.item_ids[allowed][stand_out_alike(encoded[allowed])]))
    scores[~allowed] = -np.inf
    verified: dict[int, Verified] = {}
    if signature.details is not None:
        shortlist = _shortlist(answer, scores, effort.verified_photos)
        verified = _verify(signature.details, answer, shortlist, catalogue)
        verified |= _verify_mirrored(signature.details, answer, allowed, catalogue)
    comparison = Comparison(answer, scores, verified, encoded, alike)
    if signature.details:
        shown = signature.details.object_box, signature.details.surface
        comparison = replace(comparison, object_box=shown[0], surface=shown[1])
    _add_gains(comparison, allowed)
    neighbour = _nearest_neighbour(comparison, allowed) if effort.asks_neighbour else None
    if neighbour is not None:
        scores += NEIGHBOUR_WEIGHT * _resembling(neighbour, answer, catalogue)
    return comparison


def _shortlist(answer: Similarities, scores: Scores, size: int) -> list[int]:
    """Rows to verify: the best scores, and what the hash suspects to be the same photo."""
    best = [row for row in first(-scores, answer.entry_ids, size) if np.isfinite(scores[row])]
    suspects = np.flatnonzero(answer.hash_bits <= SUSPECTED_BITS)
    nearest = suspects[first(answer.hash_bits[suspects], answer.entry_ids[suspects], _SUSPECTS)]
    return list(dict.fromkeys([*best, *nearest.tolist()]))


def first(keys: npt.NDArray[np.number], ids: Numbers, count: int) -> Numbers:
    """Rows of the smallest keys, ties by id, in order."""
    if len(keys) > count:
        border = np.partition(keys, count - 1)[count - 1]
        rows = np.flatnonzero(keys <= border)
    else:
        rows = np.arange(len(keys))
    return rows[np.lexsort((ids[rows], keys[rows]))][:count]


def _verify(query: Details, answer: Similarities, rows: Sequence[int], catalogue: Searched) -> dict[int, Verified]:
    """Compare the details of rows; rows whose details are gone are left out."""
    stored = _stored(answer, rows, catalogue)
    mirrored = query.features.mirrored()

    def verified(row: int) -> Verified:
        turned = _has_mirrored_hash(answer, row)
        return Verified.of(mirrored if turned else query.features, stored[row], mirrored=turned)

    return dict(zip(stored, side_by_side(verified, stored), strict=True))


def _verify_mirrored(query: Details, answer: Similarities, allowed: Truths, catalogue: Searched) -> dict[int, Verified]:
    """Compare the query's mirror image with the photos that look most like it; only those that prove to be it."""
    alike = np.flatnonzero(allowed & (answer.mirrored_look > answer.look))
    rows = alike[first(-answer.mirrored_look[alike], answer.entry_ids[alike], _MIRRORED)].tolist()
    mirrored, stored = query.features.mirrored(), _stored(answer, rows, catalogue)
    found = side_by_side(lambda row: Verified.of(mirrored, stored[row], mirrored=True), stored)
    return {row: one for row, one in zip(stored, found, strict=True) if is_mirror_image(one.found.details)}


def _stored(answer: Similarities, rows: Sequence[int], catalogue: Searched) -> dict[int, Details]:
    if not rows:
        return {}
    stored = catalogue.details([int(answer.entry_ids[row]) for row in rows])
    return {row: stored[int(answer.entry_ids[row])] for row in rows if int(answer.entry_ids[row]) in stored}


def _has_mirrored_hash(answer: Similarities, row: int) -> bool:
    return bool(answer.hash_bits[row] <= SUSPECTED_BITS and answer.placements[row] >= FIRST_MIRRORED)


def _measurement(answer: Similarities, row: int, verified: Verified | None) -> Measurement:
    mirrored = verified is not None and verified.mirrored
    found = verified.found if verified else None
    return Measurement(
        hash_bits=int(answer.hash_bits[row]),
        look=float((answer.mirrored_look if mirrored else answer.look)[row]),
        colour=float(answer.colour[row]),
        object_colour=float(answer.object_colour[row]),
        verified=found.details if found else None,
        inside=found.inside if found else 0,
        agreement=found.agreement if found else 0.0,
        centring=found.centring if found else -1.0,
        mirrored=mirrored,
    )


def _add_gains(comparison: Comparison, allowed: Truths) -> None:
    """Add to the scores what verification showed; the very same photo appears even where it was not allowed."""
    encoded = comparison.encoded
    recognised = encoded is not None and is_recognised(encoded[allowed], comparison.alike)
    for row in comparison.verified:
        measured = comparison.measurement(row)
        if allowed[row]:
            comparison.scores[row] += gain(measured, is_recognised=recognised)
        elif is_same_photo(measured):
            comparison.scores[row] = gain(measured)


def _nearest_neighbour(comparison: Comparison, allowed: Truths) -> int | None:
    """The row of the best photo that shows the object for certain, and is not the query's own picture."""
    good = [row for row in comparison.verified if allowed[row] and is_good_neighbour(comparison.measurement(row))]
    return min(good, key=lambda row: (-comparison.scores[row], comparison.answer.entry_ids[row]), default=None)


def _resembling(neighbour: int, answer: Similarities, catalogue: Searched) -> Scores:
    """By how much each photo resembles a neighbour more than most photos do: (n,), not negative."""
    entry_id = int(answer.entry_ids[neighbour])
    details, colours = catalogue.details([entry_id]).get(entry_id), catalogue.colours(entry_id)
    nothing = np.zeros(len(answer))
    if details is None or colours is None:
        return nothing
    [theirs] = catalogue.answer([_neighbours_question(details, colours)])
    if not np.array_equal(theirs.entry_ids, answer.entry_ids):
        return nothing  # another thread has changed the catalogue: this help is not worth asking all again
    scores = resemblance(theirs.look, theirs.colour, theirs.object_colour)
    usual = np.median(scores)
    scores[neighbour] = -np.inf
    best = first(-scores, theirs.entry_ids, _OF_NEIGHBOUR).tolist()
    stored = _stored(theirs, best, catalogue)
    found = side_by_side(lambda row: Verified.of(details.features, stored[row]), stored)
    for row, verified in zip(stored, found, strict=True):
        scores[row] += gain(_measurement(theirs, row, verified))
    gained = np.maximum(scores - usual, 0)
    gained[neighbour] = gained.max()  # what resembles it may come near to it, never before it
    return gained


def _neighbours_question(details: Details, colours: Histogram) -> Question:
    return Question(HashQuery(details.placements, telling=False), colours, _several_words(details), nothing_seen())

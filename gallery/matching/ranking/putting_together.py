"""Photos of a series put together by the object that they show: by look, and by how soon one was taken after another.

Pure arithmetic. The numbers were measured on photographs of real objects, see docs/matching.md; a change to any is
measured again with `python -m bench together`.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from gallery.matching.evidence import Measurement
from gallery.matching.ranking.weighing import is_same_photo
from gallery.matching.signature import Signature
from gallery.matching.threads import side_by_side
from gallery.matching.tiers.colour import ColourIndex
from gallery.matching.tiers.encoder import EncoderIndex, outstanding
from gallery.matching.tiers.geometry import verify
from gallery.matching.tiers.perceptual_hash import hamming_distances

MAX_TOGETHER = 8
"""Photos of one object that are put together: people take fewer, and a chain of alike things would be longer."""

Odds = npt.NDArray[np.float64]
CountShared = Callable[[int, int], int]

_VERIFIED_PHOTOS = 4
"""Photos that each is compared with in detail, besides the one before it."""
_CHANCE_DETAILS = 3
# Logarithms of odds that two photos show one object: at no resemblance, and what each measurement adds.
_AT_NOTHING, _BY_ENCODER, _BY_COLOUR, _BY_DETAILS = -4.1, 5.3, 4.1, 1.5
_AT_NOTHING_UNLEARNT, _BY_COLOUR_UNLEARNT, _BY_DETAILS_UNLEARNT = -3.6, 5.9, 2.1
# What a pause adds: nothing at this many seconds, more for a shorter one; what being neighbours adds, and not being.
_USUAL_PAUSE, _BY_PAUSE, _MAX_BY_PAUSE = 9.0, 2.0, 3.0
_NEIGHBOURS, _APART = 0.5, -5.0
_SURE_ENOUGH = 1.0
_SAME_PICTURE = 20.0


def put_together(
    series: Sequence[Signature], pauses: Sequence[float | None], count_shared: CountShared | None = None
) -> list[int]:
    """Which photos show one object: for each the index of the first one that it is put together with, or its own.

    series: in the order of taking; pauses: seconds between each photo and the one before it, infinite where that is no
    neighbour (the first, another camera), None where no clock tells. count_shared: what counts the details that two of
    the series share, by their indices, for those who remember some; asked of some five pairs a photo, by two threads.
    """
    looks = _looks(series, pauses, count_shared)
    group = np.arange(len(series))
    for place in range(1, len(series)):
        best = _best(looks[place, :place], group[:place], by_time(pauses[place]))
        group[place] = place if best is None else best
    return [int(each) for each in group]


def shared_details(one: Signature, other: Signature) -> int:
    """How many details of two photos agree; none where one was read without."""
    return (
        0
        if one.details is None or other.details is None
        else verify(one.details.features, other.details.features).details
    )


def _best(looks: Odds, group: npt.NDArray[np.int64], by_time: float) -> int | None:
    """The group that a photo belongs to, of those before it; None for a new one."""
    size = np.bincount(group, minlength=len(group))
    most = np.full(len(group), -np.inf)
    np.maximum.at(most, group, looks)
    mean = np.bincount(group, weights=looks, minlength=len(group)) / np.maximum(size, 1)
    odds = (most + mean) / 2 + _APART
    odds[group[-1]] = max(odds[group[-1]], (most[group[-1]] + mean[group[-1]]) / 2 + by_time)
    odds[(size == 0) | (size >= MAX_TOGETHER)] = -np.inf
    found = int(odds.argmax())
    return found if odds[found] > _SURE_ENOUGH else None


def by_time(pause: float | None) -> float:
    """What a pause adds to the odds that two neighbours show one object; as put_together has pauses."""
    if pause is None:
        return _NEIGHBOURS
    if math.isinf(pause):
        return _APART
    shorter = _BY_PAUSE * math.log(_USUAL_PAUSE / max(pause, 0.5))
    return _NEIGHBOURS + max(-_MAX_BY_PAUSE, min(_MAX_BY_PAUSE, shorter))


def _looks(
    series: Sequence[Signature], pauses: Sequence[float | None], count_shared: CountShared | None = None
) -> Odds:
    """How alike all pairs look, (n, n) logarithms of odds; details count for the likeliest pairs."""
    looks = glances(series)
    look_closely(looks, series, _worth_verifying(looks, pauses), count_shared)
    return looks


def glances(series: Sequence[Signature]) -> Odds:
    """How alike all pairs look by encoder and colours alone, (n, n) logarithms of odds."""
    encoder, colours = EncoderIndex.of([one.vector for one in series]), ColourIndex.of([one.colour for one in series])
    looks = np.empty((len(series), len(series)))
    for row, one in zip(looks, series, strict=True):
        object_colour = colours.similarities(one.colour)[1].astype(np.float64)
        standing = outstanding(encoder.cosines(one.vector)) if encoder is not None else None
        row[:] = (
            _AT_NOTHING_UNLEARNT + _BY_COLOUR_UNLEARNT * object_colour
            if standing is None
            else _AT_NOTHING + _BY_COLOUR * object_colour + _BY_ENCODER * standing
        )
    return np.maximum(looks, looks.T)


def look_closely(
    looks: Odds, series: Sequence[Signature], pairs: Sequence[tuple[int, int]], count_shared: CountShared | None = None
) -> None:
    """Add to the odds of these pairs of indices what their details say; count_shared: as put_together has it."""
    weight = _BY_DETAILS if any(one.vector is not None for one in series) else _BY_DETAILS_UNLEARNT
    count = count_shared or (lambda one, other: shared_details(series[one], series[other]))
    found = side_by_side(lambda pair: count(*pair), pairs)
    for (first, second), details in zip(pairs, found, strict=True):
        odds = looks[first, second] + weight * math.log1p(max(0, details - _CHANCE_DETAILS))
        is_same = _is_same_picture(series[first], series[second], details)
        looks[first, second] = looks[second, first] = _SAME_PICTURE if is_same else odds


def _worth_verifying(looks: Odds, pauses: Sequence[float | None]) -> list[tuple[int, int]]:
    """Each photo with the one before it, unless a pause tells enough, and with those that it looks most like."""
    pairs = {(place - 1, place) for place, pause in enumerate(pauses) if place and pause != math.inf}
    for place, row in enumerate(looks):
        others = np.argsort(-row, kind="stable")[: _VERIFIED_PHOTOS + 1].tolist()
        pairs |= {(min(place, other), max(place, other)) for other in others if other != place}
    return sorted(pairs)


def _is_same_picture(one: Signature, other: Signature, details: int) -> bool:
    bits = int(hamming_distances(one.hash, other.hash[None])[0])
    is_telling = one.has_telling_hash and other.has_telling_hash
    return is_telling and is_same_photo(Measurement(hash_bits=bits, look=0.0, colour=0.0, verified=details))

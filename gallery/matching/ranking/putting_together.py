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
from gallery.matching.signature import Details, Signature
from gallery.matching.threads import side_by_side
from gallery.matching.tiers.colour import ColourIndex
from gallery.matching.tiers.encoder import EncoderIndex, outstanding
from gallery.matching.tiers.geometry import verify
from gallery.matching.tiers.perceptual_hash import hamming_distances

MAX_TOGETHER = 8
"""Photos of one object that are put together: people take fewer, and a chain of alike things would be longer."""

Odds = npt.NDArray[np.float64]
CountShared = Callable[[int, int], int]

_BLOCK = 256
"""Photos whose looks are compared with all others at once."""
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


def shared_details(one: Details | None, other: Details | None) -> int:
    """How many details of two photos agree; none where those of one are not there."""
    return 0 if one is None or other is None else verify(one.features, other.features).details


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
    for start in range(0, len(series), _BLOCK):
        some = series[start : start + _BLOCK]
        rows, object_colours = looks[start : start + _BLOCK], colours.objects_alike([one.colour for one in some])
        cosines = encoder.cosines_of([one.vector for one in some]) if encoder is not None else [None] * len(some)
        for row, object_colour, to_all in zip(rows, object_colours.astype(np.float64), cosines, strict=True):
            row[:] = _odds(object_colour, to_all)
    _take_higher(looks)
    return looks


def _odds(object_colour: Odds, cosines: npt.NDArray[np.float32] | None) -> Odds:
    """How alike a photo looks to all, by the likeness of their colours and by the encoder where there is one."""
    standing = outstanding(cosines) if cosines is not None else None
    if standing is None:
        return _AT_NOTHING_UNLEARNT + _BY_COLOUR_UNLEARNT * object_colour
    return _AT_NOTHING + _BY_COLOUR * object_colour + _BY_ENCODER * standing


def _take_higher(looks: Odds) -> None:
    """Of what each of two photos says of the other keep the higher, in place: a copy of all would be as large again."""
    for start in range(0, len(looks), _BLOCK):
        some = slice(start, start + _BLOCK)
        higher = np.maximum(looks[some, start:], looks[start:, some].T)
        looks[some, start:], looks[start:, some] = higher, higher.T


def look_closely(
    looks: Odds, series: Sequence[Signature], pairs: Sequence[tuple[int, int]], count_shared: CountShared | None = None
) -> None:
    """Add to the odds of these pairs of indices what their details say; count_shared: as put_together has it."""
    weight = _BY_DETAILS if any(one.vector is not None for one in series) else _BY_DETAILS_UNLEARNT
    count = count_shared or (lambda one, other: shared_details(series[one].details, series[other].details))
    found = side_by_side(lambda pair: count(*pair), pairs)
    for (first, second), details in zip(pairs, found, strict=True):
        odds = looks[first, second] + weight * math.log1p(max(0, details - _CHANCE_DETAILS))
        is_same = _is_same_picture(series[first], series[second], details)
        looks[first, second] = looks[second, first] = _SAME_PICTURE if is_same else odds


def _worth_verifying(looks: Odds, pauses: Sequence[float | None]) -> list[tuple[int, int]]:
    """Each photo with the one before it, unless a pause tells enough, and with those that it looks most like."""
    pairs = {(place - 1, place) for place, pause in enumerate(pauses) if place and pause != math.inf}
    for place, row in enumerate(looks):
        pairs |= {(min(place, other), max(place, other)) for other in _likest(row) if other != place}
    return sorted(pairs)


def _likest(row: Odds) -> list[int]:
    """The places of the highest odds, the first of equals; sorting all of each row would take longest of everything."""
    least = np.partition(row, -_VERIFIED_PHOTOS - 1)[-_VERIFIED_PHOTOS - 1] if len(row) > _VERIFIED_PHOTOS else -np.inf
    high = np.flatnonzero(row >= least)
    found: list[int] = high[np.argsort(-row[high], kind="stable")][: _VERIFIED_PHOTOS + 1].tolist()
    return found


def _is_same_picture(one: Signature, other: Signature, details: int) -> bool:
    bits = int(hamming_distances(one.hash, other.hash[None])[0])
    is_telling = one.has_telling_hash and other.has_telling_hash
    return is_telling and is_same_photo(Measurement(hash_bits=bits, look=0.0, colour=0.0, verified=details))

"""What five drawn pairs measure, as this version of the algorithm does: a change of value asks for a new version."""

from dataclasses import dataclass

import numpy as np
import pytest

from gallery.matching import Candidate, current_version, describe, rank
from tests.unit.matching.drawn import Pixels, catalogue_of, described, drawn, reduced, relit, turned

CATALOGUE = catalogue_of(described(*range(1, 9)))
VERSION = "5-ba5de447"


@dataclass(frozen=True)
class Pinned:
    """hash_bits is the same on every processor; the others differ in their last digits."""

    hash_bits: int
    look: float
    colour: float
    object_colour: float
    details: int
    agreement: float
    score: float


def bent(picture: Pixels) -> Pixels:
    """Waves of nine pixels, which no single affine placement follows."""
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    down, right = rows + 9 * np.sin(columns / 60), columns + 9 * np.sin(rows / 50)
    return picture[down.round().astype(int).clip(0, height - 1), right.round().astype(int).clip(0, width - 1)]


PAIRS = {
    "turned": (turned(drawn(1), 25), 1, Pinned(256, 0.12067, 0.7848, 0.9547, 242, 0.5477, 47.773)),
    "cropped": (drawn(2)[60:420, 90:550], 2, Pinned(256, 0.24953, 0.9512, 0.8189, 217, 0.9187, 58.902)),
    "smaller and darker": (
        relit(reduced(drawn(3), 0.5), 0.6),
        3,
        Pinned(0, 0.21716, 0.2330, 0.1556, 271, 0.5331, 1054.248),
    ),
    "bent": (bent(drawn(4)), 4, Pinned(34, 0.09108, 0.9931, 0.8608, 231, 0.4266, 43.459)),
    "another object": (drawn(77), 5, Pinned(256, 0.0082, 0.4961, 0.4388, 2, 0.0, 7.965)),
}


def candidate_for(picture: Pixels, entry_id: int) -> Candidate:
    answers = rank([describe(np.ascontiguousarray(picture))], CATALOGUE)
    return next(each for each in answers if each.entry_id == entry_id)


@pytest.mark.parametrize("name", PAIRS)
def test_a_drawn_pair_measures_what_it_measured(name: str) -> None:
    picture, entry_id, pinned = PAIRS[name]
    candidate = candidate_for(picture, entry_id)
    measured = candidate.measurement
    assert measured.hash_bits == pinned.hash_bits
    assert measured.look == pytest.approx(pinned.look, rel=0.01)
    assert measured.colour == pytest.approx(pinned.colour, abs=0.005)
    assert measured.object_colour == pytest.approx(pinned.object_colour, abs=0.005)
    assert measured.verified == pytest.approx(pinned.details, abs=max(2, 0.01 * pinned.details))
    assert measured.agreement == pytest.approx(pinned.agreement, abs=0.01)
    assert candidate.score == pytest.approx(pinned.score, abs=0.1)


def test_the_pinned_values_are_of_this_version() -> None:
    assert current_version() == VERSION

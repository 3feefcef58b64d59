"""Where another object may begin among photos that somebody has placed together."""

import math
from collections.abc import Sequence

import pytest

from gallery.matching import Signature, describe, doubtful_places
from tests.unit.matching.drawn import drawn, relit, turned

RING, WATCH, VASE = (
    [describe(drawn(seed)), describe(turned(drawn(seed), 15)), describe(relit(drawn(seed), 0.8))] for seed in (1, 2, 3)
)


@pytest.mark.parametrize(
    ("series", "places"),
    [
        ([], []),
        (RING[:1], []),
        (RING, []),
        ([*RING[:2], *WATCH], [2]),
        ([*RING[:2], *WATCH[:2], *VASE[:1]], [2, 4]),
        ([*RING, *RING, *WATCH[:1]], [6]),
    ],
)
def test_another_object_may_begin_where_photos_look_otherwise(series: Sequence[Signature], places: list[int]) -> None:
    assert doubtful_places(series, [math.inf, *[4.0] * (len(series) - 1)][: len(series)]) == places


def test_how_soon_a_photo_was_taken_speaks_too_and_details_may_be_remembered() -> None:
    alike, unlike = [RING[0], RING[1]], [RING[0], WATCH[0]]
    assert doubtful_places(alike, [math.inf, None]) == []
    assert doubtful_places(unlike, [math.inf, None]) == [1]
    asked: list[tuple[int, int]] = []

    def nothing_shared(one: int, other: int) -> int:
        asked.append((one, other))
        return 0

    assert doubtful_places(alike, [math.inf, 9000.0], nothing_shared) == [1]
    assert asked == [(0, 1)]

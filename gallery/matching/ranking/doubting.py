"""Where another object may begin among photos that were all placed with one: told, never decided.

Pure arithmetic, on the odds of putting_together; the threshold was measured, see docs/matching.md.
"""

from collections.abc import Sequence

from gallery.matching.ranking.putting_together import CountShared, Odds, by_time, glances, look_closely
from gallery.matching.signature import Signature

# Photos on either side of a place that are compared with each other.
_REACH = 4
# Mean of the logarithms of odds that photos before and after a place show one object, under which that is doubted.
_SURE_ENOUGH = 1.8


def doubtful_places(
    series: Sequence[Signature], pauses: Sequence[float | None], count_shared: CountShared | None = None
) -> list[int]:
    """The indices of photos with which another object may begin, in order.

    series: photos that somebody has placed together, in the order of taking; pauses and count_shared: as put_together
    has them.
    """
    odds = glances(series)
    near = [(one, other) for other in range(len(series)) for one in range(max(0, other - 2 * _REACH + 1), other)]
    look_closely(odds, series, near, count_shared)
    found: list[int] = []
    parts = [(0, len(series))]
    while parts:
        start, end = parts.pop()
        doubted = _most_doubtful(odds, pauses, start, end)
        if doubted is not None:
            found.append(doubted)
            parts += [(start, doubted), (doubted, end)]
    return sorted(found)


def _most_doubtful(odds: Odds, pauses: Sequence[float | None], start: int, end: int) -> int | None:
    """The place between two indices before and after which photos are least alike; None where they are enough."""
    alike = {
        place: odds[place : min(end, place + _REACH), max(start, place - _REACH) : place].mean()
        + by_time(pauses[place])
        for place in range(start + 1, end)
    }
    least = min(alike, key=alike.__getitem__, default=None)
    return least if least is not None and alike[least] <= _SURE_ENOUGH else None

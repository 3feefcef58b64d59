"""Names that wrong ones resemble, looked for only as long as somebody reads on: each costs a look at all names."""

from collections.abc import Collection
from difflib import get_close_matches

NEAR_ENOUGH = 0.75
MAX_FAULTS, MAX_COMPARED = 300, 200_000
MAX_LENGTH = 80


class NearNames:
    """What the wrong names of one list resemble, but for those after the first MAX_FAULTS."""

    def __init__(self) -> None:
        self._faults, self._compared = 0, 0

    def nearest(self, name: str, known: Collection[str]) -> str:
        """The known name that this one resembles most; empty when none does, or for one that is too late or long."""
        self._faults += 1
        self._compared += len(known)
        if self._faults > MAX_FAULTS or self._compared > MAX_COMPARED or len(name) > MAX_LENGTH:
            return ""
        return next(iter(get_close_matches(name, known, n=1, cutoff=NEAR_ENOUGH)), "")

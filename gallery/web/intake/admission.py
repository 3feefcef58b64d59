"""Searches by photo, a few at a time in one process, and the order in which the others may come.

A turn is any text that tells one visitor from another. Waiting holds no thread, but for the few who come next: whoever
has to wait is told how many are before, and keeps the place until the photos are sent again.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gallery.errors import TooManySearches

WAIT_SECONDS = 10
ASKS_AGAIN_SECONDS = 4
PRESENT_SECONDS = 3 * ASKS_AGAIN_SECONDS
KEPT_SECONDS = 600
MAX_TURNS = 1000
USUAL_SECONDS = 3.0
NEWEST_WEIGHT = 0.2


@dataclass(frozen=True)
class Place:
    """Where a turn stands. before: searches that come first, running ones among them; seconds: until it may begin."""

    before: int
    seconds: float
    is_next: bool


class Admission:
    """The searches of one process. at_once: how many run; clock: seconds that only grow."""

    def __init__(self, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_once, self._clock = at_once, clock
        self._changed = threading.Condition()
        self._running = self._waiting_here = 0
        self._seconds = USUAL_SECONDS
        # When each turn was last heard of, in the order in which they came.
        self._turns: dict[str, float] = {}
        self._offered: set[str] = set()

    def look(self, turn: str) -> Place:
        """Where this turn stands; a new one goes to the end. Told twice that it is next, it goes there again."""
        with self._changed:
            place = self._place(turn)
            if not place.is_next:
                return place
            if turn not in self._offered:
                self._offered.add(turn)
                return place
            self._forget(turn)
            return self._place(turn)

    def expect(self, turn: str) -> None:
        """Raise TooManySearches, with its place, for a turn that could not even wait here: its photos go unread."""
        with self._changed:
            place = self._place(turn)
            if not place.is_next and self._waiting_here >= self._at_once:
                raise TooManySearches(before=place.before, seconds=place.seconds)

    @contextmanager
    def searching(self, turn: str) -> Iterator[None]:
        """Search when it is this turn's time; raise TooManySearches, with its place, when that is not soon."""
        self._begin(turn)
        began = self._clock()
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._seconds += NEWEST_WEIGHT * (self._clock() - began - self._seconds)
                self._changed.notify_all()

    def _begin(self, turn: str) -> None:
        with self._changed:
            place = self._place(turn)
            if not place.is_next and self._waiting_here < self._at_once:
                place = self._wait_for(turn)
            if not place.is_next:
                raise TooManySearches(before=place.before, seconds=place.seconds)
            self._forget(turn)
            self._running += 1

    def _wait_for(self, turn: str) -> Place:
        self._waiting_here += 1
        try:
            self._changed.wait_for(lambda: self._place(turn).is_next, timeout=WAIT_SECONDS)
        finally:
            self._waiting_here -= 1
        return self._place(turn)

    def _place(self, turn: str) -> Place:
        now = self._clock()
        for each in [each for each, heard in self._turns.items() if now - heard > KEPT_SECONDS]:
            self._forget(each)
        ahead = 0
        for each, heard in self._turns.items():
            if each == turn:
                break
            # Whoever has not been heard of for a while keeps the place, and lets the others pass meanwhile.
            ahead += now - heard <= PRESENT_SECONDS
        before = self._running + ahead
        if turn in self._turns or self._at_once <= before < MAX_TURNS:
            self._turns[turn] = now
        rounds = max(0, before - self._at_once + 1) / self._at_once
        return Place(before, self._seconds * rounds, is_next=before < self._at_once)

    def _forget(self, turn: str) -> None:
        self._turns.pop(turn, None)
        self._offered.discard(turn)

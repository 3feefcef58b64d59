"""One reading for all threads that wait for it: under a load that keeps them waiting, a tenth of the questions."""

from collections.abc import Callable
from concurrent.futures import Future
from math import inf
from threading import Lock
from time import perf_counter
from typing import Generic, TypeVar

Read = TypeVar("Read")


class SharedReading(Generic[Read]):
    """What was last read. Nobody is given anything that was read before they asked."""

    def __init__(self) -> None:
        self._reading = Lock()
        self._begun = -inf
        self._outcome: Future[Read] = Future()

    def made_by(self, read: Callable[[], Read]) -> Read:
        """What `read` returns, or raises, now: called by this thread, or by another since this one has asked."""
        asked = perf_counter()
        with self._reading:
            if self._begun <= asked:
                self._begun, self._outcome = perf_counter(), _outcome_of(read)
            outcome = self._outcome
        return outcome.result()


def _outcome_of(read: Callable[[], Read]) -> "Future[Read]":
    outcome: Future[Read] = Future()
    try:
        outcome.set_result(read())
    except Exception as error:  # noqa: BLE001  for all who wait: one after the other would wait for a server that is down
        outcome.set_exception(error)
    return outcome

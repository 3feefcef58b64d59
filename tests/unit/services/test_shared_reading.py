from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import Event
from time import perf_counter

import pytest

from gallery.services import shared_reading
from gallery.services.shared_reading import SharedReading
from tests.waiting import PATIENCE, begin, wait_until


class Slow:
    """A reading that others come to while it is under way. Each is another number, or the error that it ends with."""

    def __init__(self) -> None:
        self.begun, self.may_end, self.readings = Event(), Event(), 0
        self.error: Exception | None = None

    def read(self) -> int:
        self.readings += 1
        self.begun.set()
        assert self.may_end.wait(PATIENCE)
        if self.error:
            raise self.error
        return self.readings


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def come(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> Callable[[SharedReading[int]], list["Future[int]"]]:
    """One begins a reading, which ends once three others have come."""
    looks: list[float] = []

    def looked() -> float:
        looks.append(perf_counter())
        return looks[-1]

    monkeypatch.setattr(shared_reading, "perf_counter", looked)

    def begun(shared: SharedReading[int]) -> list["Future[int]"]:
        first = begin(partial(shared.made_by, slow.read))
        assert slow.begun.wait(PATIENCE)
        before = len(looks)
        others = [begin(partial(shared.made_by, slow.read)) for _ in range(3)]
        wait_until(lambda: len(looks) == before + 3, "the three")
        slow.may_end.set()
        return [first, *others]

    return begun


def test_those_who_come_while_it_is_read_are_given_the_next_reading_together(
    slow: Slow, come: Callable[[SharedReading[int]], list["Future[int]"]]
) -> None:
    # Not the first one's, which was begun before they came.
    assert [each.result(PATIENCE) for each in come(SharedReading())] == [1, 2, 2, 2]
    assert slow.readings == 2


def test_nobody_is_given_what_was_read_before_they_asked(slow: Slow) -> None:
    slow.may_end.set()
    shared = SharedReading[int]()
    assert [shared.made_by(slow.read) for _ in range(3)] == [1, 2, 3]


def test_an_error_is_everybodys_who_waits_for_it_and_is_no_answer_afterwards(
    slow: Slow, come: Callable[[SharedReading[int]], list["Future[int]"]]
) -> None:
    slow.error, shared = ConnectionError(), SharedReading[int]()
    assert [type(each.exception(PATIENCE)) for each in come(shared)] == [ConnectionError] * 4
    assert slow.readings == 2
    slow.error = None
    assert shared.made_by(slow.read) == 3

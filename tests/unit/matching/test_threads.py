import multiprocessing
import os
import threading
from multiprocessing.connection import Connection

import pytest

from gallery.matching.threads import side_by_side


def test_answers_come_in_the_order_of_what_was_asked() -> None:
    second_was_asked = threading.Event()

    def answered(number: int) -> int:
        if number == 1:
            assert second_was_asked.wait(timeout=30)
        second_was_asked.set()
        return number * number

    assert side_by_side(answered, [1, 2, 3]) == [1, 4, 9]


def test_what_goes_wrong_is_told_to_whom_asked() -> None:
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda number: 1 // number, [1, 0])


def test_a_forked_process_has_threads_of_its_own() -> None:
    side_by_side(abs, [-1])
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=_answer, args=(there,))
    child.start()
    assert here.poll(30)
    assert here.recv() == ([1, 2], child.pid)
    child.join()


def _answer(there: Connection) -> None:
    there.send((side_by_side(abs, [-1, -2]), os.getpid()))

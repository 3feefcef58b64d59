import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gallery.matching.threads import side_by_side
from tests.waiting import LONG_PATIENCE

ROOT = Path(__file__).parents[3]


def test_answers_come_in_the_order_of_what_was_asked() -> None:
    second_was_asked = threading.Event()

    def answered(number: int) -> int:
        if number == 1:
            assert second_was_asked.wait(timeout=LONG_PATIENCE)
        second_was_asked.set()
        return number * number

    assert side_by_side(answered, [1, 2, 3]) == [1, 4, 9]


def test_what_goes_wrong_is_told_to_whom_asked() -> None:
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda number: 1 // number, [1, 0])


def test_a_forked_process_has_threads_of_its_own() -> None:
    # In a Python of its own: a child of this process would inherit the locks of whatever threads other tests have left.
    program = """
import os
from gallery.matching.threads import side_by_side
side_by_side(abs, [-1])
child = os.fork()
if child == 0:
    os._exit(side_by_side(abs, [-1, -2]) != [1, 2])
raise SystemExit(os.waitpid(child, 0)[1])
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=LONG_PATIENCE)


def test_the_libraries_keep_to_the_thread_that_calls_them() -> None:
    # In a Python of its own, to which nothing was told of threads before.
    program = """
import cv2, faiss, threadpoolctl
from gallery.matching.threads import use_one_thread
use_one_thread()
blas = [each["num_threads"] for each in threadpoolctl.threadpool_info() if each["user_api"] == "blas"]
print(cv2.getNumThreads(), faiss.omp_get_max_threads(), *sorted(set(blas)))
"""
    environ = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=LONG_PATIENCE,
    )
    assert told.stdout.split() == ["1", "1", "1"]

"""How many threads the libraries below may use: one; and two of ours for what a person waits for.

All settings are the whole process's. Web threads and worker processes share the cores already, and the waiting of
surplus threads is busy: on 2 cores, two describing processes took three times as long with two BLAS threads each.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import cv2
import faiss
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

One = TypeVar("One")
Other = TypeVar("Other")


def use_one_thread() -> None:
    """Keep OpenCV, faiss and NumPy's BLAS to the thread that calls them."""
    cv2.setNumThreads(1)
    faiss.omp_set_num_threads(1)
    threadpool_limits(limits=1, user_api="blas")


def side_by_side(act: Callable[[One], Other], ones: Iterable[One]) -> list[Other]:
    """What act says of each, in order; on two processors in little more than half the time."""
    return list(_pair().map(act, ones))


@cache
def _pair() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="comparing")


os.register_at_fork(after_in_child=_pair.cache_clear)  # a forked process has none of its parent's threads

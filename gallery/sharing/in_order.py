"""Work on pictures in a few threads, given back in order: Pillow and OpenCV let others run meanwhile."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

# More would hold more pictures in memory; two keep a small server's processors busy.
WORKERS = 2


def in_order(make: Callable[[Given], Made], given: Iterable[Given], *, workers: int = WORKERS) -> Iterator[Made]:
    """What `make` makes of each, in the order given; at most one more than `workers` are under way or waiting."""
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="album") as pool:
        try:
            for each in given:
                waiting.append(pool.submit(make, each))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            # Whoever asked has gone: what is not begun is not needed.
            for future in waiting:
                future.cancel()

"""Work in several processes: results in order, memory flat, nothing left behind when the parent is killed."""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import TypeVar

from gallery.config import Settings
from gallery.matching import configure, path_in_use
from gallery.services import stores
from gallery.services.facebook.album_archive import AlbumArchive
from gallery.storage import PhotoStore

Task = TypeVar("Task")
Result = TypeVar("Result")
# Enough that no process waits for the parent's transaction, few enough that results do not pile up.
WAITING_PER_PROCESS = 4


def in_processes(work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
    """Results of `work` for each task, in order, from as many processes as there are processors.

    Tasks are taken as results are used. work: a function of a module; tasks and results are pickled. The processes
    describe with the encoder that this one has.
    """
    count = os.cpu_count() or 1
    waiting: deque[Future[Result]] = deque()
    # Not fork: the object store's threads would not live on in the child.
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin, initargs=(path_in_use(),))
    try:
        for task in tasks:
            waiting.append(pool.submit(work, task))
            if len(waiting) >= count * WAITING_PER_PROCESS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@cache
def private_store(settings: Settings) -> PhotoStore:
    """The store of originals, opened once in each process."""
    return stores.open_private(settings)


@cache
def public_store(settings: Settings) -> PhotoStore:
    """The store of public derivatives, opened once in each process."""
    return stores.open_public(settings)


@cache
def archive_at(parts: tuple[Path, ...]) -> AlbumArchive:
    """The archive of these parts, opened once in each process."""
    return AlbumArchive([part.open("rb") for part in parts])


def _begin(encoder: Path | None) -> None:
    # Ctrl-C reaches the whole group; the parent ends the pool.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    configure(encoder)


def _end_with_parent() -> None:
    """A pool's process waits for work for ever once its parent is killed: it holds both ends of the queue."""
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)

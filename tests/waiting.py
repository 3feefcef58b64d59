"""Waiting in tests, always with an end: for something to come, for acts at one moment, and for a port of one's own."""

import os
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from itertools import count
from threading import Barrier, Thread
from typing import TypeVar

PATIENCE = 120.0
# For what begins a process, which imports much.
LONG_PATIENCE = 240.0
# Below the ports that the kernel gives to connections, so that none is taken between its choice and its use.
PORTS = range(10_000, 30_000)
_steps = count()
Found = TypeVar("Found")
Answer = TypeVar("Answer")


def wait_until(look: Callable[[], Found | None], what: str = "", *, seconds: float = PATIENCE) -> Found:
    """Look again and again until there is something; fails, saying what was waited for, when nothing comes.

    What takes long is looked for less often: a look may cost a page, of the very program that is waited for.
    """
    began = time.monotonic()
    while not (found := look()):
        waited = time.monotonic() - began
        assert waited < seconds, f"it never came: {what}"
        time.sleep(min(max(waited / 10, 0.02), 0.1))
    return found


def begin(act: Callable[[], Answer]) -> Future[Answer]:
    """Begin an act in a thread of its own, which ends with the process at the latest; ask with `result(PATIENCE)`."""
    future: Future[Answer] = Future()

    def work() -> None:
        try:
            future.set_result(act())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=work, daemon=True).start()
    return future


def at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """Let all of these acts begin at one moment; returns their answers in order, or raises what one raised."""
    ready = Barrier(len(acts))

    def prepared(act: Callable[[], Answer]) -> Answer:
        ready.wait(PATIENCE)
        return act()

    begun = [begin(partial(prepared, act)) for act in acts]
    return [each.result(PATIENCE) for each in begun]


def free_port() -> int:
    """A port that nobody listens on, and that no other process of the tests will choose soon."""
    first = os.getpid() * 97
    for _ in PORTS:
        port = PORTS[(first + next(_steps)) % len(PORTS)]
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")

"""Child processes that live and die together."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import TracebackType
from typing import Self

SECONDS_TO_END = 10
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Children:
    """Python processes of one session: leaving the block ends those that still run."""

    def __init__(self) -> None:
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, module: str, *arguments: str) -> None:
        """Run `python -m MODULE ARGUMENTS`."""
        # Nothing of it comes from a stranger, and no shell reads it.
        self._processes.append(subprocess.Popen([sys.executable, "-m", module, *arguments]))  # noqa: S603

    def ended_with(self) -> int | None:
        """Exit status of the first child that has ended, as a shell gives it; None while all run."""
        for process in self._processes:
            status = process.poll()
            if status is not None:
                return status if status >= 0 else 128 - status
        return None

    def wait(self, stop: Event) -> int:
        """Wait for a stop, which is status 0, or for the first child that ends by itself."""
        while not stop.wait(0.2):
            status = self.ended_with()
            # Ctrl-C reaches the children too, and one of them may be quicker than we are.
            if status is not None and not stop.wait(0.5):
                return status or 1
        return 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def stop_on_signal() -> Iterator[Event]:
    """An event that Ctrl-C, SIGTERM or a closed terminal sets, in place of an exception anywhere."""
    stop = Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in STOP_SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

"""Child processes that live and die together, and the signals that end them."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from gallery.services.rests import Stop

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

    def wait(self, stop: Stop) -> int:
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


class SignalStop:
    """Set by one write to a pipe.

    Not threading.Event: its lock is held for an instant by whoever waits, and a handler that runs in that instant, in
    the same thread, would wait for it for ever.
    """

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._writing, False)

    def set(self) -> None:
        """Stop now, and for good."""
        try:
            os.write(self._writing, b"!")
        except BlockingIOError:
            # Full of earlier signals.
            return

    def is_set(self) -> bool:
        """Whether it was set."""
        return self.wait(0)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for this many seconds, or until it is set; say whether it is."""
        return bool(select.select([self._reading], [], [], timeout)[0])

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self._reading)
        os.close(self._writing)


@contextmanager
def stop_on_signal(numbers: Collection[signal.Signals] = STOP_SIGNALS) -> Iterator[SignalStop]:
    """A stop that Ctrl-C, SIGTERM or a closed terminal sets, in place of an exception anywhere."""
    stop = SignalStop()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        stop.close()

"""A stop that is set from a signal's handler, in the thread that waits."""

import os
import signal
import time

from gallery.cli.children import stop_on_signal


def test_a_signal_ends_a_wait_and_stays_set() -> None:
    with stop_on_signal([signal.SIGUSR1]) as stop:
        assert not stop.wait(0)
        os.kill(os.getpid(), signal.SIGUSR1)
        assert stop.wait(30)
        assert stop.is_set()
        assert stop.is_set()


def test_signals_in_the_midst_of_asking_never_hang() -> None:
    with stop_on_signal([signal.SIGVTALRM]) as stop:
        signal.setitimer(signal.ITIMER_VIRTUAL, 1e-4, 1e-4)
        try:
            until = time.monotonic() + 0.3
            while time.monotonic() < until:
                stop.wait(0)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        assert stop.is_set()

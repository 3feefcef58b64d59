"""What a look has found, kept for a moment: however many ask, the parts themselves are asked now and then only."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """What a look has found, kept for some seconds; whoever asks meanwhile waits for the answer."""

    def __init__(self, look: Callable[[], Value], seconds: float) -> None:
        self._look, self._seconds = look, seconds
        self._found: tuple[float, Value] | None = None
        self._lock = threading.Lock()

    def value(self) -> Value:
        """What was found last, or is found now."""
        with self._lock:
            if self._found is None or time.monotonic() - self._found[0] >= self._seconds:
                found = self._look()
                self._found = (time.monotonic(), found)
            return self._found[1]

"""Memory that is given back is the machine's again; asked in a new process, since an old one has gaps to fill."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from gallery.matching.memory import keep_little

ROOT = Path(__file__).parents[3]
PROGRAM = """
import numpy as np, psutil
from gallery.matching.memory import keep_little
MEGABYTE = 1_000_000
keep_little()
# As shipped, glibc would keep blocks of up to this size from now on.
np.ones(16 * MEGABYTE, np.uint8)
blocks = [np.ones(MEGABYTE, np.uint8) for _ in range(100)]
held = psutil.Process().memory_info().rss
del blocks[:-1]
print((held - psutil.Process().memory_info().rss) // MEGABYTE)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is told")
def test_memory_that_is_given_back_is_no_longer_held() -> None:
    # As it runs in service: what the suite's own processes are told of memory would hide it.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=120
    )
    assert int(done.stdout) > 90


def test_the_options_are_those_of_malloc_h(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace(mallopt=lambda *given: told.append(given)))
    keep_little()
    # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_ARENA_MAX.
    assert told == [(-3, 262_144), (-1, 262_144), (-8, 2)]


def test_where_the_c_library_is_another_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    keep_little()

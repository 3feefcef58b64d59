import sys

import numpy as np
import psutil
import pytest

from gallery.matching.memory import keep_little

MEGABYTE = 1_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is told")
def test_memory_that_is_given_back_is_no_longer_held() -> None:
    keep_little()
    # As shipped, glibc would keep blocks of up to this size from now on.
    np.ones(16 * MEGABYTE, np.uint8)
    blocks = [np.ones(MEGABYTE, np.uint8) for _ in range(100)]
    held = psutil.Process().memory_info().rss
    del blocks[:-1]
    assert held - psutil.Process().memory_info().rss > 90 * MEGABYTE

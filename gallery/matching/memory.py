"""How the C library keeps memory that was given back: hardly any of it.

Describing a photo takes and gives back dozens of large arrays. As shipped, glibc learns from them to keep up to 64 MB
free at the end of each of its stores, of which it makes one a thread: a server that had answered eight searches held
570 MB, of which it used 230.
"""

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _STORES = -1, -3, -8
"""Names of glibc's mallopt (malloc.h)."""
_LARGE_BYTES = 256 * 1024
_MAX_STORES = 2


def keep_little() -> None:
    """Have the whole process return large blocks at once, and share two stores; elsewhere than with glibc, nothing."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if set_option is None:
        return
    set_option(_MMAP_THRESHOLD, _LARGE_BYTES)
    set_option(_TRIM_THRESHOLD, _LARGE_BYTES)
    set_option(_STORES, _MAX_STORES)

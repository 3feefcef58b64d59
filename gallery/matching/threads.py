"""How many threads the libraries below may use: one.

All settings are the whole process's. Web threads and worker processes share the cores already, and the waiting of
surplus threads is busy: on 2 cores, two describing processes took three times as long with two BLAS threads each.
"""

import cv2
import faiss
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]


def use_one_thread() -> None:
    """Keep OpenCV, faiss and NumPy's BLAS to the thread that calls them."""
    cv2.setNumThreads(1)
    faiss.omp_set_num_threads(1)
    threadpool_limits(limits=1, user_api="blas")

"""The image model that comes with the program, made ready when the first picture is described.

A process that only reads signatures never loads it. ONNX Runtime runs it where that is installed, OpenCV elsewhere: the
same numbers to a thousandth, in twice the time.
"""

import tempfile
import threading
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from gallery.matching.tiers import efficientnet
from gallery.matching.tiers.preparation import Input, Pixels, Preparation

NAME = "efficientnet-lite0"

Output = npt.NDArray[np.float32]
Run = Callable[[Input], Output]

_PREPARATION = Preparation(
    size=efficientnet.SIDE, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5), resize=efficientnet.SIDE, fit="stretch"
)


class ShippedModel:
    """EfficientNet-Lite0; several threads may ask at once."""

    path = Path(NAME)
    """No file: what stands in the setting."""
    digest = efficientnet.DIGEST
    dimensions = efficientnet.DIMENSIONS
    usual: float | None = 0.41
    """Cosine of unlike things: the median of 700 photographs with 4,000 each (2026-11-29), for most .30 to .50."""

    def __init__(self) -> None:
        self._loading = threading.Lock()

    def output_of(self, picture: Pixels) -> Output:
        """The model's vector for a picture (h, w, 3) uint8 RGB of any size: (1280,) float32."""
        with self._loading:
            run = self._run
        return run(_PREPARATION.input_of(picture)).reshape(-1)

    @cached_property
    def _run(self) -> Run:
        return by_onnx_runtime() or by_opencv()


def by_onnx_runtime() -> Run | None:
    """The model in ONNX Runtime; None where that is not installed."""
    try:
        import onnxruntime
    except ImportError:
        return None
    options = onnxruntime.SessionOptions()
    # Processes and web threads share the cores already (threads.py).
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Its own store keeps, for good, what each thread that asked at once has needed.
    options.enable_cpu_mem_arena = False
    open_session = partial(onnxruntime.InferenceSession, sess_options=options, providers=["CPUExecutionProvider"])
    model = efficientnet.as_onnx()
    try:
        # From a file: what it is given in memory it keeps beside what it makes of it.
        with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
            file.write(model)
            file.flush()
            session = open_session(file.name)
    except OSError:
        # A system that is read-only throughout.
        session = open_session(model)
    return lambda numbers: np.asarray(session.run(None, {efficientnet.INPUT: numbers})[0])


def by_opencv() -> Run:
    """The model in OpenCV."""
    network = cv2.dnn.readNetFromONNX(np.frombuffer(efficientnet.as_onnx(), np.uint8))
    # It holds what it is working on. Others wait 40 ms for their turn; one of their own would take 40 MB each.
    turn = threading.Lock()

    def run(numbers: Input) -> Output:
        with turn:
            network.setInput(numbers)
            return np.array(network.forward(), np.float32)

    return run

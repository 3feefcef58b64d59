"""The image model that comes with the program, made ready when the first picture is described.

A process that only reads signatures never loads it. ONNX Runtime runs it where that is installed, OpenCV elsewhere: the
same numbers to a thousandth, in twice the time.
"""

import threading
from collections.abc import Callable
from functools import cached_property
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
    session = onnxruntime.InferenceSession(efficientnet.as_onnx(), options, providers=["CPUExecutionProvider"])
    return lambda numbers: np.asarray(session.run(None, {efficientnet.INPUT: numbers})[0])


def by_opencv() -> Run:
    """The model in OpenCV."""
    model = np.frombuffer(efficientnet.as_onnx(), np.uint8)
    idle: list[cv2.dnn.Net] = []

    def run(numbers: Input) -> Output:
        # A network of OpenCV holds what it is working on: each thread takes one of its own.
        network = idle.pop() if idle else cv2.dnn.readNetFromONNX(model)
        try:
            network.setInput(numbers)
            return np.array(network.forward(), np.float32)
        finally:
            idle.append(network)

    return run

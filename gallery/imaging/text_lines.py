"""Lines of text that a learned model finds in a picture, where the wheel of rapidocr is installed.

The model is PP-OCRv6's small detector (PaddleOCR, Apache-2.0): a map of how likely each pixel is text (Liao and others,
"Real-time scene text detection with differentiable binarization", 2020). OpenCV reads the file; nothing of rapidocr
itself is imported, which could fetch other models.
"""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

PACKAGE, MODEL = "rapidocr", "models/PP-OCRv6_det_small.onnx"
# Sides of what the model is given are multiples of this.
STRIDE = 32
LONG_SIDE = 960
# As it was trained, of blue, green and red.
MEAN, DEVIATION = np.array([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]], np.float32)
# Likelihoods of a pixel and of a line, and the least side of a line in pixels.
TEXT_PIXEL, TEXT_LINE = 0.3, 0.6
SMALLEST = 4
# The map shows the middle of each line, from which this times area / perimeter leads to its edge.
GROWN = 1.6

_asking = Lock()


def is_installed() -> bool:
    """Whether there is a model to ask."""
    return model_file() is not None


def model_file() -> Path | None:
    """Where the model is; None without the package, or with a version of it that brings another."""
    package = find_spec(PACKAGE)
    file = Path(package.origin).parent / MODEL if package and package.origin else None
    return file if file and file.is_file() else None


def find_lines(pixels: npt.NDArray[np.uint8]) -> list[Sequence[int]]:
    """Boxes of lines in pixels (h, w, 3) RGB: left, top, width, height, in pixels. Some second of a processor.

    Raises FileNotFoundError without the model.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, LONG_SIDE / max(height, width))
    sides = [max(STRIDE, round(scale * side / STRIDE) * STRIDE) for side in (width, height)]
    likely = _likelihoods(cv2.resize(pixels, sides, interpolation=cv2.INTER_AREA))
    likely_text = (likely > TEXT_PIXEL).astype(np.uint8)
    outlines, _ = cv2.findContours(likely_text, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = [_edges(outline) for outline in outlines if _is_line(outline, likely)]
    across, down = width / sides[0], height / sides[1]
    return [(round(x * across), round(y * down), round(w * across), round(h * down)) for x, y, w, h in found]


def _likelihoods(pixels: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    given = (pixels[..., ::-1] / np.float32(255) - MEAN) / DEVIATION
    # A net is asked by one thread at a time.
    with _asking:
        net = _net()
        net.setInput(np.ascontiguousarray(given.transpose(2, 0, 1)[None]))
        return np.asarray(net.forward()[0, 0])


@cache
def _net() -> cv2.dnn.Net:
    file = model_file()
    if file is None:
        raise FileNotFoundError(MODEL)
    return cv2.dnn.readNetFromONNX(str(file))


def _is_line(outline: npt.NDArray[Any], likely: npt.NDArray[np.float32]) -> bool:
    x, y, width, height = cv2.boundingRect(outline)
    if min(cv2.minAreaRect(outline)[1]) < SMALLEST:
        return False
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [outline - (x, y)], 1)
    return bool(cv2.mean(likely[y : y + height, x : x + width], inside)[0] >= TEXT_LINE)


def _edges(outline: npt.NDArray[Any]) -> Sequence[float]:
    _, (low, long), _ = cv2.minAreaRect(outline)
    grown = GROWN * low * long / (2 * (low + long))
    x, y, width, height = cv2.boundingRect(outline)
    return x - grown, y - grown, width + 2 * grown, height + 2 * grown

"""The colour tier: how alike the colours of two pictures are. A small weight, never a proof.

Knows pictures and histograms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Histogram = npt.NDArray[np.uint8]

_LIGHTNESS, _HUE = 6, 8
COLOUR_BINS = _LIGHTNESS * _HUE * _HUE
_RANGES = (0.0, 256.0), (64.0, 192.0), (64.0, 192.0)
_UNIT = 255.0
_BLOCK = 16_384


def colour_histogram(colour: npt.NDArray[np.uint8]) -> Histogram:
    """Describe the colours of an RGB picture. Returns (384,) uint8: square roots of the shares of Lab bins, times 255.

    Square roots make the scalar product of two histograms their Bhattacharyya coefficient.
    """
    small = cv2.resize(colour, (96, 96), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    cells = [
        np.clip(((lab[:, axis] - low) * bins / (high - low)).astype(np.int64), 0, bins - 1)
        for axis, (bins, (low, high)) in enumerate(zip((_LIGHTNESS, _HUE, _HUE), _RANGES, strict=True))
    ]
    counts = np.bincount((cells[0] * _HUE + cells[1]) * _HUE + cells[2], minlength=COLOUR_BINS)
    return np.rint(np.sqrt(counts / len(lab)) * _UNIT).astype(np.uint8)


@dataclass(frozen=True)
class ColourIndex:
    """The colours of n photos: (n, 384) uint8."""

    histograms: Histogram

    @classmethod
    def of(cls, histograms: Sequence[Histogram]) -> "ColourIndex":
        """Index the histograms (384,) of photos."""
        return cls(np.array(histograms, np.uint8).reshape(-1, COLOUR_BINS))

    def similarities(self, query: Histogram) -> npt.NDArray[np.float32]:
        """Bhattacharyya coefficient of the query with every photo: (n,) float32, 0 (no colour shared) to 1."""
        weights = query.astype(np.float32)
        # In blocks: the whole catalogue as floats would be four times its size.
        blocks = [
            self.histograms[start : start + _BLOCK].astype(np.float32) @ weights
            for start in range(0, len(self.histograms), _BLOCK)
        ]
        products = np.concatenate([np.zeros(0, np.float32), *blocks])
        return np.minimum(products / np.float32(_UNIT * _UNIT), np.float32(1))

    @classmethod
    def joined(cls, parts: Sequence[tuple["ColourIndex", npt.NDArray[np.bool_]]]) -> "ColourIndex":
        """One index of the photos kept of several, in order."""
        return cls(np.concatenate([index.histograms[kept] for index, kept in parts]))

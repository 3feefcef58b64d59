"""The colour tier: how alike the colours of two pictures, and of the objects in them, are. Never a proof.

Knows small pictures and histograms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from gallery.matching.tiers.foreground import Foreground, Pixels, Shares

Histogram = npt.NDArray[np.uint8]
Similarities = npt.NDArray[np.float32]

_UNIT = 255.0
_GREY = 128
_BLOCK = 32_768
"""Photos compared at once: what they need stays with the process (`memory`)."""
_FEW = 256
"""Photos compared at once with many others."""


class Lab(NamedTuple):
    """A colour: lightness 0 to 100, and two numbers that are 0 for grey."""

    lightness: float
    a: float
    b: float


@dataclass(frozen=True)
class _Bins:
    """Lab bins: lightness over its whole range, then a and b between low and high."""

    lightness: int
    chroma: int
    low: int
    high: int

    @property
    def count(self) -> int:
        return self.lightness * self.chroma * self.chroma

    def cells(self, lab: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
        """The number of the bin of each pixel."""
        lightness = lab[..., 0] * (self.lightness / 256)
        chroma = (lab[..., 1:].astype(np.float64) - self.low) * (self.chroma / (self.high - self.low))
        a, b = np.moveaxis(chroma.astype(np.int64).clip(0, self.chroma - 1), -1, 0)
        return np.asarray((lightness.astype(np.int64) * self.chroma + a) * self.chroma + b)

    def centres(self) -> "list[Lab]":
        """The middle of each bin, in the order of their numbers."""
        of_chroma = (np.arange(self.chroma) + 0.5) * ((self.high - self.low) / self.chroma) + self.low - _GREY
        lightness = (np.arange(self.lightness) + 0.5) * (100 / self.lightness)
        return [Lab(*each) for each in product(lightness.tolist(), of_chroma.tolist(), of_chroma.tolist())]


_WHOLE = _Bins(lightness=6, chroma=8, low=64, high=192)
# Lightness is mostly the light's, hue is the object's: few bins of the one, fine ones of the other.
_OBJECT = _Bins(lightness=3, chroma=16, low=88, high=168)
WHOLE_COLOUR_BINS = _WHOLE.count
COLOUR_BINS = WHOLE_COLOUR_BINS + _OBJECT.count


def colour_histogram(foreground: Foreground) -> Histogram:
    """Describe the colours of a picture. Returns (1152,) uint8: square roots of the shares of Lab bins, times 255.

    384 bins of the whole picture, then 768 of its object. Square roots make the scalar product of two histograms their
    Bhattacharyya coefficient.
    """
    lab = cv2.cvtColor(foreground.small, cv2.COLOR_RGB2LAB).astype(np.uint8, copy=False)
    everywhere = np.ones(lab.shape[:2])
    return np.concatenate([_histogram(lab, _WHOLE, everywhere), _histogram(lab, _OBJECT, foreground.of_colours)])


def object_shares(histogram: Histogram) -> npt.NDArray[np.float64]:
    """What share of the object has the colour of each of its bins: (768,), their sum 1."""
    squares = np.square(histogram[WHOLE_COLOUR_BINS:].astype(np.float64))
    return np.asarray(squares / max(1.0, squares.sum()))


def centres_of_object_bins() -> list[Lab]:
    """The colour in the middle of each of the object's bins; the outermost hold all that is more vivid, too."""
    return _OBJECT.centres()


def _histogram(lab: Pixels, bins: _Bins, weights: Shares) -> Histogram:
    sums = np.bincount(bins.cells(lab).ravel(), weights.ravel(), minlength=bins.count)
    return np.asarray(np.rint(np.sqrt(sums / sums.sum()) * _UNIT), np.uint8)


@dataclass(frozen=True)
class ColourIndex:
    """The colours of n photos, bin by bin, since a picture has but a few. by_bin: (1152, n) uint8."""

    by_bin: Histogram

    @classmethod
    def of(cls, histograms: Sequence[Histogram]) -> "ColourIndex":
        """Index the histograms (1152,) of photos."""
        return cls(np.ascontiguousarray(np.array(histograms, np.uint8).reshape(-1, COLOUR_BINS).T))

    def histogram(self, row: int) -> Histogram:
        """The colours of one photo."""
        return np.asarray(self.by_bin[:, row])

    def similarities(self, query: Histogram) -> tuple[Similarities, Similarities]:
        """Bhattacharyya coefficients of the query with every photo, of whole pictures and of objects.

        Each (n,) float32, 0 (no colour shared) to 1.
        """
        products = np.zeros((2, self.by_bin.shape[1]), np.float32)
        for start in range(0, self.by_bin.shape[1], _BLOCK):
            photos = slice(start, start + _BLOCK)
            for number in np.flatnonzero(query).tolist():
                part = int(number >= WHOLE_COLOUR_BINS)
                products[part, photos] += self.by_bin[number, photos] * np.float32(query[number])
        whole, objects = np.minimum(products / np.float32(_UNIT * _UNIT), np.float32(1))
        return whole, objects

    def objects_alike(self, queries: Sequence[Histogram]) -> Similarities:
        """The `similarities` of the objects of several queries, (k, n), far sooner than one after the other."""
        asked = np.array(queries, np.float32).reshape(-1, COLOUR_BINS)[:, WHOLE_COLOUR_BINS:]
        products = np.empty((len(asked), self.by_bin.shape[1]), np.float32)
        for start in range(0, self.by_bin.shape[1], _FEW):
            photos = slice(start, start + _FEW)
            np.matmul(asked, self.by_bin[WHOLE_COLOUR_BINS:, photos].astype(np.float32), out=products[:, photos])
        products /= np.float32(_UNIT * _UNIT)
        return np.minimum(products, np.float32(1), out=products)

    @classmethod
    def joined(cls, parts: Sequence[tuple["ColourIndex", npt.NDArray[np.bool_]]]) -> "ColourIndex":
        """One index of the photos kept of several, in order."""
        return cls(np.concatenate([index.by_bin[:, kept] for index, kept in parts], axis=1))

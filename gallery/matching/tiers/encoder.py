"""The encoder tier: a learned embedding of the object, by the model that comes with the program or the operator's own.

Knows directions of vectors and their cosines; how a model is read and run is the matter of shipped_model and
onnx_model. A process has one encoder or none, since a signature is read by the version that made it: whoever opens an
application or starts in a pool says which, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from gallery.matching.tiers.foreground import WHOLE, Box
from gallery.matching.tiers.onnx_model import ModelFiles, OnnxModel
from gallery.matching.tiers.preparation import Pixels
from gallery.matching.tiers.shipped_model import NAME, ShippedModel

Vector = npt.NDArray[np.int8]
Kept = npt.NDArray[np.bool_]

_NUMBER = 2
"""Of the code that makes a vector of a picture; it grows when the vectors of one model change."""

_UNIT = 127
_BLOCK = 256
"""Vectors that are compared at once: what they need stays near the processor."""
_MIN_SPREAD = 0.05


class Model(Protocol):
    """What makes a vector of a picture.

    path: where it was read, or the name of the one that comes with the program. usual: cosine of the vectors of unlike
    things; None where the catalogue is to tell.
    """

    path: Path
    digest: str
    dimensions: int
    usual: float | None

    def output_of(self, picture: Pixels) -> npt.NDArray[np.float32]:
        """The vector, (dimensions,), of a picture (h, w, 3) uint8 RGB of any size."""


class Encoder:
    """A model that describes pictures."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def path(self) -> Path:
        """Where the model was read, or the name of the one that comes with the program."""
        return self._model.path

    @property
    def digest(self) -> str:
        """What names the model and its preparation."""
        return self._model.digest

    @property
    def dimensions(self) -> int:
        """How many numbers its vectors have."""
        return self._model.dimensions

    @property
    def usual(self) -> float | None:
        """Cosine of the vectors of unlike things; None where the catalogue is to tell."""
        return self._model.usual

    @property
    def version(self) -> str:
        """What it adds to the version of a signature."""
        return f"{_NUMBER}-{self.dimensions}-{self.digest}"

    def encode(self, colour: Pixels, object_box: Box, *, is_drawn: bool) -> Vector:
        """The direction of an object: of the box that was drawn, else between its guessed box and the whole picture.

        The guess is often wrong, and the surroundings tell something too.
        """
        of_box = self._model.output_of(_inside(colour, object_box))
        if is_drawn or object_box == WHOLE:
            return direction_of(of_box)
        return direction_of(_unit(of_box) + _unit(self._model.output_of(colour)))


_in_use: Encoder | None = None


def choose(encoder: str, folder: Path) -> None:
    """Describe as the setting says: with the program's own model, a file counted from the folder, or none ("")."""
    configure(Path(NAME) if encoder == NAME else folder / encoder if encoder else None)


def configure(encoder: Path | None) -> None:
    """Describe and read with this model from now on, or with none; raise SettingInvalid when it can't be used."""
    global _in_use
    if encoder is None:
        _in_use = None
        return
    if encoder == ShippedModel.path:
        _in_use = _in_use if _in_use and _in_use.path == encoder else Encoder(ShippedModel())
        return
    files = ModelFiles.read(encoder)
    if _in_use is None or (_in_use.path, _in_use.digest) != (files.path, files.digest):
        _in_use = Encoder(OnnxModel(files))


def in_use() -> Encoder | None:
    """The encoder of this process."""
    return _in_use


def dimensions_in_use() -> int | None:
    """How many numbers the vectors of this process have; None without an encoder."""
    return _in_use.dimensions if _in_use else None


def path_in_use() -> Path | None:
    """What a process that works for this one is to be configured with."""
    return _in_use.path if _in_use else None


def direction_of(output: npt.NDArray[np.float32]) -> Vector:
    """Keep the direction of a vector: (d,) int8, the largest number 127; zeros when it has none."""
    numbers = output.astype(np.float64)
    largest = np.abs(numbers).max()
    if not np.isfinite(largest) or largest == 0:
        return np.zeros(len(numbers), np.int8)
    return np.asarray(np.rint(numbers / largest * _UNIT), np.int8)


@dataclass(frozen=True, eq=False)
class EncoderIndex:
    """The vectors of n photos, (n, d) int8, zeros for a photo without one, and their lengths, (n,) float32, over 0."""

    vectors: Vector
    lengths: npt.NDArray[np.float32]

    @classmethod
    def of(cls, vectors: Sequence[Vector | None]) -> "EncoderIndex | None":
        """Index the vectors of photos; None when no photo has one."""
        return cls._stacked([(vector if vector is None else vector[None], 1) for vector in vectors])

    @classmethod
    def joined(cls, parts: Sequence[tuple["EncoderIndex | None", Kept]]) -> "EncoderIndex | None":
        """One index of the photos kept of several, in order; None when there are no vectors."""
        return cls._stacked(
            [(None if index is None else index.vectors[kept], int(kept.sum())) for index, kept in parts]
        )

    @classmethod
    def _stacked(cls, parts: Sequence[tuple[Vector | None, int]]) -> "EncoderIndex | None":
        """Index vectors (n, d), zeros where n photos have none, or have those of another encoder than the last."""
        widths = [vectors.shape[1] for vectors, _ in parts if vectors is not None]
        if not widths:
            return None
        stacked = np.concatenate([_of_width(vectors, count, widths[-1]) for vectors, count in parts])
        return cls(stacked, _lengths(stacked))

    @property
    def size_bytes(self) -> int:
        """Memory of the index."""
        return self.vectors.nbytes + self.lengths.nbytes

    def cosines(self, query: Vector | None) -> npt.NDArray[np.float32]:
        """Cosine of the query with every photo: (n,) float32, -1 to 1, 0 where one has no direction; NaN for no query.

        One of another encoder is no query.
        """
        if query is None or len(query) != self.vectors.shape[1]:
            return no_cosines(len(self.vectors))
        asked = query.astype(np.float32)
        room = np.empty((min(_BLOCK, len(self.vectors)), len(asked)), np.float32)
        products = np.empty(len(self.vectors), np.float32)
        for start in range(0, len(self.vectors), _BLOCK):
            block = self.vectors[start : start + _BLOCK]
            numbers = room[: len(block)]
            numbers[:] = block
            products[start : start + len(block)] = numbers @ asked
        return np.asarray(products / (self.lengths * _lengths(asked[None])))

    def cosines_of(self, queries: Sequence[Vector | None]) -> npt.NDArray[np.float32]:
        """The `cosines` of several queries, (k, n), far sooner than one after the other."""
        width = self.vectors.shape[1]
        is_known = [query is not None and len(query) == width for query in queries]
        asked = np.zeros((len(queries), width), np.float32)
        for row, query, known in zip(asked, queries, is_known, strict=True):
            if known:
                row[:] = query
        products = np.empty((len(queries), len(self.vectors)), np.float32)
        for start in range(0, len(self.vectors), _BLOCK):
            photos = slice(start, start + _BLOCK)
            np.matmul(asked, self.vectors[photos].astype(np.float32).T, out=products[:, photos])
        products /= self.lengths * _lengths(asked)[:, None]
        products[~np.array(is_known, np.bool_)] = np.nan
        return products


def no_cosines(photos: int) -> npt.NDArray[np.float32]:
    """The distinction of n photos without an encoder: (n,) of NaN."""
    return np.full(photos, np.nan, np.float32)


def outstanding(cosines: npt.NDArray[np.float32]) -> npt.NDArray[np.float64] | None:
    """How far each photo stands out from the usual one, 0 (no nearer) to 1 (the same); None without an encoder.

    One model gives unrelated pictures a far higher cosine than another does. What is usual was measured of the one that
    comes with the program, so that a catalogue of few photos or a shortlist tells the same; else the catalogue tells.
    """
    if np.isnan(cosines).all():
        return None
    known = np.nan_to_num(cosines).astype(np.float64)
    measured = _in_use.usual if _in_use else None
    usual = float(np.median(known)) if measured is None else measured
    return np.asarray(np.clip((known - usual) / max(1 - usual, _MIN_SPREAD), 0, 1))


def _unit(output: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    length = float(np.linalg.norm(output))
    return output / np.float32(length) if np.isfinite(length) and length > 0 else np.zeros_like(output)


def _of_width(vectors: Vector | None, count: int, width: int) -> Vector:
    return np.zeros((count, width), np.int8) if vectors is None or vectors.shape[1] != width else vectors


def _lengths(vectors: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    lengths = np.sqrt(np.square(vectors, dtype=np.float32).sum(axis=1))
    return np.asarray(np.where(lengths > 0, lengths, 1), np.float32)


def _inside(colour: Pixels, box: Box) -> Pixels:
    """The part of a picture in a box, of a pixel at least."""
    height, width = colour.shape[:2]
    left, top, right, bottom = (min(1.0, max(0.0, side)) for side in box)
    first, above = min(round(left * width), width - 1), min(round(top * height), height - 1)
    last, below = max(round(right * width), first + 1), max(round(bottom * height), above + 1)
    return colour[above:below, first:last]

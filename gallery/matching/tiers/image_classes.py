"""What the model that comes with the program takes a picture for: shares of the classes that it was trained on.

Its classes were left out of the model that describes (`efficientnet`), and are asked of the vector that is kept: the
pooling differs a little from the one that they were trained with, and orders them as well.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from gallery.matching.tiers import efficientnet
from gallery.matching.tiers.encoder import Vector, path_in_use
from gallery.matching.tiers.shipped_model import ShippedModel

Floats = npt.NDArray[np.float32]

_SHARPNESS = 15.0
"""Length that a vector is given, since its own is not kept: at 12 and at 18 as many are right."""


def class_shares(vector: Vector | None) -> npt.NDArray[np.float64] | None:
    """How likely each class is: (1000,), their sum 1. None where the model that made the vector knows no classes."""
    if vector is None or not vector.any() or path_in_use() != ShippedModel.path:
        return None
    weights, bias = _head()
    direction = vector.astype(np.float32) / np.linalg.norm(vector.astype(np.float32))
    said = (_SHARPNESS * (weights @ direction) + bias).astype(np.float64)
    shares = np.exp(said - said.max())
    return np.asarray(shares / shares.sum())


@cache
def _head() -> tuple[Floats, Floats]:
    return efficientnet.class_weights()

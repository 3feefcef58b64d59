"""Writing a chain of operations as an ONNX model: the few fields of the format that such a network needs.

https://github.com/onnx/onnx/blob/main/onnx/onnx.proto holds the numbers of the fields.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32] | np.float32

INPUT = "picture"

_VARINT, _BYTES = 0, 2
_FLOAT = 1
_INTEGER, _INTEGERS = 2, 7
_IR_VERSION, _OPERATOR_SET = 8, 13


class OnnxNetwork:
    """One input, then operations one after the other. last: the name of what the last one made."""

    def __init__(self, input_shape: Sequence[int]) -> None:
        self.last = INPUT
        self._input_shape = input_shape
        self._nodes: list[bytes] = []
        self._tensors: list[bytes] = []

    def then(
        self, operation: str, *tensors: Floats, also: Sequence[str] = (), **attributes: int | Sequence[int]
    ) -> None:
        """Add an operation. also: names of more that it takes; tensors: its constants."""
        made = f"made{len(self._nodes)}"
        constants = [self._constant(tensor) for tensor in tensors]
        inputs = [_text(1, name) for name in (self.last, *also, *constants)]
        said = [_message(5, _attribute(name, value)) for name, value in attributes.items()]
        self._nodes.append(b"".join((*inputs, _text(2, made), _text(4, operation), *said)))
        self.last = made

    def to_bytes(self, output_shape: Sequence[int]) -> bytes:
        """The model."""
        graph = b"".join((
            *(_message(1, node) for node in self._nodes),
            _text(2, "graph"),
            *(_message(5, tensor) for tensor in self._tensors),
            _message(11, _value(INPUT, self._input_shape)),
            _message(12, _value(self.last, output_shape)),
        ))  # fmt: skip
        operators = _text(1, "") + _number(2, _OPERATOR_SET)
        return _number(1, _IR_VERSION) + _message(7, graph) + _message(8, operators)

    def _constant(self, tensor: Floats) -> str:
        name = f"constant{len(self._tensors)}"
        sides = b"".join(_number(1, side) for side in tensor.shape)
        numbers = np.ascontiguousarray(tensor, "<f4").tobytes()
        self._tensors.append(sides + _number(2, _FLOAT) + _text(8, name) + _message(9, numbers))
        return name


def _attribute(name: str, value: int | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _INTEGER)
    return _text(1, name) + b"".join(_number(8, number) for number in value) + _number(20, _INTEGERS)


def _value(name: str, shape: Sequence[int]) -> bytes:
    sides = b"".join(_message(1, _number(1, side)) for side in shape)
    return _text(1, name) + _message(2, _message(1, _number(1, _FLOAT) + _message(2, sides)))


def _number(key: int, value: int) -> bytes:
    return _varint(key << 3 | _VARINT) + _varint(value)


def _text(key: int, value: str) -> bytes:
    return _message(key, value.encode())


def _message(key: int, value: bytes) -> bytes:
    return _varint(key << 3 | _BYTES) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    groups = []
    while value > 127:
        groups.append(value & 127 | 128)
        value >>= 7
    return bytes([*groups, value])

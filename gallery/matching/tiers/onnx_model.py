"""The operator's image model: an ONNX file, and beside it a TOML file that says how a picture becomes its input.

The only module that knows ONNX Runtime, which need not be installed where no model is given. Everything is tried once
when the model is read: a model that was accepted describes every picture.
"""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gallery.errors import SettingInvalid
from gallery.matching.tiers.preparation import Input, Pixels, Preparation

MAX_DIMENSIONS = 4096
_MIN_DIMENSIONS = 2

Output = npt.NDArray[np.float32]


@dataclass(frozen=True)
class ModelFiles:
    """A model as it lies on the disk, read at once: what is run is what the digest names."""

    path: Path
    model: bytes
    preparation: Preparation

    @classmethod
    def read(cls, path: Path) -> "ModelFiles":
        """Read a model and its TOML file; raise SettingInvalid, with the reason, when either can't be used."""
        model, beside = _read(path), path.with_suffix(".toml")
        try:
            return cls(path, model, Preparation.of(tomllib.loads(_read(beside).decode("utf-8"))))
        except ValueError as error:
            raise _refused(beside, str(error)) from error

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits that name the model and how pictures are prepared for it."""
        prepared = repr(astuple(self.preparation)).encode()
        return hashlib.sha256(hashlib.sha256(self.model).digest() + prepared).hexdigest()[:8]


class OnnxModel:
    """A model ready to run, on the thread that asks; several threads may ask at once.

    usual: the cosine of its vectors of unlike things, which nobody has measured.
    """

    usual: float | None = None

    def __init__(self, files: ModelFiles) -> None:
        """Raise SettingInvalid, with the reason, for a model that can't be used."""
        self.path, self.digest, self._preparation = files.path, files.digest, files.preparation
        self._session = _session_of(files)
        size = self._preparation.size
        self._input = _checked_input(files.path, self._session.get_inputs(), size)
        _check_outputs(files.path, self._session.get_outputs())
        self.dimensions = self._try_out(np.zeros((1, 3, size, size), np.float32))

    def output_of(self, picture: Pixels) -> Output:
        """The model's vector for a picture (h, w, 3) uint8 RGB of any size: (dimensions,) float32."""
        return self._run(self._preparation.input_of(picture)).reshape(-1)

    def _run(self, numbers: Input) -> Output:
        (output,) = self._session.run(None, {self._input: numbers})
        return np.asarray(output)

    def _try_out(self, numbers: Input) -> int:
        try:
            output = self._run(numbers)
        # ONNX Runtime's errors have no base of their own.
        except Exception as error:
            raise _refused(self.path, f"fails on an empty picture: {_first_line(error)}") from error
        shape = output.shape
        is_vector = len(shape) >= 2 and output.size == shape[1] and output.dtype == np.float32
        if not is_vector or not _MIN_DIMENSIONS <= output.size <= MAX_DIMENSIONS:
            raise _refused(
                self.path,
                f"its output must be one float32 vector, (1, {_MIN_DIMENSIONS} to {MAX_DIMENSIONS}),"
                f" and is {shape} {output.dtype}",
            )
        return output.size


def _session_of(files: ModelFiles) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise SettingInvalid(
            "encoder", "needs ONNX Runtime: run `pip install --require-hashes -r requirements-extra.txt`"
        ) from error
    options = onnxruntime.SessionOptions()
    # Processes and web threads share the cores already (threads.py).
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(files.model, options, providers=["CPUExecutionProvider"])
    # ONNX Runtime's errors have no base of their own.
    except Exception as error:
        raise _refused(files.path, f"is no ONNX model that can be run: {_first_line(error)}") from error


def _checked_input(path: Path, inputs: Sequence[Any], size: int) -> str:
    """The name of the model's only input."""
    if len(inputs) != 1:
        raise _refused(path, f"must have one input, and has {len(inputs)}")
    (only,) = inputs
    wanted = (1, 3, size, size)
    # A side that is left open has a name, or none, in place of a number.
    fits = len(only.shape) == 4 and all(
        given == asked or not isinstance(given, int) for given, asked in zip(only.shape, wanted, strict=True)
    )
    if only.type != "tensor(float)" or not fits:
        raise _refused(path, f"its input must be float32 {wanted}, and is {only.type} {only.shape}")
    return str(only.name)


def _check_outputs(path: Path, outputs: Sequence[Any]) -> None:
    if len(outputs) != 1:
        names = ", ".join(output.name for output in outputs)
        raise _refused(path, f"must have one output, and has {len(outputs)}: {names}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refused(path, f"can't be read: {error.strerror}") from error


def _refused(path: Path, why: str) -> SettingInvalid:
    return SettingInvalid("encoder", f"{path.name} {why}")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]

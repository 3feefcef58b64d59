import pickle
import struct
from pathlib import Path

import numpy as np
import onnx
import pytest

from gallery import matching
from gallery.matching import describe
from gallery.matching.tiers import efficientnet, shipped_model
from gallery.matching.tiers.encoder import EncoderIndex
from gallery.matching.tiers.tensor_file import read_tensors
from tests.unit.matching.drawn import drawn

MAGIC = 0x1950A86A20F9469CFC6C


@pytest.fixture
def shipped() -> None:
    matching.configure(Path(shipped_model.NAME))


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(1, 3, 288, 288)).astype(np.float32)


def test_what_is_written_is_onnx() -> None:
    onnx.checker.check_model(onnx.load_from_string(efficientnet.as_onnx()), full_check=True)


def test_opencv_and_onnx_runtime_say_the_same(picture: np.ndarray) -> None:
    by_onnx_runtime = shipped_model.by_onnx_runtime()
    assert by_onnx_runtime is not None
    ours = shipped_model.by_opencv()(picture)
    assert ours.shape == (1, efficientnet.DIMENSIONS)
    assert np.abs(ours - by_onnx_runtime(picture)).max() < 1e-3


def test_an_object_is_told_from_another_by_its_vector(shipped: None) -> None:
    index = EncoderIndex.of([describe(drawn(number)).vector for number in (1, 2)])
    assert index is not None
    first, second = index.cosines(describe(drawn(1)[::-1].copy()).vector)
    assert first > second


def test_the_version_names_the_weights(shipped: None) -> None:
    assert matching.current_version().endswith("+2-1280-57934424")
    assert matching.path_in_use() == Path("efficientnet-lite0")


def test_a_process_that_describes_nothing_loads_no_weights(shipped: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(efficientnet, "as_onnx", lambda: pytest.fail("the weights were loaded"))
    assert matching.current_version()


class Attack:
    """An object whose unpickling runs code, as in a hostile file."""

    def __reduce__(self) -> tuple[object, ...]:
        return exec, ("raise SystemExit('this ran')",)


def file_of(tensors: object, *numbers: bytes) -> bytes:
    return b"".join(pickle.dumps(each, protocol=2) for each in (MAGIC, 1001, {}, tensors, [])) + b"".join(numbers)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", file_of(Attack()), file_of([1]), pickle.dumps(1) * 5, struct.pack("<q", 9) * 40],
    ids=["empty", "a zip", "code", "a list", "another magic", "noise"],
)
def test_what_is_no_file_of_tensors_is_refused_and_runs_nothing(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a file of tensors"):
        read_tensors(content)

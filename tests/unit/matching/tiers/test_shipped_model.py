import hashlib
import pickle
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest

from gallery import matching
from gallery.matching import describe
from gallery.matching.tiers import efficientnet, onnx_writing, shipped_model
from gallery.matching.tiers.encoder import EncoderIndex
from gallery.matching.tiers.tensor_file import read_tensors
from tests.unit.matching.drawn import drawn
from tests.waiting import LONG_PATIENCE

ROOT = Path(__file__).parents[4]
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


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models/efficientnet-lite0-57934424.pth").write_bytes(b"other weights")
    monkeypatch.setattr(efficientnet, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match="not the weights"):
        efficientnet.class_weights()


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


def test_the_network_is_written_as_it_was() -> None:
    """Its vectors are compared with those of other days: the same weights, folded in the same way."""
    written = onnx.load_from_string(efficientnet.as_onnx())
    kinds = [node.op_type for node in written.graph.node]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "Add": 9, "Clip": 33, "Conv": 49, "Flatten": 1, "GlobalAveragePool": 1, "Pow": 2,
    }  # fmt: skip
    assert hashlib.sha256(efficientnet.as_onnx()).hexdigest()[:16] == "51521486a326f2d2"


@pytest.mark.parametrize(
    ("number", "written"), [(0, "00"), (127, "7f"), (128, "8001"), (300, "ac02"), (16_384, "808001")]
)
def test_numbers_are_written_seven_bits_at_a_time(number: int, written: str) -> None:
    assert onnx_writing._varint(number).hex() == written


def tensors(
    offset: int = 0, shape: tuple[int, ...] = (2, 3), strides: tuple[int, ...] = (3, 1), count: int = 6
) -> bytes:
    """A file of one tensor, as PyTorch writes it: what rebuilds it is named, and never imported."""
    names = b"".join([
        b"\x80\x02ccollections\nOrderedDict\n)R",
        b"X\x01\x00\x00\x00w",
        b"ctorch._utils\n_rebuild_tensor_v2\n((",
        b"X\x07\x00\x00\x00storage", b"ctorch\nFloatStorage\n", b"X\x01\x00\x00\x00k", b"X\x03\x00\x00\x00cpu",
        b"K", bytes([count]), b"tQ",
    ])  # fmt: skip
    table = names + pickle.dumps(offset, 2)[2:-1] + pickle.dumps(shape, 2)[2:-1] + pickle.dumps(strides, 2)[2:-1]
    table += b"tRs."
    head = b"".join(pickle.dumps(each, protocol=2) for each in (MAGIC, 1001, {}))
    numbers = struct.pack("<q", count) + np.arange(count, dtype="<f4").tobytes()
    return head + table + pickle.dumps(["k"], protocol=2) + numbers


def test_a_tensor_is_read_as_it_lies_in_its_numbers() -> None:
    assert read_tensors(tensors())["w"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert read_tensors(tensors(1, (2, 2), (1, 2)))["w"].tolist() == [[1, 3], [2, 4]]


@pytest.mark.parametrize(
    "content",
    [
        tensors(1),
        tensors(shape=(2, 4)),
        tensors(-1, (1,), (1,)),
        tensors(strides=(-1, 1)),
        tensors(shape=(0,), strides=(1,)),
        tensors()[:-1],
        tensors()[:-25],
    ],
    ids=["past its end", "too wide", "before its begin", "backwards", "of nothing", "cut off", "without numbers"],
)
def test_a_tensor_outside_of_its_numbers_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"tensor|truncated|buffer size"):
        read_tensors(content)


def test_onnx_runtime_neither_marks_the_machine_nor_tells_anybody_of_it(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    program = "import gallery, onnxruntime"
    # Without a variable such as CI, under which it is silent anyway.
    surroundings = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=surroundings, check=True, timeout=LONG_PATIENCE)
    assert not list(tmp_path.iterdir())

"""Image models for the encoder tier, made here: a random layer over the pixels, and models that can't be used."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE, DIMENSIONS = 8, 16
PREPARATION = "size = 8\nmean = [0.5, 0.5, 0.5]\nstd = [0.25, 0.25, 0.25]\n"


def write_model(
    path: Path,
    *,
    seed: int = 1,
    shape: Sequence[int | str] = (1, 3, SIDE, SIDE),
    dimensions: int = DIMENSIONS,
    outputs: int = 1,
    kind: int = TensorProto.FLOAT,
    preparation: str | None = PREPARATION,
) -> Path:
    """Write a model whose output is a random layer over all pixels, and this text as its TOML file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = [f"vector{number}" for number in range(outputs)]
    layer = np.random.default_rng(seed).normal(size=(3 * SIDE * SIDE, dimensions))
    nodes = [helper.make_node("Flatten", ["picture"], ["flat"], axis=1)]
    nodes += [helper.make_node("MatMul", ["flat", "layer"], [name]) for name in names]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("picture", kind, shape)],
        [helper.make_tensor_value_info(name, kind, None) for name in names],
        [numpy_helper.from_array(layer.astype(helper.tensor_dtype_to_np_dtype(kind)), "layer")],
    )
    # Of an old version each, so that any ONNX Runtime reads them.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, path)
    if preparation is not None:
        path.with_suffix(".toml").write_text(preparation, encoding="utf-8")
    return path

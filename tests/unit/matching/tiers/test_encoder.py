import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from onnx import TensorProto

from gallery import matching
from gallery.errors import SettingInvalid, SignatureUnreadable
from gallery.matching import Catalogue, Evidence, Likelihood, Signature, describe, rank
from gallery.matching.catalogue.mapped import map_segment, write_segment
from gallery.matching.tiers.encoder import EncoderIndex, direction_of, outstanding
from gallery.matching.tiers.preparation import Preparation
from tests.encoders import DIMENSIONS, PREPARATION, write_model
from tests.unit.matching.drawn import Pixels, catalogue_of, drawn

ACROSS = np.tile(np.linspace(60, 200, 256), (256, 1))
PLAIN = {1: ACROSS.T, 2: ACROSS, 3: ACROSS.T[::-1], 4: ACROSS.T}


@pytest.fixture
def configured(encoder: Path) -> Path:
    matching.configure(encoder)
    return encoder


def shaded(number: int) -> Pixels:
    """A plain surface in falling light: no features, and the same colours whichever way the light falls."""
    return np.repeat(PLAIN[number][..., None], 3, axis=2).astype(np.uint8)


def test_a_picture_is_described_with_a_vector(configured: Path) -> None:
    signature = describe(drawn(1))
    assert signature.vector is not None
    assert signature.vector.dtype == np.int8
    assert signature.vector.shape == (DIMENSIONS,)
    assert np.abs(signature.vector).max() == 127


def test_a_vector_survives_the_database(configured: Path) -> None:
    signature = describe(drawn(1))
    read = Signature.from_bytes(signature.compact(), signature.details_bytes())
    assert read == signature
    assert read.vector is not None
    assert read.vector.tolist() == signature.vector.tolist()  # type: ignore[union-attr]


def test_nothing_but_the_vector_is_added(encoder: Path) -> None:
    without = describe(drawn(1))
    matching.configure(encoder)
    signature = describe(drawn(1))
    assert len(signature.compact()) == len(without.compact()) + DIMENSIONS
    assert dataclasses.replace(signature, version=without.version, vector=None) == without


def test_without_an_encoder_nothing_is_said_of_it() -> None:
    signature = describe(drawn(1))
    catalogue = catalogue_of({1: signature})
    assert signature.vector is None
    assert catalogue.as_segment().vectors is None
    assert rank([signature], catalogue)[0].measurement.encoder is None


def test_it_tells_what_nothing_else_tells_apart(encoder: Path) -> None:
    asked, shown = 2, (1, 2, 3)
    without = rank([describe(shaded(asked))], catalogue_of({each: describe(shaded(each)) for each in shown}))
    assert Evidence.SAME_APPEARANCE not in without[0].evidence
    assert len({round(one.score, 6) for one in without}) == 1
    matching.configure(encoder)
    found = rank([describe(shaded(asked))], catalogue_of({each: describe(shaded(each)) for each in shown}))
    assert found[0].entry_id == asked
    assert found[0].measurement.encoder == pytest.approx(1)
    assert Evidence.SAME_APPEARANCE in found[0].evidence
    assert Evidence.SAME_APPEARANCE not in found[1].evidence


def test_it_alone_never_makes_more_than_a_weak_resemblance(configured: Path) -> None:
    catalogue = catalogue_of({each: describe(shaded(each)) for each in (1, 2, 3)})
    assert {one.likelihood for one in rank([describe(shaded(2))], catalogue)} <= {Likelihood.WEAK, Likelihood.MEDIUM}


def test_a_box_describes_the_object_in_it(configured: Path) -> None:
    picture = np.concatenate([drawn(1), drawn(2)], axis=1)
    left = describe(picture, box=(0, 0, 0.5, 1)).vector
    assert EncoderIndex.of([left]).cosines(describe(drawn(1)).vector)[0] > 0.99  # type: ignore[union-attr]


def test_a_mapped_catalogue_keeps_the_vectors(configured: Path, tmp_path: Path) -> None:
    signatures = {each: describe(shaded(each)) for each in (1, 2, 3)}
    write_segment(catalogue_of(signatures).as_segment(), tmp_path / "segment", more={})
    segment, _ = map_segment(tmp_path / "segment")
    catalogue = Catalogue.of_segment(segment, lambda ids: {each: signatures[each].details_bytes() for each in ids})
    assert rank([signatures[2]], catalogue) == rank([signatures[2]], catalogue_of(signatures))


def test_a_segment_without_vectors_is_mapped_as_before(tmp_path: Path) -> None:
    write_segment(catalogue_of({1: describe(drawn(1))}).as_segment(), tmp_path / "segment", more={})
    assert not list((tmp_path / "segment").glob("*vectors*"))
    assert map_segment(tmp_path / "segment")[0].vectors is None


# Versions.


def test_the_version_names_the_encoder(configured: Path) -> None:
    assert matching.current_version().startswith(f"5-ba5de447+2-{DIMENSIONS}-")
    matching.configure(None)
    assert matching.current_version() == "5-ba5de447"


def test_the_version_changes_with_the_model(configured: Path) -> None:
    before = matching.current_version()
    write_model(configured, seed=2)
    matching.configure(configured)
    assert matching.current_version() != before


def test_the_version_changes_with_the_preparation(configured: Path) -> None:
    before = matching.current_version()
    write_model(configured, preparation=PREPARATION + 'channels = "BGR"\n')
    matching.configure(configured)
    assert matching.current_version() != before


def test_a_comment_in_the_preparation_asks_for_no_new_signatures(configured: Path) -> None:
    before = matching.current_version()
    write_model(configured, preparation=f"# of the model card\n{PREPARATION}")
    matching.configure(configured)
    assert matching.current_version() == before


def test_signatures_without_encoder_are_refused_with_one_and_the_other_way_round(encoder: Path) -> None:
    without = describe(drawn(1))
    matching.configure(encoder)
    signature = describe(drawn(1))
    for blobs in ((without.compact(),), (signature.compact(), without.details_bytes())):
        with pytest.raises(SignatureUnreadable, match="another version"):
            Signature.from_bytes(*blobs)
    matching.configure(None)
    with pytest.raises(SignatureUnreadable, match="another version"):
        Signature.from_bytes(signature.compact())


def test_a_signature_whose_vector_is_cut_off_is_refused(configured: Path) -> None:
    cut = dataclasses.replace(describe(drawn(1)), vector=np.zeros(DIMENSIONS - 1, np.int8))
    with pytest.raises(SignatureUnreadable, match="truncated"):
        Signature.from_bytes(cut.compact())


# What can't be used.


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        pytest.param({"outputs": 2}, "must have one output, and has 2: vector0, vector1", id="two outputs"),
        pytest.param({"shape": (1, 3 * 8 * 8)}, "its input must be float32", id="input of two dimensions"),
        pytest.param({"shape": (1, 8, 8, 3)}, "its input must be float32", id="channels last"),
        pytest.param({"shape": (8, 3, 8, 8)}, "its input must be float32", id="eight pictures at a time"),
        pytest.param(
            {"preparation": PREPARATION.replace("8", "9")},
            "its input must be float32",
            id="another size",
        ),
        pytest.param({"kind": TensorProto.FLOAT16}, "its input must be float32", id="half precision"),
        pytest.param({"dimensions": 1}, "its output must be one float32 vector", id="a vector of one number"),
        pytest.param({"dimensions": 4097}, "its output must be one float32 vector", id="a vector of too many"),
        pytest.param(
            {"shape": ("n", 3, "h", "w"), "preparation": PREPARATION.replace("8", "16")},
            "fails on an empty picture",
            id="a size that it can't take",
        ),
        pytest.param({"preparation": None}, "tiny.toml can't be read", id="no TOML"),
        pytest.param({"preparation": "size ="}, "tiny.toml", id="no TOML but something else"),
        pytest.param({"preparation": PREPARATION.replace("8", "0")}, "size: must be a whole number", id="no size"),
        pytest.param({"preparation": PREPARATION.replace("8", "8.5")}, "size: must be", id="half a pixel"),
        pytest.param({"preparation": PREPARATION.replace("0.25, 0", "0.0, 0")}, "std: must be more", id="std of 0"),
        pytest.param({"preparation": "size = 8\nstd = [1, 1, 1]\n"}, "mean: must be three numbers", id="no mean"),
        pytest.param({"preparation": PREPARATION + "sise = 9\n"}, "unknown key: sise", id="unknown key"),
        pytest.param({"preparation": PREPARATION + 'fit = "cut"\n'}, "fit: must be one of crop", id="unknown fit"),
        pytest.param({"preparation": PREPARATION + "resize = 7\n"}, "resize: must be", id="smaller than the crop"),
        pytest.param({"preparation": PREPARATION + "resize = 8.0\n"}, "resize: must be", id="not a size"),
    ],
)
def test_a_model_that_cannot_be_used_is_refused_with_the_reason(
    encoder: Path, wrong: dict[str, object], reason: str
) -> None:
    encoder.with_suffix(".toml").unlink()
    write_model(encoder, **wrong)  # type: ignore[arg-type]
    with pytest.raises(SettingInvalid, match=f"encoder: .*{reason}"):
        matching.configure(encoder)


def test_what_is_no_model_is_refused(encoder: Path) -> None:
    encoder.write_bytes(b"not a model")
    with pytest.raises(SettingInvalid, match=r"tiny\.onnx is no ONNX model that can be run: .*ONNXRuntimeError"):
        matching.configure(encoder)


def test_a_missing_model_is_refused(encoder: Path) -> None:
    encoder.unlink()
    with pytest.raises(SettingInvalid, match=r"tiny\.onnx can't be read: No such file"):
        matching.configure(encoder)


def test_a_refused_model_leaves_what_was_in_use(configured: Path, tmp_path: Path) -> None:
    before = matching.current_version()
    with pytest.raises(SettingInvalid):
        matching.configure(tmp_path / "none.onnx")
    assert matching.current_version() == before


def test_without_onnx_runtime_the_refusal_says_what_to_install(encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # None in its place is how Python says that a module is not there.
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(SettingInvalid, match=r"encoder: needs ONNX Runtime: .*requirements-extra\.txt"):
        matching.configure(encoder)


@pytest.mark.parametrize(
    "shape", [("n", 3, 8, 8), (1, 3, "height", "width")], ids=["any number of pictures", "any size"]
)
def test_a_model_whose_sides_are_open_is_taken(encoder: Path, shape: tuple[int | str, ...]) -> None:
    matching.configure(write_model(encoder, shape=shape))
    assert describe(drawn(1)).vector is not None


# Numbers.


@given(arrays.arrays(np.float32, st.integers(2, 40), elements=st.floats(width=32)))
def test_every_output_has_a_direction_or_none(output: np.ndarray) -> None:
    direction = direction_of(output)
    assert direction.dtype == np.int8
    assert np.abs(direction.astype(int)).max() in (0, 127)


def test_the_kept_direction_is_nearly_that_of_the_output() -> None:
    one, other = np.random.default_rng(3).normal(size=(2, 384)).astype(np.float32)
    exact = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    index = EncoderIndex.of([direction_of(one)])
    assert index is not None
    assert index.cosines(direction_of(other))[0] == pytest.approx(exact, abs=0.002)


def test_a_vector_of_another_encoder_resembles_nothing() -> None:
    index = EncoderIndex.of([np.ones(4, np.int8), None, np.ones(8, np.int8)])
    assert index is not None
    assert index.cosines(np.ones(8, np.int8)).tolist() == pytest.approx([0, 0, 1])
    assert np.isnan(index.cosines(np.ones(4, np.int8))).all()


@given(arrays.arrays(np.float32, st.integers(1, 30), elements=st.floats(-1, 1, width=32)))
def test_what_stands_out_is_a_share(cosines: np.ndarray) -> None:
    standing = outstanding(cosines)
    assert standing is not None
    assert ((standing >= 0) & (standing <= 1)).all()


@pytest.mark.parametrize("fit", ["crop", "stretch", "pad"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (800, 2), (37, 53)], ids=str)
def test_pictures_of_any_shape_are_prepared(fit: str, shape: tuple[int, int]) -> None:
    preparation = Preparation(size=32, mean=(0.1, 0.2, 0.3), std=(1, 1, 1), resize=40, fit=fit)
    prepared = preparation.input_of(np.full((*shape, 3), 255, np.uint8))
    assert prepared.shape == (1, 3, 32, 32)
    assert prepared[0].max(axis=(1, 2)) == pytest.approx([0.9, 0.8, 0.7])


def test_the_crop_takes_the_middle() -> None:
    picture = np.zeros((100, 300, 3), np.uint8)
    picture[:, 100:200] = 255
    preparation = Preparation(size=10, mean=(0, 0, 0), std=(1, 1, 1), resize=20)
    assert preparation.input_of(picture).min() == 1


def test_channels_are_turned_round_for_models_that_want_blue_first() -> None:
    preparation = Preparation(size=8, mean=(0, 0, 0), std=(1, 1, 1), resize=8, channels="BGR")
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 255
    assert preparation.input_of(red)[0, :, 0, 0].tolist() == [0, 0, 1]

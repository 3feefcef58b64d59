import dataclasses
import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gallery.errors import SignatureUnreadable
from gallery.matching import Signature, current_version, describe, is_newer, packing
from gallery.matching.signature import read_details
from gallery.matching.tiers.local_features import POINTS
from gallery.matching.tiers.look import look_of
from gallery.matching.version import ALGORITHM_VERSION
from tests.unit.matching.drawn import drawn, reduced

RING = describe(drawn(1))
COMPACT, DETAILS = RING.compact(), RING.details_bytes()

# Pinned within a version: alike on every processor. SIFT is not: its points depend on how the processor rounds.
PINNED = {
    "texture": ("409f146273d4f394fbaa61a99ba6ae5412be48d5887ae5f808a508be4e85efab", "a3cfa792da70f856"),
    "ring": ("d2b987e2aad92cf8c2f5618979a5698af5d48d267cdd8e644ae5019270be2972", "52200337fd57e359"),
    "watch": ("6c6696969b99a9e126e3f59c313868caa3639a26993cc371d3c039b36c9c4d67", "ca3e2419453b1dc1"),
}
POINTS_OF_SMALL = {"texture": 341, "ring": 181, "watch": 24}
LOOK_OF_NUMBERS = "d4358ab2e497c8ae"


@pytest.mark.parametrize("kind", PINNED)
def test_hash_and_colours_are_constant_within_a_version(kind: str) -> None:
    signature = describe(drawn(1, kind))
    colours = hashlib.sha256(signature.colour[:384].tobytes()).hexdigest()[:16]
    assert (signature.hash.astype(">u8").tobytes().hex(), colours) == PINNED[kind]


@pytest.mark.parametrize("kind", POINTS_OF_SMALL)
def test_the_number_of_points_is_nearly_constant_within_a_version(kind: str) -> None:
    details = describe(reduced(drawn(1, kind), 0.3)).details
    assert details is not None
    assert len(details.features) == pytest.approx(POINTS_OF_SMALL[kind], rel=0.05)


def test_words_and_codes_of_given_descriptors_are_constant_within_a_version() -> None:
    descriptors = np.random.default_rng(5).integers(0, 90, (200, 128)).astype(np.uint8)
    look = look_of(descriptors, np.arange(200, dtype=np.uint8) % 15 + 1, assigned=3)
    assert (
        hashlib.sha256(look.words.tobytes() + look.codes.tobytes() + look.weights.tobytes()).hexdigest()[:16]
        == LOOK_OF_NUMBERS
    )


def test_the_version_is_pinned_with_the_values() -> None:
    assert current_version() == "5-ba5de447"


def test_the_same_pixels_give_the_same_bytes() -> None:
    again = describe(drawn(1))
    assert (again.compact(), again.details_bytes()) == (COMPACT, DETAILS)


def test_what_was_taken_for_the_object_is_kept() -> None:
    drawn_box = (0.1, 0.2, 0.6001, 0.9)
    for signature in (RING, describe(drawn(1), drawn_box)):
        read = Signature.from_bytes(signature.compact(), signature.details_bytes()).details
        assert read is not None
        assert signature.details is not None
        assert read.object_box == signature.details.object_box
    assert read.object_box == pytest.approx(drawn_box, abs=1e-4)


def test_it_is_small() -> None:
    assert len(COMPACT) <= 15_000
    assert len(DETAILS) <= 100_000


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 5000), (5000, 1), (2, 2), (15, 15), (16, 16), (17, 3000), (3000, 17), (640, 640), (33, 9)]
)
def test_any_size_is_described_and_read_back(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 3)).astype(np.uint8)
    signature = describe(noise)
    assert Signature.from_bytes(signature.compact(), signature.details_bytes()) == signature


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_picture_of_one_colour_has_no_feature(level: int) -> None:
    signature = describe(np.full((300, 500, 3), level, np.uint8))
    assert signature.details is not None
    assert (signature.contrast, len(signature.look), len(signature.details.features)) == (0, 0, 0)
    assert Signature.from_bytes(signature.compact(), signature.details_bytes()) == signature


@pytest.mark.parametrize(
    "array",
    [
        pytest.param(np.zeros((0, 5, 3), np.uint8), id="without rows"),
        pytest.param(np.zeros((5, 5), np.uint8), id="grey"),
        pytest.param(np.zeros((5, 5, 4), np.uint8), id="with alpha"),
        pytest.param(np.zeros((5, 5, 3), np.float32), id="floats"),
    ],
)
def test_what_is_no_picture_is_refused(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match="not a"):
        describe(array)


@settings(max_examples=30)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_reading_back_gives_the_same(height: int, width: int, seed: int) -> None:
    signature = describe(np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8))
    assert Signature.from_bytes(signature.compact(), signature.details_bytes()) == signature


def test_the_compact_form_alone_has_no_details() -> None:
    signature = Signature.from_bytes(COMPACT)
    assert signature == dataclasses.replace(RING, details=None)
    with pytest.raises(ValueError, match="without its details"):
        signature.details_bytes()


@settings(max_examples=100)
@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    blob = bytearray(data.draw(st.sampled_from([COMPACT, DETAILS])))
    compact = len(blob) == len(COMPACT)
    place = data.draw(st.integers(0, len(blob) - 1))
    blob[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SignatureUnreadable):
        Signature.from_bytes(bytes(blob)) if compact else Signature.from_bytes(COMPACT, bytes(blob))


@settings(max_examples=100)
@given(st.integers(0, len(COMPACT) - 1), st.binary(max_size=50))
def test_a_shortened_or_lengthened_blob_is_noticed(kept: int, tail: bytes) -> None:
    for blob in (COMPACT[:kept] + tail, COMPACT + b"\0" + tail):
        if blob != COMPACT:
            with pytest.raises(SignatureUnreadable):
                Signature.from_bytes(blob)


@settings(max_examples=100)
@given(st.binary(max_size=700))
def test_forged_bodies_with_a_right_checksum_are_read_or_refused(body: bytes) -> None:
    for kind, compact in ((COMPACT[:4], True), (DETAILS[:4], False)):
        blob = packing.framed(kind, current_version(), body)
        try:
            Signature.from_bytes(blob) if compact else Signature.from_bytes(COMPACT, blob)
        except SignatureUnreadable:
            continue


def test_more_than_a_signature_has_is_refused() -> None:
    header = len(packing.framed(COMPACT[:4], current_version(), b""))
    for blob in (COMPACT, DETAILS):
        longer = packing.framed(blob[:4], current_version(), blob[header:] + b"\0")
        with pytest.raises(SignatureUnreadable, match="trailing bytes"):
            Signature.from_bytes(longer) if blob is COMPACT else Signature.from_bytes(COMPACT, longer)


def test_another_version_is_refused() -> None:
    other = dataclasses.replace(RING, version="0-00000000")
    with pytest.raises(SignatureUnreadable, match="another version"):
        Signature.from_bytes(other.compact())


def test_details_are_not_taken_for_the_compact_form() -> None:
    with pytest.raises(SignatureUnreadable, match="kind"):
        Signature.from_bytes(DETAILS)


def forged(**changes: object) -> bytes:
    """Details whose features were changed, under a right checksum."""
    assert RING.details is not None
    features = dataclasses.replace(RING.details.features, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(RING, details=dataclasses.replace(RING.details, features=features)).details_bytes()


def sized(size: int) -> np.ndarray:
    assert RING.details is not None
    placed = RING.details.features.placed.copy()
    placed[0, 2] = size
    return placed


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"width": 5}, "outside", id="points beside the picture"),
        pytest.param({"width": 0}, "without area", id="no width"),
        pytest.param({"height": 0}, "without area", id="no height"),
        pytest.param({"height": 60_000}, "more elements", id="too high"),
        pytest.param({"placed": np.zeros((POINTS + 1, 4), np.uint16)}, "more elements", id="too many points"),
        pytest.param({"placed": sized(0)}, "without size", id="a point without size"),
    ],
)
def test_impossible_features_are_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(SignatureUnreadable, match=reason):
        Signature.from_bytes(COMPACT, forged(**changes))


def test_the_smallest_point_is_read_back() -> None:
    assert read_details(forged(placed=sized(1))).features.placed[0, 2] == 1


def test_signatures_are_equal_by_all_that_they_keep() -> None:
    other, compact = describe(drawn(2)), dataclasses.replace(RING, details=None)
    assert len({RING, other, compact, Signature.from_bytes(COMPACT, DETAILS)}) == 3


@pytest.mark.parametrize(
    ("version", "newer"), [(ALGORITHM_VERSION, False), ("4-x", False), ("6-x", True), ("10-x", True), ("", False)]
)
def test_a_later_algorithm_is_known_by_its_number(version: str, newer: bool) -> None:
    assert ALGORITHM_VERSION.startswith("5-")
    assert is_newer(version) is newer


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([5, 5], id="a word twice"),
        pytest.param([7, 5], id="not in order"),
        pytest.param([5, 65_535], id="no such word"),
    ],
)
def test_impossible_words_are_refused(words: list[int]) -> None:
    look = dataclasses.replace(
        RING.look, words=np.array(words, np.uint16), codes=np.zeros((2, 2), np.uint64), weights=np.ones(2, np.uint8)
    )
    with pytest.raises(SignatureUnreadable, match="impossible visual words"):
        Signature.from_bytes(dataclasses.replace(RING, look=look).compact())


def test_the_sharpest_picture_is_read_back() -> None:
    halves = np.zeros((40, 40, 3), np.uint8)
    halves[:, 20:] = 255
    signature = describe(halves)
    assert signature.contrast == 128
    assert Signature.from_bytes(signature.compact(), signature.details_bytes()) == signature


def test_the_smallest_and_darkest_surface_is_read_back() -> None:
    assert RING.details is not None
    details = dataclasses.replace(RING.details, surface=np.ones((1, 1), np.uint8))
    read = read_details(dataclasses.replace(RING, details=details).details_bytes())
    assert read.surface.tolist() == [[1]]


def test_more_contrast_than_black_and_white_have_is_refused() -> None:
    with pytest.raises(SignatureUnreadable, match="contrast"):
        Signature.from_bytes(dataclasses.replace(RING, contrast=129).compact())


@pytest.mark.parametrize("box", [(0.6, 0.1, 0.5, 0.9), (0.1, 0.6, 0.9, 0.5)])
def test_an_object_turned_inside_out_is_refused(box: tuple[float, float, float, float]) -> None:
    signature = describe(drawn(1))
    assert signature.details is not None
    forged = dataclasses.replace(signature, details=dataclasses.replace(signature.details, object_box=box))
    with pytest.raises(SignatureUnreadable, match="without area"):
        read_details(forged.details_bytes())

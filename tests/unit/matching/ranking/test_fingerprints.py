from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from gallery.errors import FingerprintInvalid
from gallery.matching import FINGERPRINT_BYTES, Candidate, Evidence, Fingerprint, Likelihood, rank_fingerprints
from gallery.matching.tiers.perceptual_hash import HashQuery
from tests.unit.matching.drawn import catalogue_of, described

NOTHING_ALIKE = HashQuery(np.zeros((8, 4), np.uint64), telling=False)


def vector(*numbers: int) -> np.ndarray:
    return np.array([*numbers, *[0] * (1280 - len(numbers))], np.int8)


VECTORS = {1: vector(0, 127), 2: vector(127, 100), 3: vector(127, 30), 4: None}
SIGNATURES = {number: replace(each, vector=VECTORS[number]) for number, each in described(1, 2, 3, 4).items()}
CATALOGUE = catalogue_of(SIGNATURES)


def ranked(*query: Fingerprint, narrowed_to: Sequence[int] | None = None) -> list[Sequence[Candidate]]:
    return [each.candidates for each in rank_fingerprints(query, CATALOGUE, narrowed_to=narrowed_to)]


def test_each_photo_ranks_by_cosine_alone_and_nothing_is_more_than_weak() -> None:
    first, second = ranked(Fingerprint(vector(127), NOTHING_ALIKE), Fingerprint(vector(0, 127), NOTHING_ALIKE))
    assert [each.entry_id for each in first] == [3, 2, 1, 4]
    assert [each.entry_id for each in second] == [1, 2, 3, 4]
    assert [each.query_index for each in (*first, *second)] == [0] * 4 + [1] * 4
    assert {each.likelihood for each in (*first, *second)} == {Likelihood.WEAK}


def test_the_same_picture_comes_first_even_where_it_would_not_appear() -> None:
    details = SIGNATURES[4].details
    assert details is not None
    mirrored = HashQuery(details.placements[::-1], telling=True)
    [candidates] = ranked(Fingerprint(vector(127), mirrored), narrowed_to=[1001, 1002])
    assert [each.entry_id for each in candidates] == [4, 2, 1]
    assert candidates[0].likelihood is Likelihood.STRONG
    assert candidates[0].evidence[0] is Evidence.SAME_PHOTO


def test_a_hash_of_nothing_proves_nothing() -> None:
    details = SIGNATURES[4].details
    assert details is not None
    [candidates] = ranked(Fingerprint(vector(127), HashQuery(details.placements, telling=False)))
    assert candidates[0].entry_id == 3
    assert ranked() == []


HASHES = np.arange(2**60, 2**60 + 32, dtype="<u8")


def sent(*numbers: int, contrast: int = 128) -> bytes:
    return vector(*numbers).tobytes() + HASHES.tobytes() + bytes([contrast])


@pytest.mark.parametrize(("contrast", "telling"), [(5, False), (6, True), (128, True)])
def test_what_a_browser_sends_is_read(contrast: int, telling: bool) -> None:
    read = Fingerprint.from_bytes(sent(3, -127, contrast=contrast))
    assert read.vector.tolist() == vector(3, -127).tolist()
    assert read.hash.placements.tolist() == HASHES.reshape(8, 4).tolist()
    assert read.hash.telling is telling


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(sent(127)[:-1], id="too short"),
        pytest.param(sent(127) + b"\0", id="too long"),
        pytest.param(sent(126), id="numbers that are too small"),
        pytest.param(sent(127, -128), id="a number that is too large"),
        pytest.param(sent(127, contrast=129), id="more contrast than black and white have"),
    ],
)
def test_what_no_picture_gives_is_refused(data: bytes) -> None:
    with pytest.raises(FingerprintInvalid):
        Fingerprint.from_bytes(data)


def test_its_length_is_told_to_those_who_read_it_as_text() -> None:
    assert len(sent(127)) == FINGERPRINT_BYTES == 1537

import imagehash
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gallery.matching.tiers.perceptual_hash import (
    FIRST_MIRRORED,
    HASH_BITS,
    HashIndex,
    HashQuery,
    Words,
    hamming_distances,
    hash_placements,
)
from gallery.matching.tiers.reduced import reduce
from tests.unit.matching.drawn import drawn, recompressed

hash256 = st.lists(st.integers(0, 2**64 - 1), min_size=4, max_size=4).map(lambda words: np.array(words, np.uint64))


def placements_of(seed: int) -> Words:
    return hash_placements(reduce(drawn(seed)).grey)


@given(hash256, hash256)
def test_distance_is_symmetric(a: Words, b: Words) -> None:
    assert hamming_distances(a, b[None])[0] == hamming_distances(b, a[None])[0]


@given(hash256, hash256)
def test_distance_is_the_number_of_differing_bits(a: Words, b: Words) -> None:
    expected = sum((int(x) ^ int(y)).bit_count() for x, y in zip(a, b, strict=True))
    assert hamming_distances(a, b[None])[0] == expected


@given(hash256)
def test_distance_to_itself_is_zero_and_to_the_opposite_256(a: Words) -> None:
    assert hamming_distances(a, np.stack([a, ~a])).tolist() == [0, HASH_BITS]


def test_the_bits_are_those_of_imagehash() -> None:
    grey = reduce(drawn(1)).grey
    bits = imagehash.phash(Image.fromarray(grey), hash_size=16).hash
    assert hash_placements(grey)[0].tolist() == np.packbits(bits.ravel()).view("<u8").tolist()


def test_a_recompressed_picture_differs_in_few_bits() -> None:
    stored = hash_placements(reduce(recompressed(drawn(1), quality=20)).grey)[0]
    assert hamming_distances(placements_of(1)[0], stored[None])[0] <= 12


def test_other_pictures_differ_in_many_bits() -> None:
    others = np.stack([placements_of(seed)[0] for seed in range(2, 12)])
    assert hamming_distances(placements_of(1)[0], others).min() > 80


@pytest.mark.parametrize(
    ("change", "mirrors"),
    [
        pytest.param(lambda picture: np.rot90(picture), False, id="quarter turn left"),
        pytest.param(lambda picture: np.rot90(picture, 2), False, id="half turn"),
        pytest.param(lambda picture: np.rot90(picture, 3), False, id="quarter turn right"),
        pytest.param(lambda picture: picture[:, ::-1], True, id="mirrored"),
        pytest.param(lambda picture: picture[::-1], True, id="mirrored upside down"),
        pytest.param(lambda picture: np.rot90(picture)[::-1], True, id="mirrored and turned"),
    ],
)
def test_a_turned_or_mirrored_picture_is_found(change, mirrors: bool) -> None:
    stored = hash_placements(reduce(np.ascontiguousarray(change(drawn(1)))).grey)[0]
    index = HashIndex.of([placements_of(2)[0], stored], [True, True])
    bits, placements = index.distances(HashQuery(placements_of(1), telling=True))
    assert bits[1] <= 8
    assert (placements[1] >= FIRST_MIRRORED) is np.bool_(mirrors)
    assert bits[0] > 70


def test_pictures_that_show_nothing_are_far_from_everything_and_from_each_other() -> None:
    one = placements_of(1)
    index = HashIndex.of([one[0], one[0]], [False, True])
    assert index.distances(HashQuery(one, telling=True))[0].tolist() == [HASH_BITS, 0]
    assert index.distances(HashQuery(one, telling=False))[0].tolist() == [HASH_BITS, HASH_BITS]


@pytest.mark.parametrize("count", [0, 1, 2, 500])
def test_near_says_what_distances_says_of_near_photos(count: int) -> None:
    rng = np.random.default_rng(count)
    hashes = rng.integers(0, 2**64, (count, 4), dtype=np.uint64)
    index = HashIndex.of(list(hashes), rng.random(count) < 0.9)
    placements = rng.integers(0, 2**64, (8, 4), dtype=np.uint64)
    placements[[1, 5]] = hashes[:2] if count > 1 else placements[[5, 1]]
    query = HashQuery(placements, telling=True)
    bits, nearest = index.distances(query)
    expected = np.where(bits <= 110, bits, HASH_BITS), np.where(bits <= 110, nearest, 0)
    found = index.near(query, within=110)
    assert [each.tolist() for each in found] == [each.tolist() for each in expected]


def test_near_finds_nothing_for_a_picture_that_shows_nothing() -> None:
    index = HashIndex.of(list(placements_of(1)), [True] * 8)
    bits, _ = index.near(HashQuery(placements_of(1), telling=False), within=72)
    assert set(bits.tolist()) == {HASH_BITS}

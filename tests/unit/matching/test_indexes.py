"""What the shortlist's indexes answer, against the same measure written in a line or two."""

from dataclasses import replace

import numpy as np
import pytest

from gallery.matching import describe
from gallery.matching.catalogue.shortlisting import (
    MAX_MIRRORED_WORDS,
    MAX_WORDS,
    photo_row,
    question_row,
    unit_numbers,
)
from gallery.matching.ranking.comparison import question_of
from gallery.matching.tiers import look
from gallery.matching.tiers.colour import ColourIndex
from gallery.matching.tiers.encoder import WHOLE, EncoderIndex, _inside, _unit, direction_of, outstanding
from gallery.matching.tiers.look import LookIndex, is_valid, norms_of, nothing_seen
from gallery.matching.tiers.perceptual_hash import HashIndex
from gallery.matching.tiers.vocabulary import vocabulary, word_weights
from tests.unit.matching.drawn import drawn

SIGNATURES = [describe(drawn(seed)) for seed in (1, 2, 3)]
LOOKS = [one.look for one in SIGNATURES]


def similarity(one: look.Look, other: look.Look) -> float:
    """ASMK of two photos, word by word."""
    sums, lengths = [0.0, 0.0], []
    for each in (one, other):
        idf = vocabulary().weights[each.words] / 256
        lengths.append([(idf * each.weights.astype(float) ** 2).sum() ** 0.5, idf.sum() ** 0.5])
    theirs = {int(word): row for row, word in enumerate(other.words)}
    for row, word in enumerate(one.words.tolist()):
        if word in theirs:
            differing = int(np.bitwise_count(one.codes[row] ^ other.codes[theirs[word]]).sum())
            agreement = max(0.0, 1 - 2 * differing / 128) ** 3 * vocabulary().weights[word] / 256
            sums[0] += agreement * float(one.weights[row]) * float(other.weights[theirs[word]])
            sums[1] += agreement
    shares = [total / (mine * its) for total, mine, its in zip(sums, *lengths, strict=True)]
    return float((5 / 8 * shares[0] ** 0.5 + 3 / 8 * shares[1] ** 0.5) ** 2)


@pytest.fixture(params=[1, 2, 400], ids=["all-long", "some-long", "all-short"])
def _long_list(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of how many entries a word's list is compared by a call of its own."""
    monkeypatch.setattr(look, "_LONG_LIST", request.param)


@pytest.mark.usefixtures("_long_list")
@pytest.mark.parametrize("block", [1, 50, 131_072])
def test_looks_are_as_similar_as_they_are_defined_to_be(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "_BLOCK", block)
    index = LookIndex.of([*LOOKS, nothing_seen()])
    # As those of a snapshot, which is mapped to be read only.
    index.codes.setflags(write=False)
    found = index.similarities(LOOKS[0]).tolist()
    assert found == pytest.approx([1.0, similarity(LOOKS[0], LOOKS[1]), similarity(LOOKS[0], LOOKS[2]), 0.0], abs=1e-4)
    assert index.similarities(nothing_seen()).tolist() == [0, 0, 0, 0]


def test_a_joined_index_is_one_of_what_was_kept() -> None:
    first, second = LookIndex.of(LOOKS[:2]), LookIndex.of([nothing_seen(), LOOKS[2]])
    joined = LookIndex.joined([(first, np.array([False, True])), (second, np.array([True, True]))])
    whole = LookIndex.of([LOOKS[1], nothing_seen(), LOOKS[2]])
    for name in ("words", "codes", "weights", "photos", "norms"):
        assert np.array_equal(getattr(joined, name), getattr(whole, name)), name
    colours = [ColourIndex.of([one.colour]) for one in SIGNATURES]
    both = ColourIndex.joined([(colours[0], np.array([True])), (colours[1], np.array([False])), (colours[2], [True])])
    assert np.array_equal(both.histogram(1), SIGNATURES[2].colour)
    assert both.by_bin.shape == (1152, 2)
    hashes = HashIndex.joined([(HashIndex.of([one.hash], [True]), np.array([True])) for one in SIGNATURES])
    assert (len(hashes.hashes), hashes.telling.tolist()) == (3, [True] * 3)


@pytest.mark.usefixtures("_long_list")
@pytest.mark.parametrize(("bits", "is_counted"), [(0, True), (57, True), (58, False), (128, False)])
def test_a_word_counts_unless_its_codes_differ_by_nearly_half_of_their_bits(bits: int, is_counted: bool) -> None:
    words, weights, ones = np.array([5], np.uint16), np.array([9], np.uint8), (1 << bits) - 1
    codes = np.array([[ones & (2**64 - 1), ones >> 64]], np.uint64)
    index = LookIndex.of([look.Look(words, np.zeros((1, 2), np.uint64), weights)])
    assert (index.similarities(look.Look(words, codes, weights))[0] > 0) == is_counted


def test_an_empty_look_has_lengths_of_one() -> None:
    assert norms_of(nothing_seen()) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("words", "valid"),
    [([], True), ([0], True), ([1, 2], True), ([2, 2], False), ([3, 1], False), ([0, 65_535], False)],
)
def test_words_increase_and_are_of_the_vocabulary(words: list[int], valid: bool) -> None:
    assert is_valid(np.array(words, np.uint16)) is valid
    last = len(vocabulary().centroids) - 1
    assert is_valid(np.array([last], np.uint16))


def test_cosines_are_those_of_the_vectors_over_many_blocks() -> None:
    vectors = np.random.default_rng(6).integers(-127, 128, (2100, 3)).astype(np.int8)
    vectors[5] = 0
    index = EncoderIndex.of(list(vectors))
    assert index is not None
    asked = np.array([10, -20, 30], np.int8)
    lengths = np.linalg.norm(vectors.astype(float), axis=1)
    lengths[5] = 1
    expected = vectors.astype(float) @ asked.astype(float) / lengths / np.linalg.norm(asked.astype(float))
    assert index.cosines(asked) == pytest.approx(expected, abs=1e-5)
    assert index.size_bytes == 2100 * 3 + 2100 * 4


def test_vectors_of_another_width_than_the_last_are_none() -> None:
    one, other = EncoderIndex.of([np.ones(2, np.int8)]), EncoderIndex.of([None, np.ones(4, np.int8)])
    kept = np.array([True]), np.array([True, True])
    joined = EncoderIndex.joined([(one, kept[0]), (None, kept[1]), (other, kept[1])])
    assert joined is not None
    assert joined.vectors.tolist() == [[0] * 4] * 4 + [[1] * 4]
    assert joined.lengths.tolist() == [1, 1, 1, 1, 2]
    assert EncoderIndex.joined([(None, kept[0])]) is None
    assert EncoderIndex.of([None]) is None


def test_a_direction_is_kept_as_whole_numbers() -> None:
    assert direction_of(np.array([0.5, -1.0, 0.251], np.float32)).tolist() == [64, -127, 32]
    assert direction_of(np.array([0.0, 0.0], np.float32)).tolist() == [0, 0]
    assert direction_of(np.array([np.inf, 1.0], np.float32)).tolist() == [0, 0]
    assert _unit(np.array([3.0, 4.0], np.float32)).tolist() == pytest.approx([0.6, 0.8])
    assert _unit(np.array([0.0, 0.0], np.float32)).tolist() == [0, 0]
    assert _unit(np.array([np.inf, 0.0], np.float32)).tolist() == [0, 0]


def test_nothing_stands_out_without_cosines() -> None:
    nothing = np.full(3, np.nan, np.float32)
    assert outstanding(nothing) is None
    assert outstanding(np.array([np.nan, 0.5, 1.0], np.float32)).tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("box", "rows", "columns"),
    [
        (WHOLE, (0, 40), (0, 60)),
        ((0.1, 0.25, 0.5, 0.75), (10, 30), (6, 30)),
        ((-1.0, -1.0, 2.0, 2.0), (0, 40), (0, 60)),
        ((1.0, 1.0, 1.0, 1.0), (39, 40), (59, 60)),
        ((0.5, 0.5, 0.2, 0.2), (20, 21), (30, 31)),
    ],
)
def test_a_box_is_cut_out_of_a_pixel_at_least(
    box: tuple[float, float, float, float], rows: tuple[int, int], columns: tuple[int, int]
) -> None:
    picture = np.arange(40 * 60 * 3).reshape(40, 60, 3).astype(np.uint8)
    assert np.array_equal(_inside(picture, box), picture[slice(*rows), slice(*columns)])


def test_a_table_keeps_a_signature_as_bits_and_shares() -> None:
    signature = replace(SIGNATURES[0], vector=np.array([3, 4, 0], np.int8))
    row = photo_row(signature)
    assert row.hash == "".join(f"{byte:08b}" for byte in signature.hash.tobytes())
    assert row.is_telling
    assert row.colour == pytest.approx((signature.colour / 255).tolist())
    assert row.norms == norms_of(signature.look)
    word, code, weight = row.words[7]
    assert (word, weight) == (int(signature.look.words[7]), int(signature.look.weights[7]))
    assert code == "".join(f"{byte:08b}" for byte in signature.look.codes[7].tobytes())
    assert row.vector == [0.6, 0.8, 0.0]
    assert unit_numbers(None) is unit_numbers(np.zeros(3, np.int8)) is None


def test_a_table_is_asked_for_the_rarest_words_only() -> None:
    question = question_of(SIGNATURES[0])
    row = question_row(question)
    assert (len(row.look.words), len(row.mirrored_look.words)) == (MAX_WORDS, MAX_MIRRORED_WORDS)
    assert len(row.hashes) == 8
    assert row.vector is None
    frequencies = word_weights()[question.look.words]
    asked = [word for word, *_ in row.look.words]
    assert asked == sorted(asked)
    assert min(frequency for *_, frequency, _ in row.look.words) >= np.sort(frequencies)[-MAX_WORDS]
    assert row.look.norms == norms_of(question.look)
    silent = replace(question, hash=replace(question.hash, telling=False))
    assert question_row(silent).hashes == []
    assert question_row(replace(question, look=nothing_seen())).look.words == []

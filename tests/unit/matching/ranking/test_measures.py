"""Measures on numbers small enough to be checked by hand."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.matching import Catalogue, CatalogueEntry, describe, rank
from gallery.matching.ranking.comparison import first
from gallery.matching.ranking.ranking import _share
from gallery.matching.tiers.colour import COLOUR_BINS, WHOLE_COLOUR_BINS, ColourIndex
from gallery.matching.tiers.encoder import outstanding
from gallery.matching.tiers.foreground import SIDE, _centred
from gallery.matching.tiers.preparation import Preparation
from gallery.matching.tiers.reduced import LONG_SIDE, reduce
from tests.unit.matching.drawn import drawn


@pytest.mark.parametrize(
    ("number", "likeness"),
    [
        (0, (1, 0)),
        (WHOLE_COLOUR_BINS - 1, (1, 0)),
        (WHOLE_COLOUR_BINS, (0, 1)),
        (COLOUR_BINS - 1, (0, 1)),
    ],
)
def test_a_colour_is_of_the_picture_or_of_its_object(number: int, likeness: tuple[int, int]) -> None:
    histogram = np.zeros(COLOUR_BINS, np.uint8)
    histogram[number] = 255
    whole, objects = ColourIndex.of([np.zeros_like(histogram), histogram]).similarities(histogram)
    assert (whole.tolist(), objects.tolist()) == ([0, likeness[0]], [0, likeness[1]])


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 12))
def test_the_first_rows_are_those_of_a_whole_sort(keys: list[int], count: int) -> None:
    ids = np.arange(len(keys))[::-1]
    wanted = sorted(range(len(keys)), key=lambda row: (keys[row], ids[row]))[:count]
    assert first(np.array(keys, np.int64), ids, count).tolist() == wanted


def test_what_stands_out_is_measured_from_the_middle_photo_to_the_same_one() -> None:
    assert outstanding(np.array([0.2, 0.3, 0.5, 0.6, 1.0], np.float32)) == pytest.approx([0, 0, 0, 0.2, 1])


def test_where_all_photos_are_much_alike_little_stands_out() -> None:
    assert outstanding(np.array([0.98, 0.98, 0.99], np.float32)) == pytest.approx([0, 0, 0.2], abs=1e-5)


@pytest.mark.parametrize(("photos", "verified"), [(1, 60), (2, 60), (3, 40), (8, 15), (500, 1)])
def test_several_query_photos_share_what_is_verified(photos: int, verified: int) -> None:
    assert _share(photos) == verified


@pytest.mark.parametrize(("contrast", "words", "tells"), [(6, 10, True), (5, 10, False), (6, 9, False)])
def test_a_hash_tells_when_there_is_contrast_and_enough_features(contrast: int, words: int, tells: bool) -> None:
    signature = describe(drawn(1))
    look = dataclasses.replace(
        signature.look,
        words=signature.look.words[:words],
        codes=signature.look.codes[:words],
        weights=signature.look.weights[:words],
    )
    assert dataclasses.replace(signature, contrast=contrast, look=look).has_telling_hash == tells


@pytest.mark.parametrize("spread", [0.5, 1.0])
def test_the_middle_counts_most_and_the_edges_by_their_distance(spread: float) -> None:
    hill = _centred(None, spread)
    assert hill[SIDE // 2, SIDE // 2] == pytest.approx(1, abs=0.001)
    edge = (SIDE / 2 - 0.5) / (SIDE / 2)
    assert hill[0, 0] == pytest.approx(math.exp(-(edge**2) / spread**2), rel=0.001)
    assert hill == pytest.approx(hill[::-1, ::-1])


def test_a_crop_larger_than_what_it_is_cut_from_is_refused() -> None:
    table = {"size": 16, "mean": [0, 0, 0], "std": [1, 1, 1], "resize": 15}
    with pytest.raises(ValueError, match="resize: must not be less than size"):
        Preparation.of(table)


@pytest.mark.parametrize("shape", [(1, 2400), (2400, 1)], ids=str)
def test_a_line_stays_one_pixel_wide(shape: tuple[int, int]) -> None:
    small = reduce(np.full((*shape, 3), 90, np.uint8))
    assert sorted(small.colour.shape[:2]) == [1, LONG_SIDE]


def test_what_was_not_verified_agrees_nowhere() -> None:
    signature = describe(drawn(1))
    catalogue = Catalogue(lambda ids: {})
    catalogue.add([CatalogueEntry(1, 1, signature)])
    (only,) = rank([signature], catalogue)
    measured = only.measurement
    assert (measured.verified, measured.agreement, measured.centring) == (None, 0.0, -1.0)

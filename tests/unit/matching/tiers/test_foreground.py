import numpy as np
import pytest

from gallery.matching import Likelihood, describe, rank
from gallery.matching.tiers.foreground import SIDE, WEIGHT_UNIT, Box, Foreground, _background, _sides, find_foreground
from tests.unit.matching.drawn import Pixels, catalogue_of, drawn, reduced

NOISE = np.random.default_rng(4).integers(0, 256, (300, 400, 3)).astype(np.uint8)


def red_square_on_grey(left: int = 130) -> Pixels:
    picture = np.full((300, 400, 3), 120, np.uint8)
    picture[90:210, left : left + 140] = (200, 30, 30)
    return picture


def test_what_differs_from_the_border_is_the_object() -> None:
    mask = find_foreground(red_square_on_grey()).mask
    assert mask[35:60, 36:60].all()
    assert mask.mean() == pytest.approx(120 * 140 / (300 * 400), rel=0.25)


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(np.full((50, 60, 3), 9, np.uint8), id="one colour"),
        pytest.param(np.zeros((1, 1, 3), np.uint8), id="one pixel"),
        pytest.param(np.full((2, 3000, 3), 200, np.uint8), id="extremely long"),
    ],
)
def test_where_nothing_differs_everything_is_the_object(picture: Pixels) -> None:
    assert find_foreground(picture).mask.all()


def test_without_a_box_the_border_all_round_is_background() -> None:
    inside = np.argwhere(~_background(None))
    assert inside.min(axis=0).tolist() == [8, 8]
    assert inside.max(axis=0).tolist() == [SIDE - 9, SIDE - 9]


def test_where_there_is_no_object_it_is_the_whole_picture() -> None:
    nothing = Foreground(np.zeros((SIDE, SIDE, 3), np.uint8), np.zeros((SIDE, SIDE), np.bool_), None)
    assert nothing.object_box == (0.0, 0.0, 1.0, 1.0)


def test_the_same_pixels_give_the_same_object() -> None:
    assert np.array_equal(find_foreground(NOISE).mask, find_foreground(NOISE).mask)


def test_points_of_the_object_count_more_and_none_counts_nothing() -> None:
    positions = np.array([[200, 150], [10, 10], [399, 299], [0, 150]])
    inside, *others = find_foreground(red_square_on_grey()).of_points(positions, 400, 300).tolist()
    assert inside == WEIGHT_UNIT
    assert all(1 <= weight < 10 for weight in others)


@pytest.mark.parametrize(
    "box",
    [
        pytest.param((0.0, 0.0, 1.0, 1.0), id="everything"),
        pytest.param((0.5, 0.5, 0.5, 0.5), id="empty"),
        pytest.param((-3.0, 0.2, 9.0, 0.4), id="beyond the picture"),
        pytest.param((0.9, 0.9, 0.1, 0.1), id="turned inside out"),
        pytest.param((1.0, 1.0, 1.0, 1.0), id="the last corner"),
    ],
)
@pytest.mark.parametrize("picture", [NOISE, np.zeros((1, 1, 3), np.uint8)], ids=["noise", "one pixel"])
def test_any_box_is_taken(picture: Pixels, box: Box) -> None:
    foreground = find_foreground(picture, box)
    assert foreground.mask.shape == (SIDE, SIDE)
    assert foreground.of_colours.sum() > 0
    assert describe(picture, box) == describe(picture, box)


def test_points_and_colours_outside_of_a_box_count_less() -> None:
    boxed = find_foreground(NOISE, (0.0, 0.0, 0.4, 0.4))
    inside, outside = boxed.of_points(np.array([[80, 60], [300, 200]]), 400, 300).tolist()
    assert inside > 3 * outside
    assert boxed.of_colours[:38, :38].sum() > 10 * boxed.of_colours[40:, 40:].sum()


def test_a_box_tells_which_of_two_objects_is_meant() -> None:
    both = np.concatenate([reduced(drawn(1), 0.6), reduced(drawn(2), 0.6)], axis=1)
    catalogue = catalogue_of({1: describe(drawn(1)), 2: describe(drawn(2)), 3: describe(drawn(3))})
    left = rank([describe(both, (0.0, 0.0, 0.5, 1.0))], catalogue)[0]
    right = rank([describe(both, (0.5, 0.0, 1.0, 1.0))], catalogue)[0]
    assert (left.entry_id, right.entry_id) == (1, 2)
    assert Likelihood.WEAK not in {left.likelihood, right.likelihood}


@pytest.mark.parametrize("side", range(SIDE + 1))
def test_an_empty_box_is_one_cell_at_its_place(side: int) -> None:
    share = side / SIDE
    foreground = find_foreground(NOISE, (share, share, share, share))
    row, column = np.unravel_index(foreground.of_colours.argmax(), foreground.of_colours.shape)
    assert (row, column) == (min(side, SIDE - 1), min(side, SIDE - 1))


@pytest.mark.parametrize(
    ("box", "sides"),
    [
        ((0.0, 0.0, 1.0, 1.0), (0, 0, 96, 96)),
        ((1.0, 1.0, 1.0, 1.0), (95, 95, 96, 96)),
        ((0.25, 0.5, 0.75, 0.625), (24, 48, 72, 60)),
        ((-3.0, 0.2, 9.0, 0.2), (0, 19, 96, 20)),
        ((0.9, 0.9, 0.1, 0.1), (86, 86, 87, 87)),
    ],
)
def test_a_box_is_of_whole_cells_within_the_picture(box: Box, sides: tuple[int, int, int, int]) -> None:
    assert _sides(box) == sides

"""The steps by which a copy is recognised, each on arrays that can be checked by hand."""

import numpy as np
import pytest

from gallery.matching import PointPair
from gallery.matching.copies.changes import _stroke_differences
from gallery.matching.copies.placement import Placement, _peak, placed_by_points
from gallery.matching.copies.same_picture import _common_edges
from gallery.matching.copies.shown_part import Sides, _grouped
from tests.unit.matching.drawn import Pixels, drawn, reduced

PUBLISHED = drawn(1)
HEIGHT, WIDTH = PUBLISHED.shape[:2]


def on_noise(picture: Pixels, left: int, top: int) -> Pixels:
    """A canvas of noise, as large as two pictures each way, with the picture in it."""
    canvas = np.random.default_rng(10).integers(0, 256, (2 * HEIGHT, 2 * WIDTH, 3), dtype=np.uint8)
    canvas[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return canvas


@pytest.mark.parametrize("scale", [1.0, 0.75])
def test_a_placement_is_found_to_a_fraction_of_a_pixel(scale: float) -> None:
    shown = PUBLISHED if scale == 1 else reduced(PUBLISHED, scale)
    given = on_noise(shown, 100, 50)
    shares = [(x, y) for x in (0.1, 0.5, 0.9) for y in (0.1, 0.5, 0.9)]
    # The points that matching gives are off by a pixel or two.
    points = [
        PointPair(
            (100 + 1.5 + x * shown.shape[1]) / given.shape[1], (50 - 1 + y * shown.shape[0]) / given.shape[0], x, y
        )
        for x, y in shares
    ]
    placement = placed_by_points(given, PUBLISHED, points)
    assert placement is not None
    width, height = placement.size
    corners = np.array([(0.0, 0.0), (width, height)])
    wanted = np.array([(100, 50), (100 + shown.shape[1], 50 + shown.shape[0])]) / given.shape[1::-1]
    assert np.abs(placement.in_given(corners, given) - wanted).max() * given.shape[1] < 0.75
    assert placement.found >= 30
    assert placement.held >= 0.9 * placement.found
    assert placement.stretch == pytest.approx(1, abs=0.003)


@pytest.mark.parametrize(
    ("values", "place", "beside"),
    [
        ([0.5, 1.0, 0.5], 1, 0.0),
        ([0.5, 1.0, 0.75], 1, 1 / 6),
        ([0.75, 1.0, 0.5], 1, -1 / 6),
        ([1.0, 0.5, 0.5], 0, 0.0),
        ([0.5, 0.75, 1.0], 2, 0.0),
        ([1.0, 1.0, 1.0], 1, 0.0),
    ],
)
def test_the_top_of_three_values(values: list[float], place: int, beside: float) -> None:
    assert _peak(np.array(values, np.float32), place) == pytest.approx(beside)


@pytest.mark.parametrize(
    ("left", "top", "right", "bottom"),
    [(0, 0, 0, 0), (9, 0, 0, 0), (0, 9, 0, 0), (0, 0, 9, 0), (0, 0, 0, 9), (9, 9, 9, 9)],
)
def test_an_edge_is_common_where_nothing_is_beside_it(left: int, top: int, right: int, bottom: int) -> None:
    given = np.zeros((100 + top + bottom, 100 + left + right, 3), np.uint8)
    placement = Placement(np.zeros((100, 100, 3), np.uint8), np.array([[1.0, 0, left], [0, 1.0, top]]))
    common = _common_edges(placement, given)
    assert common == Sides(left=not left, top=not top, right=not right, bottom=not bottom)


def test_blocks_that_agree_alone_are_left_out() -> None:
    blocks = np.zeros((40, 40), np.bool_)
    blocks[:20, :20] = True
    blocks[30, 30:33] = True
    blocks[35:37, 10:15] = True
    kept = _grouped(blocks)
    assert kept[:20, :20].all()
    assert kept[35:37, 10:15].all()
    assert not kept[30].any()
    few = np.zeros((20, 20), np.bool_)
    few[2:4, 2:4] = few[10, 10:13] = True
    assert _grouped(few).sum() == 4


@pytest.mark.parametrize(("contrast", "difference"), [(0, 30 / 15), (60, 30 / (60 + 15))])
def test_a_drawing_differs_against_the_contrast_there(contrast: int, difference: float) -> None:
    published = np.full((60, 60, 3), 120, np.float32)
    published[::2] += contrast
    published[1::2] -= contrast
    differs = _stroke_differences(published, published - 30)
    assert differs[30, 30] == pytest.approx(difference, rel=0.01)

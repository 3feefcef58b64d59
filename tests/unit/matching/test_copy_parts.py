"""The steps by which a copy is recognised, each on arrays that can be checked by hand."""

import numpy as np
import pytest

from gallery.matching import PointPair
from gallery.matching.copies.placement import Placement, _move, _telling_blocks, grey_of, placed_by_points, placed_whole
from gallery.matching.copies.same_picture import Copy, _holds, lies_as_a_copy
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


def checkered(height: int = 240, width: int = 360) -> Pixels:
    return np.random.default_rng(4).integers(0, 2, (height // 4, width // 4)).repeat(4, 0).repeat(4, 1).astype(np.uint8)


@pytest.mark.parametrize(
    ("found", "held", "stretch", "holds"),
    [(9, 9, 1.0, True), (8, 8, 1.0, False), (12, 9, 1.015, True), (13, 9, 1.0, False), (9, 9, 1.016, False)],
)
def test_a_copy_holds_most_of_its_blocks_and_is_not_stretched(
    found: int, held: int, stretch: float, holds: bool
) -> None:
    matrix = np.array([[stretch, 0, 0], [0, 1.0, 0]])
    assert _holds(Placement(PUBLISHED, matrix, found, held)) is holds


@pytest.mark.parametrize(("count", "astray", "is_one"), [(24, 0, True), (23, 0, False), (40, 8, True), (40, 9, False)])
@pytest.mark.parametrize("sign", [1, -1])
def test_details_lie_as_those_of_a_copy_when_most_do(count: int, astray: int, is_one: bool, sign: int) -> None:
    random = np.random.default_rng(5)
    there = random.uniform(0.1, 0.9, (count, 2))
    seen = there * (0.5, 0.5) + 0.2
    seen[:astray] = random.uniform(0, 1, (astray, 2))
    if sign < 0:
        seen[:, 0] = 1 - seen[:, 0]
    points = [PointPair(*one, *other) for one, other in zip(seen.tolist(), there.tolist(), strict=True)]
    assert lies_as_a_copy(points, (640, 480), (640, 480)) is is_one


def test_a_copy_knows_what_share_it_covers_and_where_its_corners_are() -> None:
    outline = ((0.1, 0.2), (0.6, 0.2), (0.6, 1.2), (0.1, 1.2))
    copy = Copy(PUBLISHED, PUBLISHED, (0.25, 0.5, 0.75, 1.0), outline, (), mirrored=False)
    assert (copy.covered_share, copy.shown_share) == pytest.approx((0.5 * 0.8, 0.25))
    assert copy.corners == [
        PointPair(0.1, 0.2, 0.25, 0.5),
        PointPair(0.6, 0.2, 0.75, 0.5),
        PointPair(0.6, 1.2, 0.75, 1.0),
        PointPair(0.1, 1.2, 0.25, 1.0),
    ]


def test_a_block_is_where_it_is_most_alike_unless_it_is_nowhere() -> None:
    likeness = np.zeros((9, 9), np.float32)
    likeness[5, 2], likeness[5, 3], likeness[4, 2] = 0.8, 0.4, 0.6
    assert _move(likeness, 4) == pytest.approx((-2 + 0.5 * 0.4 / 1.2, 1 - 0.5 * 0.6 / 1.0))
    likeness[5, 2] = 0.69
    assert np.isnan(_move(likeness, 4)).all()


def test_blocks_are_taken_where_there_is_something_to_find_and_all_around_is_shown() -> None:
    published = checkered(120, 144).astype(np.float32) * 200
    published[:, 72:] = 90
    inside = np.ones(published.shape, np.bool_)
    everything = _telling_blocks(published, inside, 4)
    assert sorted(everything) == [(left, top) for left in (4, 28, 52) for top in (4, 28, 52, 76)]
    assert sorted(_telling_blocks(published[:103], inside[:103], 4)) == [
        (left, top) for left in (4, 28, 52) for top in (4, 28, 52)
    ]
    inside[0] = False
    assert sorted(_telling_blocks(published, inside, 4)) == [
        (left, top) for left in (4, 28, 52) for top in (28, 52, 76)
    ]


def test_the_most_telling_blocks_come_first() -> None:
    grey = grey_of(PUBLISHED)
    best = _telling_blocks(grey, np.ones(grey.shape, np.bool_), 10)
    assert len(best) == 150
    assert best[:3] == [(466, 274), (562, 178), (226, 106)]


@pytest.mark.parametrize(("side", "compared"), [(20, 200), (320, 320), (900, 640)])
def test_pictures_are_compared_at_the_size_of_the_given_one_within_bounds(side: int, compared: int) -> None:
    published = np.zeros((500, 1000, 3), np.uint8)
    assert placed_whole(published[: side // 2, :side], published).published.shape == (compared // 2, compared, 3)


def test_too_few_points_or_an_impossible_size_place_nothing() -> None:
    shares = [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)]
    points = [PointPair(*each, *each) for each in shares]
    assert placed_by_points(PUBLISHED, PUBLISHED, points) is not None
    assert placed_by_points(PUBLISHED, PUBLISHED, points[:3]) is None
    tiny = [PointPair(x * 0.019, y * 0.019, x, y) for x, y in shares]
    assert placed_by_points(PUBLISHED, PUBLISHED, tiny) is None


def test_a_large_picture_is_laid_on_a_small_one_and_covers_what_it_shows() -> None:
    large = PUBLISHED.repeat(3, 0).repeat(3, 1)
    laid, inside = Placement(PUBLISHED, np.array([[3.0, 0, 0], [0, 3.0, 0]])).laid_on(large)
    assert np.abs(laid.astype(int) - PUBLISHED).mean() < 1
    assert inside.all()
    laid, inside = Placement(PUBLISHED, np.array([[1.0, 0, 40], [0, 1.0, 30]])).laid_on(PUBLISHED)
    assert np.array_equal(laid[: HEIGHT - 30, : WIDTH - 40], PUBLISHED[30:, 40:])
    assert inside[: HEIGHT - 30, : WIDTH - 40].all()
    assert not inside[HEIGHT - 30 :].any()
    assert not inside[:, WIDTH - 40 :].any()

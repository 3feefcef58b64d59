"""What differs between a copy and its original: edges, frames, blocks that agree, spots; on arrays checked by hand."""

import numpy as np
import pytest

from gallery.matching.copies import changes
from gallery.matching.copies.changes import _relit, _stroke_differences, changes_among, find_spots
from gallery.matching.copies.placement import Placement, _peak
from gallery.matching.copies.same_picture import _common_edges
from gallery.matching.copies.shown_part import (
    Frame,
    Sides,
    _block_statistics,
    _bounds,
    _grouped,
    _in_pixels,
    _moved,
    _without_chance,
    agreeing_part,
    shown_part,
)
from tests.unit.matching.drawn import Pixels


def checkered(height: int = 240, width: int = 360) -> Pixels:
    return np.random.default_rng(4).integers(0, 2, (height // 4, width // 4)).repeat(4, 0).repeat(4, 1).astype(np.uint8)


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


def test_frames_are_cut_and_measured() -> None:
    one, other = Frame(2, 3, 12, 9), Frame(5, 1, 20, 7)
    assert one.within(other) == other.within(one) == Frame(5, 3, 12, 7)
    assert (one.area, Frame(5, 3, 5, 7).area, Frame(8, 9, 2, 3).area) == (60, 0, 0)
    blocks = np.zeros((10, 20), np.bool_)
    blocks[3:9, 2:12] = True
    assert _bounds(blocks) == one
    assert blocks[one.slices].all()
    assert Sides(left=True, top=False, right=False, bottom=True).across == (True, False)
    assert Sides(left=True, top=False, right=False, bottom=True).down == (False, True)


@pytest.mark.parametrize(
    ("blocks", "pixels"),
    [
        (Frame(0, 0, 3, 2), Frame(0, 0, 36, 24)),
        (Frame(1, 2, 3, 4), Frame(24, 36, 36, 48)),
        (Frame(1, 1, 8, 5), Frame(24, 24, 100, 61)),
        (Frame(1, 1, 7, 4), Frame(24, 24, 84, 48)),
    ],
    ids=str,
)
def test_blocks_reach_to_the_edge_where_they_touch_it(blocks: Frame, pixels: Frame) -> None:
    """Of 61 rows and 100 columns: 5 and 8 blocks, a step of 12 pixels apart."""
    assert _in_pixels(blocks, (61, 100)) == pixels


@pytest.mark.parametrize(
    ("line", "step", "ends_at"),
    [
        (20, 1, 24),  # goes on over five clean columns, and back by the margin
        (29, 1, 24),  # stands at the last clean one
        (33, 1, 24),  # comes back over four that differ
        (20, -1, 15),
        (12, -1, 15),
    ],
)
def test_an_end_moves_to_where_something_else_begins(line: int, step: int, ends_at: int) -> None:
    differing = np.ones(50, np.float32)
    differing[10:30] = 0.03
    assert _moved(line, differing, range(50), lines=12, step=step) == ends_at


def test_an_end_moves_no_further_than_it_may_nor_than_the_part_has_lines() -> None:
    nothing, all_differ = np.zeros(50, np.float32), np.ones(50, np.float32)
    assert _moved(20, nothing, range(40), lines=5, step=1) == 39 - 5
    assert _moved(20, all_differ, range(50), lines=5, step=1) == 16 - 5
    assert _moved(20, np.full(50, 0.04, np.float32), range(50), lines=5, step=1) == 20 - 5


def test_a_single_common_edge_beside_which_all_differs_is_none() -> None:
    left = Sides(left=True, top=False, right=False, bottom=False)
    core, limits = Frame(40, 20, 80, 80), Frame(0, 0, 100, 100)
    spots = np.zeros((100, 100), np.bool_)
    assert _without_chance(left, core, limits, spots) == left
    spots[20:80, :24] = True  # 0.6 of the strip
    assert _without_chance(left, core, limits, spots) == left
    spots[20:80, 24:26] = True
    assert _without_chance(left, core, limits, spots) == Sides(left=False, top=False, right=False, bottom=False)
    both = Sides(left=True, top=True, right=False, bottom=False)
    assert _without_chance(both, core, limits, spots) == both


@pytest.mark.parametrize(
    ("side", "strip"),
    [
        ("top", (slice(0, 20), slice(40, 80))),
        ("right", (slice(20, 80), slice(80, 100))),
        ("bottom", (slice(80, 100), slice(40, 80))),
    ],
)
def test_each_edge_has_the_strip_beside_it(side: str, strip: tuple[slice, slice]) -> None:
    only = Sides(**{each: each == side for each in ("left", "top", "right", "bottom")})
    spots = np.zeros((100, 100), np.bool_)
    spots[strip] = True
    core, limits = Frame(40, 20, 80, 80), Frame(0, 0, 100, 100)
    assert not any(
        (*_without_chance(only, core, limits, spots).across, *_without_chance(only, core, limits, spots).down)
    )
    spots = ~spots
    assert _without_chance(only, core, limits, spots) == only


def test_the_part_is_what_lies_between_the_strips_that_differ() -> None:
    spots = np.zeros((200, 300), np.bool_)
    spots[:, :30] = spots[:, 260:] = spots[:20] = spots[150:] = True
    nowhere = Sides(left=False, top=False, right=False, bottom=False)
    shown = shown_part(Frame(60, 40, 240, 140), spots, np.ones_like(spots), nowhere)
    assert shown == Frame(35, 25, 255, 145)


def striped(levels: float) -> np.ndarray:
    """Columns of black and of these grey levels: every block deviates by half of them."""
    return np.tile(np.array([0, levels], np.float32), (240, 180))


def test_blocks_are_compared_by_correlation_and_hardly_where_nothing_is_drawn() -> None:
    likeness, deviation = _block_statistics(striped(2), 2 - striped(2))
    assert likeness[3:-3, 3:-3] == pytest.approx(-1 / 2)
    assert deviation[3:-3, 3:-3] == pytest.approx(1)


@pytest.mark.parametrize(("levels", "agrees"), [(11.9, False), (12.1, True)])
def test_blocks_that_hardly_show_anything_agree_on_nothing(levels: float, agrees: bool) -> None:
    found = agreeing_part(striped(levels), striped(levels), np.ones((240, 360), np.bool_))
    assert (found is not None) is agrees


def test_the_agreeing_part_is_asked_for_half_of_its_blocks() -> None:
    published = checkered().astype(np.float32) * 200
    everywhere = np.ones(published.shape, np.bool_)
    assert agreeing_part(published, published, everywhere) == Frame(0, 0, 360, 240)
    assert agreeing_part(published, published * 0.5 + 20, everywhere) == Frame(0, 0, 360, 240)
    assert agreeing_part(published, 255 - published, everywhere) is None
    assert agreeing_part(np.full_like(published, 90), published, everywhere) is None
    right = published.copy()
    right[:, :168] = 255 - right[:, :168]
    assert agreeing_part(published, right, everywhere) == Frame(180, 0, 360, 240)
    for strip, is_part in ((120, True), (72, False)):
        sides = published.copy()
        sides[:, strip:-strip] = 255 - sides[:, strip:-strip]
        assert (agreeing_part(published, sides, everywhere) is not None) is is_part


def test_a_channel_is_brought_to_the_light_of_the_other_whatever_a_tenth_of_it_shows() -> None:
    given = np.random.default_rng(2).uniform(0, 200, (90, 120)).astype(np.float32)
    published = given * 0.8 + 30
    published[:9] = 0
    assert _relit(given, published, Frame(0, 0, 120, 90))[9:] == pytest.approx(published[9:], abs=0.01)
    flat = np.full((90, 120), 40, np.float32)
    assert np.array_equal(_relit(flat, published, Frame(0, 0, 120, 90)), flat)


@pytest.mark.parametrize(("levels", "differs"), [(20, False), (24, True)])
def test_a_spot_differs_by_more_than_its_colour_may(levels: int, differs: bool) -> None:
    published = np.stack([checkered() * 200] * 3, axis=-1)
    laid = published.copy()
    laid[100:140, 100:140] += np.uint8(levels)
    spots = find_spots(published, laid, Frame(0, 0, 360, 240))
    assert bool(spots[110:130, 110:130].all()) is differs
    assert not spots[:90].any()


@pytest.mark.parametrize(
    ("measured", "usual", "most"),
    [("_colour", 3.0, 22.0), ("_colour", 4.0, 28.0), ("_stroke", 0.0, 0.3), ("_stroke", 0.125, 0.75)],
)
def test_a_spot_may_differ_as_much_as_is_usual_there(
    monkeypatch: pytest.MonkeyPatch, measured: str, usual: float, most: float
) -> None:
    differences = np.full((60, 60), usual)
    differences[9, 8:10] = most, most + 0.01
    monkeypatch.setattr(changes, "_colour_differences", lambda *_: np.zeros((60, 60)))
    monkeypatch.setattr(changes, "_stroke_differences", lambda *_: np.zeros((60, 60)))
    monkeypatch.setattr(changes, f"{measured}_differences", lambda *_: differences)
    same = np.zeros((60, 60, 3), np.uint8)
    assert np.argwhere(find_spots(same, same, Frame(0, 0, 60, 60))).tolist() == [[9, 9]]


def test_changes_near_each_other_are_one_and_the_largest_comes_first() -> None:
    spots = np.zeros((200, 300), np.bool_)
    spots[20:30, 20:26] = True  # 60 pixels
    spots[60:69, 20:26] = True  # 54: too few
    spots[100:120, 100:120] = spots[100:120, 131:150] = True  # eleven pixels apart
    spots[150:170, 100:120] = spots[150:170, 134:150] = True  # fourteen
    found = changes_among(spots, Frame(10, 10, 300, 200))
    assert found == [
        Frame(94, 94, 156, 126),
        Frame(94, 144, 126, 176),
        Frame(128, 144, 156, 176),
        Frame(14, 14, 32, 36),
    ]

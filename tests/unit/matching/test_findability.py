"""What is told of a photo that searches will hardly find: drawn sharp, blurred, and small on a table."""

import cv2
import numpy as np
import pytest

from gallery import matching
from gallery.matching import Advice, Findability, advise
from gallery.matching.findability import BLURRED_PIXELS, LIT_SHARE, SMALL_SHARE
from tests import pictures

GOOD, SMALL, BLURRED, UNKNOWN = Findability(0.5, 3.0), Findability(0.05, 3.0), Findability(0.5, 12.0), Findability()
GLARING = Findability(0.5, 3.0, 0.1)


def told(picture: matching.Pixels) -> Findability:
    return matching.findability_of(matching.describe(picture), picture)


def sharp() -> matching.Pixels:
    return np.asarray(pictures.picture(1).resize((800, 600)))


def test_a_blurred_photo_and_a_far_object_are_told_from_a_good_photo() -> None:
    blurred = np.asarray(cv2.GaussianBlur(sharp(), (0, 0), 6), np.uint8)
    table = np.full((1200, 1600, 3), 170, np.uint8)
    table[500:650, 700:900] = cv2.resize(sharp(), (200, 150), interpolation=cv2.INTER_AREA)
    assert [(each.is_small, each.is_blurred) for each in map(told, (sharp(), blurred, table))] == [
        (False, False),
        (False, True),
        (True, False),
    ]


def lit(radius: int, ground: int = 170) -> matching.Pixels:
    """A picture lying on a table, with a lamp reflected in it."""
    table = np.full((1200, 1600, 3), ground, np.uint8)
    table[300:900, 400:1200] = np.minimum(sharp(), 240)
    return np.asarray(cv2.circle(table, (800, 600), radius, (255, 255, 255), -1), np.uint8)


def test_a_lamp_on_the_object_is_told_from_a_glint_and_from_a_white_ground() -> None:
    seen = [told(each) for each in (lit(100), lit(10), lit(0, ground=255))]
    assert [each.is_glaring for each in seen] == [True, False, False]
    unseen = matching.findability_of(matching.describe(lit(100)))
    assert (unseen.lit_share, unseen.is_glaring) == (None, False)


def test_a_picture_of_nothing_tells_nothing_of_its_sharpness() -> None:
    assert told(np.full((60, 80, 3), 128, np.uint8)).point_size is None


@pytest.mark.parametrize("box", [(0.999999, 0.0, 1.0, 1.0), (0.0, 0.999999, 1.0, 1.0)])
def test_a_box_at_the_very_edge_holds_no_lamp(box: matching.Box) -> None:
    assert matching.findability_of(matching.describe(lit(100), box), lit(100)).lit_share == 0


def test_a_signature_without_details_is_refused() -> None:
    compact = matching.describe(sharp()).compact()
    with pytest.raises(ValueError, match="details"):
        matching.findability_of(matching.Signature.from_bytes(compact))


@pytest.mark.parametrize(
    ("photos", "advice"),
    [
        ([], None),
        ([GOOD], Advice.ANOTHER_VIEW),
        ([UNKNOWN], Advice.ANOTHER_VIEW),
        ([GOOD, GOOD], None),
        ([BLURRED, BLURRED], Advice.SHARPER),
        ([SMALL, SMALL], Advice.CLOSER),
        ([Findability(0.5, BLURRED_PIXELS)], Advice.SHARPER),
        ([Findability(SMALL_SHARE, 3.0)], Advice.CLOSER),
        ([Findability(0.5, 3.0, LIT_SHARE)], Advice.WITHOUT_LAMPS),
        ([GLARING, GLARING], Advice.WITHOUT_LAMPS),
        ([GLARING, GOOD], None),
        ([BLURRED, GOOD], None),
        ([SMALL, UNKNOWN], None),
    ],
)
def test_one_good_photo_is_enough_and_what_helps_most_is_said(photos: list[Findability], advice: Advice | None) -> None:
    assert advise(photos) is advice

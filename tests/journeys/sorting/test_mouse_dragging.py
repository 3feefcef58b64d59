"""At a desk a photo, and a whole object by its name, are put with another object by dragging them there."""

import pytest
from playwright.sync_api import Locator

from tests.journeys.sorter import Sorter
from tests.journeys.sorting.test_touch_dragging import TO_THE_UPPER_END

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STEPS = 12


def drags(sorter: Sorter, what: Locator, to: Locator) -> None:
    """Press on it, go there, and let go: both are in sight."""
    to.evaluate(TO_THE_UPPER_END)
    (x, y), (end_x, end_y) = middle(what), middle(to)
    mouse = sorter.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(end_x, end_y, steps=STEPS)
    mouse.up()


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_photo_and_then_a_whole_object_go_to_another_one_and_come_back(sorter: Sorter) -> None:
    drags(sorter, sorter.rows.nth(1).locator("[data-photo] img"), sorter.rows.first)
    sorter.sees(2, 1, 1)
    drags(sorter, sorter.rows.nth(1).locator(".lot-name"), sorter.rows.first)
    sorter.sees(3, 1)
    sorter.button("Annuler le dernier classement").click()
    sorter.sees(2, 1, 1)

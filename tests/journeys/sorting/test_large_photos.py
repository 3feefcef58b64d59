"""The photos of the sorting table, large: by mouse and by keyboard, and back to where the officer was."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.public.test_missing_scripts import is_opened
from tests.journeys.sorter import Sorter
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def is_shown(sorter: Sorter, link: Locator) -> None:
    """The viewer shows the picture that the link leads to, and says which one of how many it is."""
    shown = sorter.page.locator(".pswp__item[aria-hidden=false] img.pswp__img:not(.pswp__img--placeholder)")
    expect(shown).to_have_attribute("src", str(link.evaluate("link => link.href")))
    expect(sorter.page.locator(".pswp [role=status]")).to_contain_text(f": {link.get_attribute('data-large')}")


def closes(sorter: Sorter) -> None:
    """Press Escape until the viewer goes: while it opens it does not listen."""
    viewer = sorter.page.locator(".pswp--open")

    def is_gone() -> bool:
        sorter.presses("Escape")
        return not viewer.count()

    wait_until(is_gone, "the viewer's end")


def test_where_the_viewer_does_not_come_the_photo_opens_by_itself(sorter: Sorter) -> None:
    page = sorter.page
    page.route("**/photoswipe.esm.min.js*", lambda route: route.fulfill(status=403))
    link = sorter.rows.first.locator("[data-large]").first
    with page.expect_request(is_opened(link)):
        link.click()


def test_photos_of_an_object_are_looked_at_large_and_the_focus_comes_back(sorter: Sorter) -> None:
    sorter.at(1, "joindre").click()
    sorter.sees(2, 1, 1)
    first, second = (sorter.rows.first.locator("[data-large]").nth(place) for place in (0, 1))
    first.click()
    is_shown(sorter, first)
    sorter.presses("ArrowRight")
    is_shown(sorter, second)
    closes(sorter)
    expect(first).to_be_focused()
    # By keyboard alone, from the photo before it.
    sorter.tabs_to(second)
    sorter.presses("Enter")
    is_shown(sorter, second)
    sorter.presses("ArrowLeft")
    is_shown(sorter, first)
    closes(sorter)
    expect(second).to_be_focused()
    # Nothing was ticked, moved or decided by looking.
    sorter.sees(2, 1, 1)
    expect(sorter.page.locator("#waiting tbody input:checked")).to_have_count(0)

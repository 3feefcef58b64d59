"""What an officer does in a browser, counted and timed: each click, key, drag and text typed is one act."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

WAIT = 600_000
# Of the page's upper and lower end, where holding something scrolls it.
EDGE = 90
MAX_SCROLL_SECONDS = 120


@dataclass
class Acts:
    """The acts so far. seconds: what each took until the page had answered."""

    page: Page
    count: int = 0
    seconds: list[float] = field(default_factory=list)

    def click(self, place: Locator) -> None:
        """Click, and wait for what the page answers."""
        began = time.perf_counter()
        self.count += 1
        place.click()
        self._settle(began)

    def type(self, place: Locator, text: str) -> None:
        """Write in a field: one act to go there, one to write."""
        self.count += 2
        place.fill(text)

    def choose(self, place: Locator, value: str) -> None:
        """Open a list, and choose from it."""
        self.count += 2
        place.select_option(value)

    def give_files(self, place: str, paths: Sequence[Path]) -> None:
        """Open the window in which files are chosen, choose them all, and close it."""
        self.count += 3
        self.page.set_input_files(place, paths)

    def drag(self, place: Locator, to: Locator) -> None:
        """Drag by mouse, held near the page's end until the target is there."""
        began = time.perf_counter()
        self.count += 1
        place.scroll_into_view_if_needed()
        start, mouse = _box(place), self.page.mouse
        x, y = start["x"] + min(40, start["width"] / 2), start["y"] + start["height"] / 2
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 20, y + 8, steps=2)
        self._scroll_to(to)
        target = _box(to)
        mouse.move(target["x"] + target["width"] / 2, target["y"] + min(target["height"] / 2, 50), steps=2)
        mouse.up()
        self._settle(began)

    def _scroll_to(self, to: Locator) -> None:
        """Hold what is dragged near an end of the window until the target is well inside."""
        width, floor = self.page.evaluate(
            "() => [innerWidth, document.querySelector('.is-dragging .lot-new').getBoundingClientRect().top]"
        )
        until = time.perf_counter() + MAX_SCROLL_SECONDS
        while True:
            assert time.perf_counter() < until, f"{to} is never reached"
            top = _box(to)["y"]
            if EDGE < top < floor - 2 * EDGE:
                break
            self.page.mouse.move(width / 2, floor - 8 if top > EDGE else 8)
        self.page.mouse.move(width / 2, floor / 2)

    def _settle(self, began: float) -> None:
        self.page.wait_for_load_state("domcontentloaded")
        expect(self.page.locator("form[aria-busy=true]")).to_have_count(0, timeout=WAIT)
        self.seconds.append(time.perf_counter() - began)


def _box(place: Locator) -> dict[str, float]:
    box = place.bounding_box()
    assert box is not None
    return {name: float(box[name]) for name in ("x", "y", "width", "height")}

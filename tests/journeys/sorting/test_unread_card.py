"""A card that cannot be read: its number is typed in a field that covers neither its label nor its button."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check
from tests.web.backoffice.sorting.test_sorting_doubts import with_stained_card

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def cover_each_other(one: Locator, other: Locator) -> bool:
    first, second = one.bounding_box(), other.bounding_box()
    assert first is not None
    assert second is not None
    starts_before_the_end = (
        before[at] + 1 < after[at] + after[size]
        for before, after in ((first, second), (second, first))
        for at, size in (("x", "width"), ("y", "height"))
    )
    return all(starts_before_the_end)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_its_number_is_typed_beside_the_button(
    service: Service,
    open_page: Callable[..., Page],
    tmp_path: Path,
    look: Callable[[Page, str], None],
    size: dict[str, int],
) -> None:
    photo = tmp_path / "carte.jpg"
    photo.write_bytes(with_stained_card())
    page = open_page(size)
    officer = Officer(page, service)
    officer.signs_in()
    officer.opens_a_case("2026/carte")
    page.get_by_role("link", name="Déposer des photos").click()
    page.set_input_files("#files", photo)
    field = page.get_by_label("Numéro de la carte")
    expect(field).to_be_visible(timeout=UPLOAD_MILLISECONDS)
    check(page)
    look(page, "field")
    parts = [
        page.locator("label[for^=numero-]"),
        field,
        page.get_by_role("button", name="Donner ce numéro"),
    ]
    assert not any(cover_each_other(*pair) for pair in combinations(parts, 2))

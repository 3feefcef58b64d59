"""The sorting table says what photos may show that is private, and removed photos stay away, in a real browser."""

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests import pictures
from tests.journeys.people import UPLOAD_MILLISECONDS
from tests.journeys.sorter import Sorter
from tests.journeys.test_accessibility import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_screen_is_told_hidden_and_told_no_more_and_a_removed_photo_stays_away(
    sorter: Sorter, tmp_path_factory: pytest.TempPathFactory
) -> None:
    page, photo = sorter.page, Image.new("RGB", (1600, 1200), (70, 68, 60))
    ImageDraw.Draw(photo).rectangle((400, 300, 1100, 800), fill=(235, 240, 245))
    path = tmp_path_factory.mktemp("screen") / "telephone.jpg"
    path.write_bytes(pictures.jpeg(photo))
    page.set_input_files("#files", [path])
    expect(page.locator("[data-sentence]")).to_contain_text("Tout est reçu", timeout=UPLOAD_MILLISECONDS)
    link = page.get_by_role("link", name="un écran")
    while not link.count():
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator("#publier [data-private]")).to_contain_text("Regardez-les avant de publier.")
    check(page)
    table = page.url
    link.first.click()
    expect(page.locator("[data-told]")).to_contain_text("un écran")
    page.get_by_role("button", name="Proposer des zones").click()
    page.get_by_role("button", name="Tout cocher").click()
    page.get_by_role("button", name="Cacher les zones cochées").click()
    expect(page.locator("#messages")).to_contain_text("cachée")
    expect(link).to_have_count(0)
    row = page.locator("tr[data-group]").filter(has_text="telephone.jpg")
    row.locator("[data-cell=photo]").check()
    sorter.button("Retirer").first.click()
    expect(row).to_have_count(0)
    page.goto(table)
    page.set_input_files("#files", [path])
    expect(page.locator("[data-list]")).to_contain_text("Cette photo a été retirée.")
    page.locator("[data-removed] summary").click()
    check(page)
    sorter.button("Reprendre ces photos").click()
    expect(row).to_have_count(1, timeout=UPLOAD_MILLISECONDS)

"""What a visitor sees first, measured: the first screen of a telephone, and cards whose words take one line."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from gallery.web.departements import DEPARTEMENTS
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
LONGEST = max(DEPARTEMENTS.values(), key=len)
# How many lines the words under each picture take, and how many of the numbers are cut.
MEASURE = """(place) => {
  const cards = [...document.querySelectorAll('.item-card')];
  for (const card of cards) card.querySelector('.place').textContent = place;
  const lines = cards.map((card) => {
    const meta = card.querySelector('.meta');
    return Math.round(meta.getBoundingClientRect().height / parseFloat(getComputedStyle(meta).lineHeight));
  });
  const isCut = (card) => {
    const number = card.querySelector('.number').getBoundingClientRect();
    return number.right > card.getBoundingClientRect().right + 1 || number.width < 50;
  };
  return [Math.max(...lines), cards.filter(isCut).length];
}"""


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_the_words_under_a_picture_take_one_line(service: Service, open_page: Opened, watch: str, width: int) -> None:
    page = open_page({"width": width, "height": 740})
    page.goto(f"{service.address}/objets")
    expect(page.locator(".item-card .number").first).to_be_visible()
    assert page.evaluate(MEASURE, LONGEST) == [1, 0]

"""What a visitor sees first, measured, of sixty objects: the first screen, cards, a long list of brands."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gallery.web.departements import DEPARTEMENTS
from gallery.web.public.filters import OFFERED_VALUES
from tests import pictures
from tests.factories import VOUCHED
from tests.journeys import service as services
from tests.journeys.people import Victim
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
FIRST_SCREEN = {"width": 375, "height": 740}
LETTERS = "ABCDEFGH"
# One more than a list of ticks offers.
BRANDS = [f"Maison {one}{other}" for one in LETTERS for other in LETTERS][: OFFERED_VALUES + 1]
CATEGORIES = ("watches", "jewellery")
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
# What moves, or would once it is touched.
MOVING = """() => {
  const isLong = (time) => parseFloat(time) > 0;
  const moves = ({ scrollBehavior, transitionDuration, animationDuration }) => (
    scrollBehavior === 'smooth' || [transitionDuration, animationDuration].some(isLong)
  );
  return [...document.querySelectorAll('*')].filter((each) => moves(getComputedStyle(each))).length;
}"""
# How far down each of these ends, on a page that was not scrolled.
BOTTOMS = "all => all.map(each => each.getBoundingClientRect()).filter(each => each.height).map(each => each.bottom)"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose unit has published an object of each brand."""
    folder, instance = tmp_path_factory.mktemp("photos"), tmp_path_factory.mktemp("instance")
    for seed in range(len(BRANDS)):
        drawing = pictures.picture(seed, kind="watch").resize((320, 240))
        (folder / f"{seed:02}.jpg").write_bytes(pictures.jpeg(drawing))
    rows = [
        f"{seed:02}.jpg;Montre de gousset en argent;{brand};{CATEGORIES[seed % 2]}" for seed, brand in enumerate(BRANDS)
    ]
    (folder / "objets.csv").write_text("\n".join(["photos;titre;marque;catégorie", *rows]), encoding="utf-8")
    running = services.start(instance, with_unit=True)
    try:
        services.flask(instance, "import", str(folder), "--unit", "BTA35", "--publish", *VOUCHED)
        yield running
    finally:
        status = running.stop()
    assert status == 0


def test_the_first_screen_of_a_telephone_shows_objects_and_takes_a_number(service: Service, open_page: Opened) -> None:
    page = open_page(FIRST_SCREEN)
    page.goto(f"{service.address}/")
    photos = page.locator(".mosaic img").evaluate_all(BOTTOMS)
    field, search = (page.locator(each).evaluate_all(BOTTOMS) for each in ("#numero", ".opening-way a"))
    assert len([each for each in photos if each <= FIRST_SCREEN["height"]]) >= 6
    assert max(field + search) <= FIRST_SCREEN["height"]
    assert (len(field), len(search)) == (1, 1)


def test_what_was_found_is_refined_and_the_rest_is_one_touch_away(
    service: Service, open_page: Opened, tmp_path: Path
) -> None:
    photo = tmp_path / "montre.jpg"
    photo.write_bytes(pictures.jpeg(pictures.picture(0, kind="watch").resize((640, 480)), quality=70))
    victim = Victim(open_page(FIRST_SCREEN), service)
    victim.opens_the_site()
    victim.searches_by_photo(photo)
    page, least = victim.page, victim.page.locator(".is-small .found-item")
    further = page.get_by_role("link", name="Pas le vôtre ? Les moins éloignés")
    expect(further).to_be_in_viewport()
    expect(least.first).to_be_hidden()
    further.click()
    expect(least.first).to_be_visible()
    refine = page.locator("[data-refine]")
    refine.locator("summary").click()
    refine.get_by_label("Catégorie").select_option(CATEGORIES[1])
    expect(refine.get_by_role("status")).to_contain_text("Objets montrés :")
    shown = page.locator(".found > li:not([hidden])")
    kinds = {
        each.get_attribute("data-categorie") for each in shown.all() if each.get_attribute("data-same-photo") is None
    }
    assert kinds == {CATEGORIES[1]}
    assert shown.count() < page.locator(".found > li").count()


@pytest.mark.parametrize("path", ["/", "/objets"])
def test_nothing_moves_for_who_asks_for_that(service: Service, open_page: Opened, path: str) -> None:
    page = open_page()
    page.goto(service.address + path)
    assert page.evaluate(MOVING)
    page.emulate_media(reduced_motion="reduce")
    assert not page.evaluate(MOVING)


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_the_words_under_a_picture_take_one_line(service: Service, open_page: Opened, width: int) -> None:
    page = open_page({"width": width, "height": 740})
    page.goto(f"{service.address}/objets")
    expect(page.locator(".item-card .number").first).to_be_visible()
    assert page.evaluate(MEASURE, LONGEST) == [1, 0]


def test_a_brand_beyond_the_list_is_looked_for_by_words(service: Service, open_page: Opened) -> None:
    page = open_page()
    page.goto(f"{service.address}/objets")
    brands = page.get_by_role("group", name="Marque")
    brands.locator("summary").click()
    offered = brands.locator(".form-check").all_inner_texts()
    (beyond,) = [each for each in BRANDS if not any(each in text for text in offered)]
    field, told = brands.get_by_label("Chercher dans cette liste"), brands.get_by_role("status")
    field.fill(beyond[:-1])
    expect(told.get_by_role("link")).to_be_hidden()
    field.fill(beyond)
    expect(told).to_have_text("Rien ici. Cherchez-le par mots.")
    told.get_by_role("link").click()
    words = page.get_by_label("Chercher par mots")
    expect(words).to_be_focused()
    expect(words).to_have_value(beyond)
    page.keyboard.press("Enter")
    expect(page.locator(".item-card")).to_have_count(1)

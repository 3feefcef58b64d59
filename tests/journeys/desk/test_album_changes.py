"""An album whose session ends, whose objects change or are taken out while it is prepared."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests import pictures
from tests.factories import VOUCHED
from tests.journeys import service as services
from tests.journeys.conftest import PHONE
from tests.journeys.desk.test_album import SHARE, numbers_in, prepared
from tests.journeys.people import Officer
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OBJECTS = 3


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose unit has published three objects."""
    folder, instance = tmp_path_factory.mktemp("photos"), tmp_path_factory.mktemp("instance")
    for seed in range(OBJECTS):
        (folder / f"{seed}.jpg").write_bytes(pictures.jpeg(pictures.picture(seed, kind="ring").resize((640, 480))))
    running = services.start(instance, with_unit=True)
    published = ("--publish", *VOUCHED, "--undescribed", "--category", "jewellery")
    try:
        services.flask(instance, "import", str(folder), "--unit", "BTA35", *published)
        yield running
    finally:
        status = running.stop()
    assert status == 0


@pytest.fixture
def telephone(chromium: Browser) -> Iterator[BrowserContext]:
    """One that can share photos, as Chromium without a screen cannot, and whose console may complain."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="fr-FR")  # type: ignore[arg-type]
    context.add_init_script(SHARE)
    yield context
    context.close()


def sees_nothing_prepared(page: Page) -> None:
    expect(page.locator("[data-share]")).to_have_text("Envoyer depuis ce téléphone")
    assert page.evaluate("shared") == []


def test_after_the_sessions_end_no_page_is_shared_for_a_photo(few: Service, telephone: BrowserContext) -> None:
    page = prepared(telephone.new_page(), few)
    telephone.clear_cookies()
    page.locator("[data-share]").tap()
    expect(page.locator("#messages [role=alert]")).to_contain_text("Votre session est terminée")
    sees_nothing_prepared(page)


def test_nor_where_it_ends_between_the_note_and_the_photos(few: Service, telephone: BrowserContext) -> None:
    page = prepared(telephone.new_page(), few)

    def end(route: Route) -> None:
        status = route.fetch().status
        telephone.clear_cookies()
        # Without the cookie that the answer renews.
        route.fulfill(status=status)

    page.route("**/albums/noter", end)
    page.locator("[data-share]").tap()
    expect(page.locator("#messages [role=alert]")).to_contain_text("Votre session est terminée")
    sees_nothing_prepared(page)


def test_a_download_after_the_sessions_end_costs_no_words(few: Service, telephone: BrowserContext) -> None:
    page = prepared(telephone.new_page(), few)
    page.get_by_label("Titre de l’album").fill("En mes mots")
    telephone.clear_cookies()
    page.get_by_role("button", name="Télécharger l’album").click()
    expect(page.locator("[data-progress-text]")).to_contain_text("Votre session est terminée")
    expect(page.get_by_label("Titre de l’album")).to_have_value("En mes mots")


def test_a_line_that_is_cut_is_said(few: Service, telephone: BrowserContext) -> None:
    page = prepared(telephone.new_page(), few)
    telephone.set_offline(True)
    page.locator("[data-share]").tap()
    expect(page.locator("#messages [role=alert]")).to_contain_text("appuyez de nouveau")
    sees_nothing_prepared(page)


def test_the_counts_follow_what_is_taken_out(few: Service, telephone: BrowserContext) -> None:
    page = prepared(telephone.new_page(), few)
    counts = page.locator("[data-counts]").first
    before = len(numbers_in(page))
    expect(counts).to_contain_text(f"Objets : {before}. Photos : {before}.")
    page.get_by_role("button", name="Enlever").first.click()
    expect(counts).to_contain_text(f"Objets : {before - 1}. Photos : {before - 1}.")


def test_an_object_withdrawn_since_is_named_where_the_album_was_to_be_sent(
    few: Service, telephone: BrowserContext
) -> None:
    page = prepared(telephone.new_page(), few)
    removed, *left = numbers_in(page)
    other = Officer(telephone.new_page(), few)
    other.opens(f"/objets/{removed}")
    other.page.get_by_role("button", name="Retirer de la galerie").click()
    expect(other.page.get_by_role("button", name="Retirer de la galerie")).to_have_count(0)
    other.page.close()
    page.locator("[data-share]").tap()
    expect(page.locator("#messages")).not_to_be_empty()
    expect(page.locator("input[name=objet]")).to_have_count(len(left))
    sees_nothing_prepared(page)

"""An officer publishes on the unit’s Facebook page: a server that speaks its documented calls stands in for it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import pictures
from tests.factories import VOUCHED
from tests.journeys import service as services
from tests.journeys.conftest import PHONE
from tests.journeys.people import UPLOAD_MILLISECONDS, Officer
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check
from tests.parts.graph_server import PAGE, TOKEN, Facebook, Failure

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
Look = Callable[[Page, str], None]


@pytest.fixture
def connected(tmp_path_factory: pytest.TempPathFactory, facebook: Facebook) -> Iterator[Service]:
    """A service whose unit has published three objects, and that takes our server for Facebook."""
    folder, instance = tmp_path_factory.mktemp("photos"), tmp_path_factory.mktemp("instance")
    for seed in range(3):
        (folder / f"{seed}.jpg").write_bytes(pictures.jpeg(pictures.picture(seed, kind="ring").resize((640, 480))))
    (instance / "settings.toml").write_text(f'graph_address = "{facebook.address}"\n', encoding="utf-8")
    running = services.start(instance, with_unit=True)
    published = ("--publish", *VOUCHED, "--undescribed", "--category", "jewellery")
    try:
        services.flask(instance, "import", str(folder), "--unit", "BTA35", *published)
        yield running
    finally:
        status = running.stop()
    assert status == 0


def test_an_officer_publishes_on_the_page(
    connected: Service, facebook: Facebook, open_page: Opened, look: Look
) -> None:
    page = open_page(PHONE)
    Officer(page, connected).signs_in()
    page.goto(f"{connected.address}/agents/administration/unites/BTA35")
    page.get_by_role("link", name="Page Facebook de l’unité").click()
    page.get_by_label("Numéro de la page").fill(PAGE)
    page.get_by_label("Jeton d’accès de la page").fill(TOKEN)
    page.locator("form.stack button").click()
    expect(page.locator("#messages")).to_contain_text("est reliée à l’unité")
    check(page)
    look(page, "connected")
    page.get_by_role("link", name="Partager").first.click()
    page.get_by_role("link", name="Prendre les 3 objets").click()
    page.get_by_text("Publier directement sur la page Facebook").click()
    check(page)
    look(page, "preview")
    facebook.fail("feed", Failure(400, 368))
    page.get_by_role("button", name="Publier maintenant").click()
    post = page.locator(".album-post").first
    expect(post).to_contain_text("Facebook a refusé la publication", timeout=UPLOAD_MILLISECONDS)
    check(page)
    look(page, "stopped")
    post.get_by_role("button", name="Reprendre l’envoi").click()
    expect(page.locator(".album-post").first).to_contain_text("Publié sur la page", timeout=UPLOAD_MILLISECONDS)
    check(page)
    look(page, "published")
    assert len(facebook.posts) == 1
    assert len(facebook.shown) == 3

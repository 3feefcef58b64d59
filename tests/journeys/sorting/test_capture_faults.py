"""The telephone's page when something is wrong: nothing that was taken is lost, nothing that was removed is sent."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import service as services
from tests.journeys.conftest import PHONE
from tests.journeys.people import Officer
from tests.journeys.service import Service
from tests.journeys.sorting import test_capture
from tests.journeys.sorting.test_capture import Photographer
from tests.journeys.sorting.test_drop import AT_ONCE, Line
from tests.waiting import PATIENCE, begin

pytestmark = [pytest.mark.browser, pytest.mark.slow]
telephone, photos = test_capture.telephone, test_capture.photos
CLOSED = "indexedDB.open = () => { throw new DOMException('', 'SecurityError'); };"
UNREAD = """(() => {
  const { arrayBuffer } = Blob.prototype;
  Blob.prototype.arrayBuffer = function read() {
    if (this.name === '1.jpg') return Promise.reject(new DOMException('', 'NotReadableError'));
    return arrayBuffer.call(this);
  };
})()"""
# What is asked of the telephone's memory is answered once the test says so.
SLOW = """() => {
  const { get } = IDBObjectStore.prototype;
  const gate = new Promise((open) => { window.answer = open; });
  IDBObjectStore.prototype.get = function slow(key) {
    const asked = get.call(this, key);
    return { set onsuccess(done) { asked.onsuccess = () => gate.then(done); }, get result() { return asked.result; } };
  };
}"""
RESERVED = """() => new Promise((resolve) => {
  indexedDB.open('capturer').onsuccess = ({ target }) => {
    const numbers = target.result.transaction('numbers').objectStore('numbers');
    numbers.count().onsuccess = (asked) => resolve(asked.target.result);
  };
})"""
COME_BACK = "document.dispatchEvent(new Event('visibilitychange'))"
ONLINE = "window.dispatchEvent(new Event('online'))"


@pytest.fixture
def plain(chromium: Browser) -> Iterator[BrowserContext]:
    """A telephone without a service worker, between whose page and the service a test may stand."""
    context = chromium.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        locale="fr-FR",
        is_mobile=True,
        has_touch=True,
        service_workers="block",
    )
    yield context
    context.close()


def opens_the_capture(page: Page, service: Service, case: str) -> Photographer:
    officer = Photographer(page, service)
    officer.signs_in()
    officer.opens_a_case(case)
    page.get_by_role("link", name="Photographier avec un téléphone").click()
    expect(page.locator("[data-number]")).to_contain_text("35-")
    return officer


def removes(page: Page, order: int) -> None:
    page.get_by_role("button", name=f"Retirer : Photo {order} de cet objet").click()


def test_what_is_removed_is_sent_no_more(service: Service, plain: BrowserContext, photos: list[Path]) -> None:
    page = plain.new_page()
    officer = opens_the_capture(page, service, "2026/8810")
    plain.set_offline(True)
    number = officer.takes(*photos, then_waiting=len(photos))
    line = Line(page, "**/photos")
    plain.set_offline(False)
    page.evaluate(ONLINE)
    line.holds(AT_ONCE)
    # One that is on its way, and one that waits for its turn.
    removes(page, 1)
    removes(page, len(photos))
    # The last one to go takes the place of the one that was removed.
    line.holds(AT_ONCE + 1)
    line.held.pop(0).abort()
    line.lets_through()
    officer.sees_waiting(0)
    assert officer.sees_groups() == {number: len(photos) - 2}


def test_where_the_browser_keeps_nothing_the_page_says_so_and_sends_all_the_same(
    service: Service, plain: BrowserContext, photos: list[Path]
) -> None:
    page = plain.new_page()
    page.add_init_script(CLOSED)
    officer = opens_the_capture(page, service, "2026/8811")
    expect(page.locator("[data-alert]")).to_contain_text("Ce navigateur ne garde pas les photos")
    first = officer.takes(*photos[:2], then_waiting=0)
    expect(page.locator("[data-count]")).to_have_text("Photos de cet objet : 2")
    officer.goes_on_to_the_next_object()
    second = officer.takes(photos[2], then_waiting=0)
    # None waits before it is taken either.
    expect(page.locator("[data-count]")).to_have_text("Photos de cet objet : 1")
    officer.sees_waiting(0)
    assert officer.sees_groups() == {first: 2, second: 1}


def test_a_photo_that_cannot_be_read_costs_no_other(
    service: Service, plain: BrowserContext, photos: list[Path]
) -> None:
    page = plain.new_page()
    page.add_init_script(UNREAD)
    officer = opens_the_capture(page, service, "2026/8812")
    received: list[str] = []
    page.on("response", lambda answer: received.append(answer.url) if answer.status == 201 else None)
    page.locator("#chosen").set_input_files(photos[:3])
    expect(page.locator("[data-alert]")).to_contain_text("Une photo n’a pas pu être lue")
    expect(page.locator("[data-count]")).to_have_text("Photos de cet objet : 2")
    # Before they are in the queue, none waits there either.
    while len(received) < 2:
        page.wait_for_timeout(100)
    officer.sees_waiting(0)
    assert list(officer.sees_groups().values()) == [2]


def test_the_photo_that_comes_while_the_page_looks_back_is_counted(
    service: Service, plain: BrowserContext, photos: list[Path]
) -> None:
    page = plain.new_page()
    officer = opens_the_capture(page, service, "2026/8813")
    page.evaluate(SLOW)
    page.evaluate(COME_BACK)
    officer.takes(photos[0], then_waiting=0)
    page.evaluate("window.answer()")
    page.wait_for_timeout(300)
    expect(page.locator("[data-count]")).to_have_text("Photos de cet objet : 1")
    officer.goes_on_to_the_next_object()


def test_two_taps_go_on_to_one_object(service: Service, plain: BrowserContext, photos: list[Path]) -> None:
    page = plain.new_page()
    officer = opens_the_capture(page, service, "2026/8814")
    officer.takes(photos[0], then_waiting=0)
    before = page.evaluate(RESERVED)
    page.get_by_role("button", name="Objet suivant").evaluate("button => { button.click(); button.click(); }")
    expect(page.locator("[data-count]")).to_have_text("Photos de cet objet : 0")
    page.wait_for_timeout(300)
    assert page.evaluate(RESERVED) == before - 1


def test_whoever_is_signed_out_is_told_so_though_nothing_waits(service: Service, plain: BrowserContext) -> None:
    page = plain.new_page()
    officer = Officer(page, service)
    officer.signs_in()
    officer.opens_a_case("2026/8815")
    link = page.get_by_role("link", name="Photographier avec un téléphone")
    address = link.evaluate("link => link.href")
    plain.clear_cookies()
    with page.expect_response("**/jeton"):
        page.goto(address)
    page.wait_for_timeout(300)
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()
    # Signed in elsewhere.
    other = plain.new_page()
    Officer(other, service).signs_in()
    other.close()
    page.evaluate(COME_BACK)
    expect(page.locator("[data-number]")).to_contain_text("35-")
    expect(page.get_by_role("link", name="Se connecter")).to_be_hidden()


class Restarting(BaseHTTPRequestHandler):
    """A proxy before a service that is not there yet."""

    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()
        self.wfile.write(b"<h1>503</h1>")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_while_the_service_restarts_the_page_is_there(telephone: BrowserContext, tmp_path: Path) -> None:
    service = services.start(tmp_path / "instance", with_unit=True)
    page = telephone.new_page()
    try:
        officer = Photographer(page, service)
        officer.opens_the_capture_of("2026/8816")
    finally:
        assert service.stop() == 0
    proxy = ThreadingHTTPServer(("127.0.0.1", int(service.address.rpartition(":")[2])), Restarting)
    serving = begin(proxy.serve_forever)
    try:
        officer.opens("/capturer")
        expect(page.locator("[data-number]")).to_contain_text("35-")
    finally:
        proxy.shutdown()
        serving.result(PATIENCE)
        proxy.server_close()

"""The code on a photo is scanned with the camera, where the browser itself can read codes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
# What a telephone's browser has and Chromium without a screen lacks: a camera, and the reading of codes.
SCANNER = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ['qr_code']; }
  async detect() { return [TEXT].filter(Boolean).map((rawValue) => ({ rawValue })); }
};
window.cameras = [];
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d').fillRect(0, 0, 10, 10);
  window.cameras.push(canvas.captureStream());
  return window.cameras.at(-1);
};
"""


def test_a_code_is_scanned_where_the_browser_can(service: Service, open_page: Opened, watch: str) -> None:
    page = open_page(PHONE)
    page.add_init_script(SCANNER.replace("TEXT", f"'{service.address.upper()}/O/{watch}'"))
    page.goto(f"{service.address}/verifier")
    page.get_by_role("button", name="Scanner le code").click()
    expect(page.locator("#reponse h2")).to_have_text("Oui, ce code mène à un objet que nous montrons")


def test_a_button_pressed_twice_opens_one_camera_which_goes_out_with_the_dialog(
    service: Service, open_page: Opened
) -> None:
    page = open_page(PHONE)
    page.add_init_script(SCANNER.replace("TEXT", "''"))
    page.goto(f"{service.address}/verifier")
    dialog = page.get_by_role("dialog", name="Scanner le code")
    page.get_by_role("button", name="Scanner le code").evaluate("button => { button.click(); button.click(); }")
    expect(dialog).to_be_visible()
    assert page.evaluate("() => window.cameras.length") == 1
    dialog.get_by_role("button", name="Fermer").click()
    expect(dialog).to_be_hidden()
    page.wait_for_function("() => window.cameras[0].getTracks().every((track) => track.readyState === 'ended')")
    page.get_by_role("button", name="Scanner le code").click()
    expect(dialog).to_be_visible()


def test_without_a_reader_of_codes_there_is_no_button(service: Service, open_page: Opened, watch: str) -> None:
    page = open_page(PHONE)
    page.goto(f"{service.address}/verifier")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-scan]")).to_be_hidden()

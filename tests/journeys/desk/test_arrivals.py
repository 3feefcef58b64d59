"""Pictures that come to the search besides being chosen: pasted, dropped as files, dragged from another page."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.conftest import Ring
from tests.journeys.people import UPLOAD_MILLISECONDS
from tests.journeys.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
PASTE = """(photo) => {
  const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}"""
# What Word and Excel put on the clipboard: the words, and a picture of them. Says whether the browser is left to paste.
PASTE_WORDS = """([photo, place]) => {
  const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', 'bague en or');
  clipboardData.setData('text/html', '<p>bague en or</p>');
  clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
  const pasted = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
  return document.querySelector(place).dispatchEvent(pasted);
}"""
# What a browser hands over of a picture that a page of another site shows, when it does not give the picture itself.
ELSEWHERE = """(act) => {
  const data = new DataTransfer();
  data.setData('text/html', '<img src="https://shop.example/bague.jpg">');
  if (act === 'drop') data.setData('text/uri-list', 'https://shop.example/bague.jpg');
  const told = { bubbles: true, cancelable: true };
  if (act === 'paste') document.body.dispatchEvent(new ClipboardEvent('paste', { ...told, clipboardData: data }));
  else document.querySelector('[data-drop]').dispatchEvent(new DragEvent('drop', { ...told, dataTransfer: data }));
}"""
HEIC = Path(__file__).parents[2] / "data" / "drawn.heic"
# How many previews are asked for, and how many of them at once.
COUNTED = """(() => {
  const { fetch } = window;
  const asked = { inAll: 0, now: 0, atOnce: 0 };
  window.asked = asked;
  window.fetch = async (address, ...more) => {
    if (!String(address).includes('/apercu')) return fetch(address, ...more);
    asked.inAll += 1;
    asked.now += 1;
    asked.atOnce = Math.max(asked.atOnce, asked.now);
    try {
      return await fetch(address, ...more);
    } finally {
      asked.now -= 1;
    }
  };
})()"""
# A file from the desktop, and a small picture of a search engine, whose address is the picture itself.
DROP = """([photo, way]) => {
  const dataTransfer = new DataTransfer();
  if (way === 'file') {
    const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
    dataTransfer.items.add(new File([bytes], 'bague.jpg', { type: 'image/jpeg' }));
  } else {
    dataTransfer.setData('text/uri-list', `data:image/jpeg;base64,${photo}`);
  }
  const zone = document.querySelector('[data-drop]');
  const told = { dataTransfer, bubbles: true, cancelable: true };
  const isTaken = ['dragenter', 'dragover'].map((name) => !zone.dispatchEvent(new DragEvent(name, told)));
  const isShown = zone.classList.contains('is-over');
  zone.dispatchEvent(new DragEvent('drop', told));
  return isTaken.every(Boolean) && isShown && !zone.classList.contains('is-over');
}"""


def in_text(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


@pytest.fixture
def search(service: Service, open_page: Opened, watch: str) -> Page:
    page = open_page()
    page.goto(f"{service.address}/recherche")
    page.locator("#search-form.is-enhanced").wait_for()
    return page


def test_previews_by_the_service_are_asked_for_one_after_the_other(service: Service, open_page: Opened) -> None:
    page = open_page()
    page.add_init_script(COUNTED)
    page.goto(f"{service.address}/recherche")
    page.locator("#search-form.is-enhanced").wait_for()
    unseen = [
        FilePayload(name=f"{number}.heic", mimeType="image/heic", buffer=HEIC.read_bytes()) for number in range(4)
    ]
    page.locator("#photos").set_input_files(unseen)
    page.wait_for_function("() => window.asked.inAll === 4 && !window.asked.now", timeout=UPLOAD_MILLISECONDS)
    expect(page.locator("[data-previews] .frame img")).to_have_count(4)
    assert page.evaluate("() => window.asked.atOnce") == 1


@pytest.mark.parametrize("act", ["paste", "drop"])
def test_of_a_picture_elsewhere_the_page_says_what_to_do(search: Page, act: str) -> None:
    search.evaluate(ELSEWHERE, act)
    expect(search.locator("#search-status")).to_contain_text("Enregistrez-la sur votre appareil")


@pytest.mark.parametrize("way", ["file", "data"])
def test_a_picture_that_is_dropped_is_searched_for(search: Page, ring: Ring, way: str) -> None:
    assert search.evaluate(DROP, [in_text(ring.victims), way])
    expect(search.locator("[data-previews] li")).to_have_count(1)
    expect(search.locator("[data-results-heading]")).to_be_visible(timeout=UPLOAD_MILLISECONDS)


def test_words_of_an_office_program_are_pasted_into_the_field_of_words(search: Page, ring: Ring) -> None:
    photo = in_text(ring.victims)
    assert search.evaluate(PASTE_WORDS, [photo, "#mots"])
    expect(search.locator("[data-previews] li")).to_have_count(0)
    # Outside a field it is the picture that can be taken.
    assert not search.evaluate(PASTE_WORDS, [photo, "body"])
    expect(search.locator("[data-previews] li")).to_have_count(1)


def test_words_are_pasted_into_the_field_of_a_number_too(service: Service, open_page: Opened, ring: Ring) -> None:
    page, photo = open_page(), in_text(ring.victims)
    page.goto(f"{service.address}/verifier")
    page.locator("[data-paste]").wait_for()
    assert page.evaluate(PASTE_WORDS, [photo, "#numero"])
    expect(page.locator("[data-pasted]")).to_be_empty()
    assert not page.evaluate(PASTE_WORDS, [photo, "body"])
    expect(page.locator("[data-pasted]")).to_have_text("L’image collée est choisie.")

"""An officer shares two dozen objects: the album is prepared, downloaded, unpacked, each of its pictures looked at."""

import csv
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests import pictures
from tests.factories import VOUCHED
from tests.journeys import service as services
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.people import Officer
from tests.journeys.service import Service
from tests.journeys.sorting.test_touch_dragging import Finger
from tests.journeys.test_accessibility import check
from tests.unit.sharing.drawn import read, recompressed
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
Look = Callable[[Page, str], None]
OBJECTS = 24
PHOTOS = OBJECTS + 1
SIDES = [(1280, 960), (960, 1280), (2048, 1536), (960, 1280), (1280, 960)]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose unit has published two dozen objects, the first with two photos."""
    folder, instance = tmp_path_factory.mktemp("photos"), tmp_path_factory.mktemp("instance")
    for seed in range(PHOTOS):
        drawing = pictures.picture(seed, kind="ring").resize(SIDES[seed % len(SIDES)])
        (folder / f"{seed:02}.jpg").write_bytes(pictures.jpeg(drawing, quality=85))
    rows = [
        "photos;titre",
        f"00.jpg|{OBJECTS}.jpg;Bague 0",
        *(f"{seed:02}.jpg;Bague {seed}" for seed in range(1, OBJECTS)),
    ]
    (folder / "objets.csv").write_text("\n".join(rows), encoding="utf-8")
    running = services.start(instance, with_unit=True)
    try:
        services.flask(
            instance, "import", str(folder), "--unit", "BTA35", "--publish", *VOUCHED, "--category", "jewellery"
        )
        yield running
    finally:
        status = running.stop()
    assert status == 0


def prepared(page: Page, service: Service) -> Page:
    """The page with the preview of all of the unit's objects."""
    officer = Officer(page, service)
    officer.signs_in()
    page.get_by_role("link", name="Partager").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Album pour Facebook")
    # Its script numbers the places when it comes, over what was typed before.
    page.wait_for_load_state()
    return page


def numbers_in(page: Page) -> list[str]:
    """In the page's order, read at one moment: its script may be moving one of them."""
    return [str(each) for each in page.locator("input[name=objet]").evaluate_all("all => all.map((one) => one.value)")]


def comes_to_show(page: Page, expected: list[str]) -> None:
    """Wait until the page begins with these numbers: a key is pressed before the script has moved what it moves."""
    wait_until(lambda: numbers_in(page)[: len(expected)] == expected, f"the page beginning with {expected}", seconds=30)


def downloaded(page: Page, folder: Path) -> Path:
    return saved(page, page.get_by_role("button", name="Télécharger l’album"), folder)


def saved(page: Page, pressed: Locator, folder: Path) -> Path:
    with page.expect_download(timeout=120_000) as download:
        pressed.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_two_dozen_objects_become_an_album(many: Service, open_page: Opened, look: Look, tmp_path: Path) -> None:
    page = prepared(open_page(DESKTOP), many)
    before = numbers_in(page)
    assert len(before) == OBJECTS
    page.locator(".album-item").nth(0).drag_to(page.locator(".album-item").nth(2))
    page.locator(".album-item").nth(1).get_by_role("button", name="Monter").press("Enter")
    expected = [before[2], before[1], before[0], *before[3:]]
    comes_to_show(page, expected)
    page.locator("textarea[name^=legende]").first.fill("La première, en mes mots")
    look(page, "preview")

    path = downloaded(page, tmp_path)
    expect(page.locator("[data-progress-text]")).to_contain_text("Le fichier est prêt")
    check_package(path, expected, many.address)


def check_package(path: Path, expected: list[str], address: str) -> None:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        photos = sorted(name for name in package.namelist() if name.startswith("photos/"))
        rows = list(csv.DictReader(StringIO(package.read("legendes.csv").decode("utf-8-sig")), delimiter=";"))
        contents = {name: package.read(name) for name in photos}
    assert list(dict.fromkeys(name.split("_")[1] for name in photos)) == expected
    assert len(photos) == PHOTOS
    assert [row["fichier"] for row in rows] == photos
    assert rows[0]["légende"].startswith("La première, en mes mots")
    assert all(row["numéro"] in row["légende"] for row in rows[2:])
    assert max(map(len, contents.values())) < 1_000_000
    unread = []
    for name, data in contents.items():
        picture = Image.open(BytesIO(data))
        picture.load()
        if read(recompressed(picture)) != f"{address.upper()}/O/{name.split('_')[1]}":
            unread.append(name)
    assert len(unread) <= len(photos) // 20, unread


def half_of(picture: Image.Image) -> Image.Image:
    """Half of the area, about the middle."""
    width, height = round(picture.width * 0.5**0.5), round(picture.height * 0.5**0.5)
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return picture.crop((left, top, left + width, top + height))


def verified(page: Page, service: Service, picture: Image.Image, folder: Path) -> str:
    """What /verifier answers to a picture, without any script."""
    path = folder / "capture.jpg"
    path.write_bytes(pictures.jpeg(picture.convert("RGB"), quality=70))
    page.goto(f"{service.address}/")
    page.get_by_role("link", name="Vérifier une publication").first.click()
    page.set_input_files("#photo", path)
    page.get_by_role("button", name="Vérifier cette image").click()
    return str(page.locator("#reponse h2").first.inner_text())


def test_pictures_of_an_album_are_verified(many: Service, open_page: Opened, look: Look, tmp_path: Path) -> None:
    page = prepared(open_page(DESKTOP), many)
    # An album of three objects is made sooner.
    page.locator(".album-item").evaluate_all("all => all.slice(3).forEach((one) => one.remove())")
    with zipfile.ZipFile(downloaded(page, tmp_path)) as package:
        names = sorted(name for name in package.namelist() if name.startswith("photos/"))
        shared = [Image.open(BytesIO(package.read(name))).convert("RGB") for name in names]
    page = open_page(PHONE, with_scripts=False)
    for name, copy in ((names[0], recompressed(shared[0])), (names[-1], half_of(recompressed(shared[-1])))):
        assert verified(page, many, copy, tmp_path) == "Oui, cette photo est la nôtre"
        expect(page.locator("#reponse")).to_contain_text(f"n° {name.split('_')[1]}")
    look(page, "ours")
    altered = recompressed(shared[0]).convert("RGB")
    altered.paste(pictures.picture(99).resize((180, 140)), (300, 200))
    assert verified(page, many, altered, tmp_path) == "C’est notre photo, mais elle a été modifiée"
    look(page, "altered")
    assert verified(page, many, pictures.picture(98), tmp_path) == "Nous ne reconnaissons pas cette image"
    look(page, "unknown")


def test_the_album_is_made_without_scripts(many: Service, open_page: Opened, look: Look, tmp_path: Path) -> None:
    page = prepared(open_page(PHONE, with_scripts=False), many)
    before = numbers_in(page)
    page.get_by_role("button", name="Descendre").first.click()
    page.get_by_role("button", name="Enlever").last.click()
    expected = [before[1], before[0], *before[2:-1]]
    expect(page.locator("input[name=objet]")).to_have_count(len(expected))
    comes_to_show(page, expected)
    look(page, "phone-without-scripts")
    page.get_by_role("button", name="Télécharger l’album").click()
    # The page comes again by itself until the file is there.
    ready = page.get_by_role("link", name="Télécharger le fichier")
    expect(ready).to_be_visible(timeout=120_000)
    look(page, "phone-file-without-scripts")
    with zipfile.ZipFile(saved(page, ready, tmp_path)) as package:
        names = [name.split("_")[1] for name in package.namelist() if name.startswith("photos/")]
    assert list(dict.fromkeys(names)) == expected


def test_the_album_is_arranged_by_keyboard(many: Service, open_page: Opened) -> None:
    page = prepared(open_page(DESKTOP), many)
    before = numbers_in(page)
    down = page.get_by_role("button", name="Descendre").first
    down.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    comes_to_show(page, [before[1], before[2], before[0]])
    expect(page.locator("[data-said]")).to_contain_text(f"place 3 sur {OBJECTS}")


def test_an_item_is_put_at_the_place_that_is_typed(many: Service, open_page: Opened) -> None:
    page = prepared(open_page(DESKTOP), many)
    before = numbers_in(page)
    place = page.get_by_label("Place : ").first
    place.fill("5")
    place.press("Enter")
    comes_to_show(page, [*before[1:5], before[0], before[5]])
    expect(page.locator("[data-said]")).to_contain_text(f"place 5 sur {OBJECTS}")
    assert page.url.endswith("/albums/nouveau")


def test_an_object_is_dragged_with_a_finger(many: Service, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="fr-FR")  # type: ignore[arg-type]
    page = prepared(context.new_page(), many)
    first, second, third, *_ = numbers_in(page)
    Finger(page).drags(page.locator(".album-item img").first, page.locator(".album-item").nth(1))
    comes_to_show(page, [second, first, third])
    context.close()


SHARE = """
window.shared = [];
navigator.canShare = (data) => Boolean(data.files);
navigator.share = async ({ files, title, text }) => {
  window.shared.push({ names: files.map((file) => file.name), title, text });
};
"""


def test_going_back_shows_the_order_that_is_exported(many: Service, open_page: Opened) -> None:
    page = prepared(open_page(), many)
    first, second, third, *_ = numbers_in(page)
    page.locator("[value^=descendre]").first.click()
    expect(page.locator(".album-item").first).to_have_attribute("data-number", second)
    page.goto(f"{many.address}/agents/albums")
    page.go_back()
    expect(page.locator(".album-item").first).to_have_attribute("data-number", second)
    comes_to_show(page, [second, first, third])
    assert [each.input_value() for each in page.locator("[name^=place-]").all()[:3]] == ["1", "2", "3"]


def test_a_phone_shares_ten_photos_at_a_time(many: Service, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="fr-FR")  # type: ignore[arg-type]
    # Chromium without a screen has no share sheet.
    context.add_init_script(SHARE)
    page = prepared(context.new_page(), many)
    button = page.locator("[data-share]")
    for first in (1, 11):
        button.tap()
        expect(button).to_have_text(f"Envoyer les photos {first} à {first + 9} sur {PHOTOS}", timeout=60_000)
        button.tap()
        following = f"{first + 10} à {min(first + 19, PHOTOS)}"
        expect(button).to_have_text(f"Préparer les photos {following} sur {PHOTOS}")
    removed, *left = numbers_in(page)
    button.tap()
    expect(button).to_have_text(f"Envoyer les photos 21 à {PHOTOS} sur {PHOTOS}", timeout=60_000)
    page.get_by_role("button", name="Enlever").first.tap()
    expect(button).to_have_text("Envoyer depuis ce téléphone")
    button.tap()
    expect(button).to_contain_text("Envoyer les photos 1 à 10", timeout=60_000)
    button.tap()
    expect(button).to_contain_text("Préparer les photos 11")
    sent = page.evaluate("shared")
    assert [len(each["names"]) for each in sent] == [10, 10, 10]
    assert sent[0]["names"][0] == f"0001_{removed}_1.jpg"
    assert sent[2]["names"][0] == f"0001_{left[0]}_1.jpg"
    assert sent[2]["title"] == page.get_by_label("Titre de l’album").input_value()
    context.close()


def test_axe_finds_nothing(many: Service, open_page: Opened) -> None:
    page = prepared(open_page(DESKTOP), many)
    check(page)
    for path in ("/agents/albums", "/agents/publications"):
        page.goto(many.address + path)
        check(page)

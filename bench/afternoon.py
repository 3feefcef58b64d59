"""From photos to published objects in a real browser: python -m bench afternoon [FOLDER ...] [--photos 150].

Photos of 40 real objects, with the times at which an officer would have taken them, are dropped into a case, sorted,
named and published. What the officer does is counted: each click, choice, drag or text typed is one act. The officer
knows which photo shows what, mends every group that is wrong and every category that is, and leaves proposed titles.
"""

import argparse
import csv
import io
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import Locator, Page, expect, sync_playwright

from bench.pages import ARGUMENTS, CHROMIUM
from tests.journeys import service as services
from tests.journeys.people import Officer

FOLDERS = [Path("../shared/data"), Path("../shared/wild")]
OBJECTS, PHOTOS = 40, 150
CATEGORIES = {"guitars": "musical_instruments", "jewellery": "jewellery", "packages": "other"}
OF_OBJECT = {
    "backpack": "leather_goods", "bear_plushie": "games_toys", "can": "other", "clock": "clocks",
    "duck_toy": "games_toys", "grey_sloth_plushie": "games_toys", "pink_sunglasses": "clothing", "rc_car": "games_toys",
    "robot_toy": "games_toys", "teapot": "ceramics_glass", "wolf_plushie": "games_toys",
}  # fmt: skip
WAIT = 600_000


@dataclass
class Acts:
    """What an officer does, counted."""

    page: Page
    count: int = 0

    def click(self, place: Locator) -> None:
        """Click, and wait for what the table answers."""
        self.count += 1
        place.click()
        self._settle()

    def tick(self, place: Locator) -> None:
        """Tick a box."""
        self.count += 1
        place.check()

    def choose(self, place: Locator, value: str) -> None:
        """Choose from a list."""
        self.count += 1
        place.select_option(value)

    def drag(self, place: Locator, to: Locator) -> None:
        """Drag by mouse, the target being in sight."""
        self.count += 1
        place.scroll_into_view_if_needed()
        start, end = place.bounding_box(), to.bounding_box()
        assert start is not None
        assert end is not None
        self.page.mouse.move(start["x"] + 30, start["y"] + 30)
        self.page.mouse.down()
        self.page.mouse.move(start["x"] + 50, start["y"] + 50, steps=3)
        for _ in range(400):
            end = to.bounding_box() or end
            height = self.page.viewport_size["height"] if self.page.viewport_size else 900
            middle = end["y"] + min(end["height"] / 2, 60)
            if 80 < middle < height - 80:
                break
            self.page.mouse.move(end["x"] + 40, 20 if middle < 80 else height - 20)
            self.page.mouse.move(end["x"] + 41, 21 if middle < 80 else height - 21)
        self.page.mouse.move(end["x"] + 40, middle, steps=3)
        self.page.mouse.up()
        self._settle()

    def _settle(self) -> None:
        self.page.wait_for_load_state("domcontentloaded")
        expect(self.page.locator("form[aria-busy=true]")).to_have_count(0, timeout=WAIT)


def main(arguments: list[str]) -> None:
    """Print how many acts and seconds it takes, and what was published."""
    parser = argparse.ArgumentParser(prog="bench afternoon", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=FOLDERS)
    parser.add_argument("--photos", type=int, default=PHOTOS)
    parser.add_argument("--objects", type=int, default=OBJECTS)
    parser.add_argument("--pictures", type=Path, help="where to keep screenshots")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        truth = _write(options.folders, Path(place, "photos"), options.objects, options.photos)
        service = services.start(Path(place, "instance"), with_unit=True, encoder="efficientnet-lite0")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            page = browser.new_page(locale="fr-FR", viewport={"width": 1280, "height": 900})
            page.set_default_timeout(WAIT)
            officer = Officer(page, service)
            officer.signs_in()
            officer.opens_a_case("2026/apres-midi")
            _afternoon(page, Path(place, "photos"), truth, options.pictures)
        finally:
            browser.close()
            service.stop()


def _afternoon(page: Page, folder: Path, truth: Mapping[str, str], pictures: Path | None) -> None:
    acts, began = Acts(page), time.perf_counter()
    acts.click(page.get_by_role("link", name="Déposer des photos"))
    acts.count += 1
    page.set_input_files("#files", sorted(folder.iterdir()))
    expect(page.locator("[data-sentence]")).to_contain_text("Tout est reçu", timeout=WAIT)
    received = time.perf_counter()
    print(f"received: {len(truth)} photos in {received - began:.0f} s", flush=True)
    while True:
        page.wait_for_timeout(1000)
        page.reload()
        if page.get_by_text("comparée").count() == 0 and page.get_by_text("comparées").count() == 0:
            break
    page.wait_for_timeout(2000)
    page.reload()
    acts.count += 1
    compared = time.perf_counter()
    print(f"described and put together: {compared - received:.0f} s later", flush=True)
    _shoot(page, pictures, "proposed")
    before = acts.count
    _mend_groups(page, acts, truth)
    mended = acts.count
    acts.click(page.get_by_role("button", name="Accepter les"))
    _mend_categories(page, acts, truth)
    _shoot(page, pictures, "accepted")
    acts.tick(page.locator("#verifie"))
    acts.click(page.get_by_role("button", name="Créer les fiches et publier"))
    _shoot(page, pictures, "published")
    published = page.locator(".lot-made li").filter(has_text="publié").count()
    ended = time.perf_counter()
    print(
        f"{published} objects of {len(truth)} photos published: {acts.count} acts, of which {mended - before} on groups"
    )
    print(f"{ended - began:.0f} s in all, {ended - compared:.0f} s of them sorting and publishing, as fast as a script")


def _shoot(page: Page, pictures: Path | None, name: str) -> None:
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=pictures / f"{name}.png", full_page=True)


def _groups(page: Page) -> list[tuple[str, list[str]]]:
    """The key of each object in the table with the names of its photos."""
    rows = page.locator("tr[data-group]").evaluate_all(
        "rows => rows.map(row => [row.dataset.group, [...row.querySelectorAll('.lot-photos .anywhere')].map(each =>"
        " each.textContent)])"
    )
    return [(str(key), list(names)) for key, names in rows]


def _mend_groups(page: Page, acts: Acts, truth: Mapping[str, str]) -> None:
    """Drag every stray photo to its object, then join the parts of objects that are in several groups."""
    while True:
        groups = _groups(page)
        main = {key: Counter(truth[name] for name in names).most_common(1)[0][0] for key, names in groups}
        stray = next(((key, name) for key, names in groups for name in names if truth[name] != main[key]), None)
        if stray is None:
            break
        home = next((key for key, _ in groups if main[key] == truth[stray[1]]), "nouveau")
        acts.drag(_photo(page, stray[1]), page.locator(f"[data-group='{home}']"))
    while True:
        parts = defaultdict(list)
        for key, names in _groups(page):
            parts[truth[names[0]]].append((len(names), key, names))
        several = next((sorted(each, reverse=True) for each in parts.values() if len(each) > 1), None)
        if several is None:
            break
        if len(several) == 2 and several[1][0] == 1:
            acts.drag(_photo(page, several[1][2][0]), page.locator(f"[data-group='{several[0][1]}']"))
            continue
        for _, key, _ in several:
            acts.tick(page.locator(f"#objet-{key}"))
        acts.click(page.get_by_role("button", name="C’est un seul objet"))


def _photo(page: Page, name: str) -> Locator:
    return page.locator("li[data-photo]").filter(has_text=name)


def _mend_categories(page: Page, acts: Acts, truth: Mapping[str, str]) -> None:
    for key, names in _groups(page):
        kind, object_id = truth[names[0]].split(" ", 1)
        wanted = OF_OBJECT.get(object_id, "other") if kind == "in_the_wild" else CATEGORIES[kind]
        field = page.locator(f"#categorie-{key}")
        if field.input_value() != wanted:
            acts.choose(field, wanted)


def _write(folders: Sequence[Path], place: Path, objects: int, photos: int) -> dict[str, str]:
    """Write photos as a camera would, with its clock; return which object each shows, by the file's name."""
    draw = random.Random(13)
    known = defaultdict(list)
    for folder in folders:
        with (folder / "manifest.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["object_id"] and (row["set"] in CATEGORIES or row["set"] == "in_the_wild"):
                    known[f"{row['set']} {row['object_id']}"].append(folder / row["file"])
    chosen = draw.sample(sorted(known), min(objects, len(known)))
    each = [draw.sample(known[name], min(len(known[name]), 4)) for name in chosen]
    while sum(map(len, each)) > photos:
        max(each, key=len).pop()
    place.mkdir(parents=True)
    truth: dict[str, str] = {}
    clock = datetime(2026, 11, 20, 14, 0, 0)  # noqa: DTZ001  a camera's clock has no zone
    for name, paths in zip(chosen, each, strict=True):
        for number, path in enumerate(paths):
            clock += timedelta(seconds=draw.lognormvariate(1.5 if number else 2.8, 0.7))
            taken = f"IMG_{len(truth) + 1:04}.jpg"
            (place / taken).write_bytes(_taken(path, clock))
            truth[taken] = name
    return truth


def _taken(path: Path, clock: datetime) -> bytes:
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    exif, file = Image.Exif(), io.BytesIO()
    exif.get_ifd(0x8769)[0x9003] = clock.strftime("%Y:%m:%d %H:%M:%S")
    upright.save(file, "JPEG", quality=92, exif=exif)
    return file.getvalue()

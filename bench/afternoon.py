"""From photos to published objects in a real browser: python -m bench afternoon [FOLDER ...] [--photos 150].

Photos of 40 real objects, with the times at which an officer would have taken them, are dropped into a case, sorted,
named and published. The officer knows which photo shows what, mends every group that is wrong and every category that
is, and leaves proposed titles. Each click, key, drag and text typed is one act, and so a choice from a list is two.
Some of the same objects are then recorded one by one with the form of an object, for comparison.
"""

import argparse
import json
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

from bench._acts import WAIT, Acts
from bench._taken import write_photos
from bench.pages import ARGUMENTS, CHROMIUM
from tests.journeys import service as services
from tests.journeys.people import Officer

FOLDERS = [Path("../shared/data"), Path("../shared/wild")]
OBJECTS, PHOTOS, BY_FORM = 40, 150, 3
CATEGORIES = {"guitars": "musical_instruments", "jewellery": "jewellery", "packages": "other"}
OF_OBJECT = {
    "backpack": "leather_goods", "bear_plushie": "games_toys", "can": "other", "clock": "clocks",
    "duck_toy": "games_toys", "grey_sloth_plushie": "games_toys", "pink_sunglasses": "clothing", "rc_car": "games_toys",
    "robot_toy": "games_toys", "teapot": "ceramics_glass", "wolf_plushie": "games_toys",
}  # fmt: skip
# From this many objects of one category on, they are ticked and filled in at once; fewer are done one by one.
WORTH_TICKING = 4

# A number and this word alone: what could not be published is "pas publié" and why.
PUBLISHED = re.compile(r"^\s*\S+\s+publié\s*$")

Groups = list[tuple[str, list[str]]]


def main(arguments: list[str]) -> None:
    """Print how many acts and seconds it takes, what was published, and what the form of an object takes."""
    parser = argparse.ArgumentParser(prog="bench afternoon", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=FOLDERS)
    parser.add_argument("--photos", type=int, default=PHOTOS)
    parser.add_argument("--objects", type=int, default=OBJECTS)
    parser.add_argument("--pictures", type=Path, help="where to keep screenshots")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        truth = write_photos(options.folders, Path(place, "photos"), objects=options.objects, photos=options.photos)
        service = services.start(Path(place, "instance"), with_unit=True, encoder="efficientnet-lite0")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            page = browser.new_page(locale="fr-FR", viewport={"width": 1280, "height": 900})
            page.set_default_timeout(WAIT)
            officer = Officer(page, service)
            officer.signs_in()
            officer.opens_a_case("2026/apres-midi")
            case = page.url
            _afternoon(page, Path(place, "photos"), truth, options.pictures)
            page.goto(case)
            _by_form(page, Path(place, "photos"), truth)
        finally:
            browser.close()
            service.stop()


def _afternoon(page: Page, folder: Path, truth: Mapping[str, str], pictures: Path | None) -> None:
    acts, began = Acts(page), time.perf_counter()
    acts.click(page.get_by_role("link", name="Déposer des photos"))
    acts.give_files("#files", sorted(folder.iterdir()))
    expect(page.locator("[data-sentence]")).to_contain_text("Tout est reçu", timeout=WAIT)
    received = time.perf_counter()
    print(f"received: {len(truth)} photos in {received - began:.0f} s", flush=True)
    _wait_until_compared(page)
    compared = time.perf_counter()
    groups = len(_groups(page))
    print(f"described and put together: {groups} groups, {compared - received:.0f} s later", flush=True)
    _shoot(page, pictures, "proposed")
    given = acts.count
    _mend_groups(page, acts, truth)
    mended = acts.count
    acts.click(page.get_by_role("button", name="Accepter les"))
    _mend_categories(page, acts, truth)
    named = acts.count
    _shoot(page, pictures, "accepted")
    acts.click(page.locator("#verifie"))
    acts.click(page.get_by_role("button", name="Créer les fiches et publier"))
    _shoot(page, pictures, "published")
    published = page.locator(".lot-made li").filter(has_text=PUBLISHED).count()
    ended = time.perf_counter()
    on = f"{mended - given} of them on groups, {named - mended} on categories"
    print(f"{published} objects of {len(truth)} photos published: {acts.count} acts, {on}")
    by_length = sorted(acts.seconds)
    print(f"an act: {by_length[len(by_length) // 2]:.2f} s in the middle, {by_length[-1]:.1f} s at most")
    print(
        f"{ended - began:.0f} s in all, sorting and publishing {ended - compared:.0f} s, as fast as a script",
        flush=True,
    )


def _wait_until_compared(page: Page) -> None:
    while True:
        page.wait_for_timeout(1000)
        page.reload()
        if page.get_by_text("comparée").count() == 0 and page.locator("tr[data-group]").count():
            break
    # Put together a moment after the last one was described.
    page.wait_for_timeout(5000)
    page.reload()
    page.wait_for_load_state("networkidle")


def _by_form(page: Page, folder: Path, truth: Mapping[str, str]) -> None:
    """Record and publish the first objects by the form of an object; nothing but a title and a category is written."""
    acts, began, case = Acts(page), time.perf_counter(), page.url
    objects = defaultdict(list)
    for name, shown in truth.items():
        objects[shown].append(folder / name)
    for shown in list(objects)[:BY_FORM]:
        page.goto(case)
        acts.click(page.get_by_role("link", name="Nouvel objet"))
        acts.type(page.get_by_label("Titre"), shown)
        acts.choose(page.get_by_label("Catégorie"), _category_of(shown))
        acts.click(page.get_by_role("button", name="Enregistrer et ajouter des photos"))
        acts.give_files("#files", objects[shown])
        expect(page.locator(".photo-card")).to_have_count(len(objects[shown]), timeout=WAIT)
        acts.click(page.locator("#verifie"))
        acts.click(page.get_by_role("button", name="Publier"))
        expect(page.get_by_role("button", name="Retirer de la galerie")).to_be_visible()
    each, seconds = acts.count / BY_FORM, (time.perf_counter() - began) / BY_FORM
    everything = f"{each * len(objects):.0f} acts, {seconds * len(objects):.0f} s for {len(objects)}"
    print(f"by the form of an object: {each:.0f} acts and {seconds:.1f} s an object, so {everything}", flush=True)


def _shoot(page: Page, pictures: Path | None, name: str) -> None:
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=pictures / f"{name}.png")


def _groups(page: Page) -> Groups:
    """The key of each object in the table with the names of its photos."""
    told = page.locator("[data-sorting] table").evaluate(
        "table => JSON.stringify([...table.querySelectorAll('tr[data-group]')].map(row => [row.dataset.group,"
        " [...row.querySelectorAll('.lot-file')].map(each => each.textContent)]))"
    )
    return [(str(key), list(names)) for key, names in json.loads(told)]


def _mend_groups(page: Page, acts: Acts, truth: Mapping[str, str]) -> None:
    """Take apart what is not one object, then join what is."""
    while (mixed := _mixed(_groups(page), truth)) is not None:
        photo, home = mixed
        before = _groups(page)
        if home is None:
            acts.click(_photo(page, photo).locator(".lot-cut"))
        else:
            acts.drag(_photo(page, photo), page.locator(f"[data-group='{home}']"))
        assert _groups(page) != before, f"nothing came of an act on {photo}"
    while (parts := _parts(_groups(page), truth)) is not None:
        first, other, is_next = parts
        before = _groups(page)
        if is_next:
            acts.click(page.locator(f"#joindre-{other}"))
        else:
            acts.drag(page.locator(f"#nom-{other}"), page.locator(f"[data-group='{first}']"))
        assert _groups(page) != before, f"nothing came of an act on {other}"


def _mixed(groups: Groups, truth: Mapping[str, str]) -> tuple[str, str | None] | None:
    """A photo that is not of its group's first object, and the group it is dragged to; None: the group is cut there."""
    for _, names in groups:
        shown = [truth[name] for name in names]
        main = Counter(shown).most_common(1)[0][0]
        for name in names:
            if truth[name] == main:
                continue
            homes = [other for other, some in groups if {truth[each] for each in some} == {truth[name]}]
            if homes and shown.count(truth[name]) == 1:
                return name, homes[0]
            break
        turns = [name for before, name in zip(names, names[1:], strict=False) if truth[before] != truth[name]]
        if turns:
            return turns[0], None
    return None


def _parts(groups: Groups, truth: Mapping[str, str]) -> tuple[str, str, bool] | None:
    """Two groups of one object, and whether one follows the other."""
    seen: dict[str, tuple[int, str]] = {}
    for place, (key, names) in enumerate(groups):
        shown = truth[names[0]]
        if shown in seen:
            first = seen[shown]
            return first[1], key, place == first[0] + 1
        seen[shown] = place, key
    return None


def _photo(page: Page, name: str) -> Locator:
    return page.locator("li[data-photo]").filter(has=page.get_by_text(name, exact=True))


def _mend_categories(page: Page, acts: Acts, truth: Mapping[str, str]) -> None:
    wrong = defaultdict(list)
    for key, names in _groups(page):
        wanted = _category_of(truth[names[0]])
        if page.locator(f"#categorie-{key}").input_value() != wanted:
            wrong[wanted].append(key)
    for category, keys in wrong.items():
        if len(keys) < WORTH_TICKING:
            for key in keys:
                acts.choose(page.locator(f"#categorie-{key}"), category)
            continue
        for key in keys:
            acts.click(page.locator(f"#objet-{key}"))
        acts.choose(page.locator("#categorie-tous"), category)
        acts.click(page.get_by_role("button", name="Remplir les objets cochés"))


def _category_of(shown: str) -> str:
    kind, object_id = shown.split(" ", 1)
    return OF_OBJECT.get(object_id, "other") if kind == "in_the_wild" else CATEGORIES[kind]

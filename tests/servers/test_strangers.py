"""Programs of strangers, who know the page of open data and no line of ours, against a gallery that shows something."""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests import pictures
from tests.factories import VOUCHED
from tests.journeys.service import flask, make_tables
from tests.servers.running import gunicorn
from tests.servers.visitors import multipart
from tests.waiting import LONG_PATIENCE

pytestmark = pytest.mark.slow
DRAWN = {"bague.jpg": (1, "ring"), "montre.jpg": (2, "watch")}


@dataclass(frozen=True)
class Open:
    """A gallery with two objects. numbers: by the photo that each was made of."""

    address: str
    photo: Path
    numbers: dict[str, str]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    folder = tmp_path_factory.mktemp("strangers")
    photos, instance, report = folder / "photos", folder / "instance", folder / "report.csv"
    photos.mkdir()
    for name, (seed, kind) in DRAWN.items():
        (photos / name).write_bytes(pictures.jpeg(pictures.picture(seed, kind=kind)))
    make_tables(instance)
    flask(instance, "create-unit", "BTA35", "--name", "Gendarmerie", "--departement", "35", "--phone", "02 61 91 00 35")
    flask(instance, "import", str(photos), "--unit", "BTA35", "--publish", *VOUCHED, "--undescribed",
          "--category", "jewellery", "--report", str(report))  # fmt: skip
    with report.open(encoding="utf-8") as lines:
        numbers = {Path(row[0]).name: row[1] for row in csv.reader(lines) if row[0].endswith(".jpg")}
    assert numbers.keys() == DRAWN.keys()
    with gunicorn("public", instance, folder / "public.log") as (port, _):
        yield Open(f"http://127.0.0.1:{port}", photos / "bague.jpg", numbers)


def test_every_example_of_the_page_works(gallery: Open, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(gallery.photo.read_bytes())
    with urlopen(f"{gallery.address}/api") as page:
        text = page.read().decode()
    examples = re.findall(r'data-example="(\w+)"><code>(.*?)</code>', text, re.DOTALL)
    assert [language for language, _ in examples] == ["curl", "python"] * 2
    for language, code in examples:
        command = ["bash", "-c"] if language == "curl" else [sys.executable, "-c"]
        done = subprocess.run(
            [*command, unescape(code)], cwd=tmp_path, timeout=LONG_PATIENCE, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert all(number in done.stdout for number in gallery.numbers.values()), done.stdout
        if "photo.jpg" in code:
            # The photo that was sent is one of the ring.
            first = re.findall(r"/objets/(35-\w{4}-\w)", done.stdout)[0]
            assert (first, "strong" in done.stdout) == (gallery.numbers["bague.jpg"], True)


def read(address: str) -> Any:
    """What the page says to do, with Python alone."""
    with urlopen(address, timeout=LONG_PATIENCE) as answer:
        return json.load(answer)


def test_a_stranger_reads_all_pages_filters_and_searches(gallery: Open) -> None:
    root, numbers = f"{gallery.address}/api/v1", gallery.numbers
    address, seen = f"{root}/items?limite=1", []
    while address:
        page = read(address)
        seen += [each["number"] for each in page["items"]]
        assert (page["total"], len(page["items"])) == (2, 1)
        address = page["next"]
    assert sorted(seen) == sorted(numbers.values())

    (category,) = read(f"{root}/categories")
    found = read(f"{root}/items?{urlencode({'categorie': category['code']})}")
    assert (category["items"], found["total"]) == (2, 2)
    assert read(f"{root}/items?categorie=bicycles")["total"] == 0

    kind, body = multipart({"categorie": category["code"]}, gallery.photo.read_bytes())
    with urlopen(Request(f"{root}/search", body, {"Content-Type": kind}), timeout=LONG_PATIENCE) as answer:
        (thing,) = json.load(answer)["objects"]
    first = thing["items"][0]
    assert (first["item"]["number"], first["likelihood"]) == (numbers["bague.jpg"], "strong")
    picture = first["item"]["photos"][0]["files"][0]
    with urlopen(picture["url"], timeout=LONG_PATIENCE) as answer:
        assert answer.headers["Content-Type"] == picture["media_type"]

"""The commands that the guides name, run as they stand, each in a process of its own.

Added to them is only what belongs to one machine, such as a free port, and a short time limit where the usual one would
make the test long.
"""

import http.client
import json
import re
import shlex
import subprocess
import sys
import time
import urllib.parse
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import bs4
import numpy as np
import pytest
from click.testing import CliRunner
from flask.cli import FlaskGroup
from PIL import Image

from tests.factories import VOUCHED
from tests.journeys.service import EMAIL, ROOT, answers, environment, flask, make_tables
from tests.servers.slow import rest
from tests.waiting import LONG_PATIENCE, free_port, wait_until

pytestmark = [pytest.mark.slow]
GUIDES = [ROOT / "docs" / "operations.md", ROOT / "README.md"]
SPAN = re.compile(r"`([^`]+)`")
FENCE = re.compile(r"^```(?:sh|bash|console)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACEHOLDER = re.compile(r"[A-Z]{2,}|\.\.\.|\|")
# Of gunicorn, in seconds: a download that takes longer must come through.
TIME_LIMIT = 8
PHOTOS = 6


def commands(first: str) -> list[str]:
    """The commands of the guides that begin with this word, each once, in order."""
    found: dict[str, None] = {}
    for guide in GUIDES:
        text = guide.read_text(encoding="utf-8")
        lines = [line for block in FENCE.findall(text) for line in block.replace("\\\n", " ").splitlines()]
        spans = [" ".join(span.split()) for span in SPAN.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL))]
        known = (each.strip().removeprefix("nice ") for each in (*lines, *spans))
        found |= dict.fromkeys(each for each in known if each.startswith(f"{first} "))
    return list(found)


@contextmanager
def started(command: str, instance: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of the guide beside the test; it ends with the block."""
    words = [sys.executable, "-m", *shlex.split(command), *more]
    process = subprocess.Popen(words, cwd=ROOT, env=environment(instance))
    try:
        yield process
    finally:
        process.terminate()
        process.wait(LONG_PATIENCE)


@contextmanager
def served(command: str, instance: Path, *more: str) -> Iterator[int]:
    """Run a command of the guide that serves a site, and give its port once it answers."""
    port = free_port()
    with started(command, instance, "--bind", f"127.0.0.1:{port}", *more) as process:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/vivant", process), command, seconds=LONG_PATIENCE)
        yield port


class Visitor:
    """A browser without a screen: one connection a request, and its cookies."""

    def __init__(self, port: int) -> None:
        self._port, self._cookies = port, dict[str, str]()

    def opened(self, method: str, path: str, body: str = "", **headers: str) -> http.client.HTTPResponse:
        """Send a request, and return the answer with nothing read of its body."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body or None, sent)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """Fetch."""
        return self.opened("GET", path, **headers)

    def send(self, path: str, form: Sequence[tuple[str, str]], **headers: str) -> http.client.HTTPResponse:
        """Send a form."""
        return self.opened("POST", path, urllib.parse.urlencode(form), **headers)

    def page(self, path: str) -> bs4.BeautifulSoup:
        """Fetch a page."""
        return bs4.BeautifulSoup(self.get(path).read(), "html.parser")

    def signs_in(self, password: str) -> None:
        """Sign in as the officer of the instance."""
        token = str(self.page("/connexion").select("input[name=csrf_token]")[0]["value"])
        form = [("email", EMAIL), ("password", password), ("csrf_token", token)]
        assert self.send("/connexion", form).status == 302


def form_of(page: bs4.BeautifulSoup) -> list[tuple[str, str]]:
    """What the preview's form would send untouched."""
    fields = page.select("#album input[name], #album textarea[name]")
    return [(str(field["name"]), str(field.get("value") or field.get_text())) for field in fields]


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="module")
def password(instance: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The instance of an officer whose unit shows a large album: photos of noise, which no encoder makes small."""
    folder = tmp_path_factory.mktemp("photos")
    for seed in range(PHOTOS):
        noise = np.random.default_rng(seed).integers(0, 256, (1200, 1600, 3), dtype=np.uint8)
        Image.fromarray(noise).save(folder / f"{seed:02}.jpg", "JPEG", quality=85)
    make_tables(instance)
    flask(instance, "create-unit", "BTA35", "--name", "Gendarmerie de Vitré", "--departement", "35", "--phone",
          "02 61 91 00 35")  # fmt: skip
    printed = flask(instance, "create-officer", EMAIL, "--unit", "BTA35", "--name", "Camille Le Goff")
    flask(instance, "import", str(folder), "--unit", "BTA35", "--publish", *VOUCHED, "--undescribed",
          "--category", "jewellery")  # fmt: skip
    return printed.split("once: ")[1].split()[0]


@pytest.mark.parametrize("command", commands("gunicorn"))
def test_each_site_is_served(command: str, tmp_path: Path) -> None:
    make_tables(tmp_path)
    with served(command, tmp_path) as port:
        assert Visitor(port).get("/").status in (200, 302)


def ends_by_itself(command: str) -> bool:
    return not PLACEHOLDER.search(command) and command.split()[-1] not in ("worker", "serve")


@pytest.mark.parametrize("command", [each for each in commands("flask") if ends_by_itself(each)])
def test_a_command_that_asks_for_nothing_runs_as_it_stands(command: str, tmp_path: Path) -> None:
    make_tables(tmp_path)
    words = [sys.executable, "-m", *shlex.split(command)]
    # What a command writes beside itself, such as a key, must not lie in the program's folder.
    surroundings = environment(tmp_path, PYTHONPATH=str(ROOT))
    done = subprocess.run(
        words, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False, timeout=LONG_PATIENCE
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", commands("flask"))
def test_each_command_and_its_options_are_there(command: str, tmp_path: Path) -> None:
    words = shlex.split(command)
    ends = next((place for place, word in enumerate(words[3:], 3) if PLACEHOLDER.search(word) or word[0] in "-["), None)
    names = words[1:ends] if words[1] == "--app" else ["--app", "wsgi:backoffice", *words[1:ends]]
    # In this process: the tests above show that the program starts.
    done = CliRunner().invoke(FlaskGroup(), [*names, "--help"], env=environment(tmp_path), prog_name="flask")
    assert done.exit_code == 0, done.output
    options = set(re.findall(r"--[a-z][a-z-]+", command)) - {"--app", "--help"}
    assert not {option for option in options if option not in done.output}


def fetched_slowly(visitor: Visitor, path: str, office: Visitor) -> bytes:
    """The file, read for longer than the limit of the server; a colleague's pages answer meanwhile."""
    answer = visitor.get(path)
    assert answer.status == 200
    size = int(answer.headers["Content-Length"])
    piece, data, began = size // 16 + 1, b"", time.monotonic()
    while len(data) < size:
        got = answer.read(piece)
        assert got, "the download was cut off"
        data += got
        rest(TIME_LIMIT / 8)
        assert office.get("/objets").status == 200
    assert time.monotonic() - began > 1.5 * TIME_LIMIT
    return data


def made(officer: Visitor, page: str) -> dict[str, Any] | None:
    told: dict[str, Any] = json.loads(officer.get(page, Accept="application/json").read())
    return None if told["is_under_way"] else told


def test_a_large_album_comes_whole_to_a_slow_reader(instance: Path, password: str) -> None:
    (serving,) = [command for command in commands("gunicorn") if "wsgi:backoffice" in command]
    (working,) = [command for command in commands("flask") if command.endswith(" worker")]
    limit = ("--timeout", str(TIME_LIMIT))
    with served(serving, instance, *limit) as port, started(working, instance):
        officer, colleague = Visitor(port), Visitor(port)
        officer.signs_in(password)
        colleague.signs_in(password)
        form = form_of(officer.page("/albums/nouveau"))
        told = json.loads(officer.send("/albums/telecharger", form, Accept="application/json").read())
        told = wait_until(lambda: made(officer, told["page"]), "the album")
        data = fetched_slowly(officer, told["file"], colleague)
        with zipfile.ZipFile(BytesIO(data)) as package:
            assert package.testzip() is None
            assert sum(name.startswith("photos/") for name in package.namelist()) == PHOTOS
        cut = officer.get(told["file"])
        begun = cut.read(len(data) // 3)
        cut.close()
        rest = officer.get(told["file"], Range=f"bytes={len(begun)}-", If_Range=cut.headers["ETag"])
        assert rest.status == 206
        assert begun + rest.read() == data

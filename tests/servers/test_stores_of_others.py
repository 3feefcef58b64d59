"""The shipped commands on a store of another installation: nothing is written there until an operator adopts it."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from gallery.storage import PhotoStore
from tests.journeys.service import WITH_ITS_PARENT, environment, flask, make_tables
from tests.servers.running import ROOT, command_of, gunicorn
from tests.servers.visitors import Visitor
from tests.waiting import LONG_PATIENCE, free_port, wait_until

pytestmark = pytest.mark.slow
HOST = "agents.example.fr"
# With it the worker's first act is to publish the key that the public site seals to.
DECLARING = {
    "GALLERY_DECLARATIONS_LEGAL_ACT": "Arrêté du 1er octobre 2026",
    "GALLERY_DECLARATIONS_IMPACT_ASSESSMENT": "2026-10-01",
}
REFUSED = "nothing is done: the private store belongs to database"


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """An instance whose private store another database has marked."""
    make_tables(tmp_path / "instance")
    PhotoStore(str(tmp_path / "instance" / "photos" / "private")).adopt("0123456789abcdef")
    return tmp_path / "instance"


@contextmanager
def worker(instance: Path, log: Path) -> Iterator[None]:
    """Run the command of the worker's unit."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            [*WITH_ITS_PARENT, *command_of("worker@1")],
            cwd=ROOT,
            env=environment(instance, **DECLARING),
            stdout=file,
            stderr=file,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(LONG_PATIENCE)


def files_of(instance: Path) -> set[str]:
    store = instance / "photos" / "private"
    return {str(path.relative_to(store)) for path in store.rglob("*") if path.is_file()}


def has_begun(instance: Path) -> bool:
    with closing(sqlite3.connect(instance / "gallery.sqlite3")) as database:
        return bool(database.execute("SELECT count(*) FROM declaration_key").fetchone()[0])


def sign_in(desk: Visitor) -> tuple[int, str]:
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', desk.ask("GET", "/connexion")[1])[0]
    words = urlencode({"email": "a@b.example", "password": "long enough, and wrong", "csrf_token": token})
    return desk.ask("POST", "/connexion", words.encode(), Content_Type="application/x-www-form-urlencoded")


def test_the_worker_waits_until_the_store_is_adopted(instance: Path, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    before = files_of(instance)
    with worker(instance, log):
        wait_until(lambda: log.read_text().count(REFUSED) > 1, "its lines", seconds=LONG_PATIENCE)
        assert files_of(instance) == before
        assert not has_begun(instance)
        flask(instance, "store", "adopt", "private")
        wait_until(lambda: has_begun(instance), "its work", seconds=LONG_PATIENCE)
    assert "Traceback" not in log.read_text()


def test_make_run_beside_stores_of_a_former_database_says_so_and_draws_nothing(instance: Path) -> None:
    before = files_of(instance)
    (instance / "gallery.sqlite3").unlink()
    command = [sys.executable, "-m", "flask", "--app", "wsgi:app", "serve"]
    given = environment(instance) | {"PORT": str(free_port())}
    done = subprocess.run(
        command, cwd=ROOT, env=given, capture_output=True, text=True, check=False, timeout=LONG_PATIENCE
    )
    assert done.returncode == 2, done.stdout + done.stderr
    said = r"the public store belongs to database [0-9a-f]{16}, and this is database [0-9a-f]{16}\. Is database_url"
    assert re.search(said, done.stderr), done.stderr
    assert "`flask store adopt public`" in done.stderr
    assert "password" not in done.stdout
    assert files_of(instance) == before
    with closing(sqlite3.connect(instance / "gallery.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM items").fetchone() == (0,)


def test_the_back_office_takes_nothing_until_the_store_is_adopted(instance: Path, tmp_path: Path) -> None:
    log = tmp_path / "backoffice.log"
    with gunicorn("backoffice", instance, log) as (port, _):
        desk = Visitor(port, HOST)
        assert desk.ask("GET", "/pret") == (503, "owner\n")
        wait_until(lambda: "officers can change nothing: the private store" in log.read_text(), "its line")
        status, page = sign_in(desk)
        assert (status, "celles d’une autre installation" in page) == (503, True)
        flask(instance, "store", "adopt", "private")
        wait_until(lambda: desk.ask("GET", "/pret")[0] == 200, "readiness")
        wait_until(lambda: "autre installation" not in sign_in(desk)[1], "a sign-in that is looked at")

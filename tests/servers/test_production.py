"""The whole service set up by deploy/, used, restarted part by part, backed up, lost, restored and compared.

As many photographs as GALLERY_TEST_PHOTOS says; without it a dozen, which show the same in a tenth of the time.
"""

import csv
import json
import os
import re
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

import pytest
from PIL import Image
from sqlalchemy import text

from gallery.database import open_engine
from tests.factories import VOUCHED
from tests.selection import PHOTOGRAPHS
from tests.servers.dropping import dropped_meanwhile
from tests.servers.production import COMPOSE, SERVING, WORKERS, Machine, unverified
from tests.servers.running import BACKOFFICE_HOST, PUBLIC_HOST
from tests.servers.visitors import Visitor, multipart
from tests.servers.writing import written_meanwhile
from tests.waiting import PATIENCE, begin, wait_until

pytestmark = [
    pytest.mark.slow, pytest.mark.nginx, pytest.mark.redis, pytest.mark.photographs, pytest.mark.timeout(1200),
]  # fmt: skip
PHOTOS = int(os.environ.get("GALLERY_TEST_PHOTOS", "12"))
EMAIL = "camille@rennes.example"
Answers = Counter[tuple[str, int]]


@dataclass(frozen=True)
class Seen:
    """What the service shows: every item as data, and every picture as bytes, by its address."""

    items: Sequence[Mapping[str, object]]
    pictures: Mapping[str, bytes]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path)
    machine.start_others()
    yield machine
    machine.end()


def test_the_service_of_deploy_survives_restarts_and_comes_back_from_a_backup(machine: Machine) -> None:
    password, numbers = set_up(machine)
    asked = next(iter(numbers))
    machine.start(*SERVING, *WORKERS)
    with machine.proxy() as nginx:
        public, officer = visitors(machine)
        wait_until(lambda: is_answered(public), "nginx")
        assert first_found(public, asked) == numbers[asked]
        sign_in(officer, password)
        assert makers_of_the_model(public) == 1
        colleague = visitors(machine)[1]
        sign_in(colleague, password)
        with written_meanwhile(machine, lambda: visitors(machine)[0], colleague):
            restart_each_part(machine, officer, nginx.pid)
        assert first_found(public, asked) == numbers[asked]
        before = seen(public)
        assert len(before.items) == PHOTOS
        secret = back_up(machine)
        machine.stop(*SERVING, *WORKERS)
        lose_everything(machine)
        machine.flask("restore", str(machine.folder / "backups"), "--identity", str(secret), app="wsgi:setup")
        machine.grant()
        machine.start("public-1", "search", "backoffice")
        assert seen(public) == before
        assert first_found(public, asked) == numbers[asked]
        sign_in(visitors(machine)[1], password)


def set_up(machine: Machine) -> tuple[str, dict[str, str]]:
    """A unit with an officer and published photographs; the officer's password, and the number of each photograph."""
    machine.write_files()
    machine.flask("migrate")
    machine.grant()
    machine.flask("create-unit", "BTA35", "--name", "Gendarmerie", "--departement", "35", "--phone", "02 61 91 00 35")
    printed = machine.flask("create-officer", EMAIL, "--unit", "BTA35", "--name", "Camille Le Goff")
    folder, report = machine.folder / "photographs", machine.folder / "report.csv"
    folder.mkdir()
    real = sorted(PHOTOGRAPHS.rglob("*.jpg"))
    for path in real[:: len(real) // PHOTOS][:PHOTOS]:
        shutil.copy(path, folder / "-".join(path.relative_to(PHOTOGRAPHS).parts))
    machine.flask(
        "import", str(folder), "--unit", "BTA35", "--publish", *VOUCHED, "--undescribed", "--report", str(report)
    )
    with report.open(encoding="utf-8", newline="") as file:
        numbers = {str(folder / row[0]): row[1] for row in csv.reader(file) if row[0].endswith(".jpg")}
    assert len(numbers) == PHOTOS
    return printed.split("once: ")[1].split()[0], numbers


def visitors(machine: Machine) -> tuple[Visitor, Visitor]:
    """One of the public site and one of the back office, both by HTTPS."""
    trusted = unverified()
    return (
        Visitor(machine.door, PUBLIC_HOST, trusted=trusted),
        Visitor(machine.door, BACKOFFICE_HOST, trusted=trusted),
    )


def is_answered(public: Visitor) -> bool:
    """Whether nginx listens already, and the pages behind it."""
    with suppress(ConnectionRefusedError):
        return public.fetch("GET", "/vivant")[0] == 200
    return False


def first_found(public: Visitor, path: str) -> str:
    """The number of what a search by a poor copy of a photograph shows first."""
    copy = BytesIO()
    with Image.open(path) as photograph:
        photograph.convert("RGB").reduce(2).save(copy, "JPEG", quality=50)
    kind, body = multipart({}, copy.getvalue())
    status, answer = public.ask("POST", "/api/v1/search", body, Content_Type=kind)
    assert status == 200, answer
    return str(json.loads(answer)["objects"][0]["items"][0]["item"]["number"])


def makers_of_the_model(public: Visitor) -> int:
    """How many requests the program was sent, where two visitors load the model that browsers run."""
    (path,) = re.findall(r"/recherche/modele/[\w-]+", public.ask("GET", "/recherche")[1])
    made_for = set()
    for more in ("", "?another"):
        made_for.add(public.answer("GET", f"{path}{more}")[0].headers["X-Request-ID"])
    return len(made_for)


def sign_in(officer: Visitor, password: str) -> None:
    page = officer.ask("GET", "/connexion")[1]
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
    form = urlencode({"email": EMAIL, "password": password, "csrf_token": token}).encode()
    about = {"Content_Type": "application/x-www-form-urlencoded", "Referer": f"https://{BACKOFFICE_HOST}/connexion"}
    assert officer.ask("POST", "/connexion", form, **about)[0] == 302
    assert officer.ask("GET", "/objets")[0] == 200


def seen(public: Visitor) -> Seen:
    """All that is published, with the smallest picture of each photo."""
    items: list[dict[str, object]] = []
    path = "/api/v1/items?limite=100"
    while path:
        found = json.loads(public.ask("GET", path)[1])
        items += found["items"]
        path = (found["next"] or "").removeprefix(f"https://{PUBLIC_HOST}")
    shown = sorted(set(re.findall(r"/photos/[\w-]+/320\.jpg", json.dumps(items))))
    pictures = {address: public.fetch("GET", address) for address in shown}
    assert {status for status, _ in pictures.values()} == {200}
    assert len(pictures) >= PHOTOS
    return Seen(items, {address: data for address, (_, data) in pictures.items()})


def restart_each_part(machine: Machine, officer: Visitor, nginx: int) -> None:
    """One after the other; of what need not be missed, no reader sees anything."""
    with read_meanwhile(machine) as answers, dropped_meanwhile(machine, officer) as dropped:
        renewed = ("public-1", "search", "backoffice", "health", WORKERS[0])
        machine.stop(*renewed)
        machine.start(*renewed)
        machine.stop("limits")
        os.kill(nginx, signal.SIGHUP)
        # A store that takes every connection and answers none.
        machine.processes["store"].send_signal(signal.SIGSTOP)
        assert officer.ask("GET", "/objets")[0] == 200
        machine.processes["store"].send_signal(signal.SIGCONT)
        machine.start_limits()
        dropped.wait_for(201, "a photo after all of that")
        machine.kill("store")
        dropped.wait_for(503, "a photo that no store took")
        renewed = ("public-2", WORKERS[1])
        machine.stop(*renewed)
        machine.start(*renewed)
        machine.start_store()
        dropped.wait_for(201, "a photo that the store took again")
    assert {status for (_, status) in answers} == {200}, answers
    with dropped_meanwhile(machine, officer) as dropped:
        machine.database.cleanup()
        dropped.wait_for(503, "a photo without the database")
        machine.start_database()
        dropped.wait_for(201, "a photo after it")
    describe_anew(machine)
    assert officer.ask("GET", "/objets")[0] == 200
    status, told = Visitor(machine.ports["health"], "127.0.0.1").ask("GET", "/readyz")
    assert status == 200, told


@contextmanager
def read_meanwhile(machine: Machine) -> Iterator[Answers]:
    """Somebody reads pages and a picture all the while; how each was answered."""
    reader, stop, answers = visitors(machine)[0], Event(), Answers()
    picture = re.findall(r"/photos/[\w-]+/320\.webp", reader.ask("GET", "/objets")[1])[0]

    def read() -> None:
        # Ten rounds a second: a part takes longer than that to start.
        while not stop.wait(0.1):
            for path in ("/", "/objets?mots=montre", picture):
                answers[path, reader.fetch("GET", path)[0]] += 1

    reading = begin(read)
    yield answers
    stop.set()
    reading.result(PATIENCE)


def describe_anew(machine: Machine) -> None:
    """The workers, which were there when the database went, do what has become due since."""
    engine = open_engine(machine.address.render_as_string(hide_password=False))
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE item_photos SET signature_state = 'due' WHERE id = (SELECT min(id) FROM item_photos)")
        )
        connection.execute(text("DELETE FROM signatures WHERE photo_id = (SELECT min(id) FROM item_photos)"))

    def is_described() -> bool:
        with engine.connect() as connection:
            return connection.scalar(text("SELECT count(*) FROM signatures")) == PHOTOS

    wait_until(is_described, "the worker")
    engine.dispose()


def back_up(machine: Machine) -> Path:
    """Make a key and a whole backup, to a folder; returns the key's secret half."""
    secret = machine.folder / "backups.key"
    printed = machine.flask("backup-key", str(secret), app="wsgi:setup")
    recipient = re.findall(r"age1\w+", printed)[0]
    machine.flask("backup", str(machine.folder / "backups"), "--verify", GALLERY_BACKUP_RECIPIENTS=recipient)
    return secret


def lose_everything(machine: Machine) -> None:
    """Database, both stores and instances are gone; the operator has only the copy of the secrets."""
    secrets = machine.folder / "backoffice" / "secrets"
    shutil.copytree(secrets, machine.folder / "copy")
    machine.database.cleanup()
    machine.stop("store", "limits")
    machine.rows.cleanup()
    machine.rows = tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
    for name in COMPOSE["volumes"]:
        shutil.rmtree(machine.folder / name)
    machine.start_others()
    shutil.copytree(machine.folder / "copy", secrets)
    machine.write_files()

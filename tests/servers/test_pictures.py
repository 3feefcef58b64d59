"""Real gunicorn by the shipped unit, and real nginx: pictures that nginx sends, and a store that has fallen silent."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

import pytest
from sqlalchemy import select

from gallery.database import open_engine, session_factory
from gallery.models import Item
from gallery.services.items import publication
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import VOUCHED
from tests.journeys.service import flask, make_tables
from tests.parts import s3_server
from tests.servers.running import PUBLIC_HOST, gunicorn, nginx
from tests.waiting import LONG_PATIENCE, begin


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """A machine with one published object."""
    folder = tmp_path
    (folder / "photos").mkdir()
    (folder / "photos" / "bague.jpg").write_bytes(pictures.jpeg(pictures.picture(1)))
    instance = folder / "instance"
    make_tables(instance)
    flask(instance, "create-unit", "BTA35", "--name", "Gendarmerie", "--departement", "35", "--phone", "02 61 91 00 35")
    flask(instance, "import", str(folder / "photos"), "--unit", "BTA35", "--publish", *VOUCHED, "--undescribed")
    return instance


def ask(port: int, address: str, **headers: str) -> tuple[int, Message, bytes]:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{address}", headers={"Host": PUBLIC_HOST} | headers)
    try:
        with urllib.request.urlopen(asked, timeout=LONG_PATIENCE) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def picture_address(port: int) -> str:
    page = ask(port, "/objets")[2].decode()
    return re.findall(r"/photos/[\w-]+/320\.webp", page)[0]


@pytest.fixture
def proxied(instance: Path, tmp_path: Path) -> Iterator[int]:
    more = {"GALLERY_TRUSTED_PROXIES": "1", "GALLERY_PICTURE_DELIVERY": "nginx"}
    with (
        gunicorn("public", instance, tmp_path / "public.log", **more) as (port, _),
        nginx(tmp_path, {"public": port}, instance) as door,
    ):
        yield door


@pytest.mark.slow
@pytest.mark.nginx
def test_nginx_sends_a_picture_once_the_program_has_allowed_it(proxied: int, instance: Path) -> None:
    address = picture_address(proxied)
    status, headers, data = ask(proxied, address)
    assert (status, data[:4], headers["Content-Type"]) == (200, b"RIFF", "image/webp")
    assert headers["Cache-Control"] == "public, max-age=3600"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Accel-Redirect"] is None
    # When the file was written, nobody is told: neither as a date nor in nginx's own tag.
    assert headers["Last-Modified"] is None
    assert re.fullmatch(r'"[0-9a-f]{32}"', headers["ETag"])
    assert ask(proxied, address, **{"If-None-Match": headers["ETag"]})[0] == 304
    (file,) = (instance / "photos" / "public").rglob("320.webp")
    inside = "/photos-autorisees/" + str(file.relative_to(instance / "photos" / "public"))
    assert ask(proxied, inside)[0] == 404
    flask(instance, "store", "status")
    number = re.findall(rb"35-\w{4}-\w", ask(proxied, "/objets")[2])[0].decode()
    withdraw(instance, number)
    assert ask(proxied, address)[0] == 404


def withdraw(instance: Path, number: str) -> None:
    engine = open_engine(f"sqlite:///{instance / 'gallery.sqlite3'}")
    with session_factory(engine)() as session, atomic(session):
        item = session.scalars(select(Item).where(Item.public_number == number)).one()
        publication.withdraw(session, item, by=None, now=datetime.now(UTC))
    engine.dispose()


@pytest.mark.slow
def test_pages_are_answered_while_the_store_is_silent_and_pictures_say_so(instance: Path, tmp_path: Path) -> None:
    log = tmp_path / "public.log"
    with s3_server.running() as server:
        more = server.environment() | {"GALLERY_PUBLIC_STORE": f"s3://{s3_server.BUCKET}"}
        with gunicorn("public", instance, log, **more) as (port, _):
            address = picture_address(port)
            server.answers.clear()
            asked = [begin(lambda: ask(port, address)) for _ in range(3)]
            pages = [ask(port, "/aide")[0] for _ in range(5)]
            statuses = [each.result(LONG_PATIENCE)[0] for each in asked]
            statuses += [ask(port, address)[0] for _ in range(10)]
    assert pages == [200] * 5
    assert statuses == [503] * 13
    assert log.read_text(encoding="utf-8").count("does not answer") <= 2

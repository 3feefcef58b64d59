"""The database stops, is full, or has other tables: pages say so, monitors are told, logs take a line."""

import logging
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, event, func, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from gallery import create_app
from gallery.cli import schema as migrations
from gallery.config import BOTH_SITES, Settings, Site, load_settings
from gallery.database import open_engine, session_factory
from gallery.models import ItemPhoto, Officer, SignatureState, StoredSignature, Unit
from gallery.sealing import Sealer
from gallery.services import schema
from gallery.services.items import categories
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore
from gallery.web.resources import resources_of
from gallery.worker import Worker
from tests.factories import Factory
from tests.parts import postgresql
from tests.waiting import PATIENCE, begin, wait_until
from tests.web.away import database_away, forget_connections
from tests.web.backoffice.desk import Desk

SORRY = "Le service ne répond pas en ce moment"
on_sqlite = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


class Server:
    """A PostgreSQL of this test's own, to be stopped and started."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.start()

    def start(self) -> None:
        self._handle = postgresql.started(self.folder)
        self.address = self._handle.get_uri()

    def stop(self) -> None:
        self._handle.cleanup()


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        yield server
        server.stop()


def site(tmp_path: Path, address: str, which: Site) -> Flask:
    environ = {"GALLERY_INSTANCE": str(tmp_path), "GALLERY_DATABASE_URL": address}
    load_settings(environ=environ)
    return create_app(load_settings({which}, environ=environ), {which})


def test_a_stopped_database_is_told_in_a_sentence_until_it_is_back(
    tmp_path: Path, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    migrations.upgrade(server.address)
    public = site(tmp_path, server.address, Site.PUBLIC).test_client()
    desk = site(tmp_path, server.address, Site.BACKOFFICE).test_client()
    assert [public.get("/").status_code, public.get("/pret").status_code] == [200, 200]
    server.stop()
    for _ in range(3):
        for path in ("/", "/objets", "/unites", "/comptes-officiels", "/sitemap.xml"):
            answer = public.get(path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
            assert SORRY in answer.text
    assert public.get("/vivant").status_code == desk.get("/vivant").status_code == 200
    assert [each.levelname for each in caplog.records] == ["ERROR"]
    assert "can't be used" in caplog.text
    assert "Traceback" not in caplog.text
    server.start()
    assert public.get("/").status_code == 200


def test_the_worker_goes_on_after_postgresql_was_restarted_and_doubles_nothing(
    tmp_path: Path, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    migrations.upgrade(server.address)
    environ = {"GALLERY_INSTANCE": str(tmp_path), "GALLERY_DATABASE_URL": server.address}
    settings = replace(load_settings(environ=environ), encoder="")
    engine = open_engine(server.address)
    sessions, stop = session_factory(engine), Event()
    stores = PhotoStore(settings.private_store_address), PhotoStore(settings.public_store_address)
    with sessions() as session, atomic(session):
        categories.ensure_categories(session)
    with sessions() as session:
        make = Factory(session, settings, *stores, Sealer(settings.sealing_identity), datetime.now(UTC))
        make.published(make.case(make.unit()))
        with atomic(session):
            session.execute(delete(StoredSignature))
            session.execute(update(ItemPhoto).values(signature_state=SignatureState.DUE))
    server.stop()
    working = begin(Worker(make.resources(sessions, now=lambda: datetime.now(UTC)), stop).run)
    wait_until(lambda: "next try in" in caplog.text, "the worker's line")
    server.start()
    with sessions() as session:

        def described() -> bool:
            end_reading(session)
            return session.scalars(select(ItemPhoto.signature_state)).all() == [SignatureState.DONE]

        wait_until(described, "the photo")
        stop.set()
        working.result(PATIENCE)
        assert session.scalar(select(func.count()).select_from(StoredSignature)) == 1
    engine.dispose()


def test_the_public_site_in_english_says_it_in_english(tmp_path: Path, server: Server) -> None:
    public = site(tmp_path, server.address, Site.PUBLIC).test_client()
    server.stop()
    answer = public.get("/en/objets?page=2")
    assert answer.status_code == 503
    assert 'lang="en"' in answer.text
    assert SORRY not in answer.text
    assert 'href="/en/objets?page=2"' in answer.text


def test_readiness_names_the_database(tmp_path: Path, server: Server) -> None:
    migrations.upgrade(server.address)
    desk = site(tmp_path, server.address, Site.BACKOFFICE).test_client()
    server.stop()
    answer = desk.get("/pret")
    assert (answer.status_code, answer.text) == (503, "database\n")
    assert answer.headers["Cache-Control"] == "no-store"


@on_sqlite
def test_an_officer_who_is_signed_in_is_told_of_an_outage_too(
    sign_in: Callable[[Officer], object], officer: Officer, backoffice_app: Flask, settings: Settings
) -> None:
    client = sign_in(officer)
    with database_away(backoffice_app, settings):
        answer = client.get("/objets")  # type: ignore[attr-defined]
        assert (answer.status_code, SORRY in answer.text) == (503, True)
        as_script = client.get("/objets", headers={"Accept": "application/json"})  # type: ignore[attr-defined]
        assert "Rien n’a été enregistré" in as_script.get_json()["sentence"]


@on_sqlite
def test_a_full_disk_is_called_by_its_name_to_officers(
    sign_in: Callable[[Officer], object], officer: Officer, backoffice_app: Flask
) -> None:
    desk = Desk(sign_in(officer))
    engine = forget_connections(backoffice_app)
    with closing(sqlite3.connect(engine.url.database, isolation_level=None)) as connection:
        connection.execute("VACUUM")  # no page is left free inside of the file
    with _a_full_disk(engine):
        answer = desk.send("/affaires/nouvelle", {"case_number": "2026/1", "notes": "long " * 900})
    assert answer.status_code == 503
    assert "Le disque du serveur est plein" in answer.text


@contextmanager
def _a_full_disk(engine: Engine) -> Iterator[None]:
    """No further page for the database of an engine, which other tests use afterwards."""

    def allow_no_page(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    event.listen(engine, "connect", allow_no_page)
    try:
        yield
    finally:
        event.remove(engine, "connect", allow_no_page)
        engine.dispose()


def test_tables_that_are_too_old_are_told_and_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    address = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    migrations.upgrade(address, "0008")
    public = site(tmp_path, address, Site.PUBLIC).test_client()
    known = schema.known_revisions()[-1]
    assert (public.get("/pret").status_code, public.get("/pret").text) == (503, "schema\n")
    desk = site(tmp_path, address, Site.BACKOFFICE).test_client()
    form = desk.get("/connexion").text
    assert desk.get("/pret").text == "schema\n"
    answer = desk.post("/connexion", data=_sign_in_form(form))
    assert answer.status_code == 503
    assert f"tables of 0008, a program of {known}: too_old" in caplog.text
    assert "Traceback" not in caplog.text


def _sign_in_form(page: str) -> dict[str, str]:
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    return {"email": "a@b.example", "password": "long enough, and wrong", "csrf_token": token}


@pytest.mark.parametrize(("reach", "status", "said"), [("0011", 200, "ready\n"), ("9999", 503, "schema\n")])
def test_an_older_program_goes_on_only_while_nothing_was_taken_away(
    tmp_path: Path, reach: str, status: int, said: str
) -> None:
    address = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    migrations.upgrade(address)
    with open_engine(address).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE schema_reach SET revision = :reach"), {"reach": reach})
    answer = site(tmp_path, address, Site.PUBLIC).test_client().get("/pret")
    assert (answer.status_code, answer.text) == (status, said)


@on_sqlite
def test_both_sites_are_ready(settings: Settings, sessions: object) -> None:
    for which in sorted(BOTH_SITES):
        answer = create_app(settings, {which}).test_client().get("/pret")
        assert (answer.status_code, answer.text) == (200, "ready\n")


@on_sqlite
def test_a_store_that_is_gone_is_told(settings: Settings, sessions: object) -> None:
    public = create_app(settings, {Site.PUBLIC})
    desk = create_app(settings, {Site.BACKOFFICE})
    folder = Path(settings.public_store_address)
    folder.rename(folder.with_name("elsewhere"))
    assert public.test_client().get("/pret").text == "store\n"
    assert desk.test_client().get("/pret").text.startswith("store\n")


@on_sqlite
def test_a_full_disk_stops_the_back_office_only(settings: Settings, sessions: object) -> None:
    full = replace(settings, least_free_bytes=1024**5 // 1024)
    assert create_app(full, {Site.BACKOFFICE}).test_client().get("/pret").text == "disk\n"
    assert create_app(full, {Site.PUBLIC}).test_client().get("/pret").text == "ready\n"


@on_sqlite
def test_an_error_of_the_program_stays_one(
    app: Flask, make: Factory, unit: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    app.testing = False
    sessions: sessionmaker[Session] = resources_of(app).sessions
    app.add_url_rule("/faute", "faute", lambda: str(sessions().execute(text("SELECT 1 FROM nowhere"))))
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/faute")
    assert answer.status_code == 500
    assert "Traceback" in caplog.text

"""Fixtures that every test may use: both databases, stores, the cast, both applications."""

import gc
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from gallery import create_app, matching
from gallery.config import Settings, Site, load_settings
from gallery.database import session_factory
from gallery.models import Officer, Unit
from gallery.sealing import Sealer
from gallery.storage import PhotoStore
from tests import databases, encoders, factories, selection
from tests.haste import make_haste, share, work_once
from tests.parts import graph_server, postgresql, s3_server

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
UNITS = Path(__file__).with_name("unit")
LOCAL_ADDRESSES = {"127.0.0.1", "::1", "localhost"}
MEMORY = Path("/dev/shm")  # noqa: S108  a file system, and no file of ours
ROOM_IN_MEMORY = 6 << 30
# Of what a first run and its servers printed.
LAST_LETTERS = 4000
# Commands answer in English here, whatever the terminal of whoever runs the tests speaks.
os.environ["LANGUAGE"] = "en"


def pytest_configure() -> None:
    """Before any application and any folder is made."""
    make_haste()
    # Until all tests are collected: what is imported stays.
    gc.disable()
    # However slow the machine: what takes too long meets the limit of a test, and says where it stands.
    hypothesis.settings.register_profile(
        "unhurried", hypothesis.settings.default, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("unhurried")
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_IN_MEMORY:
        # Databases and stores wait for the disk at each commit.
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """Look for garbage among what tests leave, and never again among what was imported and collected."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)
    gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """A journey that failed and was run again: what its first run said, whatever became of the second; last of all."""
    yield
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"first run of {report.nodeid}, to be mended")
        terminalreporter.write_line(str(report.longrepr))
        for name, printed in report.sections:
            terminalreporter.section(name, "-")
            terminalreporter.write_line(printed[-LAST_LETTERS:])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """See tests/selection.py."""
    selection.select(items)


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Put nothing in place of pytest-flask's context, in which `g` and the signed-in officer leak between requests."""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def connect_locally(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in LOCAL_ADDRESSES:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect_locally)


@pytest.fixture(autouse=True)
def _no_encoder() -> Iterator[None]:
    """Describe without a model, which costs some 40 ms a picture; a test that wants one asks for it."""
    matching.configure(None)
    yield
    matching.configure(None)


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    """A model that a test may describe with."""
    return encoders.write_model(tmp_path / "models" / "tiny.onnx")


# Databases: every test that asks for one runs on both, with real commits; rows are removed after each test.


@pytest.fixture(scope="session")
def made_engines() -> Iterator[dict[str, Engine]]:
    """Databases with their tables, by address: each is made once, however often tests go from one to the other."""
    engines: dict[str, Engine] = {}
    yield engines
    for engine in engines.values():
        engine.dispose()


@pytest.fixture(scope="session")
def postgresql_server(made_engines: dict[str, Engine]) -> Iterator[str]:
    """Address of a PostgreSQL with pgvector, from a wheel."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder:
        server = postgresql.started(folder)
        # A row that a forgotten transaction holds is an error of the test that waits for it, and not the end of all.
        for limit in ("lock_timeout = '60s'", "idle_in_transaction_session_timeout = '200s'"):
            server.psql(f"ALTER ROLE postgres SET {limit}")
        yield server.get_uri()
        for engine in made_engines.values():
            engine.dispose()
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("database") / "gallery.sqlite3"


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_address(request: pytest.FixtureRequest, sqlite_file: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_server"))
    return f"sqlite:///{sqlite_file}"


@pytest.fixture(scope="session")
def engine(database_address: str, made_engines: dict[str, Engine]) -> Engine:
    if database_address not in made_engines:
        made_engines[database_address] = databases.made(database_address)
    databases.begin_anew(made_engines[database_address])
    return made_engines[database_address]


@pytest.fixture
def sessions(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[sessionmaker[Session]]:
    share(engine, monkeypatch)
    yield session_factory(engine)
    databases.remove_rows(engine)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


# What services are given.


@pytest.fixture(scope="module", autouse=True)
def _work_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where pictures are a means, what is made of them is made once."""
    with pytest.MonkeyPatch.context() as patch:
        if UNITS not in request.path.parents:
            work_once(patch)
        yield


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def settings(tmp_path: Path, database_address: str) -> Settings:
    """Settings of an instance of its own, with limits on rates and time out of the way, without the learned model."""
    loaded = load_settings(
        environ={
            "GALLERY_INSTANCE": str(tmp_path / "instance"),
            "GALLERY_DATABASE_URL": database_address,
            "GALLERY_PASSWORD_SALT": factories.PASSWORD_SALT,
            "GALLERY_SEARCH_RATE": "10000 per minute",
            "GALLERY_SIGN_IN_RATE": "10000 per minute",
        }
    )
    return replace(loaded, encoder="", max_decode_seconds=60)


@pytest.fixture
def object_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[s3_server.Store]:
    """An object store that holds nothing yet, and that the environment says how to reach."""
    with s3_server.running() as store:
        for name, value in store.environment().items():
            monkeypatch.setenv(name, value)
        yield store


@pytest.fixture
def facebook() -> Iterator[graph_server.Facebook]:
    """A server that speaks what the documents say of Facebook's."""
    with graph_server.running() as facebook:
        yield facebook


@pytest.fixture
def private(settings: Settings) -> PhotoStore:
    return PhotoStore(settings.private_store_address)


@pytest.fixture
def public(settings: Settings) -> PhotoStore:
    return PhotoStore(settings.public_store_address)


@pytest.fixture
def sealer(settings: Settings) -> Sealer:
    return Sealer(settings.sealing_identity, settings.digest_key)


@pytest.fixture
def make(
    session: Session, settings: Settings, private: PhotoStore, public: PhotoStore, sealer: Sealer, now: datetime
) -> factories.Factory:
    """Make cases, items and photos through the services, as officers do: make.item(), make.published()..."""
    return factories.Factory(session, settings, private, public, sealer, now)


# The cast.


@pytest.fixture
def unit(make: factories.Factory) -> Unit:
    return make.unit("GGD35", "Groupement de gendarmerie d’Ille-et-Vilaine", departement="35")


@pytest.fixture
def officer(make: factories.Factory, unit: Unit) -> Officer:
    return make.officer(unit, "camille@rennes.example")


@pytest.fixture
def colleague(make: factories.Factory, unit: Unit) -> Officer:
    """Same unit as the officer."""
    return make.officer(unit, "dominique@rennes.example")


@pytest.fixture
def outsider(make: factories.Factory) -> Officer:
    """Another unit's officer."""
    return make.officer(make.unit("CPN44", "Commissariat de Nantes", departement="44"), "claude@nantes.example")


# The applications.


@pytest.fixture
def app(sessions: sessionmaker[Session], settings: Settings) -> Flask:
    """The public site."""
    app = create_app(settings, {Site.PUBLIC})
    app.testing = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger or a victim on the public site: pytest-flask's own would keep the context of each answer."""
    return app.test_client()


@pytest.fixture
def backoffice_app(sessions: sessionmaker[Session], settings: Settings) -> Flask:
    app = create_app(settings, {Site.BACKOFFICE})
    app.testing = True
    return app


@pytest.fixture
def sign_in(backoffice_app: Flask) -> Callable[[Officer], FlaskClient]:
    """A browser of the back office in which this officer has signed in, through the form."""

    def signed_in(officer: Officer) -> FlaskClient:
        client = backoffice_app.test_client()
        factories.sign_in(client, officer.email)
        return client

    return signed_in

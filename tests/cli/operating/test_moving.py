"""`flask move` and `flask move-store`: to the other kind of database and to an object store, whole or refused."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, make_url, select, text
from sqlalchemy.orm import Session, sessionmaker

from gallery import create_app
from gallery.cli.operating import moving as commands
from gallery.cli.setup import bring_up_to_date
from gallery.config import Settings, Site
from gallery.database import open_engine, session_factory
from gallery.errors import SchemaUnfit
from gallery.models import Case, Item
from gallery.services import schema
from gallery.services.storekeeping import ownership
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore
from tests.factories import Factory
from tests.parts import s3_server

Command = Callable[..., Result]


@pytest.fixture
def target(database_address: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of the other kind."""
    if not database_address.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'moved.sqlite3'}"
    server = request.getfixturevalue("postgresql_server")
    with open_engine(server).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS moved WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE moved"))
    return make_url(server).set(database="moved").render_as_string(hide_password=False)


@pytest.fixture
def there(target: str) -> Iterator[sessionmaker[Session]]:
    engine = open_engine(target)
    yield session_factory(engine)
    engine.dispose()


class Stopped:
    """A bar at whose first batch of items somebody stops the command."""

    def __init__(self) -> None:
        self.rows = 0

    def __call__(self, step: str, done: int) -> None:
        self.rows += done
        if self.rows > 20:
            raise KeyboardInterrupt


def test_a_move_that_was_stopped_goes_on_and_numbers_with_it(
    flask: Command,
    ring: Item,
    session: Session,
    database_address: str,
    target: str,
    there: sessionmaker[Session],
    make: Factory,
    private: PhotoStore,
) -> None:
    identity = ownership.identity(session)
    end_reading(session)
    with commands._locked(database_address) as source, pytest.raises(KeyboardInterrupt):
        commands._moved(source, target, Stopped())
    moved = flask("move", database_address, target)
    assert moved.exit_code == 0, moved.output
    with there() as other:
        assert ownership.identity(other) == identity
        numbers = set(other.scalars(select(Item.public_number)))
        assert numbers == set(session.scalars(select(Item.public_number)))
        end_reading(session)
        highest = other.scalar(select(func.max(Item.id))) or 0
        theirs = Factory(other, make.settings, private, make.public, make.sealer, make.now)
        case = other.scalar(select(Case))
        assert case is not None
        assert theirs.item(case).id > highest
    # What is moved is nobody's half any more, and is not written over.
    again = flask("move", database_address, target)
    assert (again.exit_code, "there is something already" in again.output) == (2, True)


def test_nothing_begins_on_a_half_moved_database(
    flask: Command, ring: Item, session: Session, database_address: str, target: str, there: sessionmaker[Session],
    settings: Settings,
) -> None:  # fmt: skip
    ownership.identity(session)
    end_reading(session)
    with commands._locked(database_address) as source, pytest.raises(KeyboardInterrupt):
        commands._moved(source, target, Stopped())
    half = replace(settings, database_url=target)
    with there() as other:
        assert schema.look(other).fit is schema.Fit.HALF_MOVED
    assert create_app(half, {Site.PUBLIC}).test_client().get("/pret").text == "schema\n"
    with pytest.raises(SchemaUnfit, match="half_moved"):
        bring_up_to_date(half)
    end_reading(session)
    moved = flask("move", database_address, target)
    assert moved.exit_code == 0, moved.output
    with there() as other:
        assert schema.look(other).fit is schema.Fit.SAME
    assert create_app(half, {Site.PUBLIC}).test_client().get("/pret").text == "ready\n"


def test_a_row_that_has_changed_meanwhile_is_refused(
    ring: Item, session: Session, database_address: str, target: str, flask: Command, there: sessionmaker[Session]
) -> None:
    ownership.identity(session)
    end_reading(session)
    with commands._locked(database_address) as source, pytest.raises(KeyboardInterrupt):
        commands._moved(source, target, Stopped())
    with there() as other, atomic(other):
        other.execute(text("UPDATE categories SET name_fr = 'Autre' WHERE position = 1"))
    end_reading(session)
    refused = flask("move", database_address, target)
    assert (refused.exit_code, "not the same: the table categories, row" in refused.output) == (2, True)


def test_a_store_is_moved_to_an_object_store(flask: Command, ring: Item, private: PhotoStore) -> None:
    before = {file.key: private.get(file.key) for file in private.files()}
    with s3_server.running() as server, pytest.MonkeyPatch.context() as environ:
        for name, value in server.environment().items():
            environ.setenv(name, value)
        address = f"s3://{s3_server.BUCKET}/private"
        assert f"{len(before)} files compared, {len(before)} written" in flask("move-store", "private", address).output
        lost = next(name for name in server.files if "renditions" in name)
        server.files[lost] = b"half", ""
        assert f"{len(before)} files compared, 1 written" in flask("move-store", "private", address).output
        moved = PhotoStore(address)
        assert {file.key: moved.get(file.key) for file in moved.files()} == before
        assert moved.identity() == private.identity()
        moved.adopt("another")
        assert flask("move-store", "private", address).exit_code == 2


def test_what_no_setting_may_say_is_moved_nowhere(flask: Command, database_address: str, ring: Item) -> None:
    for command in (("move-store", "private", "photos2"), ("move", database_address, "sqlite:///new.sqlite3")):
        refused = flask(*command)
        assert (refused.exit_code, "must be an absolute path" in refused.output) == (2, True)

"""`flask backup` and `flask restore`: what was backed up of one database serves from another, and nothing less."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import make_url, select, text

from gallery import create_app
from gallery.config import Settings, Site, load_settings
from gallery.database import open_engine, session_factory
from gallery.models import Item
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.storage import PhotoStore
from tests import pictures
from tests.conftest import NOW
from tests.factories import Factory
from tests.page import Browser

Command = Callable[..., Result]
RING = pictures.picture(77, kind="ring")


@pytest.fixture
def other(
    database_address: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A new machine, with the other kind of database, that commands without an application work on from now on."""
    monkeypatch.setenv("GALLERY_INSTANCE", str(tmp_path / "new machine"))
    monkeypatch.setenv("GALLERY_ENCODER", "")
    if database_address.startswith("sqlite"):
        server = request.getfixturevalue("postgresql_server")
        with open_engine(server).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS restored WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE restored"))
        address = make_url(server).set(database="restored").render_as_string(hide_password=False)
        monkeypatch.setenv("GALLERY_DATABASE_URL", address)
    return tmp_path / "new machine"


def well(result: Result) -> str:
    """What a command that has succeeded said."""
    assert result.exit_code == 0, result.output
    return str(result.output)


def files(store: PhotoStore) -> dict[str, bytes]:
    return {file.key: store.get(file.key) for file in store.files()}


def test_what_is_restored_finds_the_same_and_goes_on(
    flask: Command,
    ring: Item,
    backup_key: tuple[Path, str],
    other: Path,
    tmp_path: Path,
    settings: Settings,
    private: PhotoStore,
    public: PhotoStore,
) -> None:
    well(flask("backup", tmp_path / "backups", "--to", backup_key[1], "--with-keys", "--verify"))
    well(flask("restore", tmp_path / "backups", "--identity", backup_key[0], "--with-keys"))
    there = load_settings(make=False)
    assert there.sealing_identity == settings.sealing_identity
    for before, store in ((private, there.private_store_address), (public, there.public_store_address)):
        assert files(PhotoStore(store)) == files(before)
    browser = Browser(create_app(there, {Site.PUBLIC}).test_client())
    found = browser.search(pictures.jpeg(pictures.recompressed(RING, quality=40))).all(".found-item")
    assert ring.public_number in found[0].get_text()
    engine = open_engine(there.database_address)
    with session_factory(engine)() as session:
        same = session.scalar(select(Item).where(Item.public_number == ring.public_number))
        assert same is not None
        assert cases.open_secrets(same.case, Sealer(there.sealing_identity)).is_authorised
        theirs = Factory(session, there, private, public, Sealer(there.sealing_identity), NOW)
        assert theirs.item(same.case).id > same.id
    engine.dispose()
    # Over what is there nothing is written.
    again = flask("restore", tmp_path / "backups", "--identity", backup_key[0])
    assert (again.exit_code, "there is something already" in again.output) == (2, True)


def test_only_a_true_restore_removes_the_catalogue_of_before_and_nothing_beside_it(
    flask: Command,
    ring: Item,
    backup_key: tuple[Path, str],
    other: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    snapshot, photos = (tmp_path / "published" / name for name in ("0123456789ab-00000001-1500", "photos"))
    for each in (snapshot, photos):
        (each / "whatever").mkdir(parents=True)
    monkeypatch.setenv("GALLERY_SNAPSHOT_FOLDER", str(tmp_path / "published"))
    well(flask("backup", tmp_path / "backups", "--to", backup_key[1]))
    restore = ("restore", tmp_path / "backups", "--identity", backup_key[0])
    well(flask(*restore, "--test"))
    assert (snapshot / "whatever").is_dir()
    well(flask(*restore))
    assert not snapshot.exists()
    assert (photos / "whatever").is_dir()

"""`flask worker`, `flask sweep`, `flask migrate` and `flask secrets`."""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from subprocess import Popen

import obstore
import pytest
from click.testing import Result
from obstore.store import ObjectStore
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.database import open_engine
from gallery.models import Category, Item, ItemPhoto, Officer, SignatureState, Unit
from gallery.services.items import photos, renditions
from gallery.services.items.categories import CATEGORIES
from gallery.services.people import desk_sessions, drafts
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore, original_key, sha256_of
from tests import pictures
from tests.factories import PRODUCTION, Factory
from tests.waiting import LONG_PATIENCE, wait_until

Command = Callable[..., Result]


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    """An item of three photos that wait for their signatures."""
    item = make.item(make.case(unit))
    for seed in range(3):
        data = pictures.jpeg(pictures.picture(seed))
        prepared = renditions.prepare(data, settings=make.settings, private=make.private)
        with atomic(make.session):
            photos.add_to_item(make.session, item, prepared, by=None, now=make.now)
    return item


def described(session: Session) -> int:
    end_reading(session)
    done = ItemPhoto.signature_state == SignatureState.DONE
    return session.scalar(select(func.count()).select_from(ItemPhoto).where(done)) or 0


def test_the_worker_describes_what_is_due_once(flask: Command, session: Session, item: Item) -> None:
    assert "3 photos described" in flask("worker", "--once").output
    assert described(session) == 3


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_worker_that_is_asked_to_ends_at_once_and_quietly(
    spawn: Callable[..., Popen[str]], session: Session, item: Item, number: int
) -> None:
    process = spawn("worker")
    wait_until(lambda: described(session) == 3)
    process.send_signal(number)
    output, _ = process.communicate(timeout=LONG_PATIENCE)
    assert (process.returncode, "Traceback" in output) == (0, False)


def test_the_sweep_counts_then_removes(flask: Command, settings: Settings, private: PhotoStore, unit: Unit) -> None:
    key = original_key(sha256_of(b"orphan"))
    private.put(key, b"orphan")
    path = Path(settings.private_store_address, key)
    os.utime(path, times=(time.time() - 25 * 3600,) * 2)
    assert flask("store", "adopt", "private").exit_code == 0
    assert "private store: 1 old files, 1 orphans found" in flask("sweep", "--dry-run").output
    assert path.exists()
    assert "1 files, of 1, that this database does not know" in flask("sweep").output
    assert path.exists()
    assert "private store: 1 old files, 1 orphans removed" in flask("sweep", "--yes").output
    assert not path.exists()


def test_the_sweep_tells_what_it_could_not_remove(
    flask: Command, settings: Settings, private: PhotoStore, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = original_key(sha256_of(b"orphan"))
    private.put(key, b"orphan")
    os.utime(Path(settings.private_store_address, key), times=(time.time() - 25 * 3600,) * 2)

    def refuse(store: ObjectStore, key: str, to: str) -> None:
        # No folder refuses the superuser, whom tests may run as.
        raise PermissionError(key)

    monkeypatch.setattr(obstore, "rename", refuse)
    flask("store", "adopt", "private")
    done = flask("sweep", "--yes")
    assert done.exit_code == 1
    assert f"not removed: {key}" in done.output
    assert "private store: 1 old files, 0 orphans removed" in done.output


def test_the_sweep_forgets_old_forms_and_sessions(
    flask: Command, session: Session, make: Factory, officer: Officer
) -> None:
    long_ago = make.now - timedelta(days=400)
    with atomic(session):
        drafts.keep(session, make.at(long_ago), "new-item", {"title": ["x"]}, by=officer)
        desk_sessions.begin(session, officer, browser="Firefox", now=long_ago)
    assert (
        "1 unsent forms, 0 archives, 0 files of albums, 0 deleted photos, 0 waiting photos, 0 lines of the journal"
        " and 1 sessions to forget" in flask("sweep", "--dry-run").output
    )
    assert (
        "1 unsent forms, 0 archives, 0 files of albums, 0 deleted photos, 0 waiting photos, 0 lines of the journal"
        " and 1 sessions forgotten" in flask("sweep").output
    )
    assert (
        "0 unsent forms, 0 archives, 0 files of albums, 0 deleted photos, 0 waiting photos, 0 lines of the journal"
        " and 0 sessions forgotten" in flask("sweep").output
    )


def test_migrate_makes_the_tables_and_the_categories(
    spawn: Callable[..., Popen[str]], tmp_path: Path, settings: Settings
) -> None:
    address = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    for _ in range(2):
        process = spawn("migrate", GALLERY_DATABASE_URL=address)
        assert process.wait(LONG_PATIENCE) == 0, process.stdout.read()
    engine = open_engine(address)
    with Session(engine) as session:
        assert len(session.scalars(select(Category)).all()) == len(CATEGORIES)
    engine.dispose()


def test_secrets_are_made_where_no_site_can_start_yet(spawn: Callable[..., Popen[str]], tmp_path: Path) -> None:
    instance = tmp_path / "new"
    environ = PRODUCTION | {"GALLERY_INSTANCE": str(instance), "GALLERY_PASSWORD_SALT": ""}
    refused = spawn("migrate", **environ)
    assert "wsgi:setup secrets" in refused.communicate(timeout=LONG_PATIENCE)[0]
    assert refused.returncode == 2
    assert spawn("secrets", app="wsgi:setup", **environ).wait(LONG_PATIENCE) == 0
    names = {
        "public_secret_key",
        "backoffice_secret_key",
        "password_salt",
        "declaration_pepper",
        "sealing_identity",
        "signing_key",
    }
    assert {path.name for path in (instance / "secrets").iterdir()} == names
    assert {path.stat().st_mode & 0o777 for path in (instance / "secrets").iterdir()} == {0o600}

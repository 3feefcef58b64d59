"""`flask store`, and the worker and the sweep on a database that the stores do not belong to."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest
from click.testing import Result
from sqlalchemy import delete
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Item, ItemPhoto, Unit
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore
from tests.factories import Factory
from tests.waiting import LONG_PATIENCE

Command = Callable[..., Result]


@pytest.fixture
def item(make: Factory, unit: Unit, settings: Settings) -> Item:
    """A published item of three photos, whose files are two days old."""
    item = make.publish(make.item(make.case(unit), with_photos=3))
    for path in (settings.instance / "photos").rglob("*"):
        if path.is_file():
            os.utime(path, times=(time.time() - 48 * 3600,) * 2)
    return item


def files(store: PhotoStore) -> set[str]:
    return {file.key for file in store.files()}


@pytest.mark.slow
def test_a_worker_whose_database_url_was_forgotten_removes_nothing(
    flask: Command, spawn: Callable[..., Popen[str]], item: Item, private: PhotoStore, public: PhotoStore
) -> None:
    assert flask("store", "status").exit_code == 0
    before = files(private), files(public)
    # Without an address the database is a new file in the instance folder.
    forgotten = {"GALLERY_DATABASE_URL": ""}
    migrating = spawn("migrate", **forgotten)
    assert "Beware: the private store belongs to database" in migrating.communicate(timeout=120)[0]
    assert migrating.returncode == 0
    worker = spawn("worker", **forgotten)
    assert worker.stdout is not None
    assert "nothing is done: the public store belongs to database" in worker.stdout.readline()
    sweeping = spawn("sweep", "--yes", **forgotten)
    said = sweeping.communicate(timeout=120)[0]
    assert sweeping.returncode == 1
    assert private.identity() in said
    worker.terminate()
    worker.communicate(timeout=LONG_PATIENCE)
    assert (files(private), files(public)) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("demo",),
        ("reindex",),
        ("worker", "--once"),
        ("import", "{folder}", "--unit", "GGD35"),
        ("album", "--unit", "GGD35", "--network", "x", "--output", "{folder}/album.zip"),
        ("facebook", "publish", "--unit", "GGD35"),
        ("facebook", "resume", "reference", "--unit", "GGD35"),
    ],
    ids=lambda value: " ".join(value[:2]),
)
def test_a_command_that_writes_refuses_a_store_of_another_database(
    flask: Command, unit: Unit, public: PhotoStore, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    public.adopt("another")
    refused = flask(*(each.format(folder=tmp_path) for each in arguments))
    assert refused.exit_code == 2, refused.output
    assert "the public store belongs to database another" in refused.output
    assert "`flask store adopt public`" in refused.output
    assert (files(public), list(tmp_path.glob("*.zip"))) == (set(), [])


def test_a_store_is_adopted_by_name(flask: Command, item: Item, private: PhotoStore) -> None:
    private.adopt("another")
    refused = flask("store", "status")
    assert (refused.exit_code, "belongs to database another" in refused.output) == (1, True)
    assert flask("store", "adopt", "private").exit_code == 0
    assert flask("store", "status").exit_code == 0


def test_what_was_swept_is_restored_or_removed_for_good(
    flask: Command, session: Session, item: Item, private: PhotoStore, make: Factory, unit: Unit
) -> None:
    """Restore an older dump, sweep with a hasty yes, and restore the newer dump in its place."""
    assert flask("store", "status").exit_code == 0
    before = files(private)
    rows = [{**row._mapping} for row in session.execute(ItemPhoto.__table__.select())]
    with atomic(session):
        session.execute(delete(ItemPhoto))
    assert "that this database does not know" in flask("sweep").output
    assert files(private) == before
    assert f"{len(before)} orphans removed" in flask("sweep", "--yes").output
    assert (files(private), f"{len(before)} files" in flask("store", "status").output) == (set(), True)
    with atomic(session):
        session.execute(ItemPhoto.__table__.insert(), rows)
    assert f"{len(before)} files put back" in flask("store", "restore").output
    assert files(private) == before


def test_the_trash_is_emptied_separately(flask: Command, session: Session, item: Item, private: PhotoStore) -> None:
    flask("store", "status")
    with atomic(session):
        session.execute(delete(ItemPhoto))
    flask("sweep", "--yes")
    assert "0 files removed for good" in flask("store", "empty-trash").output
    assert "0 files removed for good" not in flask("store", "empty-trash", "--all").output
    assert "trash of the private store: 0 files" in flask("store", "status").output

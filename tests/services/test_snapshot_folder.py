"""The worker's copy of the catalogue, mapped by a public process that has another instance folder."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery import create_app, worker
from gallery.config import Settings, Site
from gallery.models import Unit
from gallery.services.search import memory
from gallery.storage import PhotoStore
from tests.factories import Factory


@pytest.fixture(autouse=True)
def _small_catalogues_count(monkeypatch: pytest.MonkeyPatch, make: Factory, unit: Unit) -> None:
    """One photo is many, as a thousand are."""
    monkeypatch.setattr(worker, "SNAPSHOT_MIN_NEW", 1)
    monkeypatch.setattr(memory, "LOADED_AT_ONCE", 1)
    make.published(make.case(unit))


def searching(settings: Settings, folder: Path, snapshots: Path | str) -> memory.MemoryCatalogue:
    """The catalogue of a public process with an instance folder of its own."""
    folder.mkdir()
    apart = replace(settings, instance=folder, snapshot_folder=str(snapshots))
    catalogue = create_app(apart, {Site.PUBLIC}).extensions["workplace"].catalogue
    assert isinstance(catalogue, memory.MemoryCatalogue)
    catalogue.current()
    return catalogue


def write(settings: Settings, sessions: sessionmaker[Session], private: PhotoStore, public: PhotoStore) -> None:
    assert worker.Worker(settings, sessions, private, public, lambda: datetime.now(UTC), Event()).write_snapshot()


def test_it_is_mapped_where_both_name_one_folder(
    settings: Settings, sessions: sessionmaker[Session], private: PhotoStore, public: PhotoStore, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    write(replace(settings, snapshot_folder=str(shared)), sessions, private, public)
    assert searching(settings, tmp_path / "public", shared)._mapped


def test_a_process_that_finds_none_says_so_and_where_it_looked(
    settings: Settings,
    sessions: sessionmaker[Session],
    private: PhotoStore,
    public: PhotoStore,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    write(settings, sessions, private, public)
    with caplog.at_level(logging.WARNING):
        assert not searching(settings, tmp_path / "public", "")._mapped
    assert f"no copy of the catalogue to map in {tmp_path / 'public' / 'catalogue'}" in caplog.text

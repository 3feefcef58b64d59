"""The worker's copy of the catalogue, mapped by a public process that has another instance folder."""

import logging
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery import create_app, worker
from gallery.config import Settings, Site
from gallery.models import Unit
from gallery.services.search import memory
from gallery.web.catalogues import catalogues_of
from tests.factories import Factory


@pytest.fixture(autouse=True)
def _small_catalogues_count(monkeypatch: pytest.MonkeyPatch, make: Factory, unit: Unit) -> None:
    """Let one photo do what otherwise takes a thousand."""
    monkeypatch.setattr(worker, "SNAPSHOT_MIN_NEW", 1)
    monkeypatch.setattr(memory, "LOADED_AT_ONCE", 1)
    make.published(make.case(unit))


def searching(settings: Settings, folder: Path, snapshots: Path | str) -> memory.MemoryCatalogue:
    """The catalogue of a public process with an instance folder of its own."""
    folder.mkdir()
    apart = replace(settings, instance=folder, snapshot_folder=str(snapshots))
    catalogue = catalogues_of(create_app(apart, {Site.PUBLIC})).photos
    assert isinstance(catalogue, memory.MemoryCatalogue)
    catalogue.current()
    return catalogue


def write(make: Factory, sessions: sessionmaker[Session], settings: Settings) -> None:
    given = replace(make.resources(sessions), settings=settings)
    assert worker.Worker(given, Event()).write_snapshot()


def test_it_is_mapped_where_both_name_one_folder(
    make: Factory, settings: Settings, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    write(make, sessions, replace(settings, snapshot_folder=str(shared)))
    assert searching(settings, tmp_path / "public", shared)._mapped


def test_none_stays_where_the_database_makes_the_shortlist(
    make: Factory, settings: Settings, sessions: sessionmaker[Session]
) -> None:
    write(make, sessions, settings)
    given = replace(make.resources(sessions), settings=replace(settings, catalogue="pgvector"))
    assert not worker.Worker(given, Event()).write_snapshot()
    assert list(settings.snapshot_path.iterdir()) == []


def test_a_process_that_finds_none_says_so_and_where_it_looked(
    make: Factory,
    settings: Settings,
    sessions: sessionmaker[Session],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    write(make, sessions, settings)
    with caplog.at_level(logging.WARNING):
        assert not searching(settings, tmp_path / "public", "")._mapped
    assert f"no copy of the catalogue to map in {tmp_path / 'public' / 'catalogue'}" in caplog.text

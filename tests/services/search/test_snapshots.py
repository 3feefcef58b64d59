import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery import matching
from gallery.models import Item, Officer, Unit
from gallery.services.items import photos, publication
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.transaction import atomic
from tests import pictures
from tests.conftest import NOW
from tests.factories import Factory

Opened = Callable[[], MemoryCatalogue]
NEARLY_A_DAY = timedelta(hours=23)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "catalogue"


@pytest.fixture
def opened(sessions: sessionmaker[Session], folder: Path) -> Opened:
    """The catalogue of a process that has just started."""
    return lambda: MemoryCatalogue(sessions, folder)


@pytest.fixture
def items(make: Factory, unit: Unit) -> list[Item]:
    """Three published items of one photo."""
    case = make.case(unit)
    return [make.published(case, pictures.jpeg(pictures.picture(seed))) for seed in (1, 2, 3)]


def items_found(catalogue: MemoryCatalogue, seed: int) -> list[int]:
    signature = matching.describe(np.asarray(pictures.picture(seed)))
    return [each.item_id for each in matching.rank([signature], catalogue.current())]


def loads_nothing(catalogue: MemoryCatalogue, monkeypatch: pytest.MonkeyPatch) -> bool:
    loaded: list[int] = []
    monkeypatch.setattr(catalogue, "_load", lambda _session, ids, _items: loaded.extend(ids))
    catalogue.current()
    return not loaded


def test_a_process_that_starts_maps_what_another_wrote(
    items: list[Item], opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened().write_snapshot(min_new=1, now=NOW)
    assert loads_nothing(opened(), monkeypatch)
    for seed, item in enumerate(items, start=1):
        assert items_found(opened(), seed)[0] == item.id


def test_a_photo_that_was_moved_is_found_under_its_item(
    make: Factory, unit: Unit, officer: Officer, sessions: sessionmaker[Session], folder: Path
) -> None:
    case = make.case(unit)
    source, target = make.item(case), make.item(case)
    photo = make.photo(source, pictures.jpeg(pictures.picture(1)))
    warm, cold = (MemoryCatalogue(sessions, folder, scope=Scope.ALL) for _ in range(2))
    assert warm.write_snapshot(min_new=1, now=NOW)
    assert items_found(warm, 1) == [source.id]
    with atomic(make.session):
        photos.move(make.session, make.at(make.now + timedelta(minutes=1)), photo, target, by=officer)
    assert [items_found(each, 1) for each in (warm, cold)] == [[target.id], [target.id]]


def test_it_is_not_written_for_few_new_photos(items: list[Item], opened: Opened) -> None:
    assert not opened().write_snapshot(min_new=4, now=NOW)
    assert opened().write_snapshot(min_new=3, now=NOW)
    assert not opened().write_snapshot(min_new=1, now=NOW)


def written_at(folder: Path, at: datetime) -> None:
    """Let the only snapshot have been written then."""
    (snapshot,) = folder.iterdir()
    os.utime(snapshot, times=(at.timestamp(),) * 2)


def withdraw(make: Factory, *items: Item) -> None:
    with atomic(make.session):
        for item in items:
            publication.withdraw(make.session, item, by=None, now=make.now)


def sizes(folder: Path) -> list[int]:
    return [int(each.name.rpartition("-")[2]) for each in folder.iterdir()]


def test_what_went_is_in_no_snapshot_a_day_after_it_was_written(
    make: Factory, items: list[Item], opened: Opened, folder: Path
) -> None:
    opened().write_snapshot(min_new=1, now=NOW)
    written_at(folder, NOW)
    assert not opened().write_snapshot(min_new=1000, now=NOW + NEARLY_A_DAY)
    withdraw(make, items[1])
    assert not opened().write_snapshot(min_new=1000, now=NOW + NEARLY_A_DAY - timedelta(minutes=1))
    assert opened().write_snapshot(min_new=1000, now=NOW + NEARLY_A_DAY)
    assert sizes(folder) == [2]
    withdraw(make, items[0], items[2])
    written_at(folder, NOW)
    opened().write_snapshot(min_new=1000, now=NOW + NEARLY_A_DAY)
    assert sizes(folder) == []


def test_a_snapshot_of_another_version_is_there_for_a_day_at_most(
    items: list[Item], opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.services.search.snapshots.current_version", lambda: "0-older")
    opened().write_snapshot(min_new=1, now=NOW)
    monkeypatch.undo()
    (older,) = folder.iterdir()
    written_at(folder, NOW)
    assert not opened().write_snapshot(min_new=1000, now=NOW)
    assert opened().write_snapshot(min_new=1000, now=NOW + NEARLY_A_DAY)
    assert not older.exists()


def test_what_went_and_what_came_count_together(make: Factory, items: list[Item], opened: Opened, folder: Path) -> None:
    opened().write_snapshot(min_new=1, now=NOW)
    written_at(folder, NOW)
    withdraw(make, items[1])
    make.published(items[0].case, pictures.jpeg(pictures.picture(4)))
    assert not opened().write_snapshot(min_new=3, now=NOW)
    assert opened().write_snapshot(min_new=2, now=NOW)


def test_whatever_else_lies_in_the_folder_stays(items: list[Item], opened: Opened, folder: Path) -> None:
    opened().write_snapshot(min_new=1, now=NOW)
    (before,) = folder.iterdir()
    broken_off, begun = (folder / f".{before.name}.{token}" for token in ("0123abcd", "4567cdef"))
    theirs = [
        folder / name for name in ("photos", "pictures-2026-11", ".hidden", before.name[1:], f"{before.name}.old")
    ]
    for each in (*theirs, broken_off, begun):
        (each / "ours").mkdir(parents=True)
    (folder / "index").write_bytes(b"theirs")
    for each, hours in ((broken_off, 2), (begun, 0.5)):
        os.utime(each, times=((NOW - timedelta(hours=hours)).timestamp(),) * 2)
    assert opened().write_snapshot(min_new=0, now=NOW)
    assert not before.exists()
    assert not broken_off.exists()
    (written,) = set(folder.iterdir()) - {*theirs, begun, folder / "index"}
    assert written.name.endswith("-00000002-3")
    assert all((each / "ours").is_dir() for each in (*theirs, begun))


def test_what_came_and_went_since_is_right(make: Factory, items: list[Item], opened: Opened) -> None:
    opened().write_snapshot(min_new=1, now=NOW)
    added = make.published(items[0].case, pictures.jpeg(pictures.picture(4)))
    with atomic(make.session):
        publication.withdraw(make.session, items[1], by=None, now=make.now)
    catalogue = opened()
    assert items_found(catalogue, 4)[0] == added.id
    assert items[1].id not in items_found(catalogue, 2)


def test_a_running_process_takes_the_newer_one(make: Factory, items: list[Item], opened: Opened, folder: Path) -> None:
    running = opened()
    assert items_found(running, 1)[0] == items[0].id
    opened().write_snapshot(min_new=1, now=NOW)
    added = make.published(items[0].case, pictures.jpeg(pictures.picture(4)))
    assert items_found(running, 4)[0] == added.id
    assert items_found(running, 1)[0] == items[0].id
    opened().write_snapshot(min_new=1, now=NOW)
    assert len(list(folder.iterdir())) == 1


def test_a_photo_described_anew_under_the_same_id_is_loaded_anew(
    make: Factory, items: list[Item], opened: Opened
) -> None:
    opened().write_snapshot(min_new=1, now=NOW)
    (photo,) = items[2].photos
    signature = matching.describe(np.asarray(pictures.picture(9)))
    with atomic(make.session):
        photo.signature.compact, photo.signature.details = signature.compact(), signature.details_bytes()
        photo.signature.made_at = make.now.replace(year=2027)
        publication.withdraw(make.session, items[0], by=None, now=make.now)
    assert items_found(opened(), 9)[0] == items[2].id


def test_a_damaged_one_is_passed_over(items: list[Item], opened: Opened, folder: Path) -> None:
    opened().write_snapshot(min_new=1, now=NOW)
    (snapshot,) = folder.iterdir()
    (snapshot / "segment.entry_ids.npy").write_bytes(b"damaged")
    assert items_found(opened(), 1)[0] == items[0].id


def test_one_of_another_version_is_passed_over(
    items: list[Item], opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.services.search.snapshots.current_version", lambda: "0-older")
    opened().write_snapshot(min_new=1, now=NOW)
    monkeypatch.undo()
    assert items_found(opened(), 1)[0] == items[0].id

"""A real disk that is full: officers read what it is, and nothing is left half written."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Item, ItemPhoto
from gallery.services.transaction import end_reading
from gallery.storage import PhotoStore
from tests import pictures
from tests.selection import IN_CI
from tests.web.backoffice.desk import Desk

FULL = "Le disque du serveur est plein\u00a0: rien n’a été enregistré."


def mount(folder: Path, options: str) -> None:
    """Mount that disk in another way."""
    subprocess.run(["mount", "-o", options, str(folder)], check=True, capture_output=True, timeout=30)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes, in memory."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, timeout=30)
    if mounted.returncode:
        assert not IN_CI, f"a small disk can't be mounted: {mounted.stderr!r}"
        pytest.skip("this machine lets no test mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=30)


@pytest.fixture
def settings(settings: Settings, small_disk: Path) -> Settings:
    return replace(settings, private_store=str(small_disk / "private"))


@pytest.fixture
def full(small_disk: Path, item: Item) -> Path:
    """The disk once something else has taken what was left."""
    with (small_disk / "log").open("wb", buffering=0) as log, suppress(OSError):
        while True:
            log.write(b"0" * 4096)
    assert shutil.disk_usage(small_disk).free == 0
    return small_disk


def test_it_is_called_by_its_name(
    desk: Desk, item: Item, full: Path, session: Session, private: PhotoStore, caplog: pytest.LogCaptureFixture
) -> None:
    before = {file.key for file in private.files()}
    photo = pictures.jpeg(pictures.picture(77))
    answer = desk.add_photo_by_script(item.public_number, photo)
    assert (answer.status_code, FULL in answer.get_json()["sentence"]) == (507, True)
    lines = [record for record in caplog.records if "the disk is full" in record.message]
    assert (len(lines), lines[0].exc_info) == (1, None)
    assert {file.key for file in private.files()} == before
    assert not list(full.rglob("*#*"))
    end_reading(session)
    assert session.scalar(select(func.count()).select_from(ItemPhoto)) == 2


def test_once_there_is_room_the_same_photo_goes_in(desk: Desk, item: Item, full: Path) -> None:
    photo = pictures.jpeg(pictures.picture(77))
    assert desk.add_photo_by_script(item.public_number, photo).status_code == 507
    (full / "log").unlink()
    assert desk.add_photo_by_script(item.public_number, photo).status_code < 300


def test_a_disk_that_turned_read_only_loses_nothing_and_monitors_are_told(
    desk: Desk, item: Item, small_disk: Path, session: Session, backoffice_app: Flask
) -> None:
    photo = pictures.jpeg(pictures.picture(78))
    mount(small_disk, "remount,ro")
    answer = desk.add_photo_by_script(item.public_number, photo)
    assert answer.status_code == 503
    assert "store" in backoffice_app.test_client().get("/pret").text.splitlines()
    end_reading(session)
    before = session.scalar(select(func.count()).select_from(ItemPhoto))
    mount(small_disk, "remount,rw")
    assert desk.add_photo_by_script(item.public_number, photo).status_code == 201
    end_reading(session)
    assert session.scalar(select(func.count()).select_from(ItemPhoto)) == (before or 0) + 1

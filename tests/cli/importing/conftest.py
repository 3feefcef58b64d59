"""A folder of photos for `flask import`, and what it has made of them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.models import Item, ItemStatus
from gallery.services.transaction import end_reading
from tests import pictures

Command = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder


def draw(folder: Path, count: int) -> None:
    for seed in range(count):
        (folder / f"{seed:02}.jpg").write_bytes(pictures.jpeg(pictures.picture(seed)))


def statuses(session: Session) -> dict[ItemStatus, int]:
    end_reading(session)
    return {row[0]: row[1] for row in session.execute(select(Item.status, func.count()).group_by(Item.status))}


IDENTITY = "papiers d’identité"


def write_list(folder: Path, *lines: str) -> None:
    (folder / "objets.csv").write_text("\n".join((*lines, "")), encoding="utf-8")


def refused(done: Result) -> list[str]:
    return [
        re.sub(r", draft \S+?:|, draft:", ":", line) for line in done.output.splitlines() if line.startswith("refused")
    ]


def count(session: Session, table: type) -> int:
    end_reading(session)
    return session.scalar(select(func.count()).select_from(table)) or 0

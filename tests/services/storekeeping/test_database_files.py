"""What a database's file lets others read, and what its errors say."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from gallery.database import open_engine


@pytest.fixture
def loose_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.parametrize("exists", [False, True], ids=["new", "that others could read"])
def test_its_owner_alone_reads_a_sqlite_file_and_what_lies_beside_it(
    tmp_path: Path, loose_umask: None, exists: bool
) -> None:
    file = tmp_path / "gallery.sqlite3"
    if exists:
        file.touch(0o666)
    engine = open_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x TEXT)"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}
    engine.dispose()


def test_an_error_says_no_value(engine: object, database_address: str) -> None:
    own = open_engine(database_address)
    insert, value = text("INSERT INTO t VALUES (:x)"), {"x": "camille@rennes.example"}
    with own.connect() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE t (x TEXT UNIQUE)"))
        connection.execute(insert, value)
        with pytest.raises(IntegrityError) as refusal:
            connection.execute(insert, value)
    assert "camille" not in str(refusal.value) + str(refusal.value.__cause__)
    own.dispose()

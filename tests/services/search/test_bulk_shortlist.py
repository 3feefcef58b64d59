"""The large shortlists that are measured have what the service's own have, with an encoder and without."""

import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import numpy as np
import pytest
from sqlalchemy import Engine, text

from bench._bulk import Bulk
from bench.shortlist import BYTES_OF_TABLES, make_database
from gallery import matching
from gallery.database import open_engine
from tests import pictures
from tests.waiting import PATIENCE

BYTES = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname ~ '^shortlist_'"


@pytest.fixture
def empty_database(postgresql_server: str) -> Iterator[Engine]:
    engine = open_engine(make_database(postgresql_server, f"bulk_{token_hex(4)}"))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("has_encoder", [False, True])
def test_photos_are_copied_and_all_that_they_take_is_counted(
    empty_database: Engine, encoder: Path, *, has_encoder: bool
) -> None:
    matching.configure(encoder if has_encoder else None)
    real = [matching.describe(np.asarray(pictures.picture(seed))) for seed in (1, 2)]
    assert Bulk(empty_database, real, 3).go_on(until=time.monotonic() + PATIENCE)
    with empty_database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM shortlist_photos")) == 3
        assert connection.scalar(text("SELECT to_regclass('shortlist_vectors') IS NOT NULL")) == has_encoder
        if has_encoder:
            assert connection.scalar(text("SELECT count(*) FROM shortlist_vectors")) == 3
        assert connection.scalar(text(BYTES_OF_TABLES)) == connection.scalar(text(BYTES))

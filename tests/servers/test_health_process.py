"""What the health process says of the others: since when an index is up to date, and how old the snapshot is."""

import json
import os
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.journeys.service import make_tables
from tests.servers.running import PUBLIC_HOST, gunicorn
from tests.servers.visitors import Visitor
from tests.waiting import wait_until

pytestmark = pytest.mark.slow
AGE = 100


def test_it_tells_how_old_index_and_snapshot_are(tmp_path: Path) -> None:
    instance, more = tmp_path / "instance", {"GALLERY_METRICS_FOLDER": str(tmp_path / "metrics")}
    make_tables(instance)
    with ExitStack() as stack:
        health, _ = stack.enter_context(gunicorn("health", instance, tmp_path / "health.log", **more))

        def said() -> dict[str, object]:
            status, text = Visitor(health, "127.0.0.1").ask("GET", "/readyz")
            assert status == 200
            return dict(json.loads(text))

        before = said()
        assert (before["index_age_seconds"], before["snapshot_age_seconds"]) == (None, None)
        public, _ = stack.enter_context(gunicorn("public", instance, tmp_path / "public.log", **more))
        assert Visitor(public, PUBLIC_HOST).ask("GET", "/objets")[0] == 200
        snapshot = instance / "catalogue" / "0123456789ab-00000002-9"
        snapshot.mkdir(parents=True)
        os.utime(snapshot, times=(time.time() - AGE,) * 2)
        wait_until(lambda: said()["index_age_seconds"] is not None, "the age of the index")
        found = said()
    assert 0 <= int(str(found["index_age_seconds"])) < AGE
    assert int(str(found["snapshot_age_seconds"])) >= AGE

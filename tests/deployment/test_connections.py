"""Connections to the database: enough for each thread of a process, and no more in all than PostgreSQL takes."""

import re
import runpy
from dataclasses import replace
from pathlib import Path
from threading import get_ident

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.database import READERS, open_engine
from gallery.services.operating import surroundings
from gallery.services.operating.diagnoses import Level
from tests.deployment.deployed import COMPOSE, CONTAINERS, ROOT, UNITS, value
from tests.factories import Factory
from tests.servers.running import text_of
from tests.waiting import at_once, wait_until

THREADS = int(runpy.run_path(str(ROOT / "gunicorn.conf.py"))["threads"])
DEFAULT = Settings.__dataclass_fields__["database_connections"].default
NAME = "GALLERY_DATABASE_CONNECTIONS"


def workers_in(command: str) -> int:
    """How many processes of gunicorn a command starts; a command of flask is one."""
    return int(re.findall(r"--workers (\d+)", command)[0]) if "gunicorn" in command else 1


def of_units() -> int:
    """What the units of the guide's step 7 may open, two workers among them."""
    given = {unit: re.findall(rf"{NAME}=(\d+)", text_of(unit)) for unit in (*UNITS, "worker@2")}
    return sum(int((own or [DEFAULT])[0]) * workers_in(text_of(unit)) for unit, own in given.items())


def of_containers() -> int:
    running = {name: each for name, each in CONTAINERS.items() if "profiles" not in each}
    return sum(
        int(each["environment"].get(NAME, DEFAULT))
        * workers_in(" ".join(each["command"]))
        * each.get("deploy", {}).get("replicas", 1)
        for each in running.values()
    )


def test_the_processes_of_deploy_open_no_more_than_postgresql_takes() -> None:
    needed = surroundings.connections_needed(DEFAULT)
    assert of_units() == of_containers() == needed - surroundings.BY_HAND
    taken = int(re.findall(r"max_connections=(\d+)", " ".join(COMPOSE["services"]["database"]["command"]))[0])
    # A few are the superuser's.
    assert needed <= taken - 10
    assert f"`max_connections = {taken}`" in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", ["worker@1", "health"])
def test_a_number_for_all_does_not_change_that_of_a_unit_with_fewer(unit: str) -> None:
    assert value(unit, "ExecStart").startswith(f"/usr/bin/env {NAME}=")
    assert text_of(unit).count(NAME) == 1


def test_each_thread_of_a_process_may_take_two(database_address: str, tmp_path: Path) -> None:
    assert THREADS < DEFAULT - READERS
    is_file = database_address.startswith("sqlite")
    engine = open_engine(f"sqlite:///{tmp_path / 'a'}" if is_file else database_address, connections=DEFAULT)
    have_one: set[int] = set()

    def takes_two() -> int:
        with engine.connect() as one:
            one.execute(text("SELECT 1"))
            have_one.add(get_ident())
            wait_until(lambda: len(have_one) == THREADS, "all of the threads")
            with engine.connect() as another:
                return int(another.execute(text("SELECT 2")).scalar_one())

    try:
        assert at_once(*[takes_two] * THREADS) == [2] * THREADS
    finally:
        engine.dispose()


def test_doctor_compares_with_what_postgresql_takes(
    make: Factory, sessions: sessionmaker[Session], database_address: str
) -> None:
    given = make.resources(sessions)

    def levels(each: int) -> list[Level]:
        asked = replace(given, settings=replace(given.settings, database_connections=each))
        return [found.level for found in surroundings.of_connections(asked)]

    if database_address.startswith("sqlite"):
        assert levels(500) == []
    else:
        assert (levels(5), levels(500)) == ([Level.OK], [Level.WARNING])

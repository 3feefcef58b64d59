"""What `doctor` says of the certificate that visitors see, and of the clock of the machine."""

import re
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from shutil import which
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery.services.operating import surroundings
from gallery.services.operating.diagnoses import Level
from gallery.services.resources import Resources
from tests.factories import Factory
from tests.servers.production import make_certificate
from tests.waiting import LONG_PATIENCE, begin, free_port


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[int]:
    """The port of a server whose certificate, for localhost, is good for a day."""
    make_certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "localhost.pem", tmp_path / "localhost.key")
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    begin(server.serve_forever)
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def given(make: Factory, sessions: sessionmaker[Session]) -> Resources:
    return make.resources(sessions, now=lambda: datetime.now(UTC))


def at(given: Resources, address: str) -> Resources:
    return replace(given, settings=replace(given.settings, public_address=address))


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_certificate_is_told_of_before_it_ends(given: Resources, secured: int, tmp_path: Path) -> None:
    there = at(given, f"https://localhost:{secured}")
    trusting = ssl.create_default_context(cafile=str(tmp_path / "localhost.pem"))
    trusting.check_hostname = False
    (found,) = surroundings.of_certificate(there, trusting)
    assert (found.level, found.what) == (Level.FAULT, "ends in 0 days")
    earlier = replace(there, now=lambda: datetime.now(UTC) - timedelta(days=30))
    (found,) = surroundings.of_certificate(earlier, trusting)
    assert (found.level, found.what) == (Level.OK, "good for 30 days")
    (found,) = surroundings.of_certificate(there)
    assert (found.level, "browsers refuse it: " in found.what) == (Level.FAULT, True)


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_where_nobody_answers_it_is_not_known(given: Resources) -> None:
    (found,) = surroundings.of_certificate(at(given, f"https://localhost:{free_port()}"))
    assert (found.level, "could not be looked at" in found.what) == (Level.WARNING, True)
    assert list(surroundings.of_certificate(at(given, "http://localhost"))) == []


# What adjtimex(2) answers: clock synchronised with a PLL and nanoseconds, not synchronised, refused.
ANSWERS = [
    (0, 0x2001, True, [Level.OK]),
    (5, 0x2041, False, [Level.WARNING]),
    (-1, 0x2001, None, []),
]


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("told", "status", "follows", "levels"), ANSWERS)
def test_the_kernel_says_whether_the_clock_follows_a_time_server(
    given: Resources,
    monkeypatch: pytest.MonkeyPatch,
    told: int,
    status: int,
    follows: bool | None,
    levels: list[Level],
) -> None:
    def adjtimex(asked: Any) -> int:
        asked._obj.status = status
        return told

    monkeypatch.setattr(surroundings.ctypes, "CDLL", lambda *_, **__: SimpleNamespace(adjtimex=adjtimex))
    assert surroundings.clock_follows() is follows
    assert [each.level for each in surroundings.of_clock(given)] == levels


@pytest.mark.skipif(which("timedatectl") is None, reason="systemd is not installed")
def test_this_machines_kernel_is_understood_as_its_own_tool_does() -> None:
    command = ["timedatectl", "show", "--property=NTPSynchronized"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONG_PATIENCE)
    for said in re.findall(r"NTPSynchronized=(\w+)", told.stdout):
        assert surroundings.clock_follows() is (said == "yes")

"""Rate limits of several processes, kept in a real Redis, which is stopped in the middle."""

import logging
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import bs4
import pytest
import redis
from flask.testing import FlaskClient

from gallery import create_app
from gallery.config import Settings, Site
from gallery.extensions import limiter
from gallery.models import Officer
from tests import pictures
from tests.page import Browser
from tests.waiting import LONG_PATIENCE, free_port, wait_until

pytestmark = [pytest.mark.redis, pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)]
PHOTO = pictures.jpeg(pictures.picture(1))


@dataclass
class Server:
    """A Redis that can be stopped and started again, empty."""

    address: str
    command: list[str]

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        _wait_for(self)

    def keys(self) -> list[bytes]:
        with redis.Redis.from_url(self.address) as client:
            return list(client.keys())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(LONG_PATIENCE)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = Server(f"redis://127.0.0.1:{port}/0", command)
    server.start()
    yield server
    server.stop()
    # The extension is this process's only one: a test without Redis must not find that its storage is down.
    limiter._storage_dead = False


def _wait_for(server: Server) -> None:
    def answers() -> bool:
        try:
            server.keys()
        except redis.ConnectionError:
            return False
        return True

    wait_until(answers, "redis-server")


def public_site(settings: Settings, server: Server) -> Browser:
    """Another process's public site, which counts an address as it does a browser."""
    limited = replace(settings, search_rate="2 per day", browsers_at_one_address=1, redis_url=server.address)
    return Browser(create_app(limited, {Site.PUBLIC}).test_client())


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]


def test_two_processes_count_together(settings: Settings, sessions: object, server: Server) -> None:
    public_site(settings, server).search(PHOTO)
    public_site(settings, server).search(PHOTO)
    assert server.keys()
    public_site(settings, server).search(PHOTO, status=429)


def test_a_search_is_answered_and_counted_while_redis_is_down(
    settings: Settings, sessions: object, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    browser = public_site(settings, server)
    browser.search(PHOTO)
    server.stop()
    for _ in range(2):
        browser.search(PHOTO)
    browser.search(PHOTO, status=429)
    assert len(warnings_in(caplog)) == 1
    assert "storage unreachable" in warnings_in(caplog)[0]


def test_redis_counts_again_once_it_is_back(settings: Settings, sessions: object, server: Server) -> None:
    browser = public_site(settings, server)
    server.stop()
    assert looked(browser) == 200
    server.start()
    # It is tried again after pauses that grow.
    wait_until(lambda: looked(browser) and server.keys(), "the return to Redis")
    assert 429 in [looked(browser) for _ in range(3)]
    assert looked(public_site(settings, server)) == 429, "another process knows what this one has counted"


def looked(browser: Browser) -> int:
    """Search, and return the status."""
    form = {"csrf_token": browser.token_of("/recherche"), "categorie": "", "photos": (BytesIO(PHOTO), "a.jpg")}
    return browser.client.post("/recherche", data=form).status_code


def test_a_process_starts_while_redis_is_down(settings: Settings, sessions: object, server: Server) -> None:
    server.stop()
    public_site(settings, server).search(PHOTO)


def test_sign_in_is_answered_and_counted_while_redis_is_down(
    settings: Settings, officer: Officer, server: Server
) -> None:
    limited = replace(settings, sign_in_rate="3 per day", redis_url=server.address)
    client = create_app(limited, {Site.BACKOFFICE}).test_client()
    assert attempt(client, officer) == 200
    server.stop()
    assert [attempt(client, officer) for _ in range(4)] == [200, 200, 200, 429]


def attempt(client: FlaskClient, officer: Officer) -> int:
    """Try a wrong password, and return the status."""
    token = bs4.BeautifulSoup(client.get("/connexion").text, "html.parser").select_one("input[name=csrf_token]")
    form = {"email": officer.email, "password": "wrong and long enough", "csrf_token": token["value"]}
    return client.post("/connexion", data=form).status_code

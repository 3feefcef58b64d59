"""Which tests run on this machine, and on which database."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

PHOTOGRAPHS = Path(__file__).parents[2] / "shared" / "data"
CHROMIUM = Path("/usr/bin/chromium")
# The same pages without a browser's own windows around them: a quarter less processor for a journey.
HEADLESS_SHELL = Path("/usr/bin/chromium-headless-shell")
SERVICES = Path(__file__).parent / "services"
# Outside of tests/services: what lists, acts on many, publishes or signs in, keeps pages, or is the database's own.
ON_BOTH_DATABASES = {
    "test_attempts",
    "test_backup",
    "test_bulk",
    "test_connections",
    "test_gallery",
    "test_items",
    "test_kept",
    "test_kept_acts",
    "test_moving",
    "test_one_time_codes",
    "test_planted_roles",
    "test_planted_secrets",
    "test_planted_victims",
    "test_publication",
    "test_schema",
    "test_search",
    "test_sessions",
    "test_sign_in",
    "test_stores",
    "test_upkeep",
    "test_warming",
}
SHOWN_BY_SERVICES = "on SQLite only: what pages and commands ask of PostgreSQL, tests/services asks on both"
IN_CI = bool(os.environ.get("CI"))


def select(items: list[pytest.Item]) -> None:
    """A part that this machine lacks is a reason to skip, and in CI a failure of the test that needs it."""
    parts = {
        "photographs": (PHOTOGRAPHS.exists(), "the real photographs of ../shared/data are not on this machine"),
        "films": (find_spec("av") is not None, "PyAV is not installed (requirements-extra.txt)"),
        "redis": (
            shutil.which("redis-server") is not None,
            "redis-server is not installed (apt-get install redis-server)",
        ),
        "nginx": (shutil.which("nginx") is not None, "Debian's nginx is not installed (apt-get install nginx-light)"),
        "systemd": (shutil.which("systemd-analyze") is not None, "systemd is not installed (apt-get install systemd)"),
        "browser": (CHROMIUM.exists(), "Debian's chromium is not installed (apt-get install chromium)"),
    }
    for item in items:
        if _is_shown_by_services(item):
            item.add_marker(pytest.mark.skip(reason=SHOWN_BY_SERVICES))
        for name, (is_there, reason) in parts.items():
            if item.get_closest_marker(name) and not is_there and not IN_CI:
                item.add_marker(pytest.mark.skip(reason=reason))
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _is_shown_by_services(item: pytest.Item) -> bool:
    """Pages and commands on PostgreSQL, except those of ON_BOTH_DATABASES."""
    is_asked = SERVICES in item.path.parents or item.path.stem in ON_BOTH_DATABASES
    return not is_asked and _database_of(item) == "postgresql"


def _database_of(item: pytest.Item) -> str | None:
    parameters = getattr(item, "callspec", None)
    return parameters.params.get("database_address") if parameters else None

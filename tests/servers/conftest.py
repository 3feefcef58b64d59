from collections.abc import Iterator

import pytest

from tests.journeys.service import make_tables
from tests.servers.running import Proxied, machine


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """The pages, the searches and the back office behind nginx, by the shipped files."""
    folder = tmp_path_factory.mktemp("servers")
    make_tables(folder / "instance")
    with machine(folder / "instance", folder) as running:
        yield running

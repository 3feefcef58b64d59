"""What a monitor reads of a whole installation: what it lacks, what waits, what is kept, as Prometheus has it."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.registry import Collector

from gallery.services import measures, readiness
from gallery.services.operating import state
from gallery.services.operating.counts import Counts
from gallery.services.readiness import Part
from gallery.services.resources import Resources


@dataclass(frozen=True)
class FoundNow:
    """What was found a moment ago. counts: None while the database can't be used; limiter: whether Redis answers.

    schema: the version of the database, empty while it does not answer. ours: by store, whether it belongs to it.
    """

    lacking: Iterable[Part]
    counts: Counts | None
    limiter: bool
    schema: str
    ours: Mapping[str, bool] = field(default_factory=dict)


class Figures(Collector):
    """Figures of an installation. look: finds what there is, no more often than its maker likes."""

    def __init__(self, given: Resources, look: Callable[[], FoundNow]) -> None:
        self._given, self._look = given, look

    def collect(self) -> Iterator[Metric]:
        """What the database and the stores say now, and what all processes have counted."""
        seen = self._look()
        lacking = set(seen.lacking)
        parts = {part.value: part not in lacking for part in Part} | {"limiter": seen.limiter}
        yield _by("gallery_ready", "Whether a part that the service needs is there (1) or not (0).", "part", parts)
        about = "Free bytes where the installation writes."
        yield _by("gallery_disk_free_bytes", about, "disk", dict(_free(self._given)))
        if seen.counts is not None:
            yield from _of_counts(seen.counts, self._given.now())
            about = "Whether a store is this database's (1) or another's (0)."
            yield _by("gallery_store_ours", about, "store", seen.ours)
        if snapshot := state.snapshot_of(self._given.settings.snapshot_path):
            yield _one("gallery_snapshot_photos", "Photos in the snapshot of the catalogue.", snapshot.photos)
            about = "When the snapshot of the catalogue was written."
            yield _one("gallery_snapshot_timestamp_seconds", about, snapshot.written_at.timestamp())
        if (folder := self._given.settings.metrics_path) is not None:
            yield from measures.shared(folder)


def _free(given: Resources) -> Iterator[tuple[str, int]]:
    for name, folder in readiness.disks(given).items():
        # One that is not mounted is told as a store or a disk that is lacking.
        with suppress(OSError):
            yield name, shutil.disk_usage(folder).free


def _of_counts(counted: Counts, now: datetime) -> Iterator[Metric]:
    yield _one("gallery_photos_undescribed", "Photos that no search finds yet.", counted.undescribed)
    oldest = counted.oldest_undescribed_at
    waited = (now - oldest).total_seconds() if oldest else 0
    yield _one("gallery_oldest_undescribed_seconds", "For how long the oldest of them has waited.", max(0, waited))
    about = "For how long the oldest of what may not wait has waited, by kind."
    longest = dict.fromkeys(("drops", "waiting_photos"), 0.0)
    longest |= {kind: max(0.0, (now - at).total_seconds()) for kind, at in counted.oldest_waiting_at.items()}
    yield _by("gallery_oldest_waiting_seconds", about, "kind", longest)
    yield _one("gallery_photos_failed", "Photos that could not be described.", counted.failed)
    yield _by("gallery_work_waiting", "Other work of the worker, by kind.", "kind", counted.waiting)
    about = "What victims have sent and the worker has tried in vain to file."
    yield _one("gallery_drops_stuck", about, counted.stuck.total)
    yield _by("gallery_mails", "Mails to victims, by state.", "state", counted.mails)
    yield _by("gallery_items", "Items, by status.", "status", counted.items)
    yield _one("gallery_photos_searchable", "Photos that the public finds by photo.", counted.searchable)
    if counted.described_at is not None:
        about = "When the last photo was described."
        yield _one("gallery_last_described_timestamp_seconds", about, counted.described_at.timestamp())
    yield _one("gallery_take_downs_due", "Items to be taken down from networks.", counted.take_downs)
    yield _one("gallery_take_downs_overdue", "Those of them for more than seven days.", counted.overdue)
    if counted.backed_up_at is not None:
        about = "When the last whole backup was made."
        yield _one("gallery_last_backup_timestamp_seconds", about, counted.backed_up_at.timestamp())
    if counted.restore_test is not None:
        about = "When the last test of restoring a backup ended."
        yield _one("gallery_last_restore_test_timestamp_seconds", about, counted.restore_test.at.timestamp())
        about = "Whether it showed that the backup can't be restored."
        yield _one("gallery_last_restore_test_failed", about, not counted.restore_test.has_passed)
    swept = {each.store: each.at.timestamp() for each in counted.sweeps}
    yield _by("gallery_sweep_timestamp_seconds", "When the last sweep of a store ended.", "store", swept)
    refused = {each.store: bool(each.refusal) for each in counted.sweeps}
    yield _by("gallery_sweep_refused", "Whether it removed nothing since something is odd.", "store", refused)


def _one(name: str, about: str, value: float) -> Metric:
    return Gauge(name, about, value=value)


def _by(name: str, about: str, label: str, values: Mapping[Any, float]) -> Metric:
    family = Gauge(name, about, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], float(value))
    return family

"""Snapshots of the public catalogue: written by the worker, mapped by every process of the machine that searches.

Nothing is lost with one: it copies what the database has, and what it has not is loaded besides.
"""

import hashlib
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from gallery.errors import SignatureUnreadable
from gallery.matching import current_version
from gallery.matching.catalogue.mapped import map_segment, write_segment
from gallery.matching.catalogue.segment import Segment

MADE_AT = "made_at"
# What is called so is ours, and whatever else lies in the folder is somebody else's.
NAMED = re.compile(r"[0-9a-f]{12}-\d{8,}-\d+")
HALF_WRITTEN = re.compile(rf"\.{NAMED.pattern}\.[0-9a-f]{{8}}")
# Of what is half written: nobody goes on with it then.
BROKEN_OFF = timedelta(hours=1)
# The signature of a photo that is public no longer lies on the disk for a day at most: the worker comes by meanwhile.
RENEWED_AFTER = timedelta(hours=23)


@dataclass(frozen=True)
class Snapshot:
    """One snapshot, in a folder."""

    folder: Path

    @property
    def name(self) -> str:
        """What tells it from others."""
        return self.folder.name

    def mapped(self) -> tuple[Segment, dict[int, int]]:
        """Its photos, and when the signature of each was made; raise SignatureUnreadable."""
        segment, load = map_segment(self.folder)
        return segment, dict(zip(segment.entry_ids.tolist(), load(MADE_AT).tolist(), strict=True))


def last_written(folder: Path) -> tuple[datetime, int] | None:
    """When the newest snapshot in a folder was written, whatever version wrote it, and how many photos it has."""
    found = [(_changed_at(each), each.name) for each in _called(NAMED, folder)]
    if not found:
        return None
    at, name = max(found)
    return at, int(name.rpartition("-")[2])


def forget(folder: Path, *, now: datetime) -> None:
    """Remove every snapshot in a folder, and what was left half written there; whoever has one mapped keeps it."""
    _remove([*_called(NAMED, folder), *_broken_off(folder, now)])


def _called(pattern: re.Pattern[str], folder: Path) -> list[Path]:
    return [each for each in folder.glob("*") if pattern.fullmatch(each.name) and each.is_dir()]


def _broken_off(folder: Path, now: datetime) -> list[Path]:
    return [each for each in _called(HALF_WRITTEN, folder) if _changed_at(each) < now - BROKEN_OFF]


def _changed_at(path: Path) -> datetime:
    """When a folder was last written to; of one that is gone meanwhile: long ago."""
    with suppress(FileNotFoundError):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return datetime.fromtimestamp(0, UTC)


def _remove(folders: Sequence[Path]) -> None:
    for each in folders:
        shutil.rmtree(each, ignore_errors=True)


class Snapshots:
    """The snapshots of one machine, of this version of the algorithm and of the index. Only the newest is used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        layout = ",".join(field.name for field in fields(Segment))
        self._version = hashlib.sha256(f"{current_version()} {layout}".encode()).hexdigest()[:12]

    def newest(self) -> Snapshot | None:
        """The last one written, if any."""
        found = max(self._written(), key=lambda each: each.name, default=None)
        return Snapshot(found) if found else None

    def made(self) -> dict[int, int]:
        """When the signature of each photo of the newest was made; empty where there is none that can be read."""
        newest = self.newest()
        try:
            return newest.mapped()[1] if newest else {}
        except SignatureUnreadable:
            return {}

    def is_old(self, *, now: datetime) -> bool:
        """Whether there is one, of whatever version, that was written nearly a day ago."""
        return any(_changed_at(each) <= now - RENEWED_AFTER for each in _called(NAMED, self.folder))

    def write(self, segment: Segment, made_at: Mapping[int, int], *, now: datetime) -> None:
        """Write the next one, and remove the others and what was left half written: whoever has one mapped keeps it.

        Of no photos none is written.
        """
        others = _called(NAMED, self.folder)
        numbers = [int(path.name.split("-")[1]) for path in self._written()]
        name = f"{self._version}-{max(numbers, default=0) + 1:08}-{len(segment)}"
        marks = np.array([made_at[entry_id] for entry_id in segment.entry_ids.tolist()], np.int64)
        if len(segment):
            write_segment(segment, self.folder / name, more={MADE_AT: marks})
        _remove([*others, *_broken_off(self.folder, now)])

    def _written(self) -> list[Path]:
        return [each for each in _called(NAMED, self.folder) if each.name.startswith(f"{self._version}-")]

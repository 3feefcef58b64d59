"""Snapshots of the public catalogue: written by the worker, mapped by every process of the machine that searches.

Nothing is lost with one: it copies what the database has, and what it has not is loaded besides.
"""

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from gallery.matching import current_version
from gallery.matching.catalogue.mapped import map_segment, write_segment
from gallery.matching.catalogue.segment import Segment

MADE_AT = "made_at"


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
    # What is being written, or was left half written, begins with a dot.
    found = [(each.stat().st_mtime, each.name) for each in folder.glob("[!.]*-*-*") if each.is_dir()]
    if not found:
        return None
    at, name = max(found)
    return datetime.fromtimestamp(at, UTC), int(name.rpartition("-")[2])


class Snapshots:
    """The snapshots of one machine, of this version of the algorithm and of the index. Only the newest is used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        layout = ",".join(field.name for field in fields(Segment))
        self._version = hashlib.sha256(f"{current_version()} {layout}".encode()).hexdigest()[:12]

    def newest(self) -> Snapshot | None:
        """The last one written, if any."""
        found = sorted(self.folder.glob(f"{self._version}-*"))
        return Snapshot(found[-1]) if found else None

    @property
    def size(self) -> int:
        """How many photos the newest has."""
        newest = self.newest()
        return int(newest.name.rpartition("-")[2]) if newest else 0

    def write(self, segment: Segment, made_at: Mapping[int, int]) -> None:
        """Write the next one, and remove the others: whoever has them mapped keeps them."""
        before = list(self.folder.glob("*")) if self.folder.exists() else []
        numbers = [int(path.name.split("-")[1]) for path in before if path.name.startswith(f"{self._version}-")]
        name = f"{self._version}-{max(numbers, default=0) + 1:08}-{len(segment)}"
        marks = np.array([made_at[entry_id] for entry_id in segment.entry_ids.tolist()], np.int64)
        write_segment(segment, self.folder / name, more={MADE_AT: marks})
        for path in before:
            shutil.rmtree(path, ignore_errors=True)

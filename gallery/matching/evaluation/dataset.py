"""A folder of labelled photographs to measure the matcher on: its manifest, and its pictures as arrays.

The manifest is manifest.csv with the columns file, set, object_id, role (gallery, view or query) and note.
"""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

MANIFEST = "manifest.csv"
_LONG_SIDE = 1600

Member = TypeVar("Member")


@dataclass(frozen=True)
class Photograph:
    """One picture. object_id: empty for a distractor, which stands in the gallery of every set."""

    path: Path
    set_name: str
    object_id: str
    role: str

    @property
    def is_shown(self) -> bool:
        """Whether it stands in its set's catalogue."""
        return self.role in {"gallery", "view"}

    @property
    def is_asked(self) -> bool:
        """Whether it is a query of its set."""
        return self.role in {"query", "view"} and bool(self.object_id)


@dataclass(frozen=True)
class Gallery:
    """One set with the distractors: everything that its catalogue and its queries are made of."""

    name: str
    photographs: tuple[Photograph, ...]

    def shown(self) -> list[Photograph]:
        """The pictures of the catalogue."""
        return [photograph for photograph in self.photographs if photograph.is_shown]

    def asked(self) -> list[Photograph]:
        """The queries."""
        return [photograph for photograph in self.photographs if photograph.is_asked]


def read_galleries(
    folder: Path,
    *,
    sets: Collection[str] | None = None,
    max_objects: int | None = None,
    max_distractors: int | None = None,
) -> list[Gallery]:
    """Read the sets that have queries; raise FileNotFoundError without a manifest.

    sets: only these. max_objects, max_distractors: at most this many of each set, evenly spread; None for all.
    """
    with (folder / MANIFEST).open(newline="", encoding="utf-8") as file:
        rows = [
            Photograph(folder / row["file"], row["set"], row["object_id"], row["role"]) for row in csv.DictReader(file)
        ]
    distractors = _spread([row for row in rows if not row.object_id], max_distractors)
    names = [name for name in dict.fromkeys(row.set_name for row in rows) if sets is None or name in sets]
    galleries = (Gallery(name, (*_of_set(rows, name, max_objects), *distractors)) for name in names)
    return [gallery for gallery in galleries if gallery.asked()]


def _of_set(rows: list[Photograph], name: str, max_objects: int | None) -> list[Photograph]:
    own = [row for row in rows if row.set_name == name and row.object_id]
    objects = set(_spread(list(dict.fromkeys(row.object_id for row in own)), max_objects))
    return [row for row in own if row.object_id in objects]


def _spread(members: list[Member], most: int | None) -> list[Member]:
    if most is None or len(members) <= most:
        return members
    return [members[place * len(members) // most] for place in range(most)]


def read_picture(path: Path, *, edge: int | None = None) -> npt.NDArray[np.uint8]:
    """Read a picture upright, (h, w, 3) uint8 RGB, at most 1600 pixels long, or edge pixels where that is given."""
    with Image.open(path) as image:
        image.draft("RGB", (_LONG_SIDE, _LONG_SIDE))
        upright = ImageOps.exif_transpose(image).convert("RGB")
    long_side = edge or _LONG_SIDE
    upright.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
    return np.asarray(upright)

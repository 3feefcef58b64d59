"""Real photographs as an officer's camera would have written them, one object after the other, with its clock."""

import csv
import io
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageOps

SETS = {"guitars", "jewellery", "packages", "in_the_wild"}
OF_AN_OBJECT = 4
SEED = 13
# Of the logarithms of pauses in seconds, within an object and before the next one; and how they scatter.
WITHIN, BETWEEN, SCATTER = 1.5, 2.8, 0.7
EXIF, TAKEN = 0x8769, 0x9003
FIRST_TAKEN = datetime(2026, 11, 20, 14, 0, 0)  # noqa: DTZ001  a camera's clock has no zone


def write_photos(folders: Sequence[Path], place: Path, *, objects: int, photos: int) -> dict[str, str]:
    """Write photos into a new folder; return which object each shows, by the file's name, in the order of taking."""
    draw, known = random.Random(SEED), known_objects(folders)
    chosen = draw.sample(sorted(known), min(objects, len(known)))
    each = [draw.sample(known[name], min(len(known[name]), OF_AN_OBJECT)) for name in chosen]
    while sum(map(len, each)) > photos:
        max(each, key=len).pop()
    place.mkdir(parents=True)
    truth: dict[str, str] = {}
    clock = FIRST_TAKEN
    for name, paths in zip(chosen, each, strict=True):
        for number, path in enumerate(paths):
            clock += timedelta(seconds=draw.lognormvariate(WITHIN if number else BETWEEN, SCATTER))
            taken = f"IMG_{len(truth) + 1:04}.jpg"
            (place / taken).write_bytes(_taken(path, clock))
            truth[taken] = name
    return truth


def known_objects(folders: Sequence[Path]) -> dict[str, list[Path]]:
    """The photos of each labelled object of these folders, by its name."""
    known = defaultdict(list)
    for folder in folders:
        with (folder / "manifest.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["object_id"] and row["set"] in SETS:
                    known[f"{row['set']} {row['object_id']}"].append(folder / row["file"])
    return known


def _taken(path: Path, clock: datetime) -> bytes:
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    exif, file = Image.Exif(), io.BytesIO()
    exif.get_ifd(EXIF)[TAKEN] = clock.strftime("%Y:%m:%d %H:%M:%S")
    upright.save(file, "JPEG", quality=92, exif=exif)
    return file.getvalue()

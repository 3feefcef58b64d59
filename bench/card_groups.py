"""Whether cards put photos into the right objects: python -m bench card_groups [FOLDER ...] [--objects 60].

Several officers photograph at once, each object first with its card and then without: telephones of two models with
clocks that agree to the second, two of one model whose photos lie in two folders, and a camera without a clock. Codes
have 1 to 60 % of a photo's width, and every third object has one of its own. Photos of 4,000 by 3,000 pixels are
received as dropped ones are, those of an object in any order, and grouped.
"""

import argparse
import io
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import qrcode
from PIL import Image

from bench._taken import EXIF, FIRST_TAKEN, TAKEN
from bench.card_codes import QUALITY, SHARES, photographed
from gallery.config import load_settings
from gallery.database import Base, open_engine, session_factory
from gallery.models import Case
from gallery.sealing import Sealer
from gallery.services import stores
from gallery.services.items import card_numbers
from gallery.services.lots import lots, receiving
from gallery.services.lots.grouping import groups_of
from gallery.services.transaction import atomic
from tests.factories import Factory

NOW = datetime(2026, 11, 30, tzinfo=UTC)
MODEL = 0x0110
FOLLOWING = (1, 2, 3)
# Every so many objects there is one with a code of its own, but for those whose card it would cover.
WITH_A_CODE, COVERED = 3, 0.2
PAUSE = timedelta(seconds=7)


@dataclass(frozen=True)
class Camera:
    """model: empty for one that writes neither that nor a time."""

    model: str
    folder: str


CAMERAS = (Camera("A", "a"), Camera("B", "b"), Camera("C", "c1"), Camera("C", "c2"), Camera("", "d"))


@dataclass(frozen=True)
class Shot:
    """A photo as it is dropped. shown: the number of its object."""

    camera: Camera
    name: str
    data: bytes
    shown: str


def main(arguments: list[str]) -> None:
    """Print how many photos are in their object's group, in none, and in another object's."""
    parser = argparse.ArgumentParser(prog="bench card_groups", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[Path("../shared/data")])
    parser.add_argument("--objects", type=int, default=60)
    parser.add_argument("--minutes", type=float, default=600, help="after which no other object is photographed")
    options = parser.parse_args(arguments)
    chance = random.Random(13)  # noqa: S311  drawings, no secret
    paths = sorted(path for folder in options.folders for path in folder.rglob("*.jpg"))
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = load_settings(environ={"GALLERY_INSTANCE": str(place), "GALLERY_ENCODER": ""})
        engine = open_engine(settings.database_address)
        Base.metadata.create_all(engine)
        session = stack.enter_context(session_factory(engine)())
        private, public = stores.open_private(settings), stores.open_public(settings)
        make = Factory(session, settings, private, public, Sealer(settings.sealing_identity), NOW)
        _measure(make, paths, options, chance)
        engine.dispose()


def _measure(make: Factory, paths: Sequence[Path], options: argparse.Namespace, chance: random.Random) -> None:
    unit = make.unit("GGD35", "Rennes", departement="35")
    case, officer = make.case(unit), make.officer(unit, "a@b.example")
    with atomic(make.session) as session:
        numbers = card_numbers.print_cards(session, unit, options.objects, by=None, now=NOW)
    shown: dict[str, str] = {}
    until = time.monotonic() + 60 * options.minutes
    for shots in _objects(numbers, paths, chance):
        for shot in chance.sample(shots, len(shots)):
            received = receiving.receive(make.session, shot.data, unit, settings=make.settings, private=make.private)
            with atomic(make.session) as session:
                received = replace(received, name=shot.name, folder=shot.camera.folder)
                lots.add(session, make.given, case, received, by=officer)
            shown[shot.name] = shot.shown
        if time.monotonic() > until:
            break
    _tell(make, case, shown)


def _tell(make: Factory, case: Case, shown: dict[str, str]) -> None:
    lot, counts = lots.of_case(make.session, case), Counter[str]()
    assert lot is not None
    for group in groups_of(lot.photos):
        for photo in group.photos:
            is_right = group.number == shown[photo.name]
            counts["in their group" if is_right else "in another's" if group.number else "in no group"] += 1
    print(
        f"{len(shown)} photos of {len(set(shown.values()))} objects:",
        ", ".join(f"{count} {name}" for name, count in sorted(counts.items())),
    )


def _objects(numbers: Sequence[str], paths: Sequence[Path], chance: random.Random) -> Iterator[list[Shot]]:
    """The photos of one object after the other, each by the next camera."""
    clocks, shares = dict.fromkeys(CAMERAS, FIRST_TAKEN), cycle(SHARES)
    for place, (number, camera) in enumerate(zip(numbers, cycle(CAMERAS), strict=False)):
        shots = []
        share = next(shares)
        for order in range(1 + chance.choice(FOLLOWING)):
            clocks[camera] += PAUSE
            photo = photographed(chance.choice(paths), number, 0.0 if order else share, chance)
            if order == 0 and place % WITH_A_CODE == 0 and share < COVERED:
                photo.paste(qrcode.make(f"https://colis.example/{place}").get_image().resize((500, 500)), (60, 60))
            name = f"IMG_{place:03}{order}-{camera.folder}.jpg"
            shots.append(Shot(camera, name, _written(photo, camera, clocks[camera]), number))
        yield shots


def _written(photo: Image.Image, camera: Camera, taken: datetime) -> bytes:
    exif, file = Image.Exif(), io.BytesIO()
    if camera.model:
        exif[MODEL] = camera.model
        exif.get_ifd(EXIF)[TAKEN] = taken.strftime("%Y:%m:%d %H:%M:%S")
    photo.save(file, "JPEG", quality=QUALITY, exif=exif)
    return file.getvalue()

"""Whether cards put photos into the right objects, and what is told where they do not: python -m bench card_groups.

Several officers photograph at once, each object first with its card and then without, some without its card at all
(--left-out): telephones of two models with clocks that agree to the second, two of one model whose photos lie in two
folders, and a camera without a clock. Objects are real ones with several photos each, pauses are drawn as in
bench/_taken.py. Codes have 1 to 60 % of a photo's width, and every third object has one of its own. Photos of 4,000 by
3,000 pixels are received as dropped ones are, those of an object in any order, described by the worker, and grouped.
All is drawn from --seed.
"""

import argparse
import io
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import qrcode
from PIL import Image

from bench._taken import BETWEEN, EXIF, FIRST_TAKEN, SCATTER, TAKEN, WITHIN, known_objects
from bench.card_codes import QUALITY, SHARES, photographed
from gallery import matching
from gallery.config import load_settings
from gallery.database import Base, open_engine, session_factory
from gallery.models import CardNumber, Case, LotPhoto
from gallery.sealing import Sealer
from gallery.services import stores
from gallery.services.items.numbering.numbers import draw_public_number
from gallery.services.lots import lots, receiving
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.services.lots.work import LotWork
from gallery.services.transaction import atomic
from tests.factories import Factory

NOW = datetime(2026, 11, 30, tzinfo=UTC)
MODEL = 0x0110
MOST_PHOTOS = 4
# Every third object has a code of its own, but for those whose card it would cover.
WITH_A_CODE, COVERED = 3, 0.2


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
    """Print how many photos are in their object's group, in none, and in another's, told and untold."""
    parser = argparse.ArgumentParser(prog="bench card_groups", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[Path("../shared/data"), Path("../shared/wild")])
    parser.add_argument("--objects", type=int, default=60)
    parser.add_argument("--left-out", type=float, default=0.0, help="share of the objects that lie without a card")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--minutes", type=float, default=600, help="after which no other object is photographed")
    options = parser.parse_args(arguments)
    print(f"seed {options.seed}, {options.left_out:.0%} of the cards left out", flush=True)
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = load_settings(environ={"GALLERY_INSTANCE": str(place)})
        matching.choose_encoder(settings.encoder, place)
        engine = open_engine(settings.database_address)
        Base.metadata.create_all(engine)
        session = stack.enter_context(session_factory(engine)())
        private, public = stores.open_private(settings), stores.open_public(settings)
        make = Factory(session, settings, private, public, Sealer(settings.sealing_identity), NOW)
        _measure(make, options)
        engine.dispose()


def _measure(make: Factory, options: argparse.Namespace) -> None:
    chance = random.Random(options.seed)  # noqa: S311  drawings, no secret
    unit = make.unit("GGD35", "Rennes", departement="35")
    case, officer = make.case(unit), make.officer(unit, "a@b.example")
    numbers = [draw_public_number("35", choice=chance.choice) for _ in range(options.objects)]
    with atomic(make.session) as session:
        session.add_all(CardNumber(number=number, unit_id=unit.id, printed_at=NOW) for number in numbers)
    shown: dict[str, str] = {}
    until = time.monotonic() + 60 * options.minutes
    for shots in _objects(numbers, known_objects(options.folders), options.left_out, chance):
        for shot in chance.sample(shots, len(shots)):
            received = receiving.receive(make.session, make.given, shot.data, unit)
            with atomic(make.session) as session:
                received = replace(received, name=shot.name, folder=shot.camera.folder)
                lots.add(session, make.given, case, received, by=officer)
            shown[shot.name] = shot.shown
        if time.monotonic() > until:
            break
    work = LotWork(make.given)
    while work.describe_next() or work.propose_next():
        pass
    make.session.expire_all()
    _tell(make, case, shown)


def _tell(make: Factory, case: Case, shown: Mapping[str, str]) -> None:
    lot, counts = lots.of_case(make.session, case), Counter[str]()
    assert lot is not None
    groups = groups_of(lot.photos)
    for group in groups:
        for photo in group.photos:
            counts[_outcome(group, photo, shown)] += 1
    doubted = [group for group in groups if group.doubts]
    idle = sum({shown[photo.name] for photo in group.photos} == {group.number} for group in doubted)
    print(
        f"{sum(counts.values())} photos of {len(set(shown.values()))} objects:",
        ", ".join(f"{count} {name}" for name, count in sorted(counts.items())),
    )
    print(
        f"{sum(bool(group.number) for group in groups)} groups of a card, {idle} of them doubted without need",
        flush=True,
    )


def _outcome(group: PhotoGroup, photo: LotPhoto, shown: Mapping[str, str]) -> str:
    """What became of a photo; told: its group says that somebody has to look."""
    if group.number:
        is_told = bool(group.doubts)
        return (
            "in their group"
            if group.number == shown[photo.name]
            else f"in another's, {'told' if is_told else 'UNTOLD'}"
        )
    is_alone = len({shown[each.name] for each in group.photos}) == 1
    return f"in a group to accept, {'one object' if is_alone else 'mixed'}{', card unread' if group.is_unread else ''}"


def _objects(
    numbers: Sequence[str], known: Mapping[str, Sequence[Path]], left_out: float, chance: random.Random
) -> Iterator[list[Shot]]:
    """The photos of one object after the other, each by the next camera; the first of a camera always has its card."""
    clocks, shares = dict.fromkeys(CAMERAS, FIRST_TAKEN), cycle(SHARES)
    names = chance.sample(sorted(known), len(numbers))
    for place, (number, camera, name) in enumerate(zip(numbers, cycle(CAMERAS), names, strict=False)):
        has_card = place < len(CAMERAS) or chance.random() >= left_out
        shots, share = [], next(shares) if has_card else 0.0
        paths = chance.sample(list(known[name]), min(len(known[name]), chance.randint(2, MOST_PHOTOS)))
        for order, path in enumerate(paths):
            clocks[camera] += timedelta(seconds=chance.lognormvariate(WITHIN if order else BETWEEN, SCATTER))
            photo = photographed(path, number, 0.0 if order else share, chance)
            if order == 0 and place % WITH_A_CODE == 0 and share < COVERED:
                photo.paste(qrcode.make(f"https://colis.example/{place}").get_image().resize((500, 500)), (60, 60))
            shot = f"IMG_{place:03}{order}-{camera.folder}.jpg"
            shots.append(Shot(camera, shot, _written(photo, camera, clocks[camera]), number))
        yield shots


def _written(photo: Image.Image, camera: Camera, taken: datetime) -> bytes:
    exif, file = Image.Exif(), io.BytesIO()
    if camera.model:
        exif[MODEL] = camera.model
        exif.get_ifd(EXIF)[TAKEN] = taken.strftime("%Y:%m:%d %H:%M:%S")
    photo.save(file, "JPEG", quality=QUALITY, exif=exif)
    return file.getvalue()

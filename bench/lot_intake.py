"""The server's part of a drop: python -m bench lot_intake [--photos 300] [--folder ../shared/data/in_the_wild].

Photos of 12 megapixels, real ones enlarged with a little noise of their own, are received one after the other as the
page does, then looked at by the worker and put together. Prints photos a second and the most memory.
"""

import argparse
import io
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import numpy as np
from PIL import Image, ImageOps
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import matching
from gallery.config import load_settings
from gallery.database import Base, open_engine, session_factory
from gallery.models import Case, Officer, OfficerRole, UnitKind
from gallery.sealing import Sealer
from gallery.services import cases, stores
from gallery.services.cases import CaseSecrets, TheftWindow
from gallery.services.items import categories
from gallery.services.lots import lots, receiving
from gallery.services.lots.grouping import groups_of
from gallery.services.people import units
from gallery.services.resources import Resources
from gallery.services.transaction import atomic
from gallery.worker import Worker

SIZE = (4000, 3000)
MEBIBYTE = 1024


def main(arguments: list[str]) -> None:
    """Print the speed and the memory of receiving, and of describing and putting together."""
    parser = argparse.ArgumentParser(prog="bench lot_intake", description=__doc__)
    parser.add_argument("--photos", type=int, default=300)
    parser.add_argument("--folder", type=Path, default=Path("../shared/data/in_the_wild"))
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as place:
        given = _given(Path(place))
        paths = sorted(options.folder.rglob("*.jpg"))
        received = 0.0
        for number in range(options.photos):
            data = _photo(paths[number % len(paths)], number)
            began = time.perf_counter()
            _receive(given, data, f"IMG_{number:04}.jpg", limit=options.photos)
            received += time.perf_counter() - began
        _tell("received", options.photos, received)
        worker, began = Worker(given, Event()), time.perf_counter()
        while worker.lots.describe_next():
            pass
        _tell("described, and looked for in an empty gallery", options.photos, time.perf_counter() - began)
        began = time.perf_counter()
        worker.lots.propose_next()
        _tell("put together", options.photos, time.perf_counter() - began)
        with given.sessions() as session:
            lot = lots.of_case(session, _case(session))
            print(f"{len(groups_of(lot.photos)) if lot else 0} groups proposed")


def _given(place: Path) -> Resources:
    settings = load_settings(
        environ={"GALLERY_INSTANCE": str(place), "GALLERY_DATABASE_URL": f"sqlite:///{place / 'gallery.sqlite3'}"}
    )
    matching.choose_encoder(settings.encoder, settings.instance)
    engine = open_engine(settings.database_address)
    Base.metadata.create_all(engine)
    sessions, sealer, now = session_factory(engine), Sealer(settings.sealing_identity), datetime.now(UTC)
    with sessions() as session, atomic(session):
        categories.ensure_categories(session)
        unit = units.create_unit(session, code="BTA35", name="Gendarmerie", kind=UnitKind.GENDARMERIE, departement="35",
                                 public_phone="02 61 91 00 35", public_email="", by=None, now=now)  # fmt: skip
        units.create_officer(session, unit, email="camille@rennes.example", name="Camille", role=OfficerRole.AGENT,
                             password_hash="", by=None, now=now)  # fmt: skip
        cases.create(session, unit, TheftWindow(), CaseSecrets(), sealer=sealer, by=None, now=now)
    return Resources(
        settings=settings,
        sessions=sessions,
        public=stores.open_public(settings),
        private_store=stores.open_private(settings),
        sealer=sealer,
        now=lambda: datetime.now(UTC),
    )


def _case(session: Session) -> Case:
    return session.scalars(select(Case)).one()


def _receive(given: Resources, data: bytes, name: str, *, limit: int) -> None:
    with given.sessions() as session:
        case = _case(session)
        photo = receiving.receive(session, data, case.unit, settings=given.settings, private=given.private)
        with atomic(session):
            lots.add(
                session, case, photo, name, limit=limit, by=session.scalars(select(Officer)).one(), now=given.now()
            )


def _photo(path: Path, seed: int) -> bytes:
    noise = np.random.default_rng(seed)
    with Image.open(path) as image:
        large = ImageOps.fit(ImageOps.exif_transpose(image).convert("RGB"), SIZE)
    grain = noise.integers(-4, 5, (SIZE[1], SIZE[0], 1), dtype=np.int16)
    pixels = np.clip(np.asarray(large).astype(np.int16) + grain, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return file.getvalue()


def _tell(what: str, photos: int, seconds: float) -> None:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEBIBYTE
    decoder = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // MEBIBYTE
    print(f"{what}: {photos / seconds:.1f} photos a second; at most {own} MiB, and {decoder} in a decoder", flush=True)

"""The sorting table of a large seizure: python -m bench sorting [--objects 700 2800].

Made-up photos wait in one case, two or three an object: small files in memory, rows on SQLite, and signatures of drawn
pictures that are used again with another hash and a vector moved a little. The worker puts them together; then an
officer accepts one object, all of them, takes that back, accepts again, and publishes. Printed are seconds of processor
time, and the most memory, each size in a process of its own. Publishing goes on for --minutes at most.
"""

import argparse
import json
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from multiprocessing import get_context
from typing import Any

import numpy as np
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from gallery import create_app, matching
from gallery.config import Settings, Site, load_settings
from gallery.database import Base, open_engine, session_factory
from gallery.imaging import Limits, decode
from gallery.matching.tiers.shipped_model import NAME
from gallery.models import Case, LotPhoto, PhotoLot, WaitingSignature
from gallery.sealing import Sealer
from gallery.services.items import categories, renditions
from gallery.services.lots.proposing import Proposer
from gallery.services.transaction import atomic
from gallery.storage import original_key, rendition_key
from gallery.web.resources import resources_of
from tests import pictures
from tests.factories import Factory, sign_in
from tests.web.backoffice.desk import JSON, VOUCHED, Desk

DRAWN, VIEWS, AT_ONCE, MEBIBYTE = 60, 3, 500, 1024
FIRST_TAKEN = datetime(2026, 11, 28, 8, tzinfo=UTC)
CATEGORIES = ("watches", "musical_instruments", "clocks", "ceramics_glass", "leather_goods")
COLOURS = ("red", "blue", "green", "brown", "black")
SEEN = re.compile(r'name="vu" value="([^"]+)"')
ELSEWHERE = re.compile(r'name="ailleurs" value="([^"]*)"')


@dataclass
class _Table:
    """The sorting table of a case in an officer's browser. seen: what its page showed last of the rows."""

    desk: Desk
    address: str
    objects: int
    seen: dict[str, Any] = field(default_factory=dict, init=False)

    def page(self, number: int) -> tuple[str, float]:
        """A page, and the seconds of a processor that it took."""
        began = time.process_time()
        page = self.desk.client.get(f"{self.address}?page={number}").text
        return page, time.process_time() - began

    def act(self, name: str, *, as_pressed: bool = False, **fields: Any) -> tuple[dict[str, Any], float]:
        """What the script gets for an act on the first page, and the seconds of a processor that it took.

        as_pressed: with what was seen before the last act, as the script goes on with what it was told to do.
        """
        if not as_pressed or not self.seen:
            shown, _ = self.page(1)
            self.seen = {"vu": SEEN.findall(shown), "ailleurs": ELSEWHERE.findall(shown)[0], "page": "1"}
        form = {"csrf_token": self.desk.token_of("/affaires"), "acte": name} | self.seen | fields
        began = time.process_time()
        answer = self.desk.client.post(f"{self.address}/trier", data=form, headers=JSON)
        seconds = time.process_time() - began
        assert answer.status_code == 200, answer.text[:500]
        return json.loads(answer.text), seconds


def main(arguments: list[str]) -> None:
    """Print what the worker, the page and each act take, for each number of objects."""
    parser = argparse.ArgumentParser(prog="bench sorting", description=__doc__)
    parser.add_argument("--objects", type=int, nargs="+", default=[700, 2800])
    parser.add_argument("--minutes", type=float, default=8)
    options = parser.parse_args(arguments)
    for objects in options.objects:
        # In a process of its own, so that the memory of one is not counted for the other.
        process = get_context("spawn").Process(target=_measure, args=(objects, options.minutes))
        process.start()
        process.join()
        assert process.exitcode == 0


def _measure(objects: int, minutes: float) -> None:
    matching.choose_encoder(NAME, load_settings(environ={}).instance)
    with tempfile.TemporaryDirectory() as folder:
        stores = {"GALLERY_PRIVATE_STORE": "memory:", "GALLERY_PUBLIC_STORE": "memory:"}
        settings = load_settings(environ={"GALLERY_INSTANCE": folder, **stores})
        engine = open_engine(settings.database_address)
        Base.metadata.create_all(engine)
        with session_factory(engine)() as session:
            desk, case = _opened(session, settings)
            photos = _fill(desk, session, case, objects)
            print(f"{objects} objects, {photos} photos, {_most_memory()} MiB", flush=True)
            _propose(session, photos)
            address = f"/affaires/{case.reference}/photos"
            session.close()
            _sort(_Table(desk, address, objects), objects, minutes)


def _opened(session: Session, settings: Settings) -> tuple[Desk, Case]:
    app = create_app(settings, {Site.BACKOFFICE})
    given = resources_of(app)
    with atomic(session):
        categories.ensure_categories(session)
    make = Factory(session, settings, given.private, given.public, Sealer(settings.sealing_identity), given.now())
    unit = make.unit()
    officer, case = make.officer(unit, "morvan@bench.example"), make.case(unit)
    client = app.test_client()
    sign_in(client, officer.email)
    return Desk(client), case


def _fill(desk: Desk, session: Session, case: Case, objects: int) -> int:
    """Let the photos wait, two or three of each object, and return how many there are."""
    given = resources_of(desk.client.application)
    data = pictures.jpeg(pictures.picture(1).resize((64, 48)))
    model = renditions.prepare_decoded(data, decode(data, Limits()), private=given.private)
    files = [
        (size.name, given.private.get(rendition_key(model.rendition_digest, size.name))) for size in model.renditions
    ]
    shown = [(number, view) for number in range(objects) for view in range(2 + number % 2)]
    rows = [_row(key, *each) for key, each in enumerate(shown, 1)]
    for row in rows:
        given.private.put(original_key(row["original_sha256"]), data)
        for name, content in files:
            given.private.put(rendition_key(row["rendition_digest"], name), content)
    shared = {"media_type": model.media_type, "width": model.width, "height": model.height, "lot_id": 1}
    shared |= {"original_bytes": len(data), "renditions": model.renditions, "created_at": given.now()}
    with atomic(session):
        session.add(PhotoLot(id=1, case_id=case.id, touched_at=given.now(), refused={}, words={}, undo=[], made=[]))
        session.flush()
        session.execute(insert(LotPhoto), [row | shared for row in rows])
    kept = _signatures(len(rows))
    for start in range(0, len(rows), AT_ONCE):
        with atomic(session):
            session.execute(insert(WaitingSignature), [next(kept) for _ in rows[start : start + AT_ONCE]])
    return len(rows)


def _row(key: int, number: int, view: int) -> dict[str, Any]:
    digest = sha256(f"{key}".encode()).hexdigest()
    taken = FIRST_TAKEN + timedelta(seconds=40 * number + 5 * view)
    return {
        "id": key, "public_id": f"photo-{number}-{view}", "name": f"IMG_{key:05}.jpg",
        "taken": taken.strftime("%Y-%m-%dT%H:%M:%S"),
        "original_sha256": digest, "rendition_digest": digest, "described_digest": digest,
        "likely_category": CATEGORIES[number % 5], "likely_colours": [COLOURS[number % 5]],
        "object_share": 0.4, "point_size": 20.0, "lit_share": 0.0,
    }  # fmt: skip


def _signatures(count: int) -> Iterator[dict[str, Any]]:
    described = []
    for seed in range(DRAWN):
        whole = pictures.picture(seed)
        views = (whole, pictures.relit(whole), pictures.cropped(whole))
        described += [matching.describe(np.asarray(each)) for each in views]
    random = np.random.default_rng(1)
    for key in range(1, count + 1):
        model = described[key % len(described)]
        assert model.vector is not None
        moved = np.clip(model.vector + random.integers(-30, 31, len(model.vector)), -127, 127).astype(np.int8)
        own = replace(model, hash=random.integers(0, 2**63, 4, np.uint64), vector=moved)
        yield {"photo_id": key, "version": own.version, "compact": own.compact(), "details": own.details_bytes()}


def _propose(session: Session, photos: int) -> None:
    proposer = Proposer()
    _tell("the worker puts them together", lambda: proposer.propose_next(session))
    with atomic(session):
        session.execute(update(LotPhoto).where(LotPhoto.id == photos).values(together=None))
    _tell("again, once one of them was described anew", lambda: proposer.propose_next(session))
    print(f"  {_most_memory()} MiB", flush=True)
    # As they are, whatever is proposed of made-up pictures.
    with atomic(session):
        for photo in session.scalars(select(LotPhoto)):
            photo.together = photo.public_id.rpartition("-")[0] + "-0"


def _sort(table: _Table, objects: int, minutes: float) -> None:
    page, seconds = table.page(1)
    print(f"  {seconds:.2f} s: the first page, {len(page) // 1000} kB", flush=True)
    middle = 1 + objects // 200
    print(f"  {table.page(middle)[1]:.2f} s: page {middle}", flush=True)
    key = SEEN.findall(page)[0].partition("/")[0]
    for act, name in (
        (f"accepter:{key}", "one is accepted"),
        ("annuler", "taken back"),
        ("tout-accepter", "all are accepted"),
        ("annuler", "taken back"),
        ("tout-accepter", "all are accepted again"),
    ):
        answer, seconds = table.act(act)
        print(f"  {seconds:.2f} s: {name}, answer of {len(answer['page']) // 1000} kB", flush=True)
    _publish(table, minutes)


def _publish(table: _Table, minutes: float) -> None:
    table.seen = {}
    ends, spent, rest, going_on = time.monotonic() + 60 * minutes, list[tuple[float, int]](), -1, dict[str, str]()
    while rest and time.monotonic() < ends:
        answer, seconds = table.act("publier", as_pressed=True, **VOUCHED, **going_on)
        spent.append((seconds, answer["rest"]))
        rest, going_on = answer["rest"], {"suite": "oui"}
    first = table.objects - spent[0][1]
    print(f"  {spent[0][0]:.1f} s: the first {first} are published, {spent[0][0] / first:.3f} s each")
    done, total = table.objects - spent[-1][1], sum(seconds for seconds, _ in spent)
    print(
        f"  {total:.1f} s: {done} in {len(spent)} requests, {total / done:.3f} s each, {_most_memory()} MiB", flush=True
    )


def _tell(what: str, act: Callable[[], object]) -> None:
    began, clock = time.process_time(), time.perf_counter()
    act()
    print(f"  {time.process_time() - began:.2f} s, {time.perf_counter() - clock:.2f} by the clock: {what}", flush=True)


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEBIBYTE

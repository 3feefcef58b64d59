"""The background process: every photo described once, none lost with its worker, none that stops the others."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from gallery import matching
from gallery.config import Settings
from gallery.models import Case, Item, ItemPhoto, SignatureState, StoredSignature, Unit
from gallery.services.items import photos, renditions, signatures
from gallery.services.transaction import atomic, end_reading
from gallery.storage import rendition_key
from gallery.worker import Worker
from tests import pictures
from tests.factories import Factory
from tests.waiting import at_once


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, make: Factory) -> None:
        self.now = make.now

    def __call__(self):
        return self.now


@pytest.fixture
def clock(make: Factory) -> Clock:
    return Clock(make)


@pytest.fixture
def worker(make: Factory, sessions: sessionmaker[Session], clock: Clock) -> Worker:
    return Worker(make.resources(sessions, now=clock), Event())


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    return make.item(make.case(unit))


def add(make: Factory, item: Item, *, count: int = 1, first: int = 1) -> list[ItemPhoto]:
    """Photos without signature, as an upload leaves them."""
    rows = []
    for seed in range(first, first + count):
        data = pictures.jpeg(pictures.picture(seed))
        prepared = renditions.prepare(data, settings=make.settings, private=make.private)
        with atomic(make.session):
            rows.append(photos.add_to_item(make.session, item, prepared, by=None, now=make.now))
    return rows


def damage(settings: Settings, photo: ItemPhoto) -> None:
    key = rendition_key(photo.rendition_digest, signatures.described_rendition(photo))
    Path(settings.private_store_address, key).write_bytes(b"no picture")


def make_unreadable(settings: Settings, photo: ItemPhoto) -> None:
    """A link to itself is read with an error of the disk, as a bad sector is; the superuser reads any file."""
    key = rendition_key(photo.rendition_digest, signatures.described_rendition(photo))
    path = Path(settings.private_store_address, key)
    path.unlink()
    path.symlink_to(path)


def states(session: Session) -> dict[SignatureState, int]:
    end_reading(session)
    rows = session.execute(select(ItemPhoto.signature_state, func.count()).group_by(ItemPhoto.signature_state))
    return {row[0]: row[1] for row in rows}


def test_it_describes_what_is_due(session: Session, make: Factory, item: Item, worker: Worker) -> None:
    add(make, item, count=3)
    assert worker.run_once() == 3
    assert states(session) == {SignatureState.DONE: 3}
    assert worker.run_once() == 0


def test_a_damaged_file_fails_after_three_attempts_and_does_not_stop_the_others(
    session: Session, settings: Settings, make: Factory, item: Item, worker: Worker, clock: Clock
) -> None:
    damaged, *_ = add(make, item, count=2)
    damage(settings, damaged)
    for _ in range(4):
        worker.run_once()
        clock.now += timedelta(minutes=settings.worker_lease_minutes, seconds=1)
    assert states(session) == {SignatureState.DONE: 1, SignatureState.FAILED: 1}


def test_the_photo_of_a_killed_worker_is_taken_again_after_its_lease(
    session: Session, settings: Settings, make: Factory, item: Item, worker: Worker, clock: Clock
) -> None:
    add(make, item)
    with atomic(session):
        lease = timedelta(minutes=settings.worker_lease_minutes)
        assert len(signatures.take_due(session, limit=1, lease=lease, now=clock.now)) == 1
    assert worker.run_once() == 0
    clock.now += lease
    assert worker.run_once() == 1
    assert states(session) == {SignatureState.DONE: 1}


def test_two_workers_never_describe_the_same_photo(session: Session, make: Factory, item: Item, worker: Worker) -> None:
    add(make, item, count=8)
    assert sum(at_once(worker.run_once, worker.run_once)) == 8
    assert session.scalar(select(func.max(ItemPhoto.signature_attempts))) == 1
    assert session.scalar(select(func.count()).select_from(StoredSignature)) == 8


def test_a_worker_whose_clock_is_five_minutes_ahead_doubles_nothing(
    session: Session, settings: Settings, make: Factory, item: Item, worker: Worker, clock: Clock
) -> None:
    add(make, item)
    lease = timedelta(minutes=settings.worker_lease_minutes)
    with atomic(session):
        (due,) = signatures.take_due(session, limit=1, lease=lease, now=clock.now)
    clock.now += timedelta(minutes=5)
    assert worker.run_once() == 1
    made = signatures.make(due, settings=settings, private=make.private)
    with atomic(session):
        signatures.keep(session, made, now=make.now)
    assert states(session) == {SignatureState.DONE: 1}
    assert session.scalar(select(func.count()).select_from(StoredSignature)) == 1


def test_a_photo_turned_meanwhile_is_described_as_it_stands(
    session: Session, settings: Settings, make: Factory, item: Item, case: Case, worker: Worker, officer: object
) -> None:
    (photo,) = add(make, item)
    with atomic(session):
        (due,) = signatures.take_due(session, limit=1, lease=timedelta(minutes=5), now=make.now)
    made = signatures.make(due, settings=settings, private=make.private)
    turned = photos.prepare_turn(photo, quarter_turns=1, settings=settings, private=make.private)
    with atomic(session):
        photos.turn(session, make.given, photo, turned, by=officer)
    with atomic(session):
        signatures.keep(session, made, now=make.now)
    assert states(session) == {SignatureState.DUE: 1}
    assert worker.run_once() == 1


@pytest.fixture
def case(item: Item) -> Case:
    return item.case


@pytest.fixture
def away(settings: Settings) -> Callable[[], None]:
    """Take the private store's disk away, or bring it back: the folder is empty meanwhile, as a mount point is."""
    folder = Path(settings.private_store_address)
    elsewhere = folder.with_name("elsewhere")

    def turn() -> None:
        if elsewhere.exists():
            shutil.rmtree(folder)
            elsewhere.rename(folder)
        else:
            folder.rename(elsewhere)
            folder.mkdir()

    return turn


def pass_time(clock: Clock) -> None:
    clock.now += timedelta(minutes=2)


def test_an_outage_of_the_store_is_no_attempt(
    session: Session, make: Factory, item: Item, worker: Worker, clock: Clock, away: Callable[[], None]
) -> None:
    add(make, item, count=2)
    away()
    for _ in range(5):
        assert not worker._attempt(worker.describe_next, "describe")
        pass_time(clock)
    away()
    pass_time(clock)
    assert worker.run_once() == 2
    assert states(session) == {SignatureState.DONE: 2}


def test_an_outage_is_one_line_and_rests_longer_each_time(
    session: Session,
    make: Factory,
    item: Item,
    worker: Worker,
    clock: Clock,
    away: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    add(make, item)
    away()
    for _ in range(50):
        worker._attempt(worker.describe_next, "describe")
        clock.now += timedelta(seconds=1)
    lines = [record for record in caplog.records if "the worker could not describe" in record.message]
    assert [line.message.rpartition("next try in ")[2] for line in lines][:4] == ["2 s", "4 s", "8 s", "16 s"]
    assert not any(line.exc_info for line in lines)


def test_a_store_that_refuses_one_file_keeps_no_other_photo_waiting(
    session: Session, settings: Settings, make: Factory, item: Item, worker: Worker, clock: Clock
) -> None:
    unreadable, *_ = add(make, item, count=3)
    make_unreadable(settings, unreadable)
    for _ in range(3):
        worker._attempt(worker.describe_next, "describe")
        clock.now += timedelta(seconds=10)
    assert states(session) == {SignatureState.DONE: 2, SignatureState.DUE: 1}


def test_a_photo_that_comes_after_long_rests_waits_for_none_that_cannot_be_read(
    session: Session, settings: Settings, make: Factory, case: Case, item: Item, worker: Worker, clock: Clock
) -> None:
    for photo in add(make, item, count=3):
        make_unreadable(settings, photo)

    def let_pass(minutes: int) -> None:
        for _ in range(12 * minutes):
            worker._attempt(worker.describe_next, "describe")
            clock.now += timedelta(seconds=5)

    let_pass(6)
    assert states(session) == {SignatureState.DUE: 3}
    add(make, make.item(case), first=4)
    let_pass(2)
    assert states(session) == {SignatureState.DUE: 3, SignatureState.DONE: 1}


def test_a_file_that_is_gone_from_a_store_of_ours_is_damage(
    session: Session, settings: Settings, make: Factory, item: Item, worker: Worker, clock: Clock
) -> None:
    gone, *_ = add(make, item, count=2)
    make.private.delete([rendition_key(gone.rendition_digest, signatures.described_rendition(gone))])
    for _ in range(4):
        worker.run_once()
        clock.now += timedelta(minutes=settings.worker_lease_minutes, seconds=1)
    assert states(session) == {SignatureState.DONE: 1, SignatureState.FAILED: 1}


def test_the_first_sweep_comes_an_hour_after_the_start(worker: Worker, clock: Clock) -> None:
    swept: list[int] = []
    minutes = iter(range(1, 70))

    class Watched(Worker):
        def sweep(self) -> bool:
            swept.append(next(minutes))
            return False

        def advance_post(self) -> bool:
            minute = next(minutes, None)
            if minute is None:
                self.stop.set()
            clock.now += timedelta(minutes=1)
            return True

    Watched(worker.given, worker.stop).run()
    assert swept == [61]


def made_by(make: Factory, version: str) -> None:
    with atomic(make.session):
        make.session.execute(update(StoredSignature).values(version=version, compact=b"old", details=b"old"))


def versions(session: Session) -> list[str]:
    end_reading(session)
    return list(session.scalars(select(StoredSignature.version).order_by(StoredSignature.photo_id)))


def test_after_an_upgrade_photos_are_described_anew_and_a_damaged_one_stops_no_other(
    worker: Worker, make: Factory, unit: Unit, session: Session, clock: Clock
) -> None:
    item = make.item(make.case(unit), with_photos=3)
    made_by(make, "0-older")
    damage(make.settings, item.photos[0])
    worker.run_once()
    assert versions(session) == ["0-older", *2 * [matching.current_version()]]
    assert not worker.renew_next(), "and not again within the hour"


def test_what_a_newer_version_has_described_is_left_to_it(
    worker: Worker, make: Factory, unit: Unit, session: Session
) -> None:
    make.item(make.case(unit), with_photos=1)
    made_by(make, "9999-newer")
    assert not worker.renew_next()
    assert versions(session) == ["9999-newer"]

"""What whoever runs the service is told, on both databases: counts, the state, and a list of items."""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text, update
from sqlalchemy.orm import Session, sessionmaker

from gallery.errors import ItemNotFound
from gallery.models import (
    ArchiveState,
    InboxDrop,
    Item,
    ItemPhoto,
    ItemStatus,
    Network,
    Officer,
    SignatureState,
    StoreName,
    SweepRefusal,
    SweepReport,
    Unit,
)
from gallery.services.albums import postings
from gallery.services.facebook import archives
from gallery.services.items import categories, publication
from gallery.services.lots import lots, receiving
from gallery.services.operating import counts, overview, state
from gallery.services.operating.overview import Sought
from gallery.services.operating.state import SnapshotSeen, Trouble
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory

HOUR = timedelta(hours=1)


def test_counts_are_those_of_the_database(make: Factory, unit: Unit, session: Session) -> None:
    item = make.published(make.case(unit))
    counted = counts.count(session, now=make.now)
    assert (counted.undescribed, counted.searchable, counted.items[ItemStatus.PUBLISHED]) == (0, 1, 1)
    assert set(counted.waiting.values()) == {0}
    album = postings.ExportedAlbum([item.public_number], Network.X, "Bijoux")
    with atomic(session):
        posting = postings.record(session, unit, album, by=None, now=make.now)
        postings.set_address(posting, "https://x.com/gendarmerie/status/1")
        publication.withdraw(session, item, by=None, now=make.now)
    counted = counts.count(session, now=make.now + timedelta(days=6))
    assert (counted.take_downs, counted.overdue) == (1, 0)
    with atomic(session):
        # What is noted of an object later makes its taking down no younger.
        item.updated_at = make.now + timedelta(days=5)
    assert counts.count(session, now=make.now + timedelta(days=8)).overdue == 1


def test_a_photo_an_hour_old_and_a_sweep_of_three_are_no_trouble_yet(
    make: Factory, unit: Unit, session: Session
) -> None:
    item = make.published(make.case(unit))
    with atomic(session):
        session.execute(update(ItemPhoto).values(signature_state=SignatureState.DUE, created_at=make.now - 2 * HOUR))
        session.execute(update(Item).values(updated_at=make.now))
        session.add(SweepReport(store=StoreName.PUBLIC, at=make.now - 2 * HOUR, refusal=None))
    moment = timedelta(seconds=1)

    def troubles(at: datetime) -> list[Trouble]:
        return list(state.look(make.at(at)).troubles)

    # The photo was turned now, and has waited since then.
    assert troubles(make.now + HOUR) == []
    assert troubles(make.now + HOUR + moment) == [Trouble.QUEUE, Trouble.SWEEP]
    with atomic(session):
        session.execute(update(ItemPhoto).values(created_at=make.now + 2 * HOUR))
        session.execute(update(SweepReport).values(at=make.now + 2 * HOUR))
    found = state.look(make.at(make.now + 2 * HOUR))
    assert (found.troubles, found.is_healthy, found.ours) == ([], True, {"public": True, "private": True})
    assert found.counts is not None
    assert (found.counts.undescribed, found.counts.oldest_undescribed_at) == (1, make.now + 2 * HOUR)
    assert [(each.store, each.at, each.refusal) for each in found.counts.sweeps] == [
        ("public", make.now + 2 * HOUR, "")
    ]
    assert (found.found, found.at) == (found.known, make.now + 2 * HOUR)
    with atomic(session):
        session.add(InboxDrop(receipt="a" * 32, sealed=b"", received_at=make.now, attempts=5))
        session.execute(update(SweepReport).values(refusal=SweepRefusal.UNKNOWN))
    assert troubles(make.now + 2 * HOUR) == [Trouble.SWEEP, Trouble.DROPS]
    make.public.adopt("another database")
    found = state.look(make.at(make.now))
    assert (found.ours, found.is_healthy) == ({"public": False, "private": True}, False)
    assert Trouble.NOT_OURS in found.troubles
    assert item.status is ItemStatus.PUBLISHED


def test_a_sweep_that_never_was_is_told_once_the_installation_is_old_enough(
    make: Factory, unit: Unit, session: Session
) -> None:
    make.item(make.case(unit))

    def troubles(at: datetime) -> list[Trouble]:
        return list(state.look(make.at(at)).troubles)

    within = state.SWEEP_WITHIN
    assert (troubles(make.now + within), troubles(make.now + 2 * within)) == ([], [Trouble.SWEEP])
    with atomic(session):
        session.add(SweepReport(store=StoreName.PUBLIC, at=make.now + 2 * within, refusal=None))
    assert troubles(make.now + 2 * within) == [Trouble.SWEEP]
    with atomic(session):
        session.add(SweepReport(store=StoreName.PRIVATE, at=make.now + 2 * within, refusal=None))
    assert troubles(make.now + 2 * within) == []


def test_what_waits_for_the_worker_is_counted_by_its_kind(
    make: Factory, unit: Unit, session: Session, officer: Officer
) -> None:
    with atomic(session):
        choices = archives.Choices(categories.get_by_code(session, "other"))
        for state in ArchiveState:
            archive = archives.receive(session, choices, archives.ArrivingFile("a.zip", 3), by=officer, now=make.now)
            archive.state = state
        session.add(InboxDrop(receipt="a" * 32, sealed=b"", received_at=make.now))
    waiting = {"waiting_photos": 0, "albums": 0, "archives": 2, "posts": 0, "mails": 0, "drops": 1}
    assert counts.count(session, now=make.now).waiting == waiting


def test_a_photo_of_a_case_waits_since_the_last_act_there_and_may_for_two_hours(
    make: Factory, session: Session, officer: Officer
) -> None:
    case = make.case(officer.unit)
    received = receiving.receive(session, make.given, pictures.jpeg(pictures.picture(1)), case.unit)
    with atomic(session):
        photo = lots.add(session, make.given, case, received, by=officer)
    lot = photo.lot

    def found(at: datetime) -> tuple[datetime | None, list[Trouble]]:
        seen = state.look(make.at(at))
        assert seen.counts is not None
        oldest = seen.counts.oldest_waiting_at.get("waiting_photos")
        return oldest, [each for each in seen.troubles if each in (Trouble.QUEUE, Trouble.LATE_DROPS)]

    moment = timedelta(seconds=1)
    assert found(make.now + 2 * HOUR) == (make.now, [])
    assert found(make.now + 2 * HOUR + moment) == (make.now, [Trouble.QUEUE])
    with atomic(session):
        photo.described_digest = photo.rendition_digest
    assert found(make.now + 24 * HOUR) == (None, [])
    # Turned, or hidden, a day later.
    with atomic(session):
        photo.described_digest, lot.touched_at = "", make.now + 24 * HOUR
    assert found(make.now + 25 * HOUR) == (make.now + 24 * HOUR, [])
    assert found(make.now + 26 * HOUR + moment) == (make.now + 24 * HOUR, [Trouble.QUEUE])
    with atomic(session):
        session.delete(lot)
        session.add(InboxDrop(receipt="a" * 32, sealed=b"", received_at=make.now))
    assert found(make.now + HOUR / 2) == (None, [])
    assert found(make.now + HOUR / 2 + moment) == (None, [Trouble.LATE_DROPS])


def test_the_alarms_wait_as_long_as_the_state_does() -> None:
    rules = yaml.safe_load((Path(__file__).parents[3] / "deploy" / "prometheus-rules.yml").read_text("utf-8"))
    asked = {rule["alert"]: rule["expr"] for group in rules["groups"] for rule in group["rules"]}
    drops, photos = (state.WAITING_WITHIN[kind].total_seconds() for kind in ("drops", "waiting_photos"))
    assert asked["GalleryPhotosWait"].endswith(f" > {state.QUEUE_WITHIN.total_seconds():.0f}")
    assert re.findall(r"> (\d+)", asked["GalleryWorkWaits"]) == [f"{drops:.0f}", f"{photos:.0f}"]


def test_a_state_without_a_database_says_what_is_lacking(
    make: Factory, sessions: sessionmaker[Session], session: Session, tmp_path: Path
) -> None:
    known = session.scalar(text("SELECT version_num FROM alembic_version"))
    session.rollback()
    with atomic(session):
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    try:
        older = state.look(make.given)
    finally:
        with atomic(session):
            session.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": known})
    assert (older.found, older.known, older.counts, older.ours) == ("0001", known, None, {})
    assert older.troubles == [Trouble.SCHEMA]
    assert state.snapshot_of(tmp_path) is None
    for name in ("0123456789ab-00000001-7", "0123456789ab-00000002-9", ".0123456789ab-00000003-8"):
        folder = tmp_path / name
        folder.mkdir()
        os.utime(folder, times=(make.now.timestamp(),) * 2)
    assert state.snapshot_of(tmp_path) == SnapshotSeen(make.now, 9)


def test_a_list_of_items_is_narrowed_and_goes_on(make: Factory, unit: Unit, session: Session) -> None:
    other = make.unit("GGD44", "Nantes", departement="44")
    ring, watch = make.published(make.case(unit)), make.item(make.case(unit), category="watches", title="Montre")
    theirs = make.item(make.case(other), with_photos=2)
    with atomic(session):
        session.execute(
            update(ItemPhoto)
            .where(ItemPhoto.id == theirs.photos[1].id)
            .values(signature_state=SignatureState.FAILED, signature_attempts=3)
        )

    def numbers(limit: int = 9, **sought: object) -> list[str]:
        return [each.number for each in overview.listed(session, Sought(**sought), limit=limit)]  # type: ignore[arg-type]

    newest = [theirs.public_number, watch.public_number, ring.public_number]
    assert (numbers(), numbers(2), numbers(after=newest[0])) == (newest, newest[:2], newest[1:])
    assert (numbers(unit=other), numbers(status=ItemStatus.PUBLISHED)) == (newest[:1], newest[2:])
    assert numbers(category=categories.get_by_code(session, "watches")) == [watch.public_number]
    lines = {each.number: each for each in overview.listed(session, Sought(), limit=9)}
    assert [(lines[each].photos, lines[each].undescribed) for each in newest] == [(2, 1), (0, 0), (1, 0)]
    line = lines[watch.public_number]
    assert (line.status, line.unit, line.category, line.title) == (ItemStatus.DRAFT, "GGD35", "watches", "Montre")
    assert line.changed_at == watch.updated_at
    for wrong in ("35-AAAA-A", "no number"):
        pytest.raises(ItemNotFound, numbers, after=wrong)
    shown = overview.state_of(session, theirs.public_number.lower(), sealer=make.sealer)
    assert [(each.signature.value, each.attempts, bool(each.version)) for each in shown.photos] == [
        ("done", 1, True),
        ("failed", 3, True),
    ]
    assert (shown.obstacles, shown.published_at, shown.unit) == ([], None, "GGD44")
    assert overview.state_of(session, ring.public_number, sealer=make.sealer).published_at == make.now

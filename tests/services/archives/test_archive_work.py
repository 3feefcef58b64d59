"""A given archive on its way to drafts: read, reported, confirmed, made; cut off and gone on with."""

import itertools
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import BinaryIO

import pytest
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.errors import ArchiveNotFound, StoreUnknown
from gallery.models import ArchiveState, AuditEntry, GivenArchive, Item, ItemStatus, Officer, StoreName
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.facebook import archive_work, archives
from gallery.services.facebook.archives import AlbumCount, ArrivingFile, Choices, Report
from gallery.services.items import categories
from gallery.services.storekeeping import ownership
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore, archive_key
from gallery.worker import Worker
from tests.archives import COMMENTER, Shot, archive, zipped
from tests.factories import Factory
from tests.services.archives.conftest import PHOTOS, Give


class Killed(BaseException):
    """What the kernel does to a worker."""


class Deadly(PhotoStore):
    """A store whose archives kill the worker that reads their last photo."""

    def open(self, key: str) -> BinaryIO:
        content = self.get(key)
        last = zipfile.ZipFile(BytesIO(content)).infolist()[-1]

        class DeadlyFile(BytesIO):
            def seek(self, offset: int, whence: int = 0) -> int:
                if offset == last.header_offset:
                    raise Killed
                return super().seek(offset, whence)

        return DeadlyFile(content)


def state_of(session: Session, reference: str) -> tuple[ArchiveState, Report]:
    end_reading(session)
    row = session.scalars(select(GivenArchive).where(GivenArchive.reference == reference)).one()
    return row.state, Report.of(row)


def confirm(session: Session, reference: str, officer: Officer) -> None:
    with atomic(session):
        archives.confirm(archives.lock(session, reference, by=officer))


def count(session: Session, table: type) -> int:
    end_reading(session)
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_it_is_read_and_reported_and_nothing_is_made(session: Session, give: Give, worker: Worker) -> None:
    reference = give()
    worker.run_once()
    state, report = state_of(session, reference)
    assert state is ArchiveState.READ
    assert report.albums == (AlbumCount("Vitré", 3, 1, 0), AlbumCount("Fougères", 2, 0, 0))
    # Whether a file is a photo is known once it is decoded: 4.jpg counts as one until then.
    assert (report.added, report.known, report.refused) == (4, 1, 1)
    assert report.refusals == (("Fougères, 5.jpg", "PhotoNotInArchive"),)
    assert count(session, Item) == 0


def test_confirmed_its_photos_become_drafts_once(
    session: Session, give: Give, worker: Worker, officer: Officer, sealer: Sealer, private: PhotoStore
) -> None:
    reference = give()
    worker.run_once()
    confirm(session, reference, officer)
    worker.run_once()
    state, report = state_of(session, reference)
    assert state is ArchiveState.DONE
    assert (report.added, report.known, report.refused) == (3, 1, 2)
    assert [why for _, why in report.refusals] == ["PhotoNotInArchive", "PhotoUnreadable"]
    made = session.scalars(select(Item).order_by(Item.id)).all()
    assert {item.status for item in made} == {ItemStatus.DRAFT}
    assert [item.title for item in made] == ["Bague", "Objet retrouvé", "Objet retrouvé"]
    numbers = {cases.open_secrets(item.case, sealer).case_number for item in made}
    assert numbers == {"Album Facebook Vitré", "Album Facebook Fougères"}
    of_items = select(AuditEntry).where(AuditEntry.subject_kind == "item")
    assert {entry.officer_id for entry in session.scalars(of_items)} == {officer.id}
    assert not private.holds(archive_key(reference))


def test_given_again_nothing_is_left_to_do(session: Session, give: Give, worker: Worker, officer: Officer) -> None:
    confirmed = give()
    worker.run_once()
    confirm(session, confirmed, officer)
    worker.run_once()
    again = give()
    worker.run_once()
    report = state_of(session, again)[1]
    assert (report.added, report.known) == (1, 4)


def test_a_chosen_case_takes_all(session: Session, give: Give, worker: Worker, officer: Officer, make: Factory) -> None:
    chosen = make.case(officer.unit)
    reference = give(case=chosen)
    worker.run_once()
    confirm(session, reference, officer)
    worker.run_once()
    end_reading(session)
    assert {item.case_id for item in session.scalars(select(Item))} == {chosen.id}


def test_what_is_no_archive_of_albums_is_refused_and_removed(
    session: Session, give: Give, worker: Worker, private: PhotoStore
) -> None:
    reference = give(zipped({"posts/album/0.json": "[]"}))
    worker.run_once()
    assert state_of(session, reference)[0] is ArchiveState.REFUSED
    assert not private.holds(archive_key(reference))


def test_an_archive_whose_file_is_gone_is_refused(
    session: Session, give: Give, worker: Worker, private: PhotoStore
) -> None:
    reference = give()
    ownership.check(session, private, StoreName.PRIVATE)
    private.delete([archive_key(reference)])
    worker.run_once()
    assert state_of(session, reference)[0] is ArchiveState.REFUSED


def test_a_worker_that_was_killed_leaves_the_rest_to_the_next_one(
    session: Session, give: Give, worker: Worker, officer: Officer, make: Factory, settings: Settings
) -> None:
    reference = give(archive({"Vitré": [Shot(f"{seed}.jpg", photo) for seed, photo in enumerate(PHOTOS)]}))
    worker.run_once()
    confirm(session, reference, officer)
    assert worker.advance_archive()
    assert count(session, Item) == archive_work.IMPORTED_AT_ONCE
    # Taken, and then nothing more is heard of that worker.
    assert archive_work._take(session, worker.given) is not None
    assert not worker.advance_archive()
    later = make.now + timedelta(minutes=settings.worker_lease_minutes)
    next_one = Worker(replace(worker.given, now=lambda: later), Event())
    next_one.run_once()
    assert state_of(session, reference)[0] is ArchiveState.DONE
    assert count(session, Item) == len(PHOTOS)


def test_a_photo_that_kills_its_worker_is_left_out_at_last(
    session: Session, give: Give, worker: Worker, officer: Officer
) -> None:
    reference = give()
    worker.run_once()
    confirm(session, reference, officer)
    with atomic(session):
        archives.lock(session, reference, by=officer).attempts = archive_work.MAX_ATTEMPTS
    worker.run_once()
    state, report = state_of(session, reference)
    assert state is ArchiveState.DONE
    assert ("Vitré, 0.jpg", "PhotoUnreadable") in report.refusals
    assert count(session, Item) == 3


def test_one_that_kills_its_worker_while_it_is_read_is_refused_at_last(
    session: Session, give: Give, worker: Worker, settings: Settings, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = give()
    monkeypatch.setattr(archive_work, "READ_AT_ONCE", 1)
    hours = itertools.count()

    def attempt() -> bool:
        now = make.now + timedelta(hours=next(hours))
        store = Deadly(settings.private_store_address)
        return archive_work.advance(session, replace(worker.given, now=lambda: now, private_store=store))

    for _ in range(archive_work.MAX_ATTEMPTS):
        with pytest.raises(Killed):
            attempt()
    assert attempt()
    assert state_of(session, reference)[0] is ArchiveState.REFUSED
    assert not make.private.holds(archive_key(reference))


def test_one_forgotten_while_it_is_worked_on_leaves_nothing(
    session: Session, sessions: sessionmaker[Session], give: Give, officer: Officer, settings: Settings, make: Factory
) -> None:
    reference = give()

    class Forgetful(PhotoStore):
        def open(self, key: str) -> BinaryIO:
            file = super().open(key)
            with sessions() as other, atomic(other):
                archives.forget(other, archives.lock(other, reference, by=other.get_one(Officer, officer.id)))
            return file

    store = Forgetful(settings.private_store_address)
    assert archive_work.advance(session, make.resources(sessions, private=store))
    assert count(session, GivenArchive) == 0
    assert not store.holds(archive_key(reference))


def test_one_forgotten_just_after_it_was_taken_leaves_nothing(
    session: Session, sessions: sessionmaker[Session], give: Give, settings: Settings, make: Factory
) -> None:
    reference = give()

    @event.listens_for(session, "after_commit")
    def forget_once_taken(_: Session) -> None:
        with sessions() as other, atomic(other):
            other.execute(delete(GivenArchive).where(GivenArchive.attempts > 0))

    assert archive_work.advance(session, make.resources(sessions))
    assert not make.private.holds(archive_key(reference))


def test_old_ones_are_forgotten_with_their_files(
    session: Session, give: Give, worker: Worker, private: PhotoStore, settings: Settings, make: Factory
) -> None:
    reference = give()
    later = make.now + timedelta(days=settings.draft_days, seconds=1)
    Worker(replace(worker.given, now=lambda: later), Event()).sweep()
    assert count(session, GivenArchive) == 0
    assert not private.holds(archive_key(reference))


def test_one_that_never_arrived_is_shown_to_nobody(session: Session, officer: Officer, make: Factory) -> None:
    with atomic(session):
        choices = Choices(categories.get_by_code(session, "other"))
        archives.receive(session, choices, ArrivingFile("x" * 500, 3_000_000_000), by=officer, now=make.now)
    assert archives.kept_by(session, officer.unit) == []


def test_another_units_officer_finds_none(session: Session, give: Give, outsider: Officer) -> None:
    reference = give()
    with pytest.raises(ArchiveNotFound), atomic(session):
        archives.lock(session, reference, by=outsider)


def test_no_commenter_is_in_any_row(session: Session, give: Give, worker: Worker, officer: Officer) -> None:
    reference = give()
    worker.run_once()
    confirm(session, reference, officer)
    worker.run_once()
    end_reading(session)
    for table in GivenArchive.metadata.sorted_tables:
        assert COMMENTER not in repr(session.execute(table.select()).all()), table.name


def test_a_store_whose_disk_is_away_is_no_attempt_and_refuses_no_archive(
    session: Session, give: Give, worker: Worker, settings: Settings, make: Factory, private: PhotoStore
) -> None:
    reference = give()
    ownership.check(session, private, StoreName.PRIVATE)
    folder = Path(settings.private_store_address)
    away = folder.rename(folder.with_name("away"))
    folder.mkdir()
    for _ in range(5):
        with pytest.raises(StoreUnknown):
            worker.advance_archive()
        make.now += timedelta(minutes=1)
    folder.rmdir()
    away.rename(folder)
    worker.run_once()
    assert state_of(session, reference)[0] is ArchiveState.READ


def test_where_a_case_is_unreadable_no_second_one_is_opened_and_the_photos_are_named(
    session: Session, give: Give, worker: Worker, officer: Officer, make: Factory
) -> None:
    lost = make.case(officer.unit)
    with atomic(session):
        lost.sealed = b"of another key"
    reference = give(archive({"Vitré": [Shot("0.jpg", PHOTOS[0])]}))
    worker.run_once()
    confirm(session, reference, officer)
    worker.run_once()
    state, report = state_of(session, reference)
    assert (state, report.added, report.refused) == (ArchiveState.DONE, 0, 1)
    assert report.refusals[0][1] == "SealBroken"
    assert count(session, Item) == 0

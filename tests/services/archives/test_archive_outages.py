"""A store out of order says nothing of an archive's photos: they wait for it, and none is left out."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.errors import DiskFull, FileAbsent, StoreUnreachable
from gallery.models import ArchiveState, GivenArchive, Item, Officer
from gallery.services.facebook import archive_work
from gallery.services.rests import GIVEN_BACK_FOR
from gallery.storage import PhotoStore, archive_key
from gallery.worker import Worker
from tests.archives import Shot, archive
from tests.factories import Factory
from tests.services.archives.conftest import PHOTOS, Give
from tests.services.archives.test_archive_work import confirm, count, state_of

TWO = archive({"Vitré": [Shot("0.jpg", PHOTOS[0]), Shot("1.jpg", PHOTOS[1])]})


class Failing(PhotoStore):
    """A store that fails while it is told to. failure: raised by each writing; loses: renditions are not kept."""

    failure: Exception | None = None
    loses: bool = False

    def put(self, key: str, data: bytes) -> None:
        if self.failure:
            raise self.failure
        if not (self.loses and key.startswith("renditions/")):
            super().put(key, data)


@pytest.fixture
def store(settings: Settings) -> Failing:
    return Failing(settings.private_store_address)


@pytest.fixture
def confirmed(session: Session, give: Give, worker: Worker, officer: Officer) -> str:
    """An archive whose photos are to become drafts."""
    reference = give(TWO)
    worker.run_once()
    confirm(session, reference, officer)
    return reference


def is_untouched(session: Session, reference: str) -> bool:
    state, report = state_of(session, reference)
    attempts = session.scalars(select(GivenArchive)).one().attempts
    return (state, report.refused, attempts, count(session, Item)) == (ArchiveState.IMPORTING, 0, 0, 0)


def test_a_store_that_takes_no_file_refuses_no_photo(
    session: Session, confirmed: str, worker: Worker, settings: Settings, make: Factory
) -> None:
    obstacle = Path(settings.private_store_address, "originals")
    obstacle.write_text("in the way")
    for _ in range(archive_work.MAX_ATTEMPTS + 1):
        with pytest.raises(StoreUnreachable):
            worker.advance_archive()
        assert is_untouched(session, confirmed)
        make.now += GIVEN_BACK_FOR
    assert make.private.holds(archive_key(confirmed))
    obstacle.unlink()
    worker.run_once()
    state, report = state_of(session, confirmed)
    assert (state, report.added, report.refused, count(session, Item)) == (ArchiveState.DONE, 2, 0, 2)


@pytest.mark.parametrize("failure", [DiskFull("no space"), StoreUnreachable("down")], ids=["full", "silent"])
def test_after_an_outage_of_one_turn_all_photos_become_drafts(
    session: Session,
    sessions: sessionmaker[Session],
    confirmed: str,
    store: Failing,
    make: Factory,
    failure: Exception,
) -> None:
    given = make.resources(sessions, private=store)
    store.failure = failure
    with pytest.raises(type(failure)):
        archive_work.advance(session, given)
    assert is_untouched(session, confirmed)
    store.failure = None
    make.now += GIVEN_BACK_FOR
    assert archive_work.advance(session, given)
    assert state_of(session, confirmed)[0] is ArchiveState.DONE
    assert count(session, Item) == 2


def test_files_that_go_while_they_are_made_are_made_again(
    session: Session,
    sessions: sessionmaker[Session],
    confirmed: str,
    store: Failing,
    make: Factory,
    settings: Settings,
) -> None:
    given = make.resources(sessions, private=store)
    store.loses = True
    with pytest.raises(FileAbsent):
        archive_work.advance(session, given)
    assert state_of(session, confirmed)[0] is ArchiveState.IMPORTING
    store.loses = False
    make.now += timedelta(minutes=settings.worker_lease_minutes)
    while archive_work.advance(session, given):
        pass
    assert state_of(session, confirmed)[0] is ArchiveState.DONE
    assert count(session, Item) == 2

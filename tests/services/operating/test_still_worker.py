"""A worker with nothing to do asks the database for one thing: whether anything was written to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from gallery.database import CommitWatch
from gallery.models import SignatureState
from gallery.services import rests, revision
from gallery.services.items import photos, renditions
from gallery.services.storekeeping import ownership
from gallery.services.transaction import atomic, end_reading
from gallery.worker import Worker
from tests import pictures
from tests.factories import Factory


@pytest.fixture
def watch(sessions: sessionmaker[Session]) -> Iterator[CommitWatch]:
    watch = CommitWatch(sessions.kw["bind"])
    yield watch
    watch.close()


@dataclass
class Waits:
    """Pauses that take no time, each with what happens in it; after the last one the worker ends."""

    happens: list[Callable[[], object]] = field(default_factory=list)

    def is_set(self) -> bool:
        return not self.happens

    def wait(self, timeout: float) -> bool:
        if self.happens:
            self.happens.pop(0)()
        return not self.happens


@dataclass(eq=False)
class CountedWorker(Worker):
    looks: int = 0

    def describe_next(self) -> bool:
        self.looks += 1
        return super().describe_next()


def nothing() -> None:
    pass


def test_what_another_connection_commits_is_seen(watch: CommitWatch, session: Session) -> None:
    before = watch.state()
    with atomic(session):
        revision.touch_items(session, [])
    assert watch.state() != before


def test_reading_and_an_empty_transaction_change_nothing(watch: CommitWatch, session: Session, engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("other tests write to the same server meanwhile")
    before = watch.state()
    revision.current(session)
    with atomic(session):
        pass
    assert watch.state() == before


def test_an_idle_worker_looks_again_once_something_was_written(
    sessions: sessionmaker[Session], make: Factory, engine: Engine
) -> None:
    for store in (make.private, make.public):
        ownership.adopt(make.session, store)
    photo = make.item(make.case(make.unit("U1")))
    data = renditions.prepare(pictures.jpeg(pictures.picture(1)), settings=make.settings, private=make.private)
    end_reading(make.session)

    def given() -> None:
        with atomic(make.session):
            photos.add_to_item(make.session, photo, data, by=None, now=make.now)

    worker = CountedWorker(make.resources(sessions), Waits([nothing] * 5 + [given] + [nothing] * 5))
    worker.run()
    end_reading(make.session)
    assert [each.signature_state for each in photo.photos] == [SignatureState.DONE]
    if engine.dialect.name == "sqlite":
        # At the start, for the photo, and once more as something was done.
        assert worker.looks == 3


def test_what_time_makes_due_is_looked_for_all_the_same(
    sessions: sessionmaker[Session], make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rests, "LONGEST_STILLNESS", 0)
    worker = CountedWorker(make.resources(sessions), Waits([nothing] * 4))
    worker.run()
    assert worker.looks == 4


def test_what_rests_is_tried_as_soon_as_it_may_be(sessions: sessionmaker[Session], make: Factory) -> None:
    worker = CountedWorker(make.resources(sessions), Waits([nothing] * 4))
    worker.rests.begin("send a mail", "no server", make.now)
    worker.run()
    assert worker.looks == 4

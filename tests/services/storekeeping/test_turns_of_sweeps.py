"""One worker of several keeps house, and looks through each store once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import StoreName, Unit
from gallery.services import housekeeping, sweeping
from gallery.services.operating import state
from gallery.services.operating.state import Trouble
from gallery.services.storekeeping import ownership, reports
from gallery.services.sweeping import Sweep
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore
from gallery.storage.store import StoredFile
from tests.factories import Factory
from tests.waiting import at_once

HOUR = timedelta(hours=1)


def test_one_of_several_workers_has_the_turn_of_an_hour(make: Factory, sessions: sessionmaker[Session]) -> None:
    def asks(later: timedelta) -> bool:
        return housekeeping.take_turn(make.resources(sessions, now=lambda: make.now + later), every=HOUR)

    assert sorted(at_once(*[lambda: asks(timedelta())] * 4)) == [False, False, False, True]
    assert not asks(HOUR - timedelta(minutes=2))
    # The worker that asks every hour may ask a moment before the hour is over.
    almost = HOUR - timedelta(seconds=1)
    assert sorted(at_once(*[lambda: asks(almost)] * 4)) == [False, False, False, True]


def test_a_sweep_that_was_begun_counts_only_once_it_has_ended(make: Factory, session: Session, unit: Unit) -> None:
    make.item(make.case(unit))

    def sweeps_and_troubles(later: timedelta) -> tuple[int, list[Trouble]]:
        found = state.look(make.at(make.now + later))
        assert found.counts is not None
        return len(found.counts.sweeps), list(found.troubles)

    for hours in range(7):
        assert housekeeping.take_turn(make.at(make.now + hours * HOUR), every=HOUR)
    # Each of these ended without an end: a worker was killed, say.
    assert sweeps_and_troubles(6 * HOUR) == (0, [Trouble.SWEEP])
    with atomic(session):
        for name in StoreName:
            reports.record(session, name, None, now=make.now + 6 * HOUR)
    assert sweeps_and_troubles(6 * HOUR) == (2, [])
    for hours in range(7, 11):
        assert housekeeping.take_turn(make.at(make.now + hours * HOUR), every=HOUR)
    assert sweeps_and_troubles(10 * HOUR) == (2, [Trouble.SWEEP])


class Listed(PhotoStore):
    """A store that counts how often it is listed."""

    times = 0

    def files(self, under: str | None = None) -> Iterator[StoredFile]:
        """Every file."""
        self.times += 1
        return super().files(under)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_sweep_lists_a_store_once(make: Factory, unit: Unit, session: Session, *, dry_run: bool) -> None:
    make.published(make.case(unit))
    stores = Listed(make.settings.private_store_address), Listed(make.settings.public_store_address)
    for store in stores:
        ownership.adopt(session, store)
    how = Sweep(older_than=make.now, now=make.now, dry_run=dry_run)
    list(sweeping.sweep_private(session, stores[0], how))
    list(sweeping.sweep_public(session, stores[1], how))
    assert [store.times for store in stores] == [1, 1]

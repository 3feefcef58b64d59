"""Attempts that wait: the clock is given, so that nothing here depends on how fast the machine is."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from gallery.errors import TooManyAttempts
from gallery.models import AttemptCount
from gallery.services.people import delays
from gallery.services.transaction import atomic
from tests.databases import is_waited_for
from tests.factories import Factory
from tests.waiting import PATIENCE, begin, wait_until

HOUR, INSTANT = timedelta(hours=1), timedelta(microseconds=1)
DIGEST, FREE = "d" * 64, 5


def wait(session: Session, now: datetime) -> int:
    """Fail once; return how many seconds the next attempt has to wait."""
    with atomic(session):
        delays.take(session, DIGEST, free=FREE, now=now)
    try:
        with atomic(session):
            delays.take(session, DIGEST, free=0, now=now)
    except TooManyAttempts as error:
        return int(error.wait.total_seconds())
    with atomic(session):
        delays.give_back(session, DIGEST, now=now)
    return 0


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(session: Session, now: datetime) -> None:
    waits = [wait(session, now + timedelta(minutes=15 * count)) for count in range(18)]
    assert waits == [0] * FREE + [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_an_attempt_that_came_a_moment_earlier_need_not_wait_for_a_free_one(session: Session, now: datetime) -> None:
    with atomic(session):
        delays.take(session, DIGEST, free=FREE, now=now)
        delays.take(session, DIGEST, free=FREE, now=now - timedelta(milliseconds=5))


def test_success_forgets_them_all(session: Session, now: datetime) -> None:
    for _ in range(FREE):
        wait(session, now)
    with atomic(session):
        delays.forgive(session, DIGEST)
    assert [wait(session, now) for _ in range(FREE)] == [0] * FREE


def test_a_day_later_it_begins_anew(session: Session, now: datetime) -> None:
    for _ in range(FREE + 3):
        wait(session, now)
        now += timedelta(hours=1)
    assert wait(session, now + timedelta(hours=25)) == 0


def test_where_attempts_never_end_one_is_forgotten_at_a_time(session: Session, now: datetime) -> None:
    def tries(every: timedelta, times: int) -> int:
        nonlocal now
        for _ in range(times):
            now += every
            with atomic(session):
                delays.take(session, DIGEST, free=100, now=now, eased=timedelta(minutes=5))
        return session.get_one(AttemptCount, DIGEST).attempts

    assert tries(timedelta(), 10) == 10
    # Half of what comes is forgotten, though the pauses are shorter than what one takes; then all that was before.
    assert tries(timedelta(minutes=2, seconds=30), 20) == 20
    assert tries(timedelta(minutes=5), 20) == 20
    assert tries(timedelta(hours=2), 1) == 1


def test_the_old_ones_are_forgotten(sessions: sessionmaker[Session], now: datetime) -> None:
    with sessions() as session:
        wait(session, now)
        with atomic(session):
            assert delays.forget_old(session, now=now + timedelta(hours=25)) == 1
        assert session.get(AttemptCount, DIGEST) is None


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_one_that_waits_while_another_success_forgets_them_begins_anew(
    engine: Engine, sessions: sessionmaker[Session], session: Session, now: datetime
) -> None:
    def another() -> int:
        with sessions() as beside, atomic(beside):
            delays.take(beside, DIGEST, free=FREE, now=now)
            return beside.get_one(AttemptCount, DIGEST).attempts

    wait(session, now)
    with atomic(session):
        delays.take(session, DIGEST, free=FREE, now=now)
        begun = begin(another)
        wait_until(lambda: is_waited_for(engine), "the other attempt at the lock of this one")
        delays.forgive(session, DIGEST)
    assert begun.result(PATIENCE) == 1


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 0), (5, 0), (6, 1), (10, 16), (1000, 900)])
def test_how_long_is_a_matter_of_how_many(attempts: int, seconds: int) -> None:
    assert delays.wait_after(attempts, free=FREE).total_seconds() == seconds


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_attempts_of_a_day_ago_count_and_older_ones_do_not(session: Session, make: Factory) -> None:
    def row(digest: str, later: timedelta) -> tuple[int, bool]:
        with atomic(session):
            delays.take(session, digest, free=9, now=make.now + later)
            found = delays._row(session, digest, make.now)
        return found.attempts, found.until is None

    assert [row("a", each) for each in (timedelta(), 24 * HOUR, 48 * HOUR + INSTANT)] == [
        (1, True),
        (2, True),
        (1, True),
    ]
    with atomic(session):
        for _ in range(3):
            delays.give_back(session, "a", now=make.now)
        assert delays._row(session, "a", make.now).attempts == 0
    row("b", timedelta())
    assert delays.count_old(session, now=make.now + 24 * HOUR) == 0
    assert delays.count_old(session, now=make.now + 24 * HOUR + INSTANT) == 1

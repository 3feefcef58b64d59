from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from gallery.errors import SessionNotFound
from gallery.models import Officer
from gallery.services.people import desk_sessions
from gallery.services.people.desk_sessions import SEEN_EVERY, SessionLimits
from gallery.services.transaction import atomic

LIMITS = SessionLimits(longest=timedelta(hours=12), idle=timedelta(minutes=30))
MOMENT = timedelta(seconds=1)


def begin(session: Session, officer: Officer, now: datetime, browser: str = "Firefox") -> str:
    with atomic(session):
        return desk_sessions.begin(session, officer, browser=browser, now=now)


def test_a_session_is_found_by_its_token_and_its_officer(
    session: Session, officer: Officer, colleague: Officer, now: datetime
) -> None:
    token = begin(session, officer, now)
    found = desk_sessions.find(session, token, officer=officer)
    assert found is not None
    assert (found.browser, found.began_at, found.seen_at) == ("Firefox", now, now)
    assert desk_sessions.find(session, token, officer=colleague) is None
    assert desk_sessions.find(session, token + "x", officer=officer) is None


def test_it_is_noted_again_only_after_a_while(session: Session, officer: Officer, now: datetime) -> None:
    row = desk_sessions.find(session, begin(session, officer, now), officer=officer)
    assert row is not None
    assert not desk_sessions.is_due(row, now=now + SEEN_EVERY - MOMENT)
    assert desk_sessions.is_due(row, now=now + SEEN_EVERY)


@pytest.mark.parametrize(
    ("lasted", "idle", "ended"),
    [
        (LIMITS.longest, timedelta(0), False),
        (LIMITS.longest + MOMENT, timedelta(0), True),
        (timedelta(hours=1), LIMITS.idle, False),
        (timedelta(hours=1), LIMITS.idle + MOMENT, True),
    ],
)
def test_it_runs_out_when_it_has_lasted_or_been_idle_for_too_long(
    session: Session, officer: Officer, now: datetime, lasted: timedelta, idle: timedelta, ended: bool
) -> None:
    token = begin(session, officer, now - lasted)
    with atomic(session):
        row = desk_sessions.find(session, token, officer=officer)
        assert row is not None
        row.seen_at = now - idle
    assert desk_sessions.has_run_out(row, LIMITS, now=now) == ended
    assert desk_sessions.open_of(session, officer, LIMITS, now=now) == ([] if ended else [row])


def test_the_last_one_seen_comes_first(session: Session, officer: Officer, now: datetime) -> None:
    begin(session, officer, now - timedelta(minutes=2), "older")
    begin(session, officer, now, "newer")
    assert [row.browser for row in desk_sessions.open_of(session, officer, LIMITS, now=now)] == ["newer", "older"]


def test_ones_own_sessions_are_ended_and_nobody_elses(
    session: Session, officer: Officer, colleague: Officer, now: datetime
) -> None:
    mine, other, theirs = (begin(session, each, now) for each in (officer, officer, colleague))
    row = desk_sessions.find(session, mine, officer=officer)
    assert row is not None
    with pytest.raises(SessionNotFound), atomic(session):
        desk_sessions.end(session, row.public_id, officer=colleague)
    with atomic(session):
        desk_sessions.end_others(session, officer, but=other)
    assert desk_sessions.find(session, mine, officer=officer) is None
    kept = desk_sessions.find(session, other, officer=officer)
    assert kept is not None
    with atomic(session):
        desk_sessions.end(session, kept.public_id, officer=officer)
    assert desk_sessions.find(session, other, officer=officer) is None
    assert desk_sessions.find(session, theirs, officer=colleague) is not None
    with atomic(session):
        desk_sessions.end_all(session, colleague)
    assert desk_sessions.open_of(session, colleague, LIMITS, now=now) == []


def test_old_ones_are_counted_and_forgotten(session: Session, officer: Officer, now: datetime) -> None:
    begin(session, officer, now - timedelta(days=2), "old")
    begin(session, officer, now, "new")
    before = now - timedelta(days=1)
    assert desk_sessions.count_old(session, older_than=before) == 1
    with atomic(session):
        assert desk_sessions.forget_old(session, older_than=before) == 1
    assert desk_sessions.count_old(session, older_than=before) == 0
    assert [row.browser for row in desk_sessions.open_of(session, officer, LIMITS, now=now)] == ["new"]

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.models import AuditEntry, DeskSession, FormDraft, Officer
from gallery.services import audit, forgetting
from gallery.services.forgetting import Forgotten
from gallery.services.people import desk_sessions, drafts
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore
from gallery.worker import Worker
from tests.factories import Factory


@pytest.fixture
def kept(make: Factory, officer: Officer, session: Session, settings: Settings) -> None:
    """A draft and two sessions that are too old, beside those of this moment."""
    ages = {"old": timedelta(days=settings.draft_days, hours=1), "new": timedelta()}
    with atomic(session):
        for name, age in ages.items():
            when = make.now - age
            drafts.keep(session, make.at(when), name, {"title": ["x"]}, by=officer)
            desk_sessions.begin(session, officer, browser=name, now=when)
        long_ago = make.now - timedelta(days=settings.journal_days, hours=1)
        for when in (long_ago, make.now):
            audit.record(session, officer, "sign_in", officer, now=when)
        # Who did what to an account, or to anything else, is kept.
        audit.record(session, officer, "disable", officer, now=long_ago)
        older = make.now - timedelta(hours=settings.session_hours, minutes=1)
        desk_sessions.begin(session, officer, browser="older", now=older)


OLD = Forgotten(drafts=1, sessions=2, attempts=0, photos=0, waiting=0, lines=1, archives=[], exports=[])


def journal(session: Session) -> list[str]:
    return sorted(session.scalars(select(AuditEntry.action).where(AuditEntry.action != "create")))


def left(session: Session) -> tuple[set[str], set[str]]:
    end_reading(session)
    return set(session.scalars(select(FormDraft.subject))), set(session.scalars(select(DeskSession.browser)))


def test_what_is_too_old_is_forgotten_and_counted(
    session: Session, settings: Settings, make: Factory, kept: None
) -> None:
    with atomic(session):
        assert forgetting.forget_old(session, settings, now=make.now) == OLD
    assert left(session) == ({"new"}, {"new"})
    assert journal(session) == ["disable", "sign_in"]


def test_counting_forgets_nothing(session: Session, settings: Settings, make: Factory, kept: None) -> None:
    assert forgetting.count_old(session, settings, now=make.now) == OLD
    assert left(session) == ({"old", "new"}, {"old", "new", "older"})


def test_the_worker_forgets_the_same(
    session: Session,
    settings: Settings,
    make: Factory,
    kept: None,
    sessions: sessionmaker[Session],
    private: PhotoStore,
    public: PhotoStore,
) -> None:
    Worker(make.resources(sessions), Event()).sweep()
    assert left(session) == ({"new"}, {"new"})

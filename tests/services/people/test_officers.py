"""Accounts: what two administrators do at the same moment, and what is kept of a choice."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from gallery.errors import AlreadyTaken, ChangedMeanwhile, LastAdministrator, NotAllowed
from gallery.models import Officer, OfficerRole, Unit
from gallery.services import audit
from gallery.services.people import credentials, desk_sessions, officers
from gallery.services.people.officers import NewRole
from gallery.services.people.units import NewOfficer
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.waiting import PATIENCE, at_once, begin


@pytest.fixture
def administrators(make: Factory, unit: Unit) -> tuple[str, str]:
    """The public identifiers of two administrators, the only ones."""
    first, second = (make.officer(unit, f"{name}@rennes.example", OfficerRole.ADMINISTRATOR) for name in ("un", "deux"))
    return first.public_id, second.public_id


def demote(session: Session, of: str, *, by: str, now: datetime) -> None:
    """Make an administrator an agent; inside atomic()."""
    acting = session.scalars(select(Officer).where(Officer.public_id == by)).one()
    officer = officers.lock(session, of, by=acting)
    role = NewRole(OfficerRole.AGENT, seen=OfficerRole.ADMINISTRATOR)
    officers.change_role(session, officer, role, by=acting, now=now)


def test_it_works(session: Session, administrators: tuple[str, str], now: datetime) -> None:
    first, second = administrators
    with atomic(session):
        demote(session, second, by=first, now=now)
    officer = session.scalars(select(Officer).where(Officer.public_id == second)).one()
    assert officer.role is OfficerRole.AGENT
    assert audit.history(session, officer)[0].details == {"fields": ["role"]}


def test_who_becomes_an_administrator_signs_in_again_and_is_told(
    session: Session, administrators: tuple[str, str], make: Factory, unit: Unit, now: datetime
) -> None:
    agent = make.officer(unit, "agent@rennes.example")
    by = session.scalars(select(Officer).where(Officer.public_id == administrators[0])).one()
    with atomic(session):
        agent = session.merge(agent)
        before = agent.fs_uniquifier
        token = desk_sessions.begin(session, agent, browser="Firefox", now=now)
        role = NewRole(OfficerRole.ADMINISTRATOR, seen=OfficerRole.AGENT)
        officers.change_role(session, agent, role, by=by, now=now)
    assert agent.fs_uniquifier != before
    assert desk_sessions.find(session, token, officer=agent) is None
    assert [(each.action, each.officer) for each in credentials.unread(session, agent)] == [("make_administrator", by)]


def test_two_administrators_do_not_take_each_others_role_away_at_once(
    sessions: sessionmaker[Session], administrators: tuple[str, str], now: datetime
) -> None:
    first, second = administrators

    def other() -> None:
        with sessions() as session, atomic(session):
            demote(session, first, by=second, now=now)

    with sessions() as session, atomic(session):
        demote(session, second, by=first, now=now)
        session.flush()
        attempt = begin(other)
    with pytest.raises((LastAdministrator, NotAllowed)):
        attempt.result(PATIENCE)
    with sessions() as session:
        left = select(func.count(Officer.id)).where(Officer.role == OfficerRole.ADMINISTRATOR)
        assert session.scalar(left) == 1


def test_a_role_that_is_not_the_one_seen_is_not_changed(
    session: Session, administrators: tuple[str, str], make: Factory, unit: Unit, now: datetime
) -> None:
    agent = make.officer(unit, "agent@rennes.example")
    by = session.scalars(select(Officer).where(Officer.public_id == administrators[0])).one()
    role = NewRole(OfficerRole.MANAGER, seen=OfficerRole.ADMINISTRATOR)
    with pytest.raises(ChangedMeanwhile), atomic(session):
        officers.change_role(session, agent, role, by=by, now=now)


def test_two_administrators_invite_the_same_person_once(
    sessions: sessionmaker[Session], administrators: tuple[str, str], make: Factory, now: datetime
) -> None:
    def invite(by: str) -> bool:
        with sessions() as session:
            try:
                with atomic(session):
                    acting = session.scalars(select(Officer).where(Officer.public_id == by)).one()
                    new = NewOfficer(acting.unit, "morgane@rennes.example", "Morgane", OfficerRole.AGENT)
                    officers.invite(session, make.given, new, valid_for=timedelta(hours=1), by=acting)
            except AlreadyTaken:
                return False
            return True

    first, second = administrators
    assert sorted(at_once(lambda: invite(first), lambda: invite(second))) == [False, True]
    with sessions() as session:
        assert session.scalar(select(func.count()).where(Officer.email == "morgane@rennes.example")) == 1


def test_taking_a_second_factor_away_is_noted_and_signs_out_everywhere(
    session: Session, make: Factory, administrators: tuple[str, str], officer: Officer
) -> None:
    acting = session.scalars(select(Officer).where(Officer.public_id == administrators[0])).one()
    with atomic(session):
        officer.tf_primary_method, officer.tf_totp_secret, officer.tf_last_counter = "authenticator", "s", 5
        officer.mf_recovery_codes = ["a"]
        desk_sessions.begin(session, officer, browser="Firefox", now=make.now)
        before = officer.fs_uniquifier
    with pytest.raises(NotAllowed), atomic(session):
        officers.reset_second_factor(session, officer, by=officer, now=make.now)
    with atomic(session):
        officers.reset_second_factor(session, officer, by=acting, now=make.now)
    kept = (officer.tf_primary_method, officer.tf_totp_secret, officer.tf_last_counter, officer.mf_recovery_codes)
    assert kept == (None, None, None, None)
    assert officer.fs_uniquifier != before
    limits = desk_sessions.SessionLimits(longest=timedelta(hours=9), idle=timedelta(hours=9))
    assert desk_sessions.open_of(session, officer, limits, now=make.now) == []
    noted = audit.history(session, officer, actions=("reset_second_factor",))
    assert [each.officer_id for each in noted] == [acting.id]

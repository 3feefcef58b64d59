"""What whoever runs the service is told, on both databases: counts, and what an inspection finds."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import ItemStatus, Network, Unit
from gallery.services.albums import postings
from gallery.services.items import publication
from gallery.services.operating import counts, inspection, machine
from gallery.services.operating.diagnoses import Level
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.waiting import free_port


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


def test_a_clock_five_minutes_off_is_a_fault_where_the_database_has_its_own(
    make: Factory, sessions: sessionmaker[Session], database_address: str
) -> None:
    given = make.resources(sessions, now=lambda: datetime.now(UTC) + timedelta(minutes=5))
    (clock,) = (each for each in inspection.of_database(given) if each.part == "clock")
    assert clock.level is (Level.OK if database_address.startswith("sqlite") else Level.FAULT)


def test_servers_that_do_not_answer_are_faults(make: Factory, sessions: sessionmaker[Session]) -> None:
    given = make.resources(sessions)
    nobody = free_port()
    settings = replace(
        given.settings,
        redis_url=f"redis://127.0.0.1:{nobody}/0",
        public_address="https://objets.example",
        alerts_legal_act="PLAN-3",
        alerts_impact_assessment="2026-11-29",
        smtp_host="127.0.0.1",
        smtp_port=nobody,
        smtp_security="none",
        mail_sender="objets@retrouves.example",
    )
    given = replace(given, settings=settings)
    found = [*inspection.of_limits(given), *inspection.of_mail(given)]
    assert [(each.part, each.level) for each in found] == [("limits", Level.FAULT), ("mail", Level.FAULT)]


def test_an_instance_that_can_not_be_written_is_a_fault(
    make: Factory, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = make.resources(sessions)
    given.settings.instance.mkdir(parents=True, exist_ok=True)
    given.settings.instance.chmod(0o700)

    def levels(allowed: int) -> list[Level]:
        monkeypatch.setattr(machine.os, "access", lambda _path, asked: asked & allowed == asked and asked > 0)
        return [each.level for each in machine.permissions(given)]

    assert Level.FAULT not in levels(os.W_OK | os.X_OK)
    assert [levels(each) for each in (os.W_OK, os.X_OK, 0)] == [[Level.FAULT]] * 3

"""Files of albums that are asked for while a worker keeps them: whoever holds the unit waits for nobody who waits."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import ExportState, Item, Network, Officer
from gallery.services.albums import exports, postings
from gallery.services.transaction import atomic
from tests.databases import is_waited_for
from tests.factories import Factory
from tests.services.albums.conftest import Team, album_of, ask, found
from tests.waiting import PATIENCE, begin, wait_until

# On SQLite whoever writes is alone.
pytestmark = pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)


def test_an_album_is_asked_for_again_while_its_file_is_kept(
    make: Factory, session: Session, engine: Engine, team: Team, three: list[Item], officer: Officer
) -> None:
    reference, album = ask(make, officer), album_of(session, officer.unit)
    a_minute_later = replace(make.given, now=lambda: make.now + timedelta(minutes=1))
    with atomic(session):
        postings.hold(session, officer.unit)
        kept = begin(team.works)
        wait_until(lambda: kept.done() or is_waited_for(engine), "the worker")
        again = exports.ask(session, a_minute_later, album, Network.FACEBOOK, by=officer)
        assert again.reference == reference
    kept.result(PATIENCE)
    assert (found(session).state, found(session).attempts) == (ExportState.READY, 1)


def test_a_file_is_locked_after_its_unit(
    make: Factory,
    session: Session,
    engine: Engine,
    sessions: sessionmaker[Session],
    officer: Officer,
    three: list[Item],
) -> None:
    reference, by = ask(make, officer), officer.id

    def lock() -> None:
        with sessions() as other, atomic(other):
            exports.lock(other, reference, by=other.get_one(Officer, by))

    with atomic(session):
        postings.hold(session, officer.unit)
        locked = begin(lock)
        wait_until(lambda: locked.done() or is_waited_for(engine), "the lock")
        assert not locked.done()
    locked.result(PATIENCE)

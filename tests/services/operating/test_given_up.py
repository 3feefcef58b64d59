"""One statement that PostgreSQL gives up keeps a worker from nothing else."""

from threading import Event

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from gallery.worker import Worker
from tests.factories import Factory


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_a_statement_past_its_time_lets_all_other_work_go_on(sessions: sessionmaker[Session], make: Factory) -> None:
    worker = Worker(make.resources(sessions), Event())

    def rank_for_too_long() -> bool:
        with sessions() as session:
            session.execute(text("SET LOCAL statement_timeout = '20ms'"))
            session.execute(text("SELECT pg_sleep(20)"))
        return True

    assert not worker._attempt(rank_for_too_long, "rank")
    assert not worker.rests.is_over("rank", worker.given.now())

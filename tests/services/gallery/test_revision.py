"""The number that each change of what is public raises."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from gallery.database import read_alone
from gallery.services import revision


def test_the_revision_is_read_past_any_transaction(session: Session, sessions: sessionmaker[Session]) -> None:
    before = revision.committed(sessions)
    revision.touch(session)
    assert revision.current(session) == before + 1
    assert revision.committed(sessions) == before
    session.commit()
    assert revision.committed(sessions) == before + 1


def test_without_a_row_it_is_0(session: Session, sessions: sessionmaker[Session]) -> None:
    session.execute(text("DELETE FROM catalogue_revision"))
    session.commit()
    assert revision.committed(sessions) == 0


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_it_is_read_by_connections_without_a_transaction_and_again_when_they_were_cut(
    session: Session, sessions: sessionmaker[Session]
) -> None:
    def reader() -> int:
        return int(read_alone(sessions.kw["bind"], "SELECT pg_backend_pid()"))

    first = reader()
    state = session.scalar(select(text("state")).select_from(text("pg_stat_activity")).where(text(f"pid = {first}")))
    assert state == "idle"
    session.scalar(select(func.pg_terminate_backend(first)))
    assert revision.committed(sessions) == revision.current(session)
    assert reader() != first

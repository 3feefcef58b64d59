"""The number that each change of what is public raises."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery.services import revision

# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


def test_the_revision_is_read_past_any_transaction(session: Session, sessions: sessionmaker[Session]) -> None:
    before = revision.committed(sessions)
    revision.touch(session)
    assert revision.current(session) == before + 1
    session.commit()
    assert revision.committed(sessions) == before + 1

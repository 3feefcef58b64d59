"""`migrate` and a catalogue in PostgreSQL that processes of this version, or of the former one, use meanwhile."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from gallery import matching
from gallery.models import Unit
from gallery.services.search import lookups, pgvector
from gallery.services.transaction import atomic
from tests.databases import is_waited_for
from tests.factories import Factory
from tests.services.search.test_database_catalogue import database_address, engine, index  # noqa: F401  with pgvector's tables
from tests.waiting import PATIENCE, begin, wait_until

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"
COLUMN = "SELECT signature_id, vector FROM shortlist_photos WHERE vector IS NOT NULL ORDER BY 1"
HAS_COLUMN = "SELECT 1 FROM pg_attribute WHERE attrelid = 'shortlist_photos'::regclass AND attname = 'vector'"
COMPARED = "SELECT signature_id, vector FROM shortlist_vectors ORDER BY 1"
REMAINS = (
    "DROP FUNCTION IF EXISTS take_former_vector CASCADE",
    "ALTER TABLE shortlist_photos DROP COLUMN IF EXISTS vector",
)


@dataclass(frozen=True)
class Former:
    """A catalogue as versions until November 2026 keep it. kept, late: ids and vectors of two photos."""

    session: Session
    kept: tuple[int, str]
    late: tuple[int, str]

    def write(self, photo: tuple[int, str]) -> None:
        """Do what a worker of that version does for a photo that has a row."""
        with atomic(self.session):
            self.session.execute(
                text("UPDATE shortlist_photos SET vector = CAST(:vector AS halfvec) WHERE signature_id = :id"),
                {"id": photo[0], "vector": photo[1]},
            )

    def rows(self, statement: str) -> list[tuple[int, str]]:
        found = [(row[0], row[1]) for row in self.session.execute(text(statement))]
        self.session.rollback()
        return found


@pytest.fixture
def former(make: Factory, unit: Unit, session: Session, encoder: Path) -> Iterator[Former]:
    matching.configure(encoder)
    pgvector.ensure_tables(session)
    for _ in range(2):
        make.published(make.case(unit))
    index(session)
    kept, late = ((row[0], row[1]) for row in session.execute(text(COMPARED)).all())
    with atomic(session):
        session.execute(text("DROP TABLE shortlist_vectors"))
        session.execute(text(f"ALTER TABLE shortlist_photos ADD COLUMN vector halfvec({lookups.dimensions()})"))
        session.execute(
            text("CREATE INDEX ix_shortlist_photos_vector ON shortlist_photos USING hnsw (vector halfvec_ip_ops)")
        )
    found = Former(session, kept, late)
    found.write(kept)
    yield found
    session.rollback()
    with atomic(session):
        for statement in REMAINS:
            session.execute(text(statement))


def test_vectors_of_the_former_version_are_copied_and_stay_for_its_processes(former: Former) -> None:
    for _ in range(2):
        pgvector.ensure_tables(former.session)
        assert former.rows(COMPARED) == [former.kept]
    former.write(former.late)
    assert former.rows(COLUMN) == [former.kept, former.late]
    assert former.session.scalar(text("SELECT to_regclass('ix_shortlist_photos_vector')"))


def test_what_its_worker_writes_later_is_compared_at_once_and_once(former: Former) -> None:
    pgvector.ensure_tables(former.session)
    former.write(former.late)
    assert former.rows(COMPARED) == [former.kept, former.late]
    pgvector.ensure_tables(former.session)
    assert former.rows(COMPARED) == [former.kept, former.late]


def test_its_worker_may_write_vectors_of_an_encoder_that_is_no_longer_used(former: Former, encoder: Path) -> None:
    pgvector.ensure_tables(former.session)
    matching.configure(None)
    pgvector.ensure_tables(former.session)
    former.write(former.late)
    matching.configure(encoder)
    pgvector.ensure_tables(former.session)
    assert former.rows(COMPARED) == [former.kept, former.late]


def test_the_guide_frees_the_room_of_the_former_column(former: Former) -> None:
    pgvector.ensure_tables(former.session)
    (statements,) = re.findall(r"`(DROP FUNCTION take_former_vector.*?)`", OPERATIONS.read_text(encoding="utf-8"))
    with atomic(former.session):
        for statement in statements.split(";"):
            former.session.execute(text(statement))
    pgvector.ensure_tables(former.session)
    # The vector that nobody had written is made of the signature.
    assert former.rows(COMPARED) == [former.kept, former.late]
    assert former.session.scalar(text(HAS_COLUMN)) is None


def test_vectors_come_back_with_their_encoder(
    make: Factory, unit: Unit, session: Session, encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pgvector, "FILLED_AT_ONCE", 2)
    matching.configure(encoder)
    pgvector.ensure_tables(session)
    *kept, damaged = (make.published(make.case(unit)).photos[0].signature for _ in range(4))
    index(session)
    before = session.execute(text(COMPARED)).all()
    with atomic(session):
        damaged.compact = b"damaged"
    for model in (None, encoder, encoder):
        matching.configure(model)
        pgvector.ensure_tables(session)
    assert session.execute(text(COMPARED)).all() == before[: len(kept)]


# A worker first reads the table of photos, then writes to it and to others.
READING, WRITING = "SELECT 1 FROM shortlist_photos", "DELETE FROM shortlist_photos WHERE false"


def migrate_beside_a_worker(sessions: sessionmaker[Session], has_done: str, *will_write: str) -> None:
    """Fails where one of the two is ended by PostgreSQL, since each waits for the other."""

    def migrate() -> None:
        with sessions() as session:
            pgvector.ensure_tables(session)

    with sessions() as worker:
        with atomic(worker):
            worker.execute(text(has_done))
            migration = begin(migrate)
            wait_until(lambda: migration.done() or is_waited_for(sessions.kw["bind"]), "migrate")
            for table in will_write:
                worker.execute(text(f"DELETE FROM {table} WHERE false"))
        assert migration.result(PATIENCE) is None


@pytest.mark.parametrize("has_done", [READING, WRITING])
def test_migrate_copies_beside_a_worker_that_is_indexing(
    former: Former, sessions: sessionmaker[Session], has_done: str
) -> None:
    migrate_beside_a_worker(sessions, has_done, "shortlist_photos", "shortlist_words")
    assert former.rows(COMPARED) == [former.kept]


@pytest.mark.parametrize("has_done", [READING, WRITING])
def test_migrate_takes_an_encoders_vectors_away_beside_a_worker_that_is_indexing(
    session: Session, sessions: sessionmaker[Session], encoder: Path, has_done: str
) -> None:
    matching.configure(encoder)
    pgvector.ensure_tables(session)
    matching.configure(None)
    migrate_beside_a_worker(sessions, has_done, "shortlist_photos", "shortlist_vectors", "shortlist_words")
    assert session.scalar(text("SELECT to_regclass('shortlist_vectors')")) is None


def test_no_look_up_is_compiled(session: Session) -> None:
    with atomic(session):
        # As versions until November 2026 made it.
        session.execute(text("ALTER FUNCTION public_near_vectors RESET jit"))
    pgvector.ensure_tables(session)
    settings = session.scalars(text("SELECT proconfig FROM pg_proc WHERE proname ~ '_near_'")).all()
    assert len(settings) == 8
    assert all("jit=off" in each for each in settings)
    lookups.vectors_near(session, np.ones(1, np.int8))
    assert session.scalar(text("SHOW jit")) == "off"

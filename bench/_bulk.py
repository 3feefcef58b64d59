"""A large shortlist in PostgreSQL, written in pieces of some minutes each: a call goes on where the last one ended.

Photos are copied into tables without indexes, which are made afterwards: hundreds of photos a second in place of some
25. What a search finds is the same, as far as it does not depend on the order in which an HNSW index was filled.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.orm import Session

from bench.crowd import crowd
from bench.restart import make_case, store_more
from gallery.database import Base, session_factory
from gallery.matching import Signature
from gallery.matching.catalogue.shortlisting import photo_row
from gallery.models import Case, StoredSignature
from gallery.services.search import pgvector
from gallery.services.transaction import atomic, end_reading

AT_ONCE = 500
# What makes an index of the words again, which is a part of their table where photos are indexed one by one.
WORDS_KEY = "ALTER TABLE shortlist_words ADD PRIMARY KEY (word, signature_id) INCLUDE (code, weight)"
WITHOUT_INDEXES = (
    "ALTER TABLE shortlist_words DROP CONSTRAINT IF EXISTS shortlist_words_pkey",
    "ALTER TABLE shortlist_words DROP CONSTRAINT IF EXISTS shortlist_words_signature_id_fkey",
    "DROP INDEX IF EXISTS ix_shortlist_words_signature, ix_shortlist_photos_hash, ix_shortlist_photos_colour",
)
INDEXES = (
    "CREATE INDEX IF NOT EXISTS ix_shortlist_photos_hash ON shortlist_photos USING hnsw (hash bit_hamming_ops)"
    " WHERE is_telling",
    "CREATE INDEX IF NOT EXISTS ix_shortlist_photos_colour ON shortlist_photos USING hnsw (colour halfvec_ip_ops)",
)
HAS_KEY = "SELECT 1 FROM pg_constraint WHERE conname = 'shortlist_words_pkey'"
COPY_PHOTOS = "COPY shortlist_photos (signature_id, hash, is_telling, colour, weighted_norm, plain_norm) FROM STDIN"
COPY_VECTORS = "COPY shortlist_vectors (signature_id, vector) FROM STDIN"
COPY_WORDS = "COPY shortlist_words (word, signature_id, code, weight) FROM STDIN"
BUILDING = ("SET LOCAL maintenance_work_mem = '2GB'", "SET LOCAL max_parallel_maintenance_workers = 0")


@dataclass(frozen=True)
class Bulk:
    """A database that is being filled with published photos, the real ones first."""

    engine: Engine
    real: Sequence[Signature]
    size: int

    def go_on(self, *, until: float) -> bool:
        """Do what is missing until this moment of time.monotonic(), a step at a time; return whether all is there."""
        with session_factory(self.engine)() as session:
            while (done := _count(session)) < self.size:
                if time.monotonic() > until:
                    print(f"{done} of {self.size} photos are in", flush=True)
                    return False
                self._add(session, done, min(AT_ONCE, self.size - done))
            return self._index(session, until)

    def _add(self, session: Session, done: int, count: int) -> None:
        if done == 0:
            Base.metadata.create_all(self.engine)
            make_case(session)
            pgvector.ensure_tables(session)
            with atomic(session):
                for statement in WITHOUT_INDEXES:
                    session.execute(text(statement))
        case = session.scalars(select(Case)).one()
        signatures = list(self._signatures(done, count))
        with atomic(session):
            store_more(session, case, done + 1, [(each.compact(), _details(each)) for each in signatures])
            _copy(session, done + 1, signatures)

    def _signatures(self, done: int, count: int) -> Iterator[Signature]:
        first = self.real[done : done + count]
        rest = count - len(first)
        return chain(first, crowd(self.real, rest, after=max(0, done - len(self.real))))

    def _index(self, session: Session, until: float) -> bool:
        statements = ([] if session.scalar(text(HAS_KEY)) else [WORDS_KEY]) + list(INDEXES)
        for statement in statements:
            if time.monotonic() > until:
                print("all photos are in; indexes are missing", flush=True)
                return False
            began = time.monotonic()
            with atomic(session):
                for setting in BUILDING:
                    session.execute(text(setting))
                session.execute(text(statement))
            if time.monotonic() - began > 1:
                print(f"{statement[:90]}: {time.monotonic() - began:.0f} s", flush=True)
        with atomic(session):
            pgvector.count_again(session)
        return True


def _count(session: Session) -> int:
    if not inspect(session.connection()).has_table(StoredSignature.__tablename__):
        return 0
    found = session.scalar(select(func.count()).select_from(StoredSignature)) or 0
    end_reading(session)
    return found


def _details(signature: Signature) -> bytes:
    return b"" if signature.details is None else signature.details_bytes()


def _copy(session: Session, first: int, signatures: Sequence[Signature]) -> None:
    driver = session.connection().connection.driver_connection
    assert driver is not None
    rows = [(number, photo_row(each)) for number, each in enumerate(signatures, first)]
    with driver.cursor() as cursor:
        with cursor.copy(COPY_PHOTOS) as copy:
            for number, row in rows:
                copy.write_row((number, row.hash, row.is_telling, str(row.colour), *row.norms))
        if vectors := [(number, str(row.vector)) for number, row in rows if row.vector]:
            with cursor.copy(COPY_VECTORS) as copy:
                for vector in vectors:
                    copy.write_row(vector)
        with cursor.copy(COPY_WORDS) as copy:
            for number, row in rows:
                for word, code, weight in row.words:
                    copy.write_row((word, number, code, weight))

"""A catalogue left in PostgreSQL keeps every promise of the one in memory, and finds as well."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from bench import distribution
from gallery import matching
from gallery.database import Base, open_engine, session_factory
from gallery.matching.catalogue.shortlisting import LookRow, question_row
from gallery.matching.ranking.comparison import question_of
from gallery.models import Officer, Unit
from gallery.services.items import categories
from gallery.services.search import lookups, pgvector, search
from gallery.services.search.database_catalogue import DatabaseCatalogue
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory
from tests.services.search.test_desk_search import RING, Searcher
from tests.services.search.test_search import (  # noqa: F401  the same promises, kept by the catalogue below
    Victim,
    test_a_category_narrows_and_never_hides_the_very_same_photo,
    test_a_draft_is_not_found,
    test_a_gallery_of_one_item_answers,
    test_a_private_photo_is_not_found,
    test_a_recompressed_photo_of_the_same_ring_comes_first,
    test_an_empty_gallery_answers,
    test_several_photos_of_several_objects_give_a_ranking_each,
    test_what_is_published_withdrawn_and_published_again_is_seen_by_the_next_search,
    victim,
)


@pytest.fixture(scope="session")
def database_address(postgresql_server: str) -> str:
    """A database of its own, for tables that the others do not have."""
    name = f"shortlisted_{token_hex(4)}"
    with create_engine(postgresql_server.replace("postgresql", "postgresql+psycopg", 1)).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(f"CREATE DATABASE {name}"))
    path, _, options = postgresql_server.partition("?")
    return f"{path.rpartition('/')[0]}/{name}?{options}"


@pytest.fixture(scope="session")
def engine(database_address: str) -> Iterator[Engine]:
    engine = open_engine(database_address)
    Base.metadata.create_all(engine)
    with session_factory(engine)() as session:
        with atomic(session):
            categories.ensure_categories(session)
        for _ in range(2):
            pgvector.ensure_tables(session)
    yield engine
    engine.dispose()


def index(session: Session) -> int:
    """Do what the worker does; returns how many signatures were indexed."""
    with atomic(session):
        indexed = pgvector.index_missing(session, limit=10_000)
        if indexed:
            pgvector.count_again(session)
        return indexed


class Indexed(DatabaseCatalogue):
    """The catalogue of a database whose worker has nothing left to do."""

    def current(self, *, narrowed_to: Collection[int] | None = None) -> matching.Searched:
        with self._sessions() as session:
            index(session)
        return super().current(narrowed_to=narrowed_to)


@pytest.fixture
def catalogue(sessions: sessionmaker[Session]) -> DatabaseCatalogue:
    return Indexed(sessions)


def test_each_signature_is_indexed_once(make: Factory, unit: Unit, session: Session) -> None:
    make.item(make.case(unit), with_photos=2)
    assert index(session) == 2
    assert index(session) == 0


def test_a_signature_that_goes_takes_its_rows_along(make: Factory, unit: Unit, session: Session) -> None:
    item = make.item(make.case(unit), with_photos=1)
    index(session)
    with atomic(session):
        session.delete(item.photos[0].signature)
    assert session.execute(text("SELECT count(*) FROM shortlist_words")).scalar_one() == 0


def test_a_damaged_signature_is_passed_over(make: Factory, unit: Unit, session: Session) -> None:
    item = make.item(make.case(unit), with_photos=2)
    with atomic(session):
        item.photos[0].signature.compact = b"damaged"
    assert index(session) == 2
    assert index(session) == 0


def test_a_photo_that_shows_nothing_resembles_nothing(
    make: Factory, unit: Unit, sessions: sessionmaker[Session]
) -> None:
    make.published(make.case(unit))
    white = matching.describe(np.full((400, 600, 3), 255, np.uint8))
    found = matching.rank([white], Indexed(sessions).current())
    assert not [each for each in found if each.likelihood is not matching.Likelihood.WEAK]


def test_where_no_photo_is_near_and_no_item_may_appear_nothing_is_found(
    make: Factory,
    unit: Unit,
    victim: Victim,  # noqa: F811
) -> None:
    make.published(make.case(unit), pictures.jpeg(RING))
    # Whatever its hash were near to would be looked at.
    without_hash = pictures.jpeg(Image.new("RGB", (640, 480), "#2d8f3a"))
    assert victim.finds(without_hash, without_hash, category_code="watches") == []


def test_the_vectors_of_the_encoder_are_shortlisted_too(
    make: Factory, unit: Unit, session: Session, encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matching.configure(encoder)
    pgvector.ensure_tables(session)
    signature = make.published(make.case(unit)).photos[0].signature
    assert index(session) == 1
    without = lookups.BY_COLOUR.statement.replace(f"LIMIT {lookups.COLOURS}", "LIMIT 0")
    monkeypatch.setattr(lookups, "BY_COLOUR", replace(lookups.BY_COLOUR, statement=without))
    question = question_of(matching.Signature.from_bytes(signature.compact, signature.details))
    unseen = replace(question_row(question), hashes=[], look=LookRow([], (1, 1)), mirrored_look=LookRow([], (1, 1)))
    assert lookups.signatures_near(session, unseen, scope=Scope.ALL) == {signature.id}
    assert lookups.signatures_near(session, replace(unseen, vector=None), scope=Scope.ALL) == set()


def test_all_vectors_are_compared_and_read_in_one_go(session: Session, encoder: Path) -> None:
    matching.configure(encoder)
    pgvector.ensure_tables(session)
    for setting in lookups.PLANNING:
        session.execute(text(f"SET LOCAL {setting}"))
    values = {"vector": str([1] * (lookups.dimensions() or 0)), "version": "", "item_ids": None}
    plan = session.scalars(text(f"EXPLAIN {lookups.BY_VECTOR.asked(Scope.ALL).text}"), values).all()
    assert any("Seq Scan on shortlist_vectors" in line for line in plan)
    assert not any("using ix_shortlist_vectors" in line for line in plan)


def test_no_table_is_open_to_the_public_role(session: Session, encoder: Path) -> None:
    matching.configure(encoder)
    pgvector.ensure_tables(session)
    tables = "SELECT relname, relrowsecurity FROM pg_class WHERE relkind = 'r' AND relname ~ '^shortlist' ORDER BY 1"
    names = ("shortlist_photos", "shortlist_vectors", "shortlist_words")
    assert session.execute(text(tables)).all() == [(name, True) for name in names]


def test_it_names_the_same_neighbours_as_the_catalogue_in_memory(
    make: Factory, unit: Unit, session: Session, sessions: sessionmaker[Session], encoder: Path
) -> None:
    matching.configure(encoder)
    pgvector.ensure_tables(session)
    items = [make.published(make.case(unit)) for _ in range(2)]
    vector = matching.Signature.from_bytes(items[0].photos[0].signature.compact).vector
    assert vector is not None
    found = [
        dict(zip(*each.current().cosines(vector), strict=True))
        for each in (Indexed(sessions), MemoryCatalogue(sessions))
    ]
    assert found[0] == pytest.approx(found[1])
    assert found[0][items[0].id] == pytest.approx(1, abs=1e-5)


def test_a_fingerprint_finds_the_same_items_as_in_memory(
    make: Factory, unit: Unit, session: Session, sessions: sessionmaker[Session], encoder: Path
) -> None:
    matching.configure(encoder)
    pgvector.ensure_tables(session)
    items = [make.published(make.case(unit)) for _ in range(3)]
    stored = items[1].photos[0].signature
    signature = matching.Signature.from_bytes(stored.compact, stored.details)
    assert signature.vector is not None
    fingerprint = matching.Fingerprint(signature.vector, question_of(signature).hash)
    found = [
        search.by_fingerprints(session, [fingerprint], catalogue=each)
        for each in (Indexed(sessions), MemoryCatalogue(sessions))
    ]
    numbers = [[each.item.public_number for each in only.items] for [only] in found]
    assert numbers[0] == numbers[1]
    assert len(numbers[0]) == 3
    assert numbers[0][0] == items[1].public_number


def test_officers_find_their_units_drafts_and_nobody_elses(
    make: Factory, unit: Unit, officer: Officer, outsider: Officer, sessions: sessionmaker[Session]
) -> None:
    item = make.item(make.case(unit))
    make.photo(item, pictures.jpeg(RING))
    searcher = Searcher(make, Indexed(sessions, scope=Scope.ALL))
    assert searcher.surely_finds(officer) == [item.public_number]
    assert searcher.search(outsider, pictures.jpeg(RING)) == []
    make.publish(item)
    assert searcher.surely_finds(outsider) == [item.public_number]


def test_what_keeps_signatures_from_being_distributed_is_what_the_documentation_takes_away(engine: Engine) -> None:
    scale = (Path(__file__).parents[3] / "docs" / "scale.md").read_text(encoding="utf-8")
    (statements,) = re.findall(r"```sql\n(.*?)```", scale, re.DOTALL)
    with engine.connect() as connection:
        names = [each.constraint for each in distribution.obstacles(connection)]
        assert names == ["uq_signatures_photo_id", "fk_signatures_photo_id_item_photos"]
        for statement in statements.strip().splitlines():
            # No extension here that distributes.
            if "create_distributed_table" not in statement:
                connection.execute(text(statement))
        assert list(distribution.obstacles(connection)) == []
        connection.rollback()

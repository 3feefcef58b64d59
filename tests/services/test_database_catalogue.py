"""A catalogue left in PostgreSQL keeps every promise of the one in memory, and finds as well."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from gallery import matching
from gallery.database import Base, open_engine, session_factory
from gallery.matching.catalogue.shortlisting import LookRow, question_row
from gallery.matching.evaluation.dataset import Gallery, read_galleries
from gallery.matching.evaluation.evaluation import describe_all
from gallery.matching.ranking.comparison import question_of
from gallery.models import Case, Item, ItemPhoto, ItemStatus, Officer, StoredSignature, Unit
from gallery.services.items import categories
from gallery.services.search import lookups, pgvector
from gallery.services.search.database_catalogue import DatabaseCatalogue
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.transaction import atomic
from tests import pictures
from tests.conftest import PHOTOGRAPHS
from tests.factories import Factory
from tests.services.test_desk_search import RING, Searcher
from tests.services.test_search import (  # noqa: F401  the same promises, kept by the catalogue below
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

OBJECTS, DISTRACTORS = 8, 150
MAX_LOST = 0.02
SETS = ["handheld", "cover", "in_the_wild"]
Described = Mapping[Path, tuple[bytes, bytes]]


@pytest.fixture(scope="session")
def database_address(postgresql_server: str) -> str:
    """A database of its own, for tables that the others do not have."""
    with create_engine(postgresql_server.replace("postgresql", "postgresql+psycopg", 1)).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CREATE DATABASE shortlisted"))
    path, _, options = postgresql_server.partition("?")
    return f"{path.rpartition('/')[0]}/shortlisted?{options}"


@pytest.fixture(scope="session")
def engine(database_address: str) -> Iterator[Engine]:
    engine = open_engine(database_address)
    Base.metadata.create_all(engine)
    with session_factory(engine)() as session, atomic(session):
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


def test_the_vectors_of_the_encoder_are_shortlisted_too(
    make: Factory, unit: Unit, session: Session, encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matching.configure(encoder)
    with atomic(session):
        pgvector.ensure_tables(session)
    signature = make.published(make.case(unit)).photos[0].signature
    assert index(session) == 1
    without = lookups.BY_COLOUR.statement.replace(f"LIMIT {lookups.COLOURS}", "LIMIT 0")
    monkeypatch.setattr(lookups, "BY_COLOUR", replace(lookups.BY_COLOUR, statement=without))
    question = question_of(matching.Signature.from_bytes(signature.compact, signature.details))
    unseen = replace(question_row(question), hashes=[], look=LookRow([], (1, 1)), mirrored_look=LookRow([], (1, 1)))
    assert lookups.signatures_near(session, unseen, scope=Scope.ALL) == {signature.id}
    assert lookups.signatures_near(session, replace(unseen, vector=None), scope=Scope.ALL) == set()


def test_it_names_the_same_neighbours_as_the_catalogue_in_memory(
    make: Factory, unit: Unit, session: Session, sessions: sessionmaker[Session], encoder: Path
) -> None:
    matching.configure(encoder)
    with atomic(session):
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


def fill(case: Case, gallery: Gallery, described: Described, make: Factory) -> dict[Path, int]:
    """Publish an item a picture of the gallery; returns their ids by path."""
    ids = {}
    with atomic(make.session):
        for number, photograph in enumerate(gallery.shown()):
            compact, details = described[photograph.path]
            signature = StoredSignature(
                version=matching.current_version(), compact=compact, details=details, made_at=make.now
            )
            photo = ItemPhoto(
                public_id=f"photo{number}", position=0, original_sha256=f"{number:064}", original_bytes=1,
                media_type="image/jpeg", width=1, height=1, rendition_digest=f"{number:064}", renditions=[],
                created_at=make.now, signature=signature,
            )  # fmt: skip
            item = Item(
                public_number=f"35-{number}", unit_id=case.unit_id, case_id=case.id, status=ItemStatus.PUBLISHED,
                category=categories.get_by_code(make.session, "other"), title="Objet", sealed=b"", photos=[photo],
                created_at=make.now, updated_at=make.now, published_at=make.now, version=1,
            )  # fmt: skip
            make.session.add(item)
            make.session.flush()
            ids[photograph.path] = item.id
    return ids


def first_right(gallery: Gallery, described: Described, catalogue: matching.Searched, ids: Mapping[Path, int]) -> float:
    """R@1: the share of queries whose first item, their own picture left out, shows their object."""
    shown = {ids[one.path]: one.object_id for one in gallery.shown()}
    right = 0
    for query in gallery.asked():
        ranked = matching.rank([matching.Signature.from_bytes(*described[query.path])], catalogue)
        others = [each.item_id for each in ranked if each.item_id != ids.get(query.path)]
        right += bool(others) and shown[others[0]] == query.object_id
    return right / len(gallery.asked())


@pytest.fixture(scope="module")
def galleries() -> Mapping[str, Gallery]:
    read = read_galleries(PHOTOGRAPHS, sets=SETS, max_objects=OBJECTS, max_distractors=DISTRACTORS)
    return {gallery.name: gallery for gallery in read}


@pytest.fixture(scope="module")
def described(galleries: Mapping[str, Gallery]) -> Described:
    """Every picture of the sets, and the distractors that they share, once."""
    matching.configure(None)
    return describe_all(list(galleries.values()))


@pytest.mark.photographs
@pytest.mark.slow
@pytest.mark.parametrize("set_name", SETS)
def test_it_finds_as_well_as_the_catalogue_in_memory(
    make: Factory,
    unit: Unit,
    sessions: sessionmaker[Session],
    galleries: Mapping[str, Gallery],
    described: Described,
    set_name: str,
) -> None:
    gallery = galleries[set_name]
    ids = fill(make.case(unit), gallery, described, make)
    ours = first_right(gallery, described, Indexed(sessions).current(), ids)
    in_memory = first_right(gallery, described, MemoryCatalogue(sessions).current(), ids)
    assert ours >= in_memory - MAX_LOST


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

"""Recall on real photographs: in memory not under its floor for a small sample of each set, in PostgreSQL as good."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery import matching
from gallery.matching import Likelihood, Signature, describe, rank
from gallery.matching.evaluation.dataset import Gallery, Photograph, read_galleries, read_picture
from gallery.matching.evaluation.evaluation import describe_all, likelihoods_of, recalls_of, search_all
from gallery.matching.tiers.shipped_model import NAME
from gallery.models import Case, Item, ItemPhoto, ItemStatus, StoredSignature, Unit
from gallery.services.items import categories
from gallery.services.search.lookups import COLOURS, HASHES
from gallery.services.search.memory import MemoryCatalogue
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.selection import PHOTOGRAPHS
from tests.services.search.test_database_catalogue import Indexed, database_address, engine  # noqa: F401  with pgvector's tables
from tests.unit.matching.drawn import catalogue_of

OBJECTS = 8
# Strangers beside them.
DISTRACTORS = 60
MAX_LOST = 0.02
SETS = ["handheld", "cover", "in_the_wild"]
Described = Mapping[Path, tuple[bytes, bytes]]

pytestmark = [pytest.mark.photographs, pytest.mark.slow]


def sample() -> dict[str, Gallery]:
    read = read_galleries(PHOTOGRAPHS, sets=SETS, max_objects=OBJECTS, max_distractors=DISTRACTORS)
    return {gallery.name: gallery for gallery in read}


@pytest.fixture
def with_encoder() -> Iterator[None]:
    """As the service finds."""
    matching.configure(Path(NAME))
    yield
    matching.configure(None)


@pytest.fixture(scope="module")
def described() -> Described:
    """Every photograph of the sample, once, as the service describes it."""
    matching.configure(Path(NAME))
    try:
        return describe_all([*sample().values()])
    finally:
        matching.configure(None)


@pytest.fixture(scope="module")
def without_vectors(described: Described) -> Described:
    """The same as they are described without an encoder."""
    matching.configure(Path(NAME))
    try:
        read = {path: Signature.from_bytes(*parts) for path, parts in described.items()}
    finally:
        matching.configure(None)
    bare = {path: replace(one, version=matching.current_version(), vector=None) for path, one in read.items()}
    return {path: (one.compact(), one.details_bytes()) for path, one in bare.items()}


def test_an_encoder_adds_a_vector_and_changes_nothing_else(without_vectors: Described) -> None:
    path = sample()["cover"].photographs[0].path
    signature = describe(read_picture(path))
    assert (signature.compact(), signature.details_bytes()) == without_vectors[path]


@pytest.mark.usefixtures("with_encoder")
@pytest.mark.parametrize(
    ("name", "floors"),
    [
        ("handheld", {"R@1": 0.96, "mAP": 0.94}),
        ("cover", {"R@1": 0.96, "mAP": 0.96}),
        ("in_the_wild", {"R@1": 0.85, "R@10": 0.95}),
    ],
)
def test_recall_stays_above_its_floor(described: Described, name: str, floors: dict[str, float]) -> None:
    recalls = recalls_of(search_all(sample()[name], described))
    assert not {metric: recalls[metric] for metric, floor in floors.items() if recalls[metric] < floor}


@pytest.mark.usefixtures("with_encoder")
def test_an_absent_object_is_never_called_strong(described: Described) -> None:
    assert likelihoods_of(search_all(sample()["in_the_wild"], described, absent=True))["STRONG"] == 0


def test_a_real_photograph_is_found_again_among_alike_ones(without_vectors: Described) -> None:
    paths = [photograph.path for photograph in sample()["in_the_wild"].photographs[:15]]
    known = enumerate(Signature.from_bytes(*without_vectors[path]) for path in paths)
    catalogue = catalogue_of(dict(known))
    picture = read_picture(paths[7])
    height, width = picture.shape[:2]
    cropped = picture[height // 10 : -height // 10, width // 10 : -width // 10]
    first = rank([describe(cropped)], catalogue)[0]
    assert (first.entry_id, first.likelihood) == (7, Likelihood.STRONG)


def fill(case: Case, galleries: Collection[Gallery], described: Described, make: Factory) -> dict[int, Photograph]:
    """Publish an item for each picture of the galleries; returns the pictures by the items’ ids."""
    shown = [photograph for gallery in galleries for photograph in gallery.shown()]
    published = {}
    with atomic(make.session):
        for number, photograph in enumerate(shown):
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
            published[item.id] = photograph
    return published


def finds(catalogue: matching.Searched, query: Photograph, described: Described, shown: Mapping[int, str]) -> bool:
    """Whether the first of these items is of the query’s object. shown: the objects of the items, by their ids."""
    ranked = matching.rank([matching.Signature.from_bytes(*described[query.path])], catalogue)
    others = [each.item_id for each in ranked if each.item_id in shown]
    return bool(others) and shown[others[0]] == query.object_id


def test_what_the_catalogue_in_memory_finds_is_found(
    make: Factory, unit: Unit, sessions: sessionmaker[Session], without_vectors: Described
) -> None:
    # All sets in one catalogue: more photos than are shortlisted by their colours.
    galleries = sample().values()
    published = fill(make.case(unit), galleries, without_vectors, make)
    ours, in_memory = Indexed(sessions).current(), MemoryCatalogue(sessions).current()

    def is_found(query: Photograph, catalogue: matching.Searched) -> bool:
        others = {number: one.object_id for number, one in published.items() if one.path != query.path}
        return finds(catalogue, query, without_vectors, others)

    asked = [query for gallery in galleries for query in gallery.asked()][::2]
    missed = [query for query in asked if not is_found(query, ours)]
    lost = [query.path.name for query in missed if is_found(query, in_memory)]
    assert len(published) > COLOURS + HASHES
    assert len(lost) <= MAX_LOST * len(asked), lost

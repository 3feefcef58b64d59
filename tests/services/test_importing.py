"""The rows that an import writes: once each, described, published when allowed."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import PhotoUnreadable
from gallery.models import Case, Item, ItemPhoto, ItemStatus, SignatureState, StoredSignature, Unit
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.cases import CaseSecrets
from gallery.services.imports import destination as destinations
from gallery.services.imports import importing, preparing
from gallery.services.imports.destination import Authorisation, Destination
from gallery.services.imports.importing import ImportedItem
from gallery.services.imports.plan import PlannedItem, ReadPhoto
from gallery.services.imports.preparing import PreparedItem
from gallery.services.imports.recognition import Digests
from gallery.services.items import items, signatures
from gallery.services.items.items import ItemDescription, ItemSecrets
from gallery.services.items.renditions import keys_of
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore, original_key
from tests import pictures
from tests.factories import Factory

Run = Callable[..., ImportedItem]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed, name in enumerate(("a.jpg", "b.jpg"), start=1):
        (tmp_path / name).write_bytes(pictures.jpeg(pictures.picture(seed)))
    (tmp_path / "damaged.jpg").write_bytes((tmp_path / "a.jpg").read_bytes()[:200])
    return tmp_path


@pytest.fixture
def destination(make: Factory, unit: Unit) -> Destination:
    return Destination(make.given, unit.code, publish=True)


def planned(folder: Path, *names: str, key: str | None = None, category: str = "jewellery") -> PlannedItem:
    secret = ItemSecrets(serial_number="XY42")
    photos = tuple(folder / name for name in names)
    return PlannedItem(
        names[0],
        key,
        photos,
        category,
        "123/2026",
        ItemDescription(title="Bague"),
        secret,
        is_listed=key is not None,
        has_own_key=key is not None,
    )


@pytest.fixture
def read(settings: Settings) -> ReadPhoto:
    return partial(preparing.read_photo, settings=settings)


@pytest.fixture
def prepare(settings: Settings, read: ReadPhoto, destination: Destination) -> Callable[[PlannedItem], PreparedItem]:
    def prepared(item: PlannedItem) -> PreparedItem:
        return preparing.prepare(
            item, read=read, settings=settings, private=destination.given.private, public=destination.given.public
        )

    return prepared


@pytest.fixture
def run(session: Session, make: Factory, prepare: Callable, destination: Destination, unit: Unit) -> Run:
    """Import one planned item into an authorised case."""
    case = make.case(unit)

    def imported(item: PlannedItem, *, into: Case = case) -> ImportedItem:
        prepared = prepare(item)
        with atomic(session):
            return importing.add(session, prepared, into.id, destination=destination)

    return imported


def only_item(session: Session) -> Item:
    end_reading(session)
    return session.scalars(select(Item)).one()


def test_it_works(session: Session, run: Run, folder: Path, sealer: Sealer, public: PhotoStore) -> None:
    imported = run(planned(folder, "a.jpg", "b.jpg", key="B1"))
    item = only_item(session)
    assert (imported.is_new, imported.public_number, imported.obstacles) == (True, item.public_number, ())
    assert item.status is ItemStatus.PUBLISHED
    assert items.open_secrets(item, sealer).serial_number == "XY42"
    assert [photo.signature_state for photo in item.photos] == [SignatureState.DONE] * 2
    assert all(public.holds(key) for photo in item.photos for key in keys_of(photo))
    assert "B1" not in str(item.import_key)


def test_its_signature_is_the_one_that_the_worker_makes(
    session: Session, run: Run, folder: Path, settings: Settings, private: PhotoStore
) -> None:
    run(planned(folder, "a.jpg"))
    (photo,) = only_item(session).photos
    due = signatures.DuePhoto(photo.id, photo.rendition_digest, signatures.described_rendition(photo))
    made = signatures.make(due, settings=settings, private=private)
    kept = session.scalars(select(StoredSignature)).one()
    assert (kept.compact, kept.details) == (made.compact, made.details)


@pytest.mark.parametrize("key", [None, "B1"], ids=["by content", "by key"])
def test_again_doubles_nothing(session: Session, run: Run, folder: Path, key: str | None) -> None:
    first = run(planned(folder, "a.jpg", key=key))
    second = run(planned(folder, "a.jpg", key=key))
    assert (second.is_new, second.public_number) == (False, first.public_number)
    assert len(only_item(session).photos) == 1


def test_what_is_there_is_known_before_any_work(
    session: Session, run: Run, folder: Path, destination: Destination, read: ReadPhoto
) -> None:
    one, two = planned(folder, "a.jpg", key="B1"), planned(folder, "a.jpg", "b.jpg", key="B1")
    run(one)
    assert importing.find_known(session, one, Digests(read), destination=destination)
    assert importing.find_known(session, two, Digests(read), destination=destination) is None


def test_the_same_file_in_another_unit_is_another_item(
    session: Session, run: Run, folder: Path, make: Factory, destination: Destination, read: ReadPhoto
) -> None:
    run(planned(folder, "a.jpg"))
    make.unit("CPN44", departement="44")
    elsewhere = replace(destination, unit_code="CPN44")
    assert importing.find_known(session, planned(folder, "a.jpg"), Digests(read), destination=elsewhere) is None


def test_a_photo_that_the_published_item_lacked_is_added_and_waits_as_private(
    session: Session, run: Run, folder: Path
) -> None:
    run(planned(folder, "a.jpg", key="B1"))
    run(planned(folder, "a.jpg", "b.jpg", key="B1"))
    assert [photo.is_private for photo in only_item(session).photos] == [False, True]


def test_a_bad_photo_does_not_spoil_the_others_of_its_item(prepare: Callable, folder: Path) -> None:
    prepared = prepare(planned(folder, "damaged.jpg", "a.jpg", key="B1"))
    assert len(prepared.photos) == 1
    (refusal,) = prepared.refusals
    assert refusal.source == "damaged.jpg damaged.jpg"
    assert isinstance(refusal.error, PhotoUnreadable)


def test_a_file_that_vanished_is_a_refusal(prepare: Callable, folder: Path) -> None:
    (refusal,) = prepare(planned(folder, "gone.jpg")).refusals
    assert isinstance(refusal.error, PhotoUnreadable)


@pytest.mark.parametrize(
    ("category", "secret", "obstacle"),
    [
        (
            "weapons",
            CaseSecrets("1", authorised_by="Mme la procureure", authorised_on="2026-10-01"),
            "category_never_public",
        ),
        ("jewellery", CaseSecrets("1"), "case_not_authorised"),
    ],
    ids=["category", "case"],
)
def test_what_may_not_be_public_stays_a_draft(
    session: Session,
    run: Run,
    folder: Path,
    make: Factory,
    unit: Unit,
    category: str,
    secret: CaseSecrets,
    obstacle: str,
) -> None:
    imported = run(planned(folder, "a.jpg", category=category), into=make.case(unit, secret))
    assert imported.obstacles == (obstacle,)
    assert only_item(session).status is ItemStatus.DRAFT


def test_files_are_kept_before_any_row(session: Session, prepare: Callable, folder: Path, private: PhotoStore) -> None:
    (photo,) = prepare(planned(folder, "a.jpg")).photos
    assert private.holds(original_key(photo.prepared.original_sha256))
    assert all(private.holds(key) for key in keys_of(photo.prepared))
    assert session.scalar(select(func.count()).select_from(ItemPhoto)) == 0


def test_cases_are_found_by_number_opened_when_absent_and_authorised_when_told(
    session: Session, make: Factory, unit: Unit, destination: Destination, sealer: Sealer
) -> None:
    known = make.case(unit, CaseSecrets("known"))
    leave = Authorisation("Mme la procureure", "2026-10-01")
    with atomic(session):
        found = destinations.ensure_cases(session, {"known": leave, "new": None}, destination=destination)
    assert found["known"] == destinations.FoundCase(known.id, True)
    assert not found["new"].is_authorised
    assert cases.open_secrets(known, sealer).authorised_by == "Mme la procureure"
    with atomic(session):
        assert destinations.ensure_cases(session, {"new": None}, destination=destination)["new"] == found["new"]

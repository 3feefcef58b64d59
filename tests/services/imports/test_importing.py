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
from gallery.services.imports.destination import Authorisation, Destination, FoundCase
from gallery.services.imports.importing import ImportedItem, Outcome
from gallery.services.imports.plan import PlannedItem, ReadPhoto
from gallery.services.imports.preparing import PreparedItem
from gallery.services.imports.recognition import Digests, Listed
from gallery.services.imports.weighing import Weighing
from gallery.services.items import items, signatures
from gallery.services.items.items import ItemDescription, ItemSecrets
from gallery.services.items.renditions import keys_of
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore, original_key
from tests import pictures
from tests.factories import AUTHORISED, Factory

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


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_cases_are_foreseen_as_they_would_be(
    session: Session, make: Factory, unit: Unit, destination: Destination
) -> None:
    known, allowed = make.case(unit, CaseSecrets("PV 1")), make.case(unit, replace(AUTHORISED, case_number="PV 2"))
    leave = Authorisation("Mme la procureure", "2026-10-01")
    wanted = {"pv1": None, "PV 1": leave, "PV 2": None, "PV 3": None, "PV 4": leave}
    assert destinations.foresee_cases(session, wanted, destination=destination) == {
        "pv1": FoundCase(known.id, False),
        "PV 1": FoundCase(known.id, True),
        "PV 2": FoundCase(allowed.id, True),
        "PV 3": FoundCase(None, False),
        "PV 4": FoundCase(None, True),
    }
    assert "weapons" in destinations.never_public_categories(session)
    assert "jewellery" not in destinations.never_public_categories(session)


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_an_import_is_weighed_as_it_would_be_written(
    session: Session, make: Factory, case: Case, destination: Destination, tmp_path: Path
) -> None:
    for seed in (1, 2):
        (tmp_path / f"{seed}.jpg").write_bytes(pictures.jpeg(pictures.picture(seed)))
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    read = partial(preparing.read_photo, settings=make.settings)

    def planned(*names: str, key: str | None = "K") -> PlannedItem:
        title = "Bague" if key else "Objet retrouvé"
        return PlannedItem(
            ":2", key, tuple(tmp_path / name for name in names), "jewellery", "PV", ItemDescription(title=title),
            ItemSecrets(), is_listed=key is not None, has_own_key=key is not None,
        )  # fmt: skip

    def examined(*names: str, key: str | None = "K") -> preparing.ExaminedItem:
        return preparing.examine(planned(*names, key=key), read=read, settings=make.settings)

    first = examined("1.jpg", "bad.jpg", "gone.jpg")
    assert (len(first.digests), [each.source for each in first.refusals]) == (1, [":2 bad.jpg", ":2 gone.jpg"])
    weighing = Weighing(session, destination, Listed())
    new = weighing.weigh(first, ("category_never_public",))
    assert (new.outcome, new.photos, new.obstacles, new.is_new) == (Outcome.NEW, 1, ("category_never_public",), True)
    # The row after it, of the same name, is the item that this one would make.
    again = weighing.weigh(examined("1.jpg", "2.jpg"), ())
    assert (again.outcome, again.photos, again.is_new) == (Outcome.KNOWN, 1, False)
    quiet = Weighing(session, replace(destination, publish=False), Listed())
    assert quiet.weigh(first, ("category_never_public",)).obstacles == ()

    prepared = preparing.prepare(
        planned("1.jpg", key=None), read=read, settings=make.settings, private=make.private, public=None
    )
    with atomic(session):
        made = importing.add(session, prepared, case.id, destination=destination)
    described = Weighing(session, destination, Listed()).weigh(examined("1.jpg", "2.jpg"), ("case_not_authorised",))
    assert (described.outcome, described.public_number, described.photos) == (
        Outcome.DESCRIBED, made.public_number, 1,
    )  # fmt: skip
    # It stays in its own case, which is authorised.
    assert described.obstacles == ()
    with atomic(session):
        imported = importing.add(
            session,
            preparing.prepare(planned("1.jpg"), read=read, settings=make.settings, private=make.private, public=None),
            case.id,
            destination=destination,
            listed=Listed(),
        )
    assert (imported.outcome, imported.photos, imported.obstacles) == (Outcome.DESCRIBED, 0, ())
    assert session.get_one(Item, session.query(Item.id).scalar()).title == "Bague"

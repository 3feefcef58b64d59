"""What is hidden of a photo stays hidden when its file comes again, by whichever way: the bytes of every file."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import imaging
from gallery.config import Settings
from gallery.errors import ChangedMeanwhile, DecodersBusy, GalleryError, PhotoNotFound, StoreUnreachable
from gallery.models import Case, Item, ItemPhoto, LotPhoto, Officer, Unit
from gallery.services.items import redaction, renditions
from gallery.services.items.redaction import RedactedPhoto
from gallery.services.items.renditions import PreparedPhoto, keys_of
from gallery.services.lots import lots
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore
from tests.factories import Factory
from tests.page import Page
from tests.secret_photos import COVER, files_in, secret_photo, shows_secret, telling_files
from tests.web.backoffice.desk import JSON, VOUCHED, Desk, files, filled
from tests.web.backoffice.items.test_lists import give, take
from tests.web.backoffice.sorting.conftest import codes, keys, seen, taken

ZONE = "zone:48.00,22.00,77.00,53.00"


@pytest.fixture
def other(make: Factory, unit: Unit) -> Case:
    """Another case of the unit, in which no object has the photo."""
    return make.case(unit)


def lot_of(case: Case) -> str:
    return f"/affaires/{case.reference}/photos"


def hide_at(desk: Desk, address: str) -> Page:
    return desk.do(address, filled(desk.get(address)) | {"zones": ZONE, "cache": ZONE, "acte": "enregistrer"})


def place_of(item: Item) -> str:
    return f"/objets/{item.public_number}/photos/{item.photos[0].public_id}/cacher"


def hide(desk: Desk, item: Item) -> Page:
    return hide_at(desk, place_of(item))


def drop(desk: Desk, case: Case, *, number: str = "") -> Page:
    sent = desk.send(lot_of(case), {"photos": files(secret_photo()), "numero": number}, headers=JSON)
    assert sent.status_code == 201, sent.text
    return desk.get(lot_of(case))


def publish_as_another_than(known: Item, desk: Desk, case: Case) -> Page:
    """Make an object of what waits, which is not the one that has the same photo."""
    act = f"{lot_of(case)}/trier"
    desk.do(act, {"acte": "tout-accepter", "vu": seen(desk.get(lot_of(case)))})
    page = desk.get(lot_of(case))
    (key,) = keys(page)
    desk.do(act, {"acte": f"ignorer:{key}/{known.public_number}", "vu": seen(page)})
    sent = {"groupe": key, f"categorie-{key}": "watches", "vu": seen(desk.get(lot_of(case)))}
    return desk.do(act, {"acte": "publier"} | sent | VOUCHED)


@pytest.mark.parametrize("is_captured", [False, True], ids=["dropped", "captured"])
def test_hidden_on_an_object_it_is_hidden_in_the_one_that_is_made_of_the_same_file(
    desk: Desk, photographed: Item, other: Case, make: Factory, session: Session, *, is_captured: bool
) -> None:
    hide(desk, photographed)
    number = ""
    if is_captured:
        reserved = desk.send(f"/affaires/{other.reference}/numeros", {"combien": 1}, headers=JSON)
        (number,) = reserved.get_json()["numbers"]
    page = drop(desk, other, number=number)
    assert page.all(".lot-photos .is-hidden-partly")
    assert "Un objet est publié." in publish_as_another_than(photographed, desk, other).text
    end_reading(session)
    public = {row.item.public_number: row for row in session.scalars(select(ItemPhoto))}
    assert len(public) == 2
    assert all(set(keys_of(row)) <= set(files_in("public", make)) for row in public.values())
    assert telling_files(make) == []


def test_hidden_on_an_object_it_is_hidden_where_it_waits_and_on_other_objects(
    desk: Desk, photographed: Item, other: Case, make: Factory, session: Session
) -> None:
    drop(desk, other)
    second = make.published(other, secret_photo())
    page = hide(desk, photographed)
    assert "La même photo attend dans une affaire : la même zone y est cachée aussi." in page.text
    assert f"L’objet {second.public_number} a la même photo" in page.text
    assert desk.get(lot_of(other)).all(".lot-photos .is-hidden-partly")
    assert telling_files(make) == []


@pytest.mark.parametrize("hindrance", [ChangedMeanwhile, DecodersBusy, PhotoNotFound, StoreUnreachable])
def test_what_hinders_one_photo_is_said_and_saving_again_sees_to_it(
    desk: Desk,
    photographed: Item,
    other: Case,
    make: Factory,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    hindrance: type[GalleryError],
) -> None:
    first, second = (make.published(other, secret_photo()) for _ in range(2))
    prepare, failing = redaction.prepare_alike, [hindrance()]

    def hindered(twin: ItemPhoto | LotPhoto, *args: object, **options: object) -> PreparedPhoto:
        if failing:
            raise failing.pop()
        return prepare(twin, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(redaction, "prepare_alike", hindered)
    page = hide(desk, photographed)
    assert f"L’objet {first.public_number} a la même photo, et la zone n’a pas pu y être cachée" in page.text
    assert f"L’objet {second.public_number} a la même photo : la même zone y est cachée aussi." in page.text
    assert telling_files(make)
    end_reading(session)
    page = hide(desk, photographed)
    assert f"L’objet {first.public_number} a la même photo : la même zone y est cachée aussi." in page.text
    assert "Rien n’a changé" not in page.text
    assert telling_files(make) == []
    end_reading(session)
    assert "Rien n’a changé." in hide(desk, photographed).text


def test_what_is_shown_again_on_one_object_and_stays_hidden_elsewhere_is_said(
    desk: Desk, photographed: Item, other: Case, make: Factory, session: Session
) -> None:
    drop(desk, other)
    second = make.published(other, secret_photo())
    hide(desk, photographed)
    end_reading(session)
    address = place_of(photographed)
    page = desk.do(address, {"vue": filled(desk.get(address))["vue"], "zones": ZONE, "acte": "enregistrer"})
    assert "La photo est montrée en entier." in page.text
    assert f"L’objet {second.public_number} a la même photo, et la zone y reste cachée" in page.text
    assert "La même photo attend dans une affaire, et la zone y reste cachée" in page.text
    end_reading(session)
    assert [bool(each.photos[0].hidden) for each in (photographed, second)] == [False, True]


def test_hidden_where_it_waits_it_is_hidden_in_another_case_and_on_an_object_that_is_given_it(
    desk: Desk, case: Case, other: Case, make: Factory
) -> None:
    waiting = drop(desk, case).one(".lot-photos a[href$='/cacher']")
    hide_at(desk, str(waiting["href"]))
    assert drop(desk, other).all(".lot-photos .is-hidden-partly")
    number = make.item(case).public_number
    assert desk.add_photo_by_script(number, secret_photo()).status_code == 201
    assert telling_files(make) == []


def test_a_card_on_a_photo_that_an_object_has_already_is_hidden_there_once_it_is_given_it(
    desk: Desk, other: Case, item: Item, session: Session, private: PhotoStore, public: PhotoStore
) -> None:
    number = item.public_number
    photo, _ = taken(1, 10, card=number)
    desk.add_photos(number, photo)
    desk.do(f"/objets/{number}/publier", VOUCHED)
    desk.send(lot_of(other), {"photos": files(photo)}, headers=JSON)
    page = desk.get(lot_of(other))
    act = {"acte": f"ajouter:{keys(page)[0]}/{number}", "vu": seen(page)}
    assert "photos ajoutées" in desk.do(f"{lot_of(other)}/trier", act).one(".lot-made").text
    end_reading(session)
    assert len(item.photos) == 3
    for store in (private, public):
        kept = [entry.key for entry in store.files() if entry.key.startswith("renditions/")]
        assert kept
        assert not [key for key in kept if codes(store.get(key))]


def test_what_was_hidden_since_a_photo_was_deleted_is_hidden_when_it_comes_back(
    desk: Desk, case: Case, other: Case, make: Factory, session: Session
) -> None:
    item = make.item(case)
    gone, number = make.photo(item, secret_photo()).public_id, item.public_number
    desk.do(f"/objets/{number}/photos/choisies", {"geste": "supprimer", "photos": gone})
    page = drop(desk, other)
    hide_at(desk, str(page.one(".lot-photos a[href$='/cacher']")["href"]))
    page = desk.do(f"/objets/{number}/photos/{gone}/retablir")
    assert "la même zone y est cachée aussi" in page.text
    assert "Elle est masquée du public : une partie de cette photo a été cachée pendant" in page.text
    desk.do(f"/objets/{number}/photos/choisies", {"geste": "supprimer", "photos": gone})
    # What was private before it was deleted is no news, unless its file is given again.
    assert "Elle est masquée" not in desk.do(f"/objets/{number}/photos/{gone}/retablir").text
    assert "est masquée du public : regardez-la" in desk.add_photos(number, secret_photo()).text
    end_reading(session)
    assert {tuple(place) for row in item.photos for place in row.hidden or ()} == {COVER}
    shown = {key for row in item.photos for key in keys_of(row)}
    assert not [key for key in shown if shows_secret(make.private.get(key))]


@pytest.fixture
def decoded(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Grows with each photo that is decoded, while nobody else may hold up whoever writes."""
    decode, seen = renditions.decode, list[Settings]()
    file = session.get_bind().engine.url.database

    def alone(data: bytes, settings: Settings) -> imaging.Picture:
        with closing(sqlite3.connect(str(file), timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")
        seen.append(settings)
        return decode(data, settings)

    monkeypatch.setattr(renditions, "decode", alone)
    return seen


def hidden_on_the_object_alone(make: Factory, item: Item, officer: Officer) -> None:
    """As an earlier version did."""
    row = item.photos[0]
    prepared = redaction.prepare(row, [COVER], settings=make.settings, private=make.private)
    with atomic(make.session) as session:
        redaction.hide(session, make.given, row, RedactedPhoto(prepared, row.rendition_digest), by=officer)


def test_what_waits_in_clear_is_hidden_when_a_list_makes_an_object_of_it(
    desk: Desk, photographed: Item, other: Case, make: Factory, officer: Officer, decoded: list[Settings]
) -> None:
    drop(desk, other)
    hidden_on_the_object_alone(make, photographed, officer)
    give(desk, other, b"titre;photos\nBague;photo.jpg\n")
    decoded.clear()
    assert "Un brouillon est créé" in take(desk, other).text
    assert len(decoded) == 1
    end_reading(make.session)
    rows = make.session.scalars(select(ItemPhoto)).all()
    assert [bool(row.hidden) for row in rows] == [True, True]


def test_what_is_hidden_where_it_waits_is_hidden_on_the_object_that_it_is_added_to(
    desk: Desk, photographed: Item, other: Case, make: Factory, officer: Officer, decoded: list[Settings]
) -> None:
    page = drop(desk, other)
    end_reading(make.session)
    (waiting,) = make.session.scalars(select(LotPhoto))
    prepared = redaction.prepare(waiting, [COVER], settings=make.settings, private=make.private)
    with atomic(make.session) as session:
        hidden = RedactedPhoto(prepared, waiting.rendition_digest)
        redaction.hide_waiting(session, make.given, waiting, hidden, by=officer)
    decoded.clear()
    act = {"acte": f"ajouter:{keys(page)[0]}/{photographed.public_number}", "vu": seen(page)}
    assert "photos ajoutées" in desk.do(f"{lot_of(other)}/trier", act).one(".lot-made").text
    assert len(decoded) == 1
    end_reading(make.session)
    assert [bool(row.hidden) for row in photographed.photos] == [True]
    assert not any(map(shows_secret, files_in("public", make).values()))


def test_what_an_earlier_version_let_wait_in_clear_is_hidden_when_it_becomes_an_object(
    desk: Desk,
    photographed: Item,
    other: Case,
    make: Factory,
    officer: Officer,
    session: Session,
    decoded: list[Settings],
) -> None:
    drop(desk, other)
    hidden_on_the_object_alone(make, photographed, officer)
    decoded.clear()
    assert "Un objet est publié." in publish_as_another_than(photographed, desk, other).text
    assert len(decoded) == 1
    end_reading(session)
    assert lots.waiting(session, other) == 0
    rows = session.scalars(select(ItemPhoto)).all()
    assert [bool(row.hidden) for row in rows] == [True, True]
    assert not [key for row in rows for key in keys_of(row) if shows_secret(make.public.get(key))]

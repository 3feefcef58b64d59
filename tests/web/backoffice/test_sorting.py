"""The sorting table: waiting photos with and without cards become objects."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Case, Item, LotPhoto, Officer, Unit
from gallery.services.items import card_numbers
from gallery.services.items.renditions import keys_of
from gallery.services.transaction import atomic
from gallery.sharing import cards
from gallery.storage import PhotoStore, original_key
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.desk import Desk, files


@pytest.fixture
def address(case: Case) -> str:
    return f"/affaires/{case.reference}/photos"


@pytest.fixture
def number(make: Factory, unit: Unit) -> str:
    """A number on a card of the unit."""
    with atomic(make.session) as session:
        return card_numbers.reserve(session, unit, 1, by=None, now=make.now)[0]


def taken(seed: int, second: int, *, card: str = "") -> tuple[bytes, str]:
    photo, exif, file = pictures.picture(seed).resize((1600, 1200)), Image.Exif(), BytesIO()
    if card:
        photo.paste(cards.drawn(card).convert("RGB").resize((330, 192)), (100, 100))
    exif.get_ifd(0x8769)[0x9003] = f"2026:11:29 10:00:{second:02}"
    photo.save(file, "JPEG", quality=90, exif=exif)
    return file.getvalue(), f"IMG_{seed}.jpg"


def dropped(desk: Desk, address: str, *photos: tuple[bytes, str]) -> Page:
    return desk.do(address, {"photos": files(*photos)})


def do(desk: Desk, address: str, act: str, **fields: Any) -> Page:
    return desk.do(f"{address}/trier", {"acte": act} | fields)


def only_item(session: Session) -> Item:
    session.rollback()
    return session.scalars(select(Item)).one()


def groups(page: Page) -> list[tuple[str, int]]:
    return [
        (each.select("legend")[0].get_text(" ", strip=True), len(each.select("li"))) for each in page.all(".lot-group")
    ]


def test_photos_from_a_card_on_become_its_object_and_are_published_without_it(
    desk: Desk, session: Session, address: str, number: str, private: PhotoStore, public: PhotoStore
) -> None:
    page = dropped(desk, address, taken(1, 10, card=number), taken(2, 40), taken(3, 5))
    assert groups(page) == [(number, 2), ("Objet 2 proposition", 1)]
    page = do(desk, address, "publier", **{"categorie-de-tous": "watches"})
    assert "cochez d’abord" in page.text
    page = do(desk, address, "publier", **{"categorie-de-tous": "watches", "rien-de-prive": "oui"})
    assert "Un objet est publié." in page.text
    assert groups(page) == [("Objet 1 proposition", 1)]
    item = only_item(session)
    assert (item.public_number, item.title, item.category.code) == (number, "Montres", "watches")
    # Neither the sizes for the pages nor the picture for albums have the card; the original does.
    with_card = item.photos[0]
    for key in keys_of(with_card):
        for store in (private, public):
            assert not codes(store.get(key))
    assert codes(private.get(original_key(with_card.original_sha256))) == [number]


def codes(data: bytes) -> list[str]:
    with Image.open(BytesIO(data)) as image:
        return [code.text for code in cards.codes_in(np.asarray(image.convert("L")))]


def test_a_turned_photo_still_hides_its_card(
    desk: Desk, session: Session, address: str, number: str, private: PhotoStore
) -> None:
    dropped(desk, address, taken(1, 10, card=number))
    do(desk, address, "fiches")
    photo = only_item(session).photos[0]
    desk.do(f"/objets/{number}/photos/{photo.public_id}/tourner", {"sens": "droite"})
    session.rollback()
    assert photo.quarter_turns == 1
    assert not any(codes(private.get(key)) for key in keys_of(photo))


def test_a_card_of_another_unit_means_nothing(desk: Desk, make: Factory, outsider: Officer, address: str) -> None:
    with atomic(make.session) as session:
        (theirs,) = card_numbers.reserve(session, outsider.unit, 1, by=None, now=make.now)
    assert groups(dropped(desk, address, taken(1, 10, card=theirs))) == [("Objet 1 proposition", 1)]


def test_what_is_written_is_kept_by_every_act(desk: Desk, session: Session, address: str) -> None:
    page = dropped(desk, address, taken(1, 10), taken(2, 12), taken(3, 50))
    (key, _) = [str(each["value"]) for each in page.all("input[name=groupe]")]
    written = {"groupe": key, f"titre-{key}": "Bague en or", f"categorie-{key}": "jewellery"}
    page = do(desk, address, f"accepter:{key}", **written)
    assert groups(page) == [("Objet 1", 2), ("Objet 2 proposition", 1)]
    (key, other) = [str(each["value"]) for each in page.all("input[name=groupe]")]
    assert page.one(f"#titre-{key}")["value"] == "Bague en or"
    session.rollback()
    last = session.scalars(select(LotPhoto).where(LotPhoto.name == "IMG_3.jpg")).one().public_id
    written = {"groupe": key, f"titre-{key}": "Bague en or", f"categorie-{key}": "jewellery"}
    page = do(desk, address, "deplacer", photo=last, vers=key, **written)
    assert groups(page) == [("Objet 1", 3)]
    assert groups(do(desk, address, "annuler", **written)) == [("Objet 1", 2), ("Objet 2 proposition", 1)]
    assert "Une fiche est créée." in do(desk, address, "fiches", **written).text
    assert only_item(session).title == "Bague en or"


def test_ticked_photos_are_removed(desk: Desk, address: str) -> None:
    (box,) = dropped(desk, address, taken(1, 10)).all("input[name=photo]")
    assert "Cochez d’abord" in do(desk, address, "retirer").text
    assert "Une photo est retirée." in do(desk, address, "retirer", photo=box["value"]).text
    assert not desk.get(address).all(".lot-photos li")


def test_a_photo_that_an_object_has_already_is_told(desk: Desk, item: Item, address: str, make: Factory) -> None:
    photo = taken(1, 10)
    make.photo(item, photo[0])
    assert f"Déjà dans l’objet {item.public_number}" in dropped(desk, address, photo).text


def test_sheets_are_printed_with_numbers_that_nobody_else_is_given(desk: Desk, session: Session) -> None:
    answer = desk.send("/etiquettes", {"feuilles": "1"})
    assert (answer.mimetype, answer.data[:4]) == ("application/pdf", b"%PDF")
    assert desk.send("/etiquettes", {"feuilles": "999"}).status_code == 409

"""Photos under a number that an object has already: added to it, and nothing else is said or done."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Case, Item, ItemStatus, Officer, PhotoLot, Unit
from gallery.services.items import publication
from gallery.services.items.items import ItemSecrets
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.web.backoffice.desk import VOUCHED, Desk
from tests.web.backoffice.sorting.conftest import do, dropped, groups, keys, seen, taken

OTHERS = {"foves-par": "Capitaine Autre", "foves-le": "2026-11-21"}


def test_they_are_added_to_a_public_one_and_nothing_is_said_to_be_published(
    desk: Desk, item: Item, address: str, session: Session
) -> None:
    number, before = item.public_number, len(item.photos)
    desk.do(f"/objets/{number}/publier", VOUCHED)
    page = dropped(desk, address, taken(1, 10, card=number))
    assert groups(page) == [(number, 1)]
    told = page.one("[data-adds]")
    assert f"Ajoute à la fiche {number}, {item.title}" in " ".join(told.get_text().split())
    assert "ces photos y seront privées" in told.get_text()
    words = {"groupe": number, f"titre-{number}": "Pendule", f"categorie-{number}": "clocks"}
    page = do(desk, address, "publier", **(words | VOUCHED | OTHERS))
    said = page.one("#messages").get_text()
    assert "publié." not in said
    assert "Des photos sont ajoutées à une fiche qui existait déjà." in said
    assert f"« {number}, Pendule »" in said
    assert f"« {number}, Horloges et pendules »" in said
    assert page.one(".lot-made li").get_text(" ", strip=True) == f"{number} photos ajoutées"
    session.rollback()
    assert [photo.is_private for photo in item.photos[before:]] == [True]
    assert item.title == "Bague en or"
    sheet = " ".join(desk.get(f"/objets/{number}").text.split())
    assert "FOVeS consulté par Adjudante Morvan le 20 novembre 2026" in sheet
    assert "Capitaine Autre" not in sheet


@pytest.mark.parametrize("act", [publication.hand_back, publication.withdraw])
def test_one_that_is_no_longer_public_does_not_become_so(
    desk: Desk, address: str, make: Factory, officer: Officer, published: Item, act: object
) -> None:
    with atomic(make.session) as session:
        act(session, published, by=officer, now=make.now)  # type: ignore[operator]
    before, number = published.status, published.public_number
    dropped(desk, address, taken(1, 10, card=number))
    page = do(desk, address, "publier", **VOUCHED)
    assert "Des photos sont ajoutées à une fiche" in page.one("#messages").get_text()
    make.session.rollback()
    assert published.status is before is not ItemStatus.PUBLISHED
    assert len(published.photos) == 2


def test_a_draft_gets_them_without_a_category_and_without_being_published(
    desk: Desk, item: Item, address: str, session: Session
) -> None:
    number = item.public_number
    page = dropped(desk, address, taken(1, 10, card=number))
    assert "Prêt" in page.one("tr[data-group]").get_text()
    assert "Des photos sont ajoutées" in do(desk, address, "publier", **VOUCHED).text
    session.rollback()
    assert (item.status, len(item.photos)) == (ItemStatus.DRAFT, 3)


def in_the_cookie(desk: Desk) -> str:
    with desk.client.session_transaction() as kept:
        return str(dict(kept))


@pytest.mark.parametrize("sealed", ["or 18 carats", "argent"])
def test_what_is_hidden_and_not_taken_is_named_and_written_nowhere(
    desk: Desk, case: Case, unit: Unit, address: str, make: Factory, session: Session, sealed: str
) -> None:
    item = make.item(case, secret=ItemSecrets(withheld={"materials": sealed}), colours=("gold",))
    number, other = item.public_number, make.case(unit).reference
    dropped(desk, address, taken(1, 10, card=number))
    words = {"groupe": number, f"matieres-{number}": "or 18 carats", f"epoque-{number}": "1930"}
    page = do(desk, address, f"cacher:{number}/materials", **words | {f"affaire-{number}": other})
    answer = desk.send(f"{address}/trier", {"acte": "fiches", "vu": seen(page)})
    assert "18 carats" not in in_the_cookie(desk)
    said = desk.get(answer.headers["Location"]).one("#messages").get_text()
    assert (f"« {number}, Matières »" in said) is (sealed != "or 18 carats")
    assert f"« {number}, 1930 »" in said
    assert f"« {number}, Affaire »" in said
    session.rollback()
    (lot,) = session.scalars(select(PhotoLot))
    assert [each["number"] for each in lot.made] == [number]
    assert "18 carats" not in str([lot.made, lot.words, lot.undo])


def test_what_was_written_of_an_object_that_is_gone_is_told_and_kept_in_no_cookie(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 10), taken(2, 40))
    key = keys(page)[0]
    do(desk, address, f"ecarter:{key}")
    answer = desk.send(f"{address}/trier", {"acte": "noter", "groupe": key, f"matieres-{key}": "or 18 carats"})
    assert (answer.status_code, "or 18 carats" in answer.text) == (200, True)
    assert "18 carats" not in in_the_cookie(desk)


def test_colours_that_are_not_taken_are_told(
    desk: Desk, case: Case, address: str, make: Factory, session: Session
) -> None:
    item = make.item(case, colours=("gold",))
    dropped(desk, address, taken(1, 10, card=item.public_number))
    session.rollback()
    with atomic(session):
        (lot,) = session.scalars(select(PhotoLot))
        lot.words = {item.public_number: {"colours": "gold silver"}}
    page = do(desk, address, "fiches")
    assert f"« {item.public_number}, argenté »" in page.one("#messages").get_text()

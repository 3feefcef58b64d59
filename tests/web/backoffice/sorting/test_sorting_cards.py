"""A card that could not be read and may be seen on a photo: nothing is made of that before somebody has looked."""

import pytest
from sqlalchemy.orm import Session

from gallery.models import Case, Item
from gallery.services.items.renditions import keys_of
from gallery.storage import PhotoStore
from gallery.web.backoffice.lots import deposit
from tests.page import Page
from tests.web.backoffice.desk import VOUCHED, Desk, filled
from tests.web.backoffice.items.test_lists import cells, give
from tests.web.backoffice.sorting.conftest import do, dropped, keys, only_item, taken
from tests.web.backoffice.sorting.test_sorting_doubts import with_stained_card

ZONE = "zone:10.00,10.00,50.00,40.00"


@pytest.fixture
def accepted(desk: Desk, address: str) -> Page:
    """The table with an unread card that was accepted without its number."""
    page = dropped(desk, address, (with_stained_card(), "IMG_1.jpg"))
    return do(desk, address, f"accepter:{keys(page)[0]}")


def public_id(page: Page) -> str:
    return str(page.one("li[data-photo]")["data-photo"])


def published(desk: Desk, address: str) -> Page:
    (key,) = keys(desk.get(address))
    return do(desk, address, "publier", **{"groupe": key, f"categorie-{key}": "watches"} | VOUCHED)


def test_it_is_asked_about_before_anything_is_made(desk: Desk, address: str, accepted: Page) -> None:
    assert "Il manque : dire si une carte est visible" in accepted.text
    assert "une carte illisible semble visible" in accepted.one(f"#carte-{public_id(accepted)}").text
    assert "Aucun objet n’est prêt" in published(desk, address).text
    assert "Aucun objet n’est prêt" in do(desk, address, "fiches").text


def test_it_is_hidden_by_one_button(
    desk: Desk, address: str, accepted: Page, session: Session, public: PhotoStore
) -> None:
    page = do(desk, address, f"cacher-carte:{public_id(accepted)}")
    assert "La carte est cachée sur la photo" in page.one("#messages").get_text()
    assert page.all(".lot-photos .is-hidden-partly")
    assert "Un objet est publié." in published(desk, address).text
    (photo,) = only_item(session).photos
    assert photo.hidden
    assert all(public.holds(key) for key in keys_of(photo))


def test_one_that_is_none_is_said_so(desk: Desk, address: str, accepted: Page, session: Session) -> None:
    page = do(desk, address, f"sans-carte:{public_id(accepted)}")
    assert "une carte illisible" not in page.text
    assert "Un objet est publié." in published(desk, address).text
    assert only_item(session).photos[0].hidden is None


def test_where_no_card_is_found_it_is_to_be_hidden_by_hand(
    desk: Desk, address: str, accepted: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = f"/photos-en-attente/{public_id(accepted)}/cacher"
    desk.do(where, filled(desk.get(where)) | {"zones": ZONE, "cache": ZONE, "acte": "enregistrer"})
    page = do(desk, address, f"cacher-carte:{public_id(accepted)}")
    assert "cachez-la vous-même" in page.one("#messages").get_text()


def test_back_from_hiding_one_is_on_the_page_of_the_photo(
    desk: Desk, address: str, monkeypatch: pytest.MonkeyPatch, item: Item
) -> None:
    monkeypatch.setattr(deposit, "ROWS_OF_A_PAGE", 1)
    dropped(desk, address, taken(1, 0), taken(2, 20), taken(3, 40))
    third = public_id(desk.get(f"{address}?page=3"))
    where = f"/photos-en-attente/{third}/cacher"
    page = desk.get(where)
    back = f"{address}?page=3#photo-{third}"
    assert page.all(f"a[href$='{back}']")
    form = filled(page) | {"zones": ZONE, "cache": ZONE, "acte": "enregistrer"}
    assert desk.send(where, form).headers["Location"].endswith(back)


def test_it_goes_to_no_object_that_there_is_and_by_no_list_before_it_is_answered(
    desk: Desk, address: str, accepted: Page, item: Item, case: Case, session: Session
) -> None:
    ((key,), before, number) = keys(accepted), len(item.photos), item.public_number
    listed = give(desk, case, b"titre;photos\nBague;IMG_1.jpg\n")
    assert cells(listed) == [["Ligne 2", "photos", "IMG_1.jpg"]]
    assert "Une carte illisible semble visible" in listed.text
    page = do(desk, address, f"ajouter:{key}/{number}")
    assert "Une carte illisible semble visible sur une de ces photos" in page.one("#messages").get_text()
    session.rollback()
    assert len(item.photos) == before
    do(desk, address, f"sans-carte:{public_id(accepted)}")
    assert "Un brouillon sera créé." in give(desk, case, b"titre;photos\nBague;IMG_1.jpg\n").text
    do(desk, address, f"ajouter:{key}/{number}")
    session.rollback()
    assert len(item.photos) == before + 1

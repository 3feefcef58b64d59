"""Nothing of the sorting table is accepted, decided or published but what stood before the officer who pressed."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Item, ItemStatus, LotPhoto
from gallery.services.lots.grouping import DOUBTED
from gallery.services.lots.order import UNREAD_CARD
from gallery.services.transaction import atomic
from gallery.web.backoffice.lots import batch, deposit
from tests.page import Page
from tests.web.backoffice.desk import JSON, VOUCHED, Desk
from tests.web.backoffice.sorting.conftest import do, dropped, groups, keys, only_item, seen, taken

REFUSED = "a changé entre-temps : rien n’a été fait."


def ids(page: Page) -> dict[str, str]:
    """Each photo's public_id, by the name of its file."""
    return {each.select(".lot-file")[0].get_text(): str(each["data-photo"]) for each in page.all("li[data-photo]")}


def set_photos(session: Session, **values: dict[str, str]) -> None:
    """What the worker does: of the photos IMG_1 and so on, what is said by name."""
    session.rollback()
    with atomic(session):
        for name, columns in values.items():
            photo = session.scalars(select(LotPhoto).where(LotPhoto.name == f"{name}.jpg")).one()
            for column, value in columns.items():
                setattr(photo, column, value)


def add_to_first(desk: Desk, address: str) -> Page:
    """A colleague puts one more photo, IMG_9, with those of the first object."""
    page = dropped(desk, address, taken(9, 55))
    return do(desk, address, "deplacer", photo=ids(page)["IMG_9.jpg"], vers=keys(page)[0])


def ready(desk: Desk, address: str, *photos: tuple[bytes, str]) -> Page:
    """These photos as objects that lack nothing."""
    dropped(desk, address, *photos)
    do(desk, address, "appliquer", tous="oui", **{"categorie-tous": "clocks"})
    return do(desk, address, "tout-accepter")


def told(page: Page) -> str:
    return page.one("#messages").text


def test_parts_of_a_proposal_that_was_split_are_not_accepted_by_the_page_that_showed_it_whole(
    desk: Desk, session: Session, address: str
) -> None:
    page = dropped(desk, address, *[taken(place, 2 * place) for place in range(1, 6)])
    assert groups(page) == [("Objet 1 proposition", 5)]
    set_photos(session, **{f"IMG_{place}": {"together": "a" if place < 3 else "b"} for place in range(1, 6)})
    page = do(desk, address, "tout-accepter", vu=seen(page))
    assert "2 objets sont nouveaux ou ont changé entre-temps" in told(page)
    assert groups(page) == [("Objet 1 proposition", 2), ("Objet 2 proposition", 3)]


@pytest.mark.parametrize("gone", ["IMG_1.jpg", "IMG_2.jpg"])
def test_an_object_is_not_published_with_another_photo_in_the_place_of_one(
    desk: Desk, session: Session, address: str, gone: str
) -> None:
    page = ready(desk, address, taken(1, 5), taken(2, 7), taken(3, 40))
    old = seen(page)
    add_to_first(desk, address)
    do(desk, address, "retirer", photo=ids(page)[gone])
    page = do(desk, address, "publier", vu=old, **VOUCHED)
    assert "Un objet est publié." in told(page)
    assert "Un objet est nouveau, ou n’a plus les mêmes photos que sur votre page." in told(page)
    assert groups(page) == [("Objet 1", 2)]
    do(desk, address, "publier", vu=seen(page), **VOUCHED)
    session.rollback()
    assert [item.status for item in session.scalars(select(Item))] == [ItemStatus.PUBLISHED] * 2


def test_a_row_with_another_photo_in_the_place_of_one_is_not_accepted(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 5), taken(2, 7), taken(3, 40))
    old, key = seen(page), keys(page)[0]
    add_to_first(desk, address)
    do(desk, address, "retirer", photo=ids(page)["IMG_2.jpg"])
    assert REFUSED in told(do(desk, address, f"accepter:{key}", vu=old))


@pytest.mark.parametrize("act", ["couper:{photo}", "joindre:{second}"])
def test_what_decides_of_photos_beside_those_it_names_is_refused_where_another_has_come(
    desk: Desk, address: str, act: str
) -> None:
    page = dropped(desk, address, taken(1, 5), taken(2, 7), taken(3, 40))
    old, before = seen(page), groups(add_to_first(desk, address))
    page_of_old = act.format(photo=ids(page)["IMG_2.jpg"], second=keys(page)[1])
    page = do(desk, address, page_of_old, vu=old)
    assert REFUSED in told(page)
    assert groups(page) == before
    assert groups(do(desk, address, page_of_old)) != before


def test_an_object_is_not_joined_to_another_one_than_stood_before_it(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 5), taken(2, 25), taken(3, 50))
    do(desk, address, "retirer", photo=ids(page)["IMG_2.jpg"])
    page = do(desk, address, f"joindre:{keys(page)[2]}", vu=seen(page))
    assert REFUSED in told(page)
    assert len(groups(page)) == 2


def test_a_question_about_a_card_is_not_answered_of_an_object_with_another_photo(
    desk: Desk, session: Session, address: str, number: str
) -> None:
    dropped(desk, address, taken(1, 10), taken(2, 12))
    set_photos(session, IMG_1={"number": number}, IMG_2={"together": DOUBTED})
    page = desk.get(address)
    add_to_first(desk, address)
    page = do(desk, address, f"garder:{ids(page)['IMG_2.jpg']}", vu=seen(page))
    assert REFUSED in told(page)
    assert page.all("[data-asked=doute]")


def test_a_typed_number_is_not_given_to_photos_that_came_meanwhile(
    desk: Desk, session: Session, address: str, number: str
) -> None:
    dropped(desk, address, taken(1, 10))
    set_photos(session, IMG_1={"number": UNREAD_CARD})
    page = desk.get(address)
    old, (key,) = seen(page), keys(page)
    dropped(desk, address, taken(2, 12))
    page = do(desk, address, "noter", vu=old, **{f"numero-{key}": number})
    assert f"« {number} » n’est pas donné : les photos de cet objet ont changé" in told(page)
    assert groups(page) == [("Objet 1 carte illisible : vérifiez", 2)]


def test_all_objects_are_filled_but_those_that_were_not_there(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 5))
    dropped(desk, address, taken(2, 40))
    page = do(desk, address, "appliquer", tous="oui", vu=seen(page), **{"epoque-tous": "1930"})
    assert "Un objet est nouveau ou a changé entre-temps" in told(page)
    assert [each["value"] for each in page.all("td input[name^=epoque]")] == ["1930", ""]


def test_where_only_what_changed_is_ready_that_is_the_reason_which_is_told(desk: Desk, address: str) -> None:
    page = ready(desk, address, taken(1, 5))
    add_to_first(desk, address)
    page = do(desk, address, "publier", vu=seen(page), **VOUCHED)
    assert "Un objet est nouveau, ou n’a plus les mêmes photos que sur votre page." in told(page)
    assert "Aucun objet n’est prêt" not in told(page)


def test_only_what_would_have_been_accepted_is_said_to_be_left(desk: Desk, session: Session, address: str) -> None:
    dropped(desk, address, taken(1, 5), taken(2, 25), taken(3, 40), taken(4, 58))
    set_photos(session, IMG_4={"number": UNREAD_CARD})
    page = desk.get(address)
    page = do(desk, address, f"accepter:{keys(page)[0]}")
    add_to_first(desk, address)
    after = do(desk, address, "tout-accepter", vu=seen(page))
    assert not told(after).strip()
    assert [name for name, _ in groups(after)] == [
        "Objet 1",
        "Objet 2",
        "Objet 3",
        "Objet 4 carte illisible : vérifiez",
    ]


def test_what_other_pages_show_is_accepted_with_all_unless_it_changed(
    desk: Desk, session: Session, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deposit, "ROWS_OF_A_PAGE", 1)
    page = dropped(desk, address, taken(1, 5), taken(2, 25), taken(3, 31), taken(4, 55))
    old = {"vu": seen(page), "ailleurs": page.one("input[name=ailleurs]")["value"]}
    set_photos(session, IMG_2={"together": "a"}, IMG_3={"together": "b"})
    page = do(desk, address, "tout-accepter", **old)
    assert "2 objets sont nouveaux ou ont changé entre-temps" in told(page)
    assert "Accepter les 2 propositions" in page.one("[value=tout-accepter]").text
    page = do(desk, address, "tout-accepter", **old | {"ailleurs": page.one("input[name=ailleurs]")["value"]})
    assert not page.all("[value=tout-accepter]")


def test_what_was_held_back_is_not_published_by_the_request_that_goes_on(
    desk: Desk, session: Session, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "LONGEST_REQUEST", timedelta(0))
    page = ready(desk, address, taken(1, 5), taken(2, 20), taken(3, 40))
    pressed: dict[str, Any] = {"acte": "publier", "vu-alors": seen(page), "ailleurs-alors": ""} | VOUCHED
    add_to_first(desk, address)
    answer = desk.send(f"{address}/trier", pressed | {"vu": seen(page)}, headers=JSON).get_json()
    assert answer["rest"] == 1
    # The script has taken the rows as they are by now, and nobody has looked at them.
    answer = desk.send(f"{address}/trier", pressed | {"vu": seen(desk.get(address)), "suite": "oui"}, headers=JSON)
    part = BeautifulSoup(answer.get_json()["page"], "html.parser")
    assert "Un objet est nouveau, ou n’a plus les mêmes photos" in part.select("#messages")[0].get_text()
    assert len(part.select(".lot-made a")) == 2
    assert groups(desk.get(address)) == [("Objet 1", 2)]


def test_a_page_that_says_nothing_of_what_it_showed_publishes_nothing(
    desk: Desk, session: Session, address: str
) -> None:
    ready(desk, address, taken(1, 5))
    page = do(desk, address, "publier", vu=[], **VOUCHED)
    assert "regardez-le" in told(page)
    assert not session.scalars(select(Item)).all()
    do(desk, address, "publier", vu=seen(page), **VOUCHED)
    assert only_item(session).status is ItemStatus.PUBLISHED


def test_without_its_script_an_answer_that_is_loaded_again_repeats_no_act(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 5), taken(2, 25), taken(3, 50))
    for _ in range(2):
        page = do(desk, address, f"joindre:{keys(page)[1]}")
    assert groups(page) == [("Objet 1", 3)]
    keyed = {"envoi": page.one("#tri [name=envoi]")["value"], "foves-par": "Durand", "foves-le": "2026-11-20"}
    pages = [do(desk, address, "annuler", vu=seen(page), **keyed) for _ in range(2)]
    assert [groups(each) for each in pages] == [[("Objet 1", 2), ("Objet 2 proposition", 1)]] * 2
    assert len({keyed["envoi"], *(each.one("#tri [name=envoi]")["value"] for each in pages)}) == 3

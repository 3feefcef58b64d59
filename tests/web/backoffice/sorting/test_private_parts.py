"""What photos of the sorting table seem to show that is private: told in the row and before publishing."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import ItemStatus, LotPhoto, Officer
from gallery.services.transaction import atomic
from tests.page import Page
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import VOUCHED, Desk
from tests.web.backoffice.sorting.conftest import do, dropped, groups, only_item, taken


def seems_to_show(session: Session, name: str, kinds: list[str] | None) -> None:
    """What the worker does."""
    session.rollback()
    with atomic(session):
        session.scalars(select(LotPhoto).where(LotPhoto.name == name)).one().private_kinds = kinds


def told(page: Page) -> list[str]:
    return [" ".join(each.get_text(" ").split()) for each in page.all("tr [data-private]")]


def test_a_row_names_the_photos_and_what_they_seem_to_show(desk: Desk, session: Session, address: str) -> None:
    page = dropped(desk, address, taken(1, 5), taken(2, 7), taken(3, 50))
    assert not page.all("[data-private]")
    seems_to_show(session, "IMG_1.jpg", [])
    seems_to_show(session, "IMG_2.jpg", ["face", "text", "what a later version may know"])
    seems_to_show(session, "IMG_3.jpg", ["screen"])
    page = desk.get(address)
    assert told(page) == [
        "Peut-être à cacher : photo 2, un visage, du texte .",
        "Peut-être à cacher : photo 1, un écran .",
    ]
    assert "Sur les photos de 2 objets, on voit peut-être" in page.one("#publier [data-private]").text
    seems_to_show(session, "IMG_3.jpg", [])
    assert "Sur les photos d’un objet, on voit peut-être" in desk.get(address).one("#publier [data-private]").text


def test_a_row_that_is_on_the_page_already_is_shown_anew_once_the_worker_has_looked(
    desk: Desk, session: Session, address: str
) -> None:
    def marks() -> list[str]:
        return [str(each["value"]).split("/")[3] for each in desk.get(address).all("input[name=vu]")]

    dropped(desk, address, taken(1, 5), taken(2, 50))
    before = marks()
    seems_to_show(session, "IMG_1.jpg", ["face"])
    assert [one == other for one, other in zip(before, marks(), strict=True)] == [False, True]


def test_its_link_leads_to_where_zones_are_proposed_and_it_is_dismissed_there(
    desk: Desk, session: Session, address: str
) -> None:
    dropped(desk, address, taken(1, 5), taken(2, 50))
    for name in ("IMG_1.jpg", "IMG_2.jpg"):
        seems_to_show(session, name, ["plate"])
    page = desk.get(address)
    first, second = (str(each["href"]) for each in page.all("tr [data-private] a"))
    page = desk.get(first)
    assert "On voit peut-être ici : une plaque." in page.one("[data-told]").text
    assert page.all("[value=proposer]")
    page = desk.do(first, {"acte": "rien"})
    assert told(page) == ["Peut-être à cacher : photo 1, une plaque ."]
    zone = "zone:10.00,10.00,20.00,20.00"
    shown = desk.get(second).one("[name=vue]")["value"]
    page = desk.do(second, {"acte": "enregistrer", "zones": zone, "cache": zone, "vue": shown})
    assert told(page) == []
    page = desk.get(first)
    assert not page.all("[data-told], [value=rien]")


def test_it_hinders_nothing(desk: Desk, session: Session, address: str) -> None:
    dropped(desk, address, taken(1, 5))
    seems_to_show(session, "IMG_1.jpg", ["face"])
    do(desk, address, "appliquer", tous="oui", **{"categorie-tous": "clocks"})
    do(desk, address, "tout-accepter")
    page = do(desk, address, "publier", **VOUCHED)
    assert groups(page) == []
    assert only_item(session).status is ItemStatus.PUBLISHED


def test_another_unit_dismisses_nothing(
    desk: Desk, session: Session, address: str, sign_in: SignIn, outsider: Officer
) -> None:
    dropped(desk, address, taken(1, 5))
    seems_to_show(session, "IMG_1.jpg", ["face"])
    (link,) = [str(each["href"]) for each in desk.get(address).all("tr [data-private] a")]
    assert Desk(sign_in(outsider)).send(link, {"acte": "rien"}).status_code == 404
    assert told(desk.get(address))

"""Objects of a sorting table become items some at a time: what stops half-way is told, and the lot is seldom read."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gallery.errors import CategoryNotFound, ChangedMeanwhile, StoreUnreachable
from gallery.models import Item, ItemStatus, LotPhoto, Officer
from gallery.services.items import publication
from gallery.services.items.renditions import keys_of
from gallery.services.lots import making
from gallery.services.lots.making import MadeItem, NamedGroup
from gallery.services.resources import Resources
from gallery.web.backoffice.lots import batch
from tests.databases import asked_of
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.desk import VOUCHED, Desk
from tests.web.backoffice.sorting.conftest import do, dropped, groups, keys, seen, taken


def ready(desk: Desk, address: str, count: int, *, first: int = 0) -> Page:
    dropped(desk, address, *(taken(first + place, 13 * (place % 4)) for place in range(count)))
    do(desk, address, "separer", photo=[str(each["value"]) for each in desk.get(address).all("input[name=photo]")])
    return do(desk, address, "appliquer", tous="oui", **{"categorie-tous": "clocks"})


def made(page: Page) -> list[str]:
    return [" ".join(each.get_text(" ").split()[1:]) for each in page.all(".lot-made li")]


def test_drafts_that_were_made_before_something_stopped_are_named_and_none_is_made_again(
    desk: Desk, session: Session, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "AT_ONCE", 2)
    ready(desk, address, 5)
    publish, asked = publication.publish, []

    def stops(*given: object, **named: object) -> object:
        asked.append(given)
        if len(asked) == 4:
            raise StoreUnreachable("down")
        return publish(*given, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(publication, "publish", stops)
        shown = seen(desk.get(address))
        assert desk.send(f"{address}/trier", {"acte": "publier", "vu": shown} | VOUCHED).status_code == 503
    page = desk.get(address)
    assert made(page) == ["publié"] * 3 + ["brouillon"]
    assert len(groups(page)) == 1
    page = do(desk, address, "publier", **VOUCHED)
    assert made(page) == ["publié"]
    session.rollback()
    states = [item.status for item in session.scalars(select(Item).order_by(Item.id))]
    assert states == [ItemStatus.PUBLISHED] * 3 + [ItemStatus.DRAFT, ItemStatus.PUBLISHED]


def test_one_that_does_not_go_holds_up_none_of_those_before_it(
    desk: Desk, session: Session, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = keys(ready(desk, address, 4))[2]
    do(desk, address, "noter", groupe=third, **{f"titre-{third}": "Refusé"})
    makes = making._made

    def refuses(session: Session, given: Resources, named: NamedGroup, by: Officer) -> MadeItem:
        if named.words.title == "Refusé":
            raise CategoryNotFound("none")
        return makes(session, given, named, by)

    monkeypatch.setattr(making, "_made", refuses)
    shown = seen(desk.get(address))
    assert desk.send(f"{address}/trier", {"acte": "fiches", "vu": shown}).status_code == 404
    page = desk.get(address)
    assert made(page) == ["brouillon"] * 2
    assert keys(page)[0] == third
    session.rollback()
    assert len(session.scalars(select(Item)).all()) == 2


def test_the_lot_is_read_no_oftener_for_more_objects(desk: Desk, address: str, engine: Engine) -> None:
    def reads(count: int) -> int:
        ready(desk, address, count, first=10 * count)
        shown = seen(desk.get(address))
        with asked_of(engine) as asked:
            page = desk.do(f"{address}/trier", {"acte": "publier", "vu": shown} | VOUCHED)
        assert made(page) == ["publié"] * count
        return sum("FROM lot_photos" in each and "WHERE lot_photos.lot_id IN" in each for each in asked)

    assert 0 < reads(2) == reads(5)


def test_what_keeps_one_from_being_published_keeps_none_of_those_after_it(
    desk: Desk, session: Session, make: Factory, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(desk, address, 4)
    session.rollback()
    first, *_ = session.scalars(select(LotPhoto).order_by(LotPhoto.id))
    make.private.delete(keys_of(first))
    session.rollback()
    publish, asked = publication.publish, []

    def changed_once(*given: object, **named: object) -> object:
        asked.append(given)
        if len(asked) == 2:
            raise ChangedMeanwhile
        return publish(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(publication, "publish", changed_once)
    page = do(desk, address, "publier", **VOUCHED)
    told = made(page)
    assert told.count("publié") == 2, told
    assert sum("Le fichier d’une de ses photos est introuvable" in each for each in told) == 1
    assert told.count("brouillon") == 1
    assert "2 objets sont publiés." in page.one("#messages").text

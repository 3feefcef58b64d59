"""A preview that was open before a heading was hidden gives no caption away that still tells it."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from gallery.models import Case, Item
from gallery.services import revision
from gallery.services.items import publication
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.albums.test_albums import form_of, numbers_in
from tests.web.backoffice.albums.test_albums_pages import five, sent
from tests.web.backoffice.desk import Desk

__all__ = ["five"]


@pytest.fixture
def watches(make: Factory, case: Case) -> list[Item]:
    """Two of a brand, newest first."""
    return [make.published(case, title="Montre", brand=brand) for brand in ("Lip", "Yema")][::-1]


def hide_brand(session: Session, item: Item) -> None:
    with atomic(session):
        item.brand = ""
        revision.touch_items(session, [item.id])
    end_reading(session)


def captions_in(page: Page) -> dict[str, str]:
    return {str(each["name"])[8:]: each.get_text() for each in page.all("textarea[name^=legende]")}


@pytest.mark.parametrize("address", ["/albums/telecharger", "/albums/publier", "/albums/noter"])
def test_what_would_leave_is_shown_anew_first(desk: Desk, session: Session, watches: list[Item], address: str) -> None:
    changed, other = watches
    form = form_of(desk.get("/albums/nouveau")) | {f"legende-{other.public_number}": "La vôtre ?"}
    assert "Yema" in form[f"legende-{changed.public_number}"]
    hide_brand(session, changed)
    answer = desk.client.post(address, data=form)
    assert answer.status_code == 409
    page = Page(answer)
    said = page.one("#messages").get_text()
    assert [each.public_number in said for each in watches] == [True, False]
    assert captions_in(page)[other.public_number] == "La vôtre ?"
    assert "Yema" not in page.text
    assert desk.client.post("/albums/telecharger", data=form_of(page)).status_code == 302


@pytest.mark.parametrize("address", ["/albums/telecharger", "/albums/publier"])
def test_an_old_caption_stays_away_when_another_item_was_withdrawn(
    desk: Desk, make: Factory, watches: list[Item], address: str
) -> None:
    changed, withdrawn = watches
    form = form_of(desk.get("/albums/nouveau"))
    assert "Yema" in form[f"legende-{changed.public_number}"]
    hide_brand(make.session, changed)
    with atomic(make.session) as session:
        publication.withdraw(session, withdrawn, by=None, now=make.now)
    answer = desk.client.post(address, data=form)
    assert answer.status_code == 409
    page = Page(answer)
    assert numbers_in(page) == [changed.public_number]
    assert "Yema" not in page.text
    assert all(each.public_number in page.one("#messages").get_text() for each in watches)


def test_a_caption_that_says_not_what_it_was_made_of_is_not_taken(desk: Desk, watches: list[Item]) -> None:
    number = watches[0].public_number
    form: dict[str, Any] = {"objet": [number], f"legende-{number}": "Montre Yema"}
    assert desk.send("/albums/telecharger", form).status_code == 409


def test_an_item_is_moved_without_its_old_caption(desk: Desk, session: Session, watches: list[Item]) -> None:
    form = form_of(desk.get("/albums/nouveau"))
    hide_brand(session, watches[0])
    page = Page(desk.client.post("/albums/nouveau", data=form | {"agir": f"descendre {watches[0].public_number}"}))
    assert numbers_in(page) == [each.public_number for each in watches[::-1]]
    assert "Yema" not in page.text
    assert watches[0].public_number in page.one("#messages").get_text()


def test_words_written_on_another_page_are_held_to_the_same(desk: Desk, session: Session, five: list[str]) -> None:
    second = sent(desk, desk.get("/albums/nouveau"), aller="2", **{f"legende-{five[0]}": "Montre 4, d’or"})
    assert second.one(f"[name=legende-{five[0]}]")["value"] == "Montre 4, d’or"
    with atomic(session):
        session.query(Item).filter_by(public_number=five[0]).one().model = "Calypso"
    end_reading(session)
    third = sent(desk, second, aller="3")
    assert not third.all(f"[name=legende-{five[0]}]")
    assert five[0] in third.one("#messages").get_text()

"""Taking back the last act on many items, which overwrites nothing that was done since."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from gallery.errors import StoreUnreachable
from gallery.models import Case, Item, ItemStatus, Officer
from gallery.services.items import categories, items, photos, publication
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk, act

LATER = timedelta(minutes=1)


def test_a_change_of_category_can_be_taken_back(desk: Desk, make: Factory, case: Case, session: Session) -> None:
    ring, watch = make.item(case), make.item(case, category="watches")
    act(desk, "categorie", ring, watch, **{"nouvelle-categorie": "bicycles"})
    assert "Annuler ce changement" in desk.get("/objets").text
    desk.do("/objets", {"acte": "remettre"})
    end_reading(session)
    assert (ring.category.code, watch.category.code) == ("jewellery", "watches")
    assert "Annuler ce changement" not in desk.get("/objets").text


def test_a_withdrawal_can_be_taken_back(desk: Desk, published: Item, client: FlaskClient) -> None:
    act(desk, "retirer", published)
    desk.do("/objets", {"acte": "remettre"})
    assert client.get(f"/objets/{published.public_number}").status_code == 200


def test_a_colleague_can_not_take_it_back(
    desk: Desk, ready: list[Item], colleague: Officer, sign_in: SignIn, session: Session
) -> None:
    act(desk, "categorie", *ready, **{"nouvelle-categorie": "bicycles"})
    other = Desk(sign_in(colleague))
    assert "Annuler ce changement" not in other.get("/objets").text
    other.do("/objets", {"acte": "remettre"})
    end_reading(session)
    assert {item.category.code for item in ready} == {"bicycles"}


def test_nothing_is_shown_again_that_changed_since(
    desk: Desk, make: Factory, case: Case, officer: Officer, client: FlaskClient
) -> None:
    grown, same = make.published(case), make.published(case)
    act(desk, "retirer", grown, same)
    other = make.item(case, with_photos=1)
    with atomic(make.session):
        photos.move(make.session, make.at(make.now + LATER), other.photos[0], grown, by=officer)
    said = desk.do("/objets", {"acte": "remettre"}).one("#messages").get_text(" ", strip=True)
    assert f"{grown.public_number}. Un collègue a modifié cette fiche" in said
    codes = [client.get(f"/objets/{each.public_number}").status_code for each in (grown, same)]
    assert codes == [410, 200]


def test_no_category_is_overwritten_that_a_colleague_chose_since(
    desk: Desk, ready: list[Item], make: Factory, colleague: Officer, session: Session
) -> None:
    act(desk, "categorie", *ready, **{"nouvelle-categorie": "bicycles"})
    with atomic(session):
        chosen = categories.get_by_code(session, "watches")
        items.change_category(session, make.at(make.now + LATER), ready[0], chosen, by=colleague)
    assert ready[0].public_number in desk.do("/objets", {"acte": "remettre"}).one("#messages").get_text()
    end_reading(session)
    assert [item.category.code for item in ready] == ["watches", "jewellery"]


def test_what_an_outage_kept_from_being_taken_back_can_still_be(
    desk: Desk, make: Factory, case: Case, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [make.published(case) for _ in range(3)]
    act(desk, "retirer", *shown)
    publish, asked = publication.publish, []

    def stops(*given: object, **named: object) -> object:
        asked.append(given)
        if len(asked) == 2:
            raise StoreUnreachable("down")
        return publish(*given, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(publication, "publish", stops)
        answer = desk.send("/objets", {"acte": "remettre"})
    assert (answer.status_code, "Un objet a été modifié." in answer.text) == (503, True)
    page = desk.do("/objets", {"acte": "remettre"})
    assert "2 objets ont été modifiés." in page.text
    assert "Annuler ce changement" not in page.text
    end_reading(session)
    assert {item.status for item in shown} == {ItemStatus.PUBLISHED}

import pytest
from sqlalchemy.orm import Session

from gallery.models import Item, Officer
from gallery.services.transaction import end_reading
from tests.page import Page
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk

SIDES = {"left": "20", "top": "10.5", "right": "50", "bottom": "60"}


def address(item: Item) -> str:
    return f"/objets/{item.public_number}/photos/{item.photos[0].public_id}/cadre"


def test_it_works(desk: Desk, item: Item, session: Session) -> None:
    answer = desk.fill(address(item), SIDES)
    assert answer.status_code == 302
    assert "a entouré l’objet d’une photo" in desk.get(f"/objets/{item.public_number}").one(".history").get_text()
    end_reading(session)
    assert item.photos[0].box == pytest.approx([0.2, 0.105, 0.5, 0.6])
    page = desk.get(address(item))
    assert page.one("#top")["value"] == "10.5"
    assert len(page.all(".boxed rect")) == 2


def test_the_whole_photo_counts_again(desk: Desk, item: Item, session: Session) -> None:
    desk.fill(address(item), SIDES)
    desk.do(address(item), {"sans": "1"})
    end_reading(session)
    assert item.photos[0].box is None


@pytest.mark.parametrize(
    ("side", "value", "sentence"),
    [
        ("right", "20", "Le bord droit doit être à droite du bord gauche."),
        ("bottom", "3", "Le bord bas doit être sous le bord haut."),
        ("left", "-1", "Donnez un nombre de 0 à 100."),
        ("right", "101", "Donnez un nombre de 0 à 100."),
        ("right", "20.04", "Le bord droit doit être à droite du bord gauche."),
        ("top", "59.96", "Le bord bas doit être sous le bord haut."),
        ("left", "1e30", "Donnez un nombre de 0 à 100."),
        ("right", "Infinity", "Donnez un nombre de 0 à 100."),
        ("right", "NaN", "Donnez un nombre de 0 à 100."),
        ("top", "", "Donnez un nombre de 0 à 100."),
    ],
)
def test_what_is_no_box_is_said(desk: Desk, item: Item, session: Session, side: str, value: str, sentence: str) -> None:
    answer = desk.fill(address(item), SIDES | {side: value})
    assert answer.status_code == 422
    assert sentence in Page(answer).text
    end_reading(session)
    assert item.photos[0].box is None


def test_another_unit_draws_none(sign_in: SignIn, outsider: Officer, item: Item) -> None:
    assert Desk(sign_in(outsider)).send(address(item), SIDES).status_code == 404

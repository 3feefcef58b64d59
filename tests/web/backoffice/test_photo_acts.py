import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from gallery.models import Item
from gallery.services.transaction import end_reading
from tests.factories import Factory
from tests.web.backoffice.desk import VOUCHED, Desk


def address(item: Item, act: str, order: int = 0) -> str:
    return f"/objets/{item.public_number}/photos/{item.photos[order].public_id}/{act}"


def cards(desk: Desk, item: Item) -> list[str]:
    return [str(card["id"]) for card in desk.get(f"/objets/{item.public_number}").all(".photo-card")]


def test_it_works(desk: Desk, item: Item) -> None:
    first, second = (f"photo-{photo.public_id}" for photo in item.photos)
    page = desk.do(address(item, "couverture", 1))
    assert [str(card["id"]) for card in page.all(".photo-card")] == [second, first]
    assert page.one(f"#{second} .tag-cover")
    assert "a choisi la photo de couverture" in page.one(".history").get_text()


def test_photos_change_their_order(desk: Desk, item: Item) -> None:
    first, second = (f"photo-{photo.public_id}" for photo in item.photos)
    (earlier,) = desk.get(f"/objets/{item.public_number}").all(f"#{second} input[name=place]")
    page = desk.do(address(item, "placer", 1), {"place": earlier["value"]})
    assert [str(card["id"]) for card in page.all(".photo-card")] == [second, first]
    assert "a changé l’ordre des photos" in page.one(".history").get_text()
    for sent in ({"place": "99"}, {"place": "x"}, {}):
        desk.do(address(item, "placer", 1), sent)
        assert cards(desk, item) == [first, second]


@pytest.mark.parametrize("way", ["gauche", "droite"])
def test_a_photo_turned_by_a_quarter_stands_upright(desk: Desk, item: Item, session: Session, way: str) -> None:
    before = item.photos[0].renditions[0]
    page = desk.do(address(item, "tourner"), {"sens": way})
    end_reading(session)
    after = item.photos[0].renditions[0]
    assert before.width / before.height == pytest.approx(after.height / after.width, abs=0.01)
    assert "a tourné une photo" in page.one(".history").get_text()


def test_turned_there_and_back_it_is_the_same_picture(desk: Desk, item: Item, session: Session) -> None:
    before = item.photos[0].rendition_digest
    desk.do(address(item, "tourner"), {"sens": "gauche"})
    desk.do(address(item, "tourner"), {"sens": "droite"})
    end_reading(session)
    assert item.photos[0].rendition_digest == before


def test_a_hidden_photo_is_not_shown_to_the_public(desk: Desk, item: Item, client: FlaskClient) -> None:
    hidden = item.photos[0].public_id
    desk.do(address(item, "masquer"))
    desk.do(f"/objets/{item.public_number}/publier", VOUCHED)
    assert hidden not in client.get(f"/objets/{item.public_number}").text
    assert client.get(f"/photos/{hidden}/320.webp").status_code == 404


def test_a_photo_shown_again_is_public(desk: Desk, item: Item, client: FlaskClient) -> None:
    desk.do(address(item, "masquer"))
    desk.do(f"/objets/{item.public_number}/publier", VOUCHED)
    desk.do(address(item, "montrer"))
    assert client.get(f"/photos/{item.photos[0].public_id}/320.webp").status_code == 200


@pytest.mark.parametrize("act", ["masquer", "supprimer"])
def test_the_last_public_photo_of_a_published_item_stays(desk: Desk, published: Item, act: str) -> None:
    page = desk.do(address(published, act))
    assert "dernière photo visible" in page.one("#messages").get_text()
    assert len(page.all(".photo-card:not(.is-private)")) == 1


def test_a_photo_is_described_in_words(desk: Desk, item: Item) -> None:
    page = desk.do(address(item, "texte"), {"texte": " Vue  de face \x00"})
    assert page.all("img[alt='Vue de face']")


def test_words_beyond_what_fits_are_cut(desk: Desk, item: Item, session: Session) -> None:
    desk.do(address(item, "texte"), {"texte": "é" * 400})
    end_reading(session)
    assert item.photos[0].alt_text == "é" * 300


@pytest.mark.parametrize("act", ["couverture", "tourner", "masquer", "montrer", "texte", "supprimer"])
def test_a_photo_of_another_item_is_not_touched(desk: Desk, item: Item, published: Item, act: str) -> None:
    photo = published.photos[0].public_id
    assert desk.send(f"/objets/{item.public_number}/photos/{photo}/{act}").status_code == 404


@pytest.mark.parametrize("act", ["couverture", "tourner", "masquer", "montrer", "texte"])
def test_a_photo_deleted_meanwhile_is_said_to_be_absent(desk: Desk, item: Item, make: Factory, act: str) -> None:
    gone = address(item, act)
    desk.do(address(item, "supprimer"))
    assert desk.send(gone).status_code == 404


def test_each_act_says_which_photo_it_is_done_to(desk: Desk, item: Item) -> None:
    page = desk.get(f"/objets/{item.public_number}")
    for order, card in enumerate(page.all(".photo-card"), start=1):
        acts = card.select(".acts a, button, summary, label")
        assert len(acts) >= 8
        assert {f"Photo {order}" in act.get_text() for act in acts} == {True}

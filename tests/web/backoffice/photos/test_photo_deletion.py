import pytest
from flask.testing import FlaskClient

from gallery.models import Item
from tests.page import Page
from tests.web.backoffice.desk import VOUCHED, Desk


def address(item: Item, act: str) -> str:
    return f"/objets/{item.public_number}/photos/{item.photos[0].public_id}/{act}"


def deleting(item: Item) -> dict[str, str]:
    return {"geste": "supprimer", "photos": item.photos[0].public_id}


def delete(desk: Desk, item: Item) -> Page:
    return desk.do(f"/objets/{item.public_number}/photos/choisies", deleting(item))


def test_a_photo_is_deleted_at_once_and_comes_back(desk: Desk, item: Item, client: FlaskClient) -> None:
    desk.do(f"/objets/{item.public_number}/publier", VOUCHED)
    cards = [card["id"] for card in desk.get(f"/objets/{item.public_number}").all(".photo-card")]
    file = f"/photos/{item.photos[0].public_id}/320.webp"
    undo = address(item, "retablir")
    assert client.get(file).status_code == 200
    page = delete(desk, item)
    assert "Une photo supprimée." in page.one("#messages").get_text()
    assert [card["id"] for card in page.all(".photo-card")] == cards[1:]
    assert client.get(file).status_code == 404
    assert desk.client.get(file).status_code == 404
    page = desk.do(undo)
    assert [card["id"] for card in page.all(".photo-card")] == cards
    assert not page.all(".deleted-photos")
    assert client.get(file).status_code == 200


def test_one_that_the_public_has_not_seen_comes_back_private_and_this_is_said(desk: Desk, item: Item) -> None:
    undo, number = address(item, "retablir"), item.public_number
    delete(desk, item)
    desk.do(f"/objets/{number}/publier", VOUCHED)
    assert "Elle est masquée : le public ne l’a pas encore vue" in desk.do(undo).one("#messages").get_text()


def test_sent_twice_it_deletes_one_photo(desk: Desk, item: Item) -> None:
    sent = deleting(item)
    desk.do(f"/objets/{item.public_number}/photos/choisies", sent)
    page = desk.do(f"/objets/{item.public_number}/photos/choisies", sent)
    assert len(page.all(".photo-card")) == 1
    assert len(page.all(".deleted-photos li")) == 1


def test_a_deleted_photo_can_be_destroyed_at_once(desk: Desk, item: Item) -> None:
    erase, undo = (address(item, each) for each in ("effacer", "retablir"))
    delete(desk, item)
    assert "personne ne pourra les faire revenir" in desk.get(erase).text
    page = desk.do(erase)
    assert "effacée définitivement" in page.text
    assert not page.all(".deleted-photos")
    assert desk.send(undo).status_code == 404


@pytest.mark.parametrize("act", ["retablir", "effacer"])
def test_a_photo_that_was_not_deleted_has_nothing_to_undo(desk: Desk, item: Item, act: str) -> None:
    assert desk.send(address(item, act)).status_code == 404

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from gallery.models import Case, Item
from gallery.services.transaction import end_reading
from gallery.storage import original_key
from gallery.web.backoffice.items import photo_acts
from tests import pictures
from tests.factories import Factory
from tests.web.backoffice.desk import VOUCHED, Desk


def chosen(item: Item, act: str, *orders: int, **besides: str) -> dict[str, object]:
    """What the toolbar sends with these photos ticked."""
    return {"geste": act, "photos": [item.photos[order].public_id for order in orders or (0,)], **besides}


def toolbar(item: Item) -> str:
    return f"/objets/{item.public_number}/photos/choisies"


def address(item: Item, act: str, order: int = 0) -> str:
    return f"/objets/{item.public_number}/photos/{item.photos[order].public_id}/{act}"


def cards(desk: Desk, item: Item) -> list[str]:
    return [str(card["id"]) for card in desk.get(f"/objets/{item.public_number}").all(".photo-card")]


def test_it_works(desk: Desk, item: Item) -> None:
    first, second = (f"photo-{photo.public_id}" for photo in item.photos)
    page = desk.do(toolbar(item), chosen(item, "couverture", 1))
    assert [str(card["id"]) for card in page.all(".photo-card")] == [second, first]
    assert page.one(f"#{second} .tag-cover")
    assert "a choisi la photo de couverture" in page.one(".history").get_text()


def test_photos_change_their_order(desk: Desk, item: Item) -> None:
    first, second = (f"photo-{photo.public_id}" for photo in item.photos)
    page = desk.do(address(item, "placer", 1), {"place": "1"})
    assert [str(card["id"]) for card in page.all(".photo-card")] == [second, first]
    assert "a changé l’ordre des photos" in page.one(".history").get_text()
    for sent in ({"place": "99"}, {"place": "x"}, {}):
        desk.do(address(item, "placer", 1), sent)
        assert cards(desk, item) == [first, second]


@pytest.mark.parametrize("way", ["gauche", "droite"])
def test_a_photo_turned_by_a_quarter_stands_upright(desk: Desk, item: Item, session: Session, way: str) -> None:
    before = item.photos[0].renditions[0]
    page = desk.do(toolbar(item), chosen(item, way))
    end_reading(session)
    after = item.photos[0].renditions[0]
    assert before.width / before.height == pytest.approx(after.height / after.width, abs=0.01)
    assert "a tourné une photo" in page.one(".history").get_text()


def test_a_photo_that_can_not_be_turned_keeps_no_other_from_it(
    desk: Desk, item: Item, session: Session, make: Factory
) -> None:
    before = [photo.rendition_digest for photo in item.photos]
    make.private.put(original_key(item.photos[0].original_sha256), b"damaged")
    page = desk.do(toolbar(item), chosen(item, "droite", 0, 1))
    assert "Une photo n’est pas tournée." in page.one("#messages").get_text()
    end_reading(session)
    assert [photo.rendition_digest == digest for photo, digest in zip(item.photos, before, strict=True)] == [
        True,
        False,
    ]


def test_what_there_is_no_time_for_stays_ticked_alone(
    desk: Desk, item: Item, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_acts, "LONGEST_TURNING", timedelta(0))
    before, second = [photo.rendition_digest for photo in item.photos], item.photos[1].public_id
    page = desk.do(toolbar(item), chosen(item, "droite", 0, 1))
    assert "Une photo reste à tourner." in page.one("#messages").get_text()
    assert [each["value"] for each in page.all("input[name=photos][checked]")] == [second]
    end_reading(session)
    assert [photo.rendition_digest == digest for photo, digest in zip(item.photos, before, strict=True)] == [
        False,
        True,
    ]


def test_turned_there_and_back_it_is_the_same_picture(desk: Desk, item: Item, session: Session) -> None:
    before = item.photos[0].rendition_digest
    desk.do(toolbar(item), chosen(item, "gauche"))
    desk.do(toolbar(item), chosen(item, "droite"))
    end_reading(session)
    assert item.photos[0].rendition_digest == before


def test_a_hidden_photo_is_not_shown_to_the_public(desk: Desk, item: Item, client: FlaskClient) -> None:
    hidden = item.photos[0].public_id
    desk.do(toolbar(item), chosen(item, "masquer"))
    desk.do(f"/objets/{item.public_number}/publier", VOUCHED)
    assert hidden not in client.get(f"/objets/{item.public_number}").text
    assert client.get(f"/photos/{hidden}/320.webp").status_code == 404


def test_a_photo_shown_again_is_public(desk: Desk, item: Item, client: FlaskClient) -> None:
    desk.do(toolbar(item), chosen(item, "masquer"))
    desk.do(f"/objets/{item.public_number}/publier", VOUCHED)
    desk.do(toolbar(item), chosen(item, "montrer"))
    assert client.get(f"/photos/{item.photos[0].public_id}/320.webp").status_code == 200


@pytest.mark.parametrize("act", ["masquer", "supprimer"])
def test_the_last_public_photo_of_a_published_item_stays(desk: Desk, published: Item, act: str) -> None:
    page = desk.do(toolbar(published), chosen(published, act))
    assert "dernière photo visible" in page.one("#messages").get_text()
    assert len(page.all(".photo-card:not(.is-private)")) == 1


def test_a_photo_is_described_in_words(desk: Desk, item: Item) -> None:
    page = desk.do(address(item, "texte"), {"texte": " Vue  de face \x00"})
    assert page.all("img[alt='Vue de face']")


def test_words_beyond_what_fits_are_cut(desk: Desk, item: Item, session: Session) -> None:
    desk.do(address(item, "texte"), {"texte": "é" * 400})
    end_reading(session)
    assert item.photos[0].alt_text == "é" * 300


@pytest.mark.parametrize("act", ["texte", "placer"])
def test_a_photo_of_another_item_is_not_touched(desk: Desk, item: Item, published: Item, act: str) -> None:
    photo = published.photos[0].public_id
    assert desk.send(f"/objets/{item.public_number}/photos/{photo}/{act}").status_code == 404


@pytest.mark.parametrize("act", ["couverture", "gauche", "masquer", "supprimer", "deplacer", "entourer", "rien"])
def test_the_toolbar_touches_no_photo_of_another_item(desk: Desk, item: Item, published: Item, act: str) -> None:
    page = desk.do(toolbar(item), chosen(published, act, vers=published.public_number))
    assert "Rien n’a changé" in page.one("#messages").get_text()


def test_several_photos_are_shifted_hidden_and_deleted_together(
    desk: Desk, make: Factory, case: Case, session: Session
) -> None:
    item = make.item(case, with_photos=4)
    first, second, third, fourth = (photo.public_id for photo in item.photos)

    def order() -> list[str]:
        end_reading(session)
        session.expire_all()
        return [photo.public_id for photo in item.photos]

    page = desk.do(toolbar(item), chosen(item, "avancer", 1, 2))
    assert order() == [second, third, first, fourth]
    assert [box["value"] for box in page.all("[name=photos][checked]")] == [second, third]
    desk.do(toolbar(item), chosen(item, "avancer", 0, 1))
    assert order() == [second, third, first, fourth]
    desk.do(toolbar(item), chosen(item, "reculer", 1, 2))
    assert order() == [second, fourth, third, first]
    page = desk.do(toolbar(item), chosen(item, "masquer", 0, 1))
    assert len(page.all(".is-private")) == 2
    page = desk.do(toolbar(item), chosen(item, "supprimer", 0, 1))
    assert "2 photos supprimées" in page.one("#messages").get_text()
    assert order() == [third, first]


def test_the_address_names_what_is_still_ticked_unless_it_is_too_long(
    desk: Desk, item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = chosen(item, "reculer", 0, 1)
    answer = desk.send(toolbar(item), sent)
    assert answer.headers["Location"].count("choisies=") == 2
    monkeypatch.setattr(photo_acts, "MAX_TICKED", 1)
    assert "choisies" not in desk.send(toolbar(item), sent).headers["Location"]
    assert "choisies" not in desk.send(toolbar(item), chosen(item, "supprimer", 0)).headers["Location"]


@pytest.mark.parametrize(("act", "page"), [("entourer", "cadre"), ("cacher", "cacher")])
def test_what_is_done_to_one_photo_opens_its_page(desk: Desk, item: Item, act: str, page: str) -> None:
    answer = desk.send(toolbar(item), chosen(item, act, 1))
    assert answer.headers["Location"].endswith(f"{item.photos[1].public_id}/{page}")


def test_a_photo_is_moved_to_another_object(desk: Desk, make: Factory, item: Item, session: Session) -> None:
    other = make.item(item.case, title="Autre bague")
    moved, left = (photo.public_id for photo in item.photos)
    page = desk.get(f"/objets/{item.public_number}")
    assert [option["value"] for option in page.all("#beside option")] == [other.public_number]
    page = desk.do(toolbar(item), chosen(item, "deplacer", vers=other.public_number.lower()))
    assert f"celle de l’objet {other.public_number}" in page.one("#messages").get_text()
    assert cards(desk, item) == [f"photo-{left}"]
    assert cards(desk, other) == [f"photo-{moved}"]
    there = desk.get(f"/objets/{other.public_number}").one(".history").get_text()
    assert f"a déplacé une photo vers un autre objet ({other.public_number})" in page.one(".history").get_text()
    assert f"a apporté une photo d’un autre objet ({item.public_number})" in there


def test_a_photo_moved_to_a_published_object_waits_hidden(desk: Desk, item: Item, published: Item) -> None:
    moved = item.photos[0].public_id
    desk.do(toolbar(item), chosen(item, "deplacer", vers=published.public_number))
    assert desk.get(f"/objets/{published.public_number}").all(f"#photo-{moved}.is-private")


def test_the_last_public_photo_of_a_published_object_is_not_moved(desk: Desk, item: Item, published: Item) -> None:
    page = desk.do(toolbar(published), chosen(published, "deplacer", vers=item.public_number))
    assert "dernière photo visible" in page.one("#messages").get_text()
    assert len(cards(desk, published)) == 1


@pytest.mark.parametrize("number", ["", "35-AAAA-A", "00000"])
def test_a_photo_is_not_moved_to_what_is_not_there(desk: Desk, item: Item, number: str) -> None:
    page = desk.do(toolbar(item), chosen(item, "deplacer", vers=number))
    assert "Rien n’est déplacé" in page.one("#messages").get_text()
    assert len(cards(desk, item)) == 2


def test_a_file_that_the_other_object_has_is_not_moved(desk: Desk, make: Factory, item: Item) -> None:
    other = make.item(item.case)
    for each in (item, other):
        make.photo(each, pictures.jpeg(pictures.picture(8)))
    page = desk.do(toolbar(item), chosen(item, "deplacer", -1, vers=other.public_number))
    assert "a déjà cette photo" in page.one("#messages").get_text()


def test_each_act_says_which_photo_it_is_done_to(desk: Desk, item: Item) -> None:
    page = desk.get(f"/objets/{item.public_number}")
    for order, card in enumerate(page.all(".photo-card"), start=1):
        acts = card.select("details a, button, summary, label")
        assert len(acts) >= 5
        assert {f"Photo {order}" in act.get_text() for act in acts} == {True}

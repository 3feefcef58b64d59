from io import BytesIO
from typing import Any

import pytest
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import ChangedMeanwhile, GalleryError, StoreUnreachable
from gallery.models import Item, ItemPhoto
from gallery.services.items import photos
from gallery.services.transaction import atomic
from tests import pictures
from tests.page import Page
from tests.web.backoffice.desk import Desk, files

GOOD = pictures.jpeg(pictures.picture(901))


def photos_of(desk: Desk, item: Item) -> int:
    return len(desk.get(f"/objets/{item.public_number}").all(".photo-card"))


def test_it_works(desk: Desk, item: Item) -> None:
    page = desk.add_photos(item.public_number, GOOD, pictures.jpeg(pictures.picture(902)))
    assert "2 photos sont ajoutées." in page.text
    assert len(page.all(".photo-card")) == 4
    assert "a ajouté 2 photos" in page.one(".history").get_text()


def test_an_object_of_many_good_photos_is_to_have_its_number_noted(desk: Desk, item: Item, session: Session) -> None:
    address = f"/objets/{item.public_number}"
    with atomic(session):
        for photo in item.photos:
            photo.object_share, photo.point_size = 0.5, 3.0
    assert desk.get(address).one("[data-advice]").text.startswith("Numéro, poinçon ou gravure")
    desk.fill(f"{address}/modifier", {"serial_number": "AB 1234"})
    assert not desk.get(address).all("[data-advice]")
    desk.fill(f"{address}/modifier", {"serial_number": "", "inscriptions": "À Jeanne, 1962"})
    assert not desk.get(address).all("[data-advice]")


def test_a_damaged_photo_is_taken_and_the_officer_is_told(desk: Desk, item: Item) -> None:
    whole = desk.add_photos(item.public_number, pictures.jpeg(pictures.picture(903)))
    assert "semble abîmée" not in whole.text
    page = desk.add_photos(item.public_number, GOOD[: len(GOOD) * 4 // 5])
    assert "Cette photo semble abîmée" in page.all(".photo-card")[-1].get_text()


def test_a_raw_without_a_large_preview_is_to_be_exported(desk: Desk, item: Item) -> None:
    answer = desk.add_photo_by_script(item.public_number, b"\0\0\0\x18ftypcrx \0\0\0\1" + bytes(1000))
    assert (answer.status_code, "RAW\u00a0: exportez en JPEG" in answer.get_json()["sentence"]) == (400, True)


def test_the_script_sends_one_at_a_time(desk: Desk, item: Item) -> None:
    answer = desk.add_photo_by_script(item.public_number, GOOD)
    assert (answer.status_code, answer.get_json()) == (201, {"sentence": "Ajoutée"})
    assert photos_of(desk, item) == 3


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"not a picture", "lisible"),
        (b"", "Ce fichier est vide"),
        (b"%PDF-1.7 an invoice", "C’est un document, pas une photo"),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "C’est un document, pas une photo"),
        (b"PK\x03\x04" + bytes(26) + b"IMG_0001.JPG", "C’est un dossier compressé (ZIP…)"),
        (b"\0\0\0\x18ftypmp42", "C’est une vidéo"),
        (b"\0\0\0\x14ftypqt  ", "C’est une vidéo"),
        (GOOD[:400], "lisible"),
        (pictures.jpeg(pictures.picture(3).resize((1, 1))), "petite"),
    ],
    ids=["text", "empty", "pdf", "docx", "zip", "mp4", "mov", "cut", "1x1"],
)
def test_a_file_that_is_no_photo_is_refused_in_words(desk: Desk, item: Item, data: bytes, sentence: str) -> None:
    answer = desk.add_photo_by_script(item.public_number, data)
    assert (answer.status_code, sentence in answer.get_json()["sentence"]) == (400, True)
    assert photos_of(desk, item) == 2


def test_a_heavy_file_is_refused_with_the_limit(desk: Desk, item: Item, settings: Settings) -> None:
    answer = desk.add_photo_by_script(item.public_number, GOOD + b"\0" * settings.max_upload_bytes)
    assert answer.status_code == 413
    assert "25 Mo" in answer.get_json()["sentence"]


def test_one_bad_photo_does_not_spoil_the_others(desk: Desk, item: Item) -> None:
    page = desk.add_photos(item.public_number, (b"not a picture", "abîmée <b>.jpg"), (GOOD, "bonne.jpg"))
    assert "Une photo est ajoutée." in page.text
    assert "« abîmée <b>.jpg » n’a pas été ajoutée." in page.text
    assert len(page.all(".photo-card")) == 3


def test_the_same_file_twice_is_one_photo(desk: Desk, item: Item) -> None:
    desk.add_photos(item.public_number, GOOD)
    assert len(desk.add_photos(item.public_number, GOOD).all(".photo-card")) == 3


def test_no_file_chosen_is_said(desk: Desk, item: Item) -> None:
    page = desk.do(f"/objets/{item.public_number}/photos", {"photos": [(BytesIO(), "")]})
    assert page.all("#messages .message-danger")
    assert photos_of(desk, item) == 2


def test_more_than_a_request_may_carry_is_refused(desk: Desk, item: Item, settings: Settings) -> None:
    too_many = files(*[b"x"] * (settings.max_photos_per_request + 1))
    page = desk.do(f"/objets/{item.public_number}/photos", {"photos": too_many})
    assert "20 photos au plus" in page.text
    assert photos_of(desk, item) == 2


def test_a_photo_of_a_published_item_waits_hidden(desk: Desk, published: Item) -> None:
    page = desk.add_photos(published.public_number, GOOD)
    assert len(page.all(".photo-card.is-private")) == 1


def test_the_script_is_told_of_a_form_that_has_expired(desk: Desk, item: Item) -> None:
    answer = desk.client.post(f"/objets/{item.public_number}/photos", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert "expiré" in answer.get_json()["sentence"]


@pytest.mark.parametrize(
    ("error", "status", "refused"),
    [
        (ChangedMeanwhile(), 302, "« b.jpg » n’a pas été ajoutée. Un collègue a modifié"),
        (StoreUnreachable("down"), 503, "« b.jpg » et la photo suivante n’ont pas été ajoutées. Les photos ne peuvent"),
    ],
    ids=["meanwhile", "outage"],
)
def test_whatever_befalls_one_photo_the_others_are_told(
    desk: Desk, item: Item, monkeypatch: pytest.MonkeyPatch, error: GalleryError, status: int, refused: str
) -> None:
    add, asked = photos.add_to_item, []

    def fails_once(*given: Any, **named: Any) -> ItemPhoto:
        asked.append(given)
        if len(asked) == 2:
            raise error
        return add(*given, **named)

    monkeypatch.setattr(photos, "add_to_item", fails_once)
    sent = [(pictures.jpeg(pictures.picture(920 + place)), f"{name}.jpg") for place, name in enumerate("abc")]
    answer = desk.send(f"/objets/{item.public_number}/photos", {"photos": files(*sent)})
    assert answer.status_code == status
    said = (Page(answer) if status == 503 else desk.get(answer.headers["Location"])).one("#messages").get_text()
    added = "2 photos sont ajoutées." if status == 302 else "Une photo est ajoutée."
    assert (added in said, refused in said) == (True, True), said

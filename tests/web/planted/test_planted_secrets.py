"""Secrets are planted in every confidential field; every public page, header and picture is then searched for them."""

import re
from io import BytesIO
from urllib.parse import unquote

import bs4
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from gallery.models import Item
from gallery.services.gallery import public_items
from gallery.storage import rendition_key
from tests import pictures
from tests.factories import Factory
from tests.web.planted.conftest import ALBUM, MARKS, addresses_in


def walk(client: FlaskClient, number: str) -> dict[str, bytes]:
    """Everything that can be reached from the home page, by address: headers and body together."""
    seen: dict[str, bytes] = {}
    waiting = [
        "/",
        "/objets",
        "/recherche",
        "/objets.json",
        "/objets.csv",
        "/objets.atom",
        "/api/v1/items",
        "/robots.txt",
        "/nulle-part",
        f"/albums/{ALBUM}",
        f"/albums/{ALBUM}/lien.jpg",
        "/verifier?numero=https://x.com/gend035/status/1",
        "/verifier?numero=" + number,
    ]
    while waiting:
        address = waiting.pop().split("#")[0]
        if address in seen or not address.startswith("/") or address.startswith("//"):
            continue
        answer = client.get(address)
        seen[address] = str(answer.headers).encode() + answer.data
        if answer.mimetype == "text/html":
            waiting.extend(addresses_in(answer.text))
    return seen


def test_no_secret_is_anywhere_in_public(planted: Item, client: FlaskClient) -> None:
    seen = walk(client, planted.public_number)
    assert [address for address in seen if address.startswith(f"/objets/{planted.public_number}")]
    assert len([address for address in seen if address.startswith("/photos/")]) >= 4
    assert {f"/albums/{ALBUM}", "/comptes-officiels", "/.well-known/official-accounts.json"} <= seen.keys()
    assert "Oui, ce numéro est le nôtre".encode() in seen[f"/verifier?numero={planted.public_number}"]
    assert planted.public_number.encode() in seen[f"/albums/{ALBUM}"]
    leaks = {address: mark for address, body in seen.items() for mark in MARKS if mark in body}
    assert not leaks
    assert planted.public_number not in client.get("/objets?mots=planted").text


def test_no_row_id_is_in_an_address(planted: Item, client: FlaskClient) -> None:
    ours = (address for address in walk(client, planted.public_number) if "https:" not in unquote(address))
    assert not [address for address in ours if re.search(r"/\d+(/|$)", address)]


def test_a_search_answers_without_secrets(planted: Item, client: FlaskClient) -> None:
    form = bs4.BeautifulSoup(client.get("/recherche").text, "html.parser")
    token = form.select_one("input[name=csrf_token]")
    assert token is not None
    photo = pictures.jpeg(pictures.picture(1), quality=50)
    answer = client.post(
        "/recherche",
        data={"csrf_token": token["value"], "photos": (BytesIO(photo), "PLANTED-name.jpg")},
    )
    assert answer.status_code == 200
    assert planted.public_number in answer.text
    assert not [mark for mark in MARKS if mark in answer.data + str(answer.headers).encode()]


@pytest.mark.parametrize("seed", [1, 77, 5], ids=["shown", "hidden", "foreign"])
def test_a_verification_answers_without_secrets(planted: Item, client: FlaskClient, seed: int) -> None:
    form = bs4.BeautifulSoup(client.get("/verifier").text, "html.parser")
    token = form.select_one("input[name=csrf_token]")
    assert token is not None
    photo = pictures.jpeg(pictures.picture(seed), quality=50)
    answer = client.post(
        "/verifier", data={"csrf_token": token["value"], "photo": (BytesIO(photo), "PLANTED-name.jpg")}
    )
    assert answer.status_code == 200
    assert (planted.public_number in answer.text) == (seed == 1)
    assert not [mark for mark in MARKS if mark in answer.data + str(answer.headers).encode()]


def test_what_is_hidden_has_no_address(planted: Item, client: FlaskClient, make: Factory) -> None:
    hidden = next(photo for photo in planted.photos if photo.is_private)
    for rendition in hidden.renditions:
        assert client.get(f"/photos/{hidden.public_id}/{rendition.name}").status_code == 404


def test_public_pictures_carry_no_metadata(planted: Item, client: FlaskClient, make: Factory) -> None:
    record = public_items.get(make.session, planted.public_number)
    for rendition in record.cover.renditions:
        answer = client.get(f"/photos/{record.cover.public_id}/{rendition.name}")
        with Image.open(BytesIO(answer.data)) as picture:
            assert not picture.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment"} & picture.info.keys()


def test_what_is_no_longer_public_is_told_as_such(planted: Item, client: FlaskClient, make: Factory) -> None:
    gone = make.session.scalars(select(Item).where(Item.title == "PLANTED-withdrawn")).one()
    draft = make.session.scalars(select(Item).where(Item.title == "PLANTED-draft")).one()
    assert client.get(f"/objets/{gone.public_number}").status_code == 410
    assert client.get(f"/objets/{draft.public_number}").status_code == 404
    assert client.get(f"/objets?apres={gone.public_number}").status_code == 200
    assert "Un objet déjà rendu" in client.get("/").text
    page = client.get("/verifier")
    token = bs4.BeautifulSoup(page.text, "html.parser").select_one("input[name=csrf_token]")
    file = make.public.get(rendition_key(gone.photos[0].rendition_digest, gone.photos[0].renditions[-1].name))
    answer = client.post("/verifier", data={"csrf_token": token["value"], "photo": (BytesIO(file), "a.webp")})
    assert "plus" in bs4.BeautifulSoup(answer.text, "html.parser").main.get_text()
    assert not [mark for mark in MARKS if mark in answer.data]


def test_words_find_what_is_published(planted: Item, client: FlaskClient) -> None:
    found = client.get("/objets", query_string={"mots": planted.title.split()[0]})
    assert planted.public_number in found.text

"""Parts of photos hidden by officers, and all that showed them before: the bytes of every file, public and private."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, object_session
from werkzeug.datastructures import MultiDict

from gallery.config import Settings
from gallery.imaging import Place
from gallery.models import Case, Item, Officer, SignatureState, Unit
from gallery.services.items import redaction
from gallery.services.items.renditions import keys_of
from gallery.services.lots import lots, receiving
from gallery.services.transaction import atomic, end_reading
from gallery.storage import original_key
from gallery.web.backoffice.hiding import zones
from tests.factories import Factory
from tests.page import Page
from tests.secret_photos import files_in, secret_photo, shows_secret, telling_files
from tests.web.backoffice.desk import Desk, files, filled

ZONES = ("zone:48.00,22.00,77.00,53.00", "zone:0.00,0.00,10.00,10.00")
ZONE = ZONES[0]


def address(item: Item) -> str:
    return f"/objets/{item.public_number}/photos/{item.photos[0].public_id}/cacher"


def hide(desk: Desk, item: Item, zones: str | list[str] = ZONE) -> Page:
    form = filled(desk.get(address(item)))
    page = desk.do(address(item), form | {"zones": zones, "cache": zones, "acte": "enregistrer"})
    session = object_session(item)
    assert session is not None
    end_reading(session)
    return page


def test_hidden_while_it_waits_a_photo_is_hidden_on_the_item_that_shows_it_already(
    desk: Desk, unit: Unit, photographed: Item, make: Factory, session: Session, client: FlaskClient
) -> None:
    lot = f"/affaires/{make.case(unit).reference}/photos"
    page = desk.do(lot, {"photos": files((secret_photo(), "IMG_1.jpg"))})
    (waiting,) = [str(each["href"]) for each in page.all(".lot-photos a") if str(each["href"]).endswith("/cacher")]
    form = filled(desk.get(waiting))
    page = desk.do(waiting, form | {"zones": ZONE, "cache": ZONE, "acte": "enregistrer"})
    assert f"L’objet {photographed.public_number} a la même photo" in page.text
    end_reading(session)
    for folder in ("private", "public"):
        assert not [key for key, data in files_in(folder, make).items() if shows_secret(data)]
    assert client.get(f"/objets/{photographed.public_number}").status_code == 200


def test_it_works(desk: Desk, photographed: Item, make: Factory, session: Session) -> None:
    original = make.private.get(original_key(photographed.photos[0].original_sha256))
    assert all(map(shows_secret, files_in("public", make).values()))
    page = hide(desk, photographed)
    assert "Une zone est cachée" in page.one("#messages").get_text()
    assert "a caché une partie d’une photo" in page.one(".history").get_text()
    end_reading(session)
    for folder in ("public", "private"):
        files = files_in(folder, make)
        assert set(keys_of(photographed.photos[0])) == set(files), folder
        assert not any(map(shows_secret, files.values())), folder
    assert make.private.get(original_key(photographed.photos[0].original_sha256)) == original


def test_no_cache_answers_with_what_was_shown_before(desk: Desk, photographed: Item, client: FlaskClient) -> None:
    before = photographed.photos[0].public_id
    assert client.get(f"/photos/{before}/320.webp").status_code == 200
    hide(desk, photographed)
    assert client.get(f"/photos/{before}/320.webp").status_code == 404
    page = client.get(f"/objets/{photographed.public_number}").text
    assert before not in page
    after = photographed.photos[0].public_id
    assert not shows_secret(client.get(f"/photos/{after}/share.jpg").data)


def test_an_album_made_before_is_emptied_and_one_made_after_shows_nothing(
    desk: Desk, photographed: Item, make: Factory
) -> None:
    form = {"numeros": photographed.public_number, "reseau": "facebook"}
    form |= filled(desk.get(f"/albums/nouveau?objets={photographed.public_number}"))
    before = desk.download(form)
    with ZipFile(BytesIO(before.data)) as package:
        assert any(shows_secret(package.read(name)) for name in package.namelist() if name.endswith(".jpg"))
    hide(desk, photographed)
    assert not [entry for entry in make.private.files() if entry.key.startswith("exports/")]
    files = make.package(photographed)
    pictures_in = [content for name, content in files.items() if name.endswith((".jpg", ".webp", ".png"))]
    assert pictures_in
    assert not any(map(shows_secret, pictures_in))


def test_an_album_that_the_store_does_not_let_go_keeps_no_picture_public(
    desk: Desk, photographed: Item, make: Factory, settings: Settings
) -> None:
    desk.download(filled(desk.get(f"/albums/nouveau?objets={photographed.public_number}")) | {"reseau": "facebook"})
    (album,) = (file for file in Path(settings.private_store_address, "exports").iterdir())
    album.unlink()
    (album / "in the way").mkdir(parents=True)
    form = filled(desk.get(address(photographed))) | {"zones": ZONE, "cache": ZONE, "acte": "enregistrer"}
    assert desk.send(address(photographed), form).status_code == 503
    assert telling_files(make) == []


def test_its_signature_goes_with_the_pixels(desk: Desk, photographed: Item, make: Factory, session: Session) -> None:
    hide(desk, photographed)
    end_reading(session)
    photo = photographed.photos[0]
    assert photo.signature is None
    assert photo.signature_state is SignatureState.DUE
    make.describe()
    end_reading(session)
    assert photo.signature is not None


def test_what_was_hidden_is_shown_again(desk: Desk, photographed: Item, make: Factory, session: Session) -> None:
    hide(desk, photographed)
    page = hide(desk, photographed, [])
    assert "montrée en entier" in page.one("#messages").get_text()
    assert "a montré de nouveau une partie" in page.one(".history").get_text()
    end_reading(session)
    assert photographed.photos[0].hidden is None
    assert all(map(shows_secret, files_in("public", make).values()))


def test_a_turned_photo_is_hidden_where_the_officer_sees_it(
    desk: Desk, photographed: Item, make: Factory, session: Session
) -> None:
    desk.do(
        f"/objets/{photographed.public_number}/photos/choisies",
        {"geste": "droite", "photos": photographed.photos[0].public_id},
    )
    end_reading(session)
    # A quarter to the right: what was at the left is at the top.
    hide(desk, photographed, "zone:47.00,48.00,78.00,77.00")
    end_reading(session)
    assert not any(map(shows_secret, files_in("public", make).values()))


def test_a_zone_is_given_in_numbers_and_seen_before_anything_is_hidden(desk: Desk, photographed: Item) -> None:
    sides = {"left": "48", "top": "22,5", "right": "77", "bottom": "53"}
    answer = desk.fill(address(photographed), sides | {"acte": "ajouter"})
    page = Page(answer)
    assert page.one("input[name=zones]:not(template *)")["value"] == "zone:48.00,22.50,77.00,53.00"
    assert photographed.photos[0].hidden is None
    answer = desk.fill(address(photographed), sides | {"right": "48", "acte": "ajouter"})
    assert answer.status_code == 422
    assert "quatre nombres de 0 à 100" in Page(answer).one(".field-error").get_text()


@pytest.mark.parametrize(
    "zone", ["zone:1,2,3", "zone:a,b,c,d", "zone:nan,0,1,1", "zone:50,0,20,10", "\x00", "foo:1,2,3,4"]
)
def test_what_no_form_of_ours_sends_is_no_zone(zone: str) -> None:
    assert zones.sent(MultiDict([("zones", zone), ("cache", zone)]), []) == []


def in_a_row(count: int) -> list[Place]:
    return [(number / 100, 0.9, number / 100 + 0.005, 0.95) for number in range(count)]


def test_more_zones_than_one_may_draw_stay_hidden_when_they_come_back(
    desk: Desk, photographed: Item, session: Session
) -> None:
    # As photos of the same file have brought them together.
    with atomic(session):
        photographed.photos[0].hidden = [list(place) for place in in_a_row(redaction.MAX_PLACES + 5)]
    page = desk.get(address(photographed))
    texts = [str(each["value"]) for each in page.all("input[name=zones]:not(template *)")]
    desk.do(address(photographed), filled(page) | {"zones": texts, "cache": texts[1:], "acte": "enregistrer"})
    end_reading(session)
    assert len(photographed.photos[0].hidden or ()) == redaction.MAX_PLACES + 4


@pytest.mark.parametrize(("hidden", "left"), [(58, 60), (59, 60), (60, 60), (65, 65)])
def test_new_zones_are_taken_as_far_as_there_is_room(hidden: int, left: int) -> None:
    places = in_a_row(hidden)
    texts = [*ZONES, "face:20.00,20.00,30.00,30.00", *(zone.text for zone in zones.kept(places))]
    found = zones.sent(MultiDict([("zones", text) for text in texts]), places)
    assert len(found) == left
    assert {zone.text for zone in found} >= {zone.text for zone in zones.kept(places)}


def test_what_a_colleague_has_hidden_meanwhile_is_not_lost(desk: Desk, photographed: Item, session: Session) -> None:
    form = filled(desk.get(address(photographed)))
    hide(desk, photographed)
    late = desk.send(address(photographed), form | {"zones": ZONES[1], "cache": ZONES[1], "acte": "enregistrer"})
    assert late.status_code == 409
    end_reading(session)
    assert photographed.photos[0].hidden == [[0.48, 0.22, 0.77, 0.53]]


def test_proposed_zones_hide_nothing_by_themselves(desk: Desk, photographed: Item) -> None:
    form = filled(desk.get(address(photographed)))
    page = Page(desk.send(address(photographed), form | {"acte": "proposer"}))
    assert "propos" in page.one("#messages").get_text()
    assert not page.all("#zone-1[checked]")
    assert photographed.photos[0].hidden is None


def test_another_units_photo_is_not_hidden(desk: Desk, make: Factory) -> None:
    foreign = make.published(make.case(make.unit("GGD44", departement="44")))
    assert desk.client.get(address(foreign)).status_code == 404


def test_a_waiting_photo_is_hidden_too(
    desk: Desk, case: Case, officer: Officer, make: Factory, session: Session
) -> None:
    received = receiving.receive(session, make.given, secret_photo(), officer.unit)
    with atomic(session):
        photo = lots.add(session, make.given, case, received, by=officer)
    where = f"/photos-en-attente/{photo.public_id}/cacher"
    form = filled(desk.get(where))
    desk.do(where, form | {"zones": ZONE, "cache": ZONE, "acte": "enregistrer"})
    end_reading(session)
    files = files_in("private", make)
    assert set(files) == set(keys_of(photo))
    assert not any(map(shows_secret, files.values()))
    assert isinstance(photo.hidden, list)

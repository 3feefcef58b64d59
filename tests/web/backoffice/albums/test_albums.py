import sys
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from gallery.models import AlbumExport, Case, Item, Officer
from gallery.services.albums import public_page
from gallery.services.items import publication
from gallery.services.transaction import atomic, end_reading
from gallery.web.backoffice.albums import albums
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.unit.sharing.drawn import read
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk, filled


@pytest.fixture
def three(make: Factory, case: Case) -> list[str]:
    """Numbers of three published items, as the album has them: newest first."""
    # Small ones are described in a moment.
    photos = {name: pictures.jpeg(pictures.picture(ord(name)).resize((240, 180))) for name in "cba"}
    return [make.published(case, photo, title=f"Montre {name}").public_number for name, photo in photos.items()][::-1]


def numbers_in(page: Page) -> list[str]:
    return [str(field["value"]) for field in page.all("input[name=objet]")]


def form_of(page: Page) -> dict[str, Any]:
    """What the album's form would send; several items have the same field, and each says the place that it has."""
    fields = {name: value for name, value in filled(page).items() if not name.startswith("place-")}
    return fields | {"objet": numbers_in(page)}


def names_in(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(BytesIO(answer.data)) as package:
        assert package.testzip() is None
        return [name.split("_")[1] for name in package.namelist() if name.startswith("photos/")]


def test_the_preview_shows_the_filters_items(desk: Desk, three: list[str]) -> None:
    page = desk.get("/albums/nouveau")
    assert numbers_in(page) == three
    assert "Montre a" in page.one(f"#legende-{three[0]}").get_text()


def test_a_case_is_shared(desk: Desk, make: Factory, three: list[str], case: Case, officer: Officer) -> None:
    make.published(make.case(officer.unit))
    assert numbers_in(desk.get(f"/albums/nouveau?affaire={case.reference}")) == three


def test_what_the_list_is_narrowed_to_is_shared(desk: Desk, three: list[str], case: Case) -> None:
    address = f"/objets?mots={three[1]}&categorie=jewellery&affaire={case.reference}&statut=publies"
    share = desk.get(address).one("#contenu a[href*='/albums/nouveau']")
    assert numbers_in(Page(desk.client.get(str(share["href"])))) == [three[1]]


def test_a_list_without_published_items_has_no_album(desk: Desk, item: Item) -> None:
    assert not desk.get("/objets").all("#contenu a[href*='/albums/nouveau']")


def test_chosen_items_are_shared(desk: Desk, three: list[str]) -> None:
    page = desk.get("/albums")
    assert numbers_in(page) == three
    answer = desk.send("/albums/nouveau", {"objet": three[1:]})
    assert numbers_in(Page(answer)) == three[1:]


def test_what_was_ticked_in_the_list_is_shared(desk: Desk, three: list[str]) -> None:
    assert desk.get("/objets").all("form[data-bulk] button[formaction$='/albums/nouveau']")
    answer = desk.send("/albums/nouveau", {"objets": three[:2], "statut": "publies"})
    assert answer.status_code == 200
    assert [number in answer.text for number in three] == [True, True, False]


def test_drafts_are_not_offered(desk: Desk, three: list[str], item: Item) -> None:
    assert item.public_number not in desk.get("/albums").text
    assert item.public_number not in desk.get(f"/albums/nouveau?objet={item.public_number}&objet={three[0]}").text


def test_ticked_items_that_are_not_published_are_counted(desk: Desk, three: list[str], item: Item) -> None:
    ticked = {"objets": [item.public_number, three[0]]}
    page = Page(desk.send("/albums/nouveau", ticked))
    assert numbers_in(page) == three[:1]
    assert "1 objet qui n’est pas publié est laissé de côté" in page.one("#messages").get_text()
    page = desk.get(f"/albums/nouveau?objet={item.public_number}&objet={three[0]}")
    assert "1 objet qui n’est pas publié" in page.one("#messages").get_text()


def test_nothing_chosen_leads_back_to_choosing(desk: Desk, three: list[str]) -> None:
    page = desk.do("/albums/nouveau", {})
    assert "Choisissez au moins un objet" in page.text


def test_filters_of_what_is_not_public_have_no_album(desk: Desk, three: list[str]) -> None:
    desk.get("/albums/nouveau?statut=brouillons", status=404)


@pytest.mark.parametrize(
    ("act", "expected"),
    [("monter", [1, 0, 2]), ("descendre", [0, 2, 1]), ("enlever", [0, 2]), ("voler", [0, 1, 2])],
)
def test_an_item_is_moved_without_script(desk: Desk, three: list[str], act: str, expected: list[int]) -> None:
    form = form_of(desk.get("/albums/nouveau")) | {"agir": f"{act} {three[1]}"}
    page = Page(desk.client.post("/albums/nouveau", data=form))
    assert numbers_in(page) == [three[place] for place in expected]


@pytest.mark.parametrize(("act", "place"), [("monter", 0), ("descendre", 2)])
def test_the_first_and_last_can_go_no_further(desk: Desk, three: list[str], act: str, place: int) -> None:
    form = form_of(desk.get("/albums/nouveau")) | {"agir": f"{act} {three[place]}"}
    assert numbers_in(Page(desk.client.post("/albums/nouveau", data=form))) == three


def test_words_are_kept_while_items_move(desk: Desk, three: list[str]) -> None:
    changes = {"titre": "Vitré", "lieu": "", f"legende-{three[0]}": "La vôtre ?", "agir": f"descendre {three[0]}"}
    page = Page(desk.client.post("/albums/nouveau", data=form_of(desk.get("/albums/nouveau")) | changes))
    assert page.one("#titre")["value"] == "Vitré"
    assert page.one("#lieu")["value"] == ""
    assert page.one(f"#legende-{three[0]}").get_text() == "La vôtre ?"


def test_the_text_names_a_page_that_is_there_once_the_album_was_downloaded(
    desk: Desk, three: list[str], session: Session
) -> None:
    form = form_of(desk.get("/albums/nouveau"))
    moved = form_of(Page(desk.client.post("/albums/nouveau", data=form | {"agir": f"enlever {three[2]}"})))
    assert moved["code"] == form["code"]
    assert f"/albums/{form['code']}" in moved["texte"]
    desk.download(moved)
    end_reading(session)
    shown = public_page.get(session, form["code"]).items
    assert [item.public_number for item in shown] == three[:2]


def test_what_a_phone_sends_is_noted_as_a_download_is(desk: Desk, three: list[str], session: Session) -> None:
    form = form_of(desk.get("/albums/nouveau"))
    assert desk.client.post("/albums/noter", data=form).status_code == 204
    end_reading(session)
    assert len(public_page.get(session, form["code"]).items) == 3
    assert "Facebook" in desk.get("/publications").text


def test_another_units_page_is_not_added_to(
    desk: Desk, three: list[str], session: Session, make: Factory, sign_in: SignIn, outsider: Officer
) -> None:
    code = form_of(desk.get("/albums/nouveau"))["code"]
    desk.download(form_of(desk.get("/albums/nouveau")) | {"code": code})
    make.published(make.case(outsider.unit))
    theirs = Desk(sign_in(outsider))
    theirs.download(form_of(theirs.get("/albums/nouveau")) | {"code": code})
    end_reading(session)
    assert len(public_page.get(session, code).items) == 3


def test_the_package_has_the_order_and_the_words(desk: Desk, three: list[str]) -> None:
    form = form_of(desk.get("/albums/nouveau")) | {"objet": three[::-1], f"legende-{three[0]}": "La vôtre ?"}
    answer = desk.download(form)
    assert names_in(answer) == three[::-1]
    with zipfile.ZipFile(BytesIO(answer.data)) as package:
        assert "La vôtre ?" in package.read("album.html").decode()


def test_the_package_is_named_after_the_day_in_paris(desk: Desk, three: list[str], session: Session) -> None:
    asked = desk.client.post("/albums/telecharger", data=form_of(desk.get("/albums/nouveau")))
    with atomic(session):
        export = session.scalars(select(AlbumExport)).one()
        late = export.asked_at = (export.asked_at - timedelta(days=1)).replace(hour=23, minute=30)
    desk.make_exports()
    answer = desk.client.get(f"{asked.headers['Location']}/fichier")
    assert answer.headers["Content-Disposition"].endswith(f"-{late + timedelta(days=1):%Y-%m-%d}.zip")


def test_the_package_is_named_after_its_title_and_network(desk: Desk, three: list[str]) -> None:
    form = form_of(desk.get("/albums/nouveau")) | {"titre": "Œuvres d’Ille, été", "reseau": "press"}
    answer = desk.download(form)
    assert "filename=oeuvres-d-ille-ete-press-" in answer.headers["Content-Disposition"]


def test_an_item_withdrawn_meanwhile_brings_the_preview_back(
    desk: Desk, make: Factory, published: Item, three: list[str], officer: Officer
) -> None:
    form = form_of(desk.get("/albums/nouveau"))
    with atomic(make.session):
        publication.withdraw(make.session, published, by=officer, now=make.now)
    answer = desk.download(form)
    assert answer.status_code == 409
    page = Page(answer)
    assert published.public_number in page.one("#messages").get_text()
    assert numbers_in(page) == three


def test_the_cover_has_the_size_of_a_link(desk: Desk, three: list[str]) -> None:
    address = str(desk.get("/albums/nouveau").one("[data-cover-picture]")["src"])
    assert Image.open(BytesIO(desk.client.get(address).data)).size == (1200, 630)


def test_a_photo_is_seen_as_it_will_be_shared(desk: Desk, three: list[str]) -> None:
    address = str(desk.get("/albums/nouveau").all("[data-photo]")[0]["href"])
    picture = Image.open(BytesIO(desk.client.get(address).data))
    assert read(picture).endswith(f"/O/{three[0]}")


def test_a_private_photo_is_not_shown_with_a_band(desk: Desk, make: Factory, published: Item) -> None:
    hidden = make.photo(published)
    assert desk.client.get(f"/albums/photos/{hidden.public_id}").status_code == 404


def test_another_units_items_are_not_shared(
    sign_in: SignIn, outsider: Officer, published: Item, three: list[str]
) -> None:
    theirs = Desk(sign_in(outsider))
    assert published.public_number not in theirs.get("/albums").text
    answer = theirs.send("/albums/nouveau", {"objet": published.public_number})
    assert answer.status_code == 302
    assert theirs.client.get(f"/albums/photos/{published.photos[0].public_id}").status_code == 404


@pytest.mark.parametrize(
    ("network", "file"),
    [
        ("x", "fil.html"),
        ("flickr", "album.txt"),
        ("press", "appel-a-victimes.html"),
        pytest.param("dailymotion", "film.mp4", marks=pytest.mark.films),
    ],
)
def test_other_networks_have_their_packages(desk: Desk, three: list[str], network: str, file: str) -> None:
    form = form_of(desk.get("/albums/nouveau")) | {"reseau": network}
    answer = desk.download(form)
    assert names_in(answer) == three
    with zipfile.ZipFile(BytesIO(answer.data)) as package:
        assert file in package.namelist()
        assert "manifest.sig" in package.namelist()


def test_what_to_do_next_is_said_for_packages_that_have_no_page_about_it(desk: Desk, three: list[str]) -> None:
    page = desk.get("/albums/nouveau")
    assert "déposez sur Flickr" in str(page.one("button[value=flickr]")["data-done"])
    assert "data-offline" in page.one("button[value=press]").attrs


def test_a_film_that_can_not_be_made_says_what_to_install_and_keeps_the_words(
    desk: Desk, three: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    form = form_of(desk.get("/albums/nouveau")) | {"reseau": "dailymotion", "titre": "Vitré"}
    answer = desk.download(form)
    assert answer.status_code == 409
    page = Page(answer)
    assert "requirements-extra.txt" in page.one("#messages").get_text()
    assert (page.one("#titre")["value"], numbers_in(page)) == ("Vitré", three)
    assert "Vitré" not in desk.get("/publications").text


def test_letters_that_no_picture_can_show_are_named_before_the_export(desk: Desk, make: Factory, case: Case) -> None:
    make.published(case, title="Часы «Полёт»")
    assert not desk.get("/albums/nouveau").all("#lettres")
    make.published(case, title="Bague 💍 ساعة")
    assert "💍ساعة" in desk.get("/albums/nouveau").one("#lettres").get_text()


def test_a_network_that_is_none_is_facebook(desk: Desk, three: list[str]) -> None:
    form = form_of(desk.get("/albums/nouveau")) | {"reseau": "minitel"}
    answer = desk.download(form)
    assert b"mettre-en-ligne.html" in answer.data


def test_a_very_large_album_is_cut_and_says_so(desk: Desk, three: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(albums, "MAX_ITEMS", 2)
    page = desk.get("/albums/nouveau")
    assert numbers_in(page) == three[:2]
    assert "2 objets au plus" in page.one("#messages").get_text()

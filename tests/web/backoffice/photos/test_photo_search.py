from io import BytesIO

import pytest
from flask import Flask

from gallery.models import Case, Officer
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk, files

RING = pictures.picture(1, kind="ring")
AGAIN = pictures.jpeg(pictures.recompressed(RING, quality=40))


def search(desk: Desk, *photos: bytes | tuple[bytes, str], status: int = 200) -> Page:
    answer = desk.send("/recherche", {"photos": files(*photos)})
    assert answer.status_code == status
    return Page(answer)


def test_it_works(desk: Desk, make: Factory, case: Case) -> None:
    item = make.item(case)
    photo = make.photo(item, pictures.jpeg(RING))
    page = search(desk, AGAIN)
    first = page.all(".match")[0]
    assert first.select_one("h4 a")["href"] == f"/objets/{item.public_number}"
    assert "même photo" in [reason.get_text() for reason in first.select(".reasons li")]
    assert "détails vérifiés" in first.get_text()
    drawing = first.select_one(".proof svg")
    assert drawing.select_one("image")["href"].startswith(f"/photos/{photo.public_id}/")
    assert drawing.select_one("use")["href"] == f"#{page.one('symbol')['id']}"
    assert 20 < len(drawing.select("g")) <= 80
    assert page.one("symbol image")["href"].startswith("data:image/jpeg;base64,")


def test_a_damaged_photo_is_searched_with_and_said(desk: Desk, make: Factory, case: Case) -> None:
    make.photo(make.item(case), pictures.jpeg(RING))
    page = search(desk, pictures.jpeg(RING)[:-2])
    assert "Votre photo semble abîmée." in page.text
    assert page.all(".match")


def test_each_line_ends_on_the_photos_that_it_joins(desk: Desk, make: Factory, case: Case) -> None:
    make.photo(make.item(case), pictures.jpeg(RING))
    drawing = search(desk, AGAIN).all(".proof svg")[0]
    frames = [drawing.select_one(name) for name in ("use", "image")]
    for circles in (group.select("circle") for group in drawing.select("g")):
        for frame, circle in zip(frames, circles, strict=True):
            x, y, width, height = (int(frame[name]) for name in ("x", "y", "width", "height"))
            assert x <= int(circle["cx"]) <= x + width
            assert y <= int(circle["cy"]) <= y + height


def test_what_was_taken_for_the_object_is_framed_on_both_photos(desk: Desk, make: Factory, case: Case) -> None:
    make.photo(make.item(case), pictures.jpeg(pictures.picture(9, kind="watch")))
    # Hardly a detail agrees: what was compared is shown nevertheless.
    proof = search(desk, pictures.jpeg(RING)).all(".proof")[0]
    for name, frame in zip(("use", "image"), proof.select("rect:not(.under)"), strict=True):
        photo = proof.select_one(name)
        for start, side in (("x", "width"), ("y", "height")):
            assert int(photo[start]) <= int(frame[start]) < int(photo[start]) + int(photo[side])
            assert 0 < int(frame[side]) <= int(photo[side])
    assert "ce que le programme a pris pour l’objet" in proof.get_text()
    assert proof.select_one("svg")["aria-labelledby"] == proof.select_one("p")["id"]


def test_it_is_in_the_navigation(desk: Desk) -> None:
    page = desk.get("/objets")
    assert page.one("nav a[href='/recherche']").get_text() == "Chercher par photo"
    assert desk.get("/recherche").one("nav a[aria-current=page]")["href"] == "/recherche"


def test_another_units_officer_sees_neither_a_draft_nor_its_photo(
    sign_in: SignIn, outsider: Officer, make: Factory, case: Case
) -> None:
    item = make.item(case)
    photo = make.photo(item, pictures.jpeg(RING))
    theirs = Desk(sign_in(outsider))
    page = search(theirs, pictures.jpeg(RING))
    assert item.public_number not in page.text
    assert "Aucun objet à comparer" in page.text
    assert theirs.client.get(f"/photos/{photo.public_id}/320.jpg").status_code == 404


def test_another_units_published_item_names_whom_to_call_and_links_to_no_sheet(
    sign_in: SignIn, outsider: Officer, make: Factory, case: Case
) -> None:
    item = make.published(case, pictures.jpeg(RING))
    theirs = Desk(sign_in(outsider))
    first = search(theirs, AGAIN).all(".match")[0]
    assert case.unit.name in first.get_text()
    assert case.unit.public_phone in first.get_text()
    assert not first.select(f"a[href='/objets/{item.public_number}']")
    for name, status in (("800.jpg", 200), ("320.webp", 200), ("original", 404)):
        assert theirs.client.get(f"/photos/{item.photos[0].public_id}/{name}").status_code == status


def test_what_cannot_be_read_is_named(desk: Desk) -> None:
    page = search(desk, (b"not a picture", "<b>vacances</b>.jpg"), AGAIN)
    assert "<b>vacances</b>.jpg" in page.one(".message-warning").get_text()
    assert search(desk, b"not a picture", status=400).all("form input[type=file]")
    assert "Choisissez au moins une photo" in search(desk, status=400).text
    assert "8 photos au plus" in search(desk, *[AGAIN] * 9, status=413).text


def test_nothing_of_it_is_kept(desk: Desk, make: Factory, case: Case) -> None:
    make.photo(make.item(case), pictures.jpeg(RING))
    before = sorted(make.settings.instance.rglob("*.*"))
    answer = desk.send("/recherche", {"photos": [(BytesIO(AGAIN), "bague.jpg")]})
    assert answer.headers["Cache-Control"] == "no-store"
    assert [path for path in sorted(make.settings.instance.rglob("*.*")) if path not in before] == []


def test_an_officer_is_told_the_place_among_the_searches(
    desk: Desk, backoffice_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.web.intake.admission.WAIT_SECONDS", 0)  # ten seconds are for people
    admitted = backoffice_app.extensions["admission"]
    with admitted.searching("one"), admitted.searching("other"):
        assert "Il y a 2 recherches avant la vôtre" in search(desk, AGAIN, status=503).text

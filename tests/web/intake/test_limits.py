from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Officer
from gallery.web.intake import limits
from tests.factories import Factory, sign_in
from tests.page import Browser, Page
from tests.web.backoffice.desk import JSON, Desk, files
from tests.web.intake.conftest import MEGABYTE

# Every route that reads files, and the field that it reads them from.
ROUTES = {
    "public.search": "photos",
    "public.verify": "photo",
    "backoffice.photo_search": "photos",
    "backoffice.add_photos": "photos",
    "backoffice.add_to_lot": "photos",
    limits.ARCHIVE_ROUTE: "archive",
}


@pytest.fixture
def desk(backoffice_app: Flask, officer: Officer) -> Desk:
    client = backoffice_app.test_client()
    sign_in(client, officer.email)
    return Desk(client)


@pytest.fixture
def photo_is_taken(
    request: pytest.FixtureRequest, make: Factory, officer: Officer, phone_photo: bytes
) -> Callable[[str], bool]:
    """Whether a route takes a photo of a telephone."""

    def searched_by_victim() -> bool:
        browser = Browser(request.getfixturevalue("client"))
        return not browser.search(phone_photo).all("[role=alert]")

    def verified() -> bool:
        client = request.getfixturevalue("client")
        token = Browser(client).get("/verifier").token
        answer = client.post("/verifier", data={"csrf_token": token, "photo": files(phone_photo)})
        return answer.status_code == 200

    def searched_by_officer() -> bool:
        answer = request.getfixturevalue("desk").send("/recherche", {"photos": files(phone_photo)})
        return answer.status_code == 200 and not Page(answer).all("[role=alert]")

    def added() -> bool:
        item = make.item(make.case(officer.unit))
        answer = request.getfixturevalue("desk").add_photo_by_script(item.public_number, phone_photo)
        return answer.status_code == 201

    def dropped() -> bool:
        address = f"/affaires/{make.case(officer.unit).reference}/photos"
        answer = request.getfixturevalue("desk").send(address, {"photos": files(phone_photo)}, headers=JSON)
        return answer.status_code == 201

    def taken_over_from_facebook() -> bool:
        packed = BytesIO()
        with ZipFile(packed, "w") as archive:
            archive.writestr("posts/album/0.json", '{"name": "Album", "photos": [{"uri": "posts/media/1.jpg"}]}')
            archive.writestr("posts/media/1.jpg", phone_photo)
        sent = {"archive": (BytesIO(packed.getvalue()), "facebook.zip"), "case": "", "category": "other"}
        return request.getfixturevalue("desk").send("/reprise", sent).status_code == 302

    acts = (searched_by_victim, verified, searched_by_officer, added, dropped, taken_over_from_facebook)
    by_route = dict(zip(ROUTES, acts, strict=True))
    return lambda route: by_route[route]()


@pytest.mark.parametrize("route", ROUTES)
def test_a_photo_of_a_telephone_passes(photo_is_taken: Callable[[str], bool], route: str) -> None:
    assert photo_is_taken(route)


def test_every_route_that_reads_files_has_its_row(settings: Settings) -> None:
    assert limits.table(settings).keys() >= ROUTES.keys()


def test_a_route_without_a_row_takes_a_form_only(desk: Desk) -> None:
    answer = desk.send("/affaires/nouvelle", {"case_number": "9" * (limits.FORM_BYTES + 1)})
    assert answer.status_code == 413


def test_a_body_that_says_that_it_is_too_large_is_not_read(client: FlaskClient, settings: Settings) -> None:
    body = BytesIO(b"x" * MEGABYTE)
    too_large = limits.table(settings)["public.search"].body + 1
    answer = client.post("/recherche", input_stream=body, environ_overrides={"CONTENT_LENGTH": str(too_large)})
    assert answer.status_code == 413
    assert "Envoyez moins de photos" in Page(answer).text
    assert body.tell() == 0


def test_photos_of_a_search_have_a_bound_in_memory(settings: Settings, sessions: object, phone_photo: bytes) -> None:
    narrow = replace(settings, max_upload_bytes=MEGABYTE, max_search_photos=8, max_upload_memory=9 * MEGABYTE)
    browser = Browser(create_app(narrow, {Site.PUBLIC}).test_client())
    for _ in range(3):  # what one search had in memory is free for the next
        assert browser.search(phone_photo[: 8 * MEGABYTE], status=400)
    body = b"x" * (9 * MEGABYTE + 1000)
    token = browser.get("/recherche").token
    head = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--b\r\n'
    head += 'Content-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
    answer = browser.client.post(
        "/recherche", data=head.encode() + body, content_type="multipart/form-data; boundary=b"
    )
    assert answer.status_code in (413, 503)

"""Who sends a public picture: the program, nginx or the object store; publication is asked each time."""

import urllib.request
from dataclasses import replace

import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from gallery import create_app
from gallery.config import Settings, Site
from gallery.errors import SettingInvalid
from gallery.models import Item, Unit
from gallery.services.items import publication
from gallery.services.items.renditions import keys_of
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore
from tests.factories import Factory
from tests.parts import s3_server
from tests.waiting import LONG_PATIENCE


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    return make.published(make.case(unit))


def visitor(settings: Settings, **changes: object) -> FlaskClient:
    app = create_app(replace(settings, **changes), {Site.PUBLIC})
    app.testing = True
    return app.test_client()


def address(item: Item) -> str:
    return f"/photos/{item.photos[0].public_id}/320.webp"


def withdraw(session: Session, item: Item, make: Factory) -> None:
    with atomic(session):
        publication.withdraw(session, item, by=None, now=make.now)


def test_nginx_is_told_where_the_picture_lies(settings: Settings, item: Item) -> None:
    client = visitor(settings, picture_delivery="nginx")
    answer = client.get(address(item))
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"", "image/webp")
    key = next(key for key in keys_of(item.photos[0]) if key.endswith("320.webp"))
    assert answer.headers["X-Accel-Redirect"] == f"/photos-autorisees/{key}"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("way", ["process", "nginx"])
def test_a_picture_that_the_browser_has_is_allowed_without_the_store(settings: Settings, item: Item, way: str) -> None:
    client = visitor(settings, picture_delivery=way)
    etag = client.get(address(item)).headers["ETag"]
    answer = client.get(address(item), headers={"If-None-Match": etag})
    assert (answer.status_code, answer.data, "X-Accel-Redirect" in answer.headers) == (304, b"", False)


@pytest.mark.parametrize("way", ["process", "nginx"])
def test_a_withdrawn_picture_is_refused_at_the_next_request(
    settings: Settings, session: Session, make: Factory, item: Item, way: str
) -> None:
    client = visitor(settings, picture_delivery=way)
    etag = client.get(address(item)).headers["ETag"]
    withdraw(session, item, make)
    answer = client.get(address(item), headers={"If-None-Match": etag})
    assert (answer.status_code, "X-Accel-Redirect" in answer.headers) == (404, False)


def test_the_object_store_sends_what_was_allowed_for_a_minute(
    settings: Settings, session: Session, make: Factory, item: Item, public: PhotoStore, object_store: s3_server.Store
) -> None:
    remote = f"s3://{s3_server.BUCKET}"
    kept = PhotoStore(remote)
    for key in keys_of(item.photos[0]):
        kept.put(key, public.get(key))
    client = visitor(settings, picture_delivery="signed", public_store=remote)
    answer = client.get(address(item))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "private, max-age=30")
    assert "X-Amz-Expires=60" in answer.headers["Location"]
    with urllib.request.urlopen(answer.headers["Location"], timeout=LONG_PATIENCE) as picture:
        assert (picture.headers["Content-Type"], picture.read()[:4]) == ("image/webp", b"RIFF")
    assert f"img-src 'self' data: blob: {object_store.address};" in client.get("/").headers["Content-Security-Policy"]
    withdraw(session, item, make)
    assert client.get(address(item)).status_code == 404


def test_a_silent_object_store_is_a_page_that_says_so(
    settings: Settings, item: Item, object_store: s3_server.Store, caplog: pytest.LogCaptureFixture
) -> None:
    client = visitor(settings, public_store=f"s3://{s3_server.BUCKET}", store_answer_seconds=0.3)
    object_store.answers.clear()
    answers = [client.get(address(item)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503] * 3
    assert "Les photos ne sont pas accessibles en ce moment" in answers[0].text
    assert client.get("/objets").status_code == 200
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


@pytest.mark.parametrize(
    ("way", "store", "why"),
    [("signed", "", "an object store's"), ("nginx", "s3://photos", "a folder only"), ("ftp", "", "process, nginx")],
)
def test_a_way_that_the_store_does_not_know_is_refused(settings: Settings, way: str, store: str, why: str) -> None:
    with pytest.raises(SettingInvalid, match=why):
        replace(settings, picture_delivery=way, public_store=store)


def test_a_picture_that_was_allowed_is_allowed_again_without_flask_until_something_changes(
    settings: Settings, session: Session, make: Factory, item: Item
) -> None:
    client = visitor(settings, picture_delivery="nginx")
    first = client.get(address(item))
    with request_started.connected_to(refuse, client.application):
        again = client.get(address(item))
        known = client.get(address(item), headers={"If-None-Match": first.headers["ETag"]})
    assert first.headers.pop("X-Request-ID") != again.headers.pop("X-Request-ID")
    assert (again.status_code, again.data, dict(again.headers)) == (200, b"", dict(first.headers))
    assert (known.status_code, "X-Accel-Redirect" in known.headers) == (304, False)
    withdraw(session, item, make)
    assert client.get(address(item)).status_code == 404


def refuse(sender: Flask, **_: object) -> None:
    raise AssertionError("Flask was asked")

import pytest

from gallery.models import Case, Item, Officer
from tests import pictures
from tests.factories import Factory
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk

EXIF = pictures.jpeg(pictures.picture(5), exif=pictures.exif_with(b"where it was taken"))


def test_it_works(desk: Desk, make: Factory, case: Case) -> None:
    item = make.item(case)
    photo = make.photo(item, EXIF)
    answer = desk.client.get(f"/photos/{photo.public_id}/original")
    assert answer.data == EXIF
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{item.public_number}-01.jpg"'


def test_nothing_in_a_file_can_run(desk: Desk, item: Item) -> None:
    answer = desk.client.get(f"/photos/{item.photos[0].public_id}/original")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["320.webp", "320.jpg", "share.jpg"])
def test_every_size_of_a_draft_is_served(desk: Desk, item: Item, name: str) -> None:
    answer = desk.client.get(f"/photos/{item.photos[0].public_id}/{name}")
    assert answer.status_code == 200
    assert answer.mimetype == ("image/webp" if name.endswith("webp") else "image/jpeg")


@pytest.mark.parametrize("name", ["319.webp", "320.png", "..", "original.jpg", "%2e%2e%2f320.webp"])
def test_no_other_file_is(desk: Desk, item: Item, name: str) -> None:
    assert desk.client.get(f"/photos/{item.photos[0].public_id}/{name}").status_code == 404


@pytest.mark.parametrize("name", ["original", "320.webp"])
def test_another_unit_has_none_of_them(sign_in: SignIn, outsider: Officer, item: Item, name: str) -> None:
    assert sign_in(outsider).get(f"/photos/{item.photos[0].public_id}/{name}").status_code == 404

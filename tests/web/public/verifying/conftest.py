"""A published ring, and what is answered about a picture, an address or a number."""

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from gallery.models import Item, Unit
from gallery.sharing import qr
from tests import pictures
from tests.factories import Factory
from tests.page import Browser, Page

RING = pictures.picture(1, kind="ring")
AGAIN = pictures.jpeg(pictures.recompressed(RING, quality=40))


def give(browser: Browser, *photo: bytes, manifest: dict[str, bytes] | None = None, status: int = 200) -> Page:
    """Send a picture with the form, and the files of a manifest."""
    files = [("photo", FileStorage(BytesIO(data), filename="capture.png")) for data in photo]
    files += [("manifeste", FileStorage(BytesIO(data), filename=name)) for name, data in (manifest or {}).items()]
    fields = [("csrf_token", browser.get("/verifier").token)]
    boundary, body = encode_multipart(MultiDict([*fields, *files]))
    content_type = f"multipart/form-data; boundary={boundary}"
    answer = browser.client.post("/verifier", data=body, content_type=content_type)
    assert answer.status_code == status, f"the page answered {answer.status_code}"
    return Page(answer)


@pytest.fixture
def ring(make: Factory, unit: Unit) -> Item:
    return make.published(make.case(unit), pictures.jpeg(RING), title="Bague en or")


def answered(page: Page) -> str:
    return page.all("#reponse h2")[0].get_text()


def pasted(text: str) -> bytes:
    """Another picture above a code that says this."""
    code = qr.drawn(text, module_pixels=6)
    whole = pictures.picture(5)
    whole.paste(code, (0, whole.height - code.height))
    return pictures.jpeg(whole)

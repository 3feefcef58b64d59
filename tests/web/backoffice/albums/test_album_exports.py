import zipfile
from io import BytesIO

import pytest

from gallery.models import Item, Officer
from gallery.services.items import publication
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import JSON, Desk, filled


@pytest.fixture
def asked(desk: Desk, published: Item) -> str:
    """The address of the page of a file that was asked for."""
    answer = desk.client.post("/albums/telecharger", data=filled(desk.get("/albums/nouveau")))
    assert answer.status_code == 302
    return str(answer.headers["Location"])


@pytest.fixture
def ready(desk: Desk, asked: str) -> str:
    """The address of a file that is there."""
    desk.make_exports()
    return asked


def test_the_page_tells_that_it_waits_and_comes_again_without_script(desk: Desk, asked: str) -> None:
    page = desk.get(asked)
    assert "commence dans un instant" in page.one("#fichier").get_text()
    assert page.one("noscript meta[http-equiv=refresh]")["content"] == "5"
    assert page.all(f"#fichier a[href='{asked}']")
    assert desk.client.get(f"{asked}/fichier").status_code == 404


def test_a_file_that_is_there_is_fetched(desk: Desk, ready: str) -> None:
    page = desk.get(ready)
    assert not page.all("noscript meta")
    answer = desk.client.get(str(page.one("#fichier a[href$=fichier]")["href"]))
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    with zipfile.ZipFile(BytesIO(answer.data)) as package:
        assert package.testzip() is None


def test_the_list_has_what_the_unit_may_fetch(desk: Desk, ready: str, sign_in: SignIn, colleague: Officer) -> None:
    assert desk.get("/albums").all("a[href='/albums/fichiers']")
    assert desk.get("/albums/fichiers").all(f"a[href='{ready}/fichier']")
    other = Desk(sign_in(colleague))
    assert other.get("/albums/fichiers").all(f"a[href='{ready}/fichier']")
    assert other.client.get(f"{ready}/fichier").status_code == 200


def test_what_a_browser_still_lacks_is_sent_alone(desk: Desk, ready: str) -> None:
    whole = desk.client.get(f"{ready}/fichier")
    assert whole.headers["Accept-Ranges"] == "bytes"
    same = {"Range": "bytes=1000-", "If-Range": whole.headers["ETag"]}
    rest = desk.client.get(f"{ready}/fichier", headers=same)
    assert (rest.status_code, whole.data[1000:]) == (206, rest.data)
    assert rest.headers["Content-Range"] == f"bytes 1000-{len(whole.data) - 1}/{len(whole.data)}"
    other = desk.client.get(f"{ready}/fichier", headers=same | {"If-Range": '"another"'})
    assert (other.status_code, len(other.data)) == (200, len(whole.data))
    behind = desk.client.get(f"{ready}/fichier", headers={"Range": f"bytes={len(whole.data)}-"})
    assert behind.status_code == 416


def test_the_head_alone_tells_the_length(desk: Desk, ready: str) -> None:
    answer = desk.client.head(f"{ready}/fichier")
    assert answer.status_code == 200
    assert answer.data == b""
    assert int(answer.headers["Content-Length"]) > 1000


def test_a_script_is_told_how_far_it_is(desk: Desk, published: Item) -> None:
    form = filled(desk.get("/albums/nouveau"))
    answer = desk.client.post("/albums/telecharger", data=form, headers=JSON)
    assert answer.status_code == 202
    told = answer.get_json()
    assert (told["is_under_way"], told["file"], told["total"]) == (True, "", 1)
    desk.make_exports()
    told = desk.client.get(told["page"], headers=JSON).get_json()
    assert not told["is_under_way"]
    assert desk.client.get(told["file"]).status_code == 200


def test_what_was_withdrawn_since_does_not_leave_and_the_file_is_made_again(
    desk: Desk, make: Factory, ready: str, published: Item, officer: Officer
) -> None:
    with atomic(make.session):
        publication.withdraw(make.session, published, by=officer, now=make.now)
    answer = desk.client.get(f"{ready}/fichier")
    assert (answer.status_code, answer.headers["Location"]) == (302, ready)
    page = desk.get(ready)
    assert "ne sont plus publics" in page.one("#fichier [role=status]").get_text()
    assert not page.all("a[href$=fichier]")
    assert page.one(f"form[action='{ready}/refaire'] button").get_text() == "Refaire"
    # Nothing of it is left.
    assert desk.send(f"{ready}/refaire").status_code == 404
    with atomic(make.session):
        publication.publish(make.session, make.given, published, by=officer)
    fresh = desk.send(f"{ready}/refaire").headers["Location"]
    assert fresh != ready
    desk.make_exports()
    assert desk.client.get(f"{fresh}/fichier").status_code == 200
    assert desk.send(f"{ready}/refaire").headers["Location"] == "/albums/fichiers"


def test_a_file_is_forgotten(desk: Desk, ready: str) -> None:
    page = desk.do(f"{ready}/effacer")
    assert "Le fichier est effacé" in page.text
    assert desk.client.get(f"{ready}/fichier").status_code == 404


@pytest.mark.parametrize("act", ["", "/fichier", "/refaire", "/effacer"])
def test_another_units_file_is_not_there(sign_in: SignIn, outsider: Officer, ready: str, act: str) -> None:
    theirs = Desk(sign_in(outsider))
    if act in ("", "/fichier"):
        assert theirs.client.get(f"{ready}{act}").status_code == 404
    else:
        answer = theirs.send(f"{ready}{act}")
        assert answer.status_code == 404 or answer.headers["Location"] == "/albums/fichiers"
    assert not Page(theirs.client.get("/albums/fichiers")).all("#fichiers li")


def test_too_many_at_once_bring_the_preview_back(desk: Desk, published: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gallery.services.albums.exports.MAX_AT_ONCE", 0)
    answer = desk.client.post("/albums/telecharger", data=filled(desk.get("/albums/nouveau")) | {"titre": "Vitré"})
    assert answer.status_code == 409
    assert Page(answer).one("#titre")["value"] == "Vitré"

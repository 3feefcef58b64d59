"""Static files go out compressed to whoever accepts that, once."""

import gzip
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

STATIC = Path(__file__).parents[2] / "gallery" / "static"
COMPRESSED = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize("name", ["theme.css", "public/search.js", "icon.svg"])
def test_it_works(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/static/{name}", headers=COMPRESSED)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.data) < (STATIC / name).stat().st_size
    assert gzip.decompress(answer.data) == client.get(f"/static/{name}").data


def test_a_client_that_asks_for_none_is_given_the_file_as_it_is(client: FlaskClient) -> None:
    answer = client.get("/static/theme.css")
    assert "Content-Encoding" not in answer.headers
    assert answer.data == (STATIC / "theme.css").read_bytes()


def test_what_the_browser_has_already_is_not_sent_again(client: FlaskClient) -> None:
    known = client.get("/static/theme.css", headers=COMPRESSED).headers["ETag"]
    answer = client.get("/static/theme.css", headers=COMPRESSED | {"If-None-Match": known})
    assert (answer.status_code, answer.data) == (304, b"")


def test_a_file_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    assert client.get("/static/nothing.css", headers=COMPRESSED).status_code == 404


def test_a_script_names_what_it_imports_as_it_is_now(client: FlaskClient) -> None:
    """Else a browser that keeps files for a year would meet last year's copy, or ask for each one anew every time."""
    for name, how in (("search.js", "from '"), ("fingerprint/worker.js", "import('")):
        script = f"/static/public/{name}"
        ((path, digest), *_) = re.findall(re.escape(how) + r"([./\w]+\.js\?v=(\w+))'", client.get(script).text)
        answer = client.get(urljoin(script, path))
        assert (answer.get_etag()[0], answer.headers["Cache-Control"]) == (digest, "public, max-age=31536000")


def test_a_page_has_all_modules_fetched_at_once(client: FlaskClient) -> None:
    page = client.get("/recherche").text
    preloaded = set(re.findall(r'<link rel="modulepreload" fetchpriority="low" href="/static/([^?"]+)', page))
    imported = {
        (path.parent / name).resolve().relative_to(STATIC).as_posix()
        for path in [STATIC / "public" / "search.js", *(STATIC / each for each in preloaded)]
        for name in re.findall(r"^import (?:.* from )?'(.+)'", path.read_text(), re.M)
    }
    assert imported | {"public/search.js"} == preloaded

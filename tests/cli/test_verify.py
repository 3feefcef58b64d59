import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from gallery.models import Unit
from tests.factories import Factory

Run = Callable[..., Result]


@pytest.fixture
def package(flask: Run, make: Factory, unit: Unit, tmp_path: Path) -> Path:
    make.published(make.case(unit))
    assert flask("album", "--unit", "GGD35", "--output", tmp_path / "album.zip").exit_code == 0
    return tmp_path / "album.zip"


def unpacked(package: Path, folder: Path) -> Path:
    with zipfile.ZipFile(package) as opened:
        opened.extractall(folder)
    return folder


def test_it_works(flask: Run, package: Path) -> None:
    done = flask("verify", package)
    assert done.exit_code == 0, done.output
    assert "7 of 7 files" in done.output


def test_a_picture_is_found_in_its_manifest(flask: Run, package: Path, tmp_path: Path) -> None:
    folder = unpacked(package, tmp_path / "album")
    picture = min((folder / "photos").iterdir())
    done = flask("verify", picture, "--manifest", folder / "manifest.json")
    assert done.exit_code == 0
    assert "byte for byte" in done.output


def test_a_picture_that_only_resembles_is_not_the_units(flask: Run, package: Path, tmp_path: Path) -> None:
    folder = unpacked(package, tmp_path / "album")
    forged = tmp_path / "forged.jpg"
    with Image.open(min((folder / "photos").iterdir())) as picture:
        ImageDraw.Draw(picture).text((40, 40), "PAYEZ 50 EUROS", fill="red", font_size=40)
        picture.save(forged)
    done = flask("verify", forged, "--manifest", folder / "manifest.json")
    assert done.exit_code == 1
    assert "may have been changed" in done.output


def locked(data: bytes) -> bytes:
    """The package with a mark on each entry that says it is encrypted (APPNOTE 4.4.4)."""
    marked = bytearray(data)
    for header, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        for found in re.finditer(header, data):
            marked[found.start() + place] |= 1
    return bytes(marked)


def damaged(data: bytes) -> bytes:
    """The package with a manifest that no longer inflates."""
    start = data.index(b"manifest.json") + len(b"manifest.json")
    return data[:start] + b"\7" + data[start + 1 :]


@pytest.mark.parametrize("change", [locked, damaged, lambda data: b"no package"], ids=["locked", "damaged", "no ZIP"])
def test_a_package_that_cannot_be_read_is_told(flask: Run, package: Path, change: Callable[[bytes], bytes]) -> None:
    package.write_bytes(change(package.read_bytes()))
    done = flask("verify", package)
    assert done.exit_code == 2, done.output


def test_a_picture_that_cannot_be_read_is_told(flask: Run, package: Path, tmp_path: Path) -> None:
    folder = unpacked(package, tmp_path / "album")
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(b"no picture")
    done = flask("verify", picture, "--manifest", folder / "manifest.json")
    assert done.exit_code == 2
    assert "not a readable photo" in done.output


def test_a_manifest_without_its_signature_is_told(flask: Run, package: Path, tmp_path: Path) -> None:
    folder = unpacked(package, tmp_path / "album")
    (folder / "manifest.sig").unlink()
    done = flask("verify", min((folder / "photos").iterdir()), "--manifest", folder / "manifest.json")
    assert done.exit_code == 2
    assert "manifest.sig can't be read" in done.output


def test_the_public_site_shows_the_key(flask: Run, package: Path, client: FlaskClient, tmp_path: Path) -> None:
    answer = client.get("/.well-known/gallery-signing-keys.json")
    assert answer.mimetype == "application/json"
    assert [each["algorithm"] for each in answer.json["signing_keys"]] == ["Ed25519"]
    keys = tmp_path / "keys.json"
    keys.write_bytes(answer.data)
    assert flask("verify", package, "--keys", keys).exit_code == 0


def test_keys_of_another_site_refuse_it(flask: Run, package: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"signing_keys": [{"public_key": "A" * 43 + "="}]}))
    done = flask("verify", package, "--keys", keys)
    assert done.exit_code == 2
    assert "not what this site signed" in done.output


def test_a_changed_package_is_told(flask: Run, package: Path) -> None:
    with zipfile.ZipFile(package, "a") as opened:
        opened.writestr("photos/0002_faux.jpg", b"x")
    done = flask("verify", package)
    assert done.exit_code == 1
    assert "photos/0002_faux.jpg: unknown" in done.output


def test_before_the_first_album_there_is_no_key(client: FlaskClient) -> None:
    assert client.get("/.well-known/gallery-signing-keys.json").status_code == 404

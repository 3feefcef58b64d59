import base64
import json
import struct
import tracemalloc
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from gallery import imaging
from gallery.errors import ManifestInvalid
from gallery.sharing import archive
from gallery.sharing.archive import PackageFile
from gallery.sharing.authenticity import manifest, signing, unpacking
from gallery.sharing.authenticity.manifest import Finding, Manifest, ManifestLine
from gallery.sharing.networks import facebook
from tests import pictures
from tests.unit.sharing import drawn

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(range(1, 33))).decode()
PUBLIC = [manifest.public_key_of(KEY)]
ALBUM = drawn.album(1, 2)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("album") / "album.zip"
    entries = facebook.entries(ALBUM, drawn.reader())
    made_at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    signed = signing.signed(entries, ALBUM, network="facebook", signing_key=KEY, made_at=made_at)
    path.write_bytes(b"".join(archive.streamed(signed)))
    return path


def contents_of(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(files: dict[str, bytes], folder: Path) -> Path:
    path = folder / "other.zip"
    path.write_bytes(b"".join(archive.streamed(PackageFile(*file) for file in files.items())))
    return path


def photo_in(files: dict[str, bytes]) -> str:
    return next(name for name in files if name.startswith("photos/"))


def found(data: bytes, made: Manifest) -> tuple[Finding, ManifestLine | None]:
    return manifest.find(data, made, shown=lambda: imaging.decode(data, imaging.Limits()).image)


def test_a_package_is_what_was_signed(package: Path) -> None:
    made, findings = manifest.of_package(package, PUBLIC)
    assert set(findings.values()) == {Finding.IDENTICAL}
    assert len(findings) == len(contents_of(package)) - 2
    assert [line.item for line in made.lines if line.path.startswith("photos/")] == [
        ALBUM.items[0].number,
        ALBUM.items[1].number,
        ALBUM.items[1].number,
    ]


def test_a_key_that_was_replaced_still_counts(package: Path) -> None:
    manifest.of_package(package, [manifest.public_key_of(OTHER), *PUBLIC])


@pytest.mark.parametrize("keys", [[], [manifest.public_key_of(OTHER)], ["no key"], [""]], ids=str)
def test_another_key_has_not_signed_it(package: Path, keys: list[str]) -> None:
    with pytest.raises(ManifestInvalid):
        manifest.of_package(package, keys)


def test_a_changed_picture_is_named(package: Path, tmp_path: Path) -> None:
    files = contents_of(package)
    name = photo_in(files)
    _, findings = manifest.of_package(packed(files | {name: files[name] + b"\0"}, tmp_path), PUBLIC)
    assert [path for path, finding in findings.items() if finding is Finding.ALTERED] == [name]


def test_added_and_missing_files_are_named(package: Path, tmp_path: Path) -> None:
    files = contents_of(package)
    name = photo_in(files)
    del files[name]
    _, findings = manifest.of_package(packed(files | {"photos/9999.jpg": b"x"}, tmp_path), PUBLIC)
    assert findings[name] is Finding.MISSING
    assert findings["photos/9999.jpg"] is Finding.UNKNOWN


def test_a_changed_manifest_is_refused(package: Path, tmp_path: Path) -> None:
    files = contents_of(package)
    table = json.loads(files[manifest.NAME])
    table["owner"] = "Une fausse gendarmerie"
    with pytest.raises(ManifestInvalid):
        manifest.of_package(packed(files | {manifest.NAME: json.dumps(table).encode()}, tmp_path), PUBLIC)


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip"])
def test_what_is_no_package_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.zip"
    path.write_bytes(data)
    with pytest.raises(ManifestInvalid):
        manifest.of_package(path, PUBLIC)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(package: Path, tmp_path: Path) -> None:
    files = contents_of(package)
    entries = [(photo_in(files), b"another picture"), *files.items()]
    path = tmp_path / "twice.zip"
    path.write_bytes(b"".join(archive.streamed(PackageFile(*entry) for entry in entries)))
    with pytest.raises(ManifestInvalid):
        manifest.of_package(path, PUBLIC)


def test_a_manifest_that_holds_more_than_it_says_takes_no_memory(tmp_path: Path) -> None:
    length = 32 * 2**20
    path = packed({manifest.NAME: bytes(length), manifest.SIGNATURE_NAME: b""}, tmp_path)
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", length), struct.pack("<I", 10)))
    tracemalloc.start()
    with pytest.raises(ManifestInvalid):
        manifest.of_package(path, PUBLIC)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < length / 4


def test_what_would_be_out_of_all_proportion_is_refused(package: Path, tmp_path: Path) -> None:
    path = packed(contents_of(package) | {"vide.txt": bytes(unpacking.SMALL)}, tmp_path)
    with pytest.raises(ManifestInvalid):
        manifest.of_package(path, PUBLIC)


def test_a_method_of_compression_that_we_never_use_is_refused(package: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    path.write_bytes(package.read_bytes())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_BZIP2) as opened:
        opened.writestr("photos/9999.jpg", b"x")
    with pytest.raises(ManifestInvalid):
        manifest.of_package(path, PUBLIC)


def test_a_picture_is_found_byte_for_byte(package: Path) -> None:
    files = contents_of(package)
    made, _ = manifest.of_package(package, PUBLIC)
    finding, line = found(files[photo_in(files)], made)
    assert finding is Finding.IDENTICAL
    assert line is not None
    assert line.item == ALBUM.items[0].number


def test_a_recompressed_picture_is_found(package: Path) -> None:
    files = contents_of(package)
    made, _ = manifest.of_package(package, PUBLIC)
    seen = drawn.recompressed(Image.open(BytesIO(files[photo_in(files)])))
    finding, line = found(pictures.jpeg(seen), made)
    assert finding is Finding.RESEMBLING
    assert line is not None
    assert line.path == photo_in(files)


def test_a_forged_picture_is_no_more_than_resembling(package: Path) -> None:
    files = contents_of(package)
    made, _ = manifest.of_package(package, PUBLIC)
    forged = Image.open(BytesIO(files[photo_in(files)]))
    ImageDraw.Draw(forged).text((40, 40), "PAYEZ 50 EUROS", fill="red", font_size=40)
    finding, line = found(pictures.jpeg(forged), made)
    assert finding is Finding.RESEMBLING
    assert line is not None
    assert line.path == photo_in(files)


@pytest.mark.parametrize("seed", range(5))
def test_another_picture_is_not_found(package: Path, seed: int) -> None:
    made, _ = manifest.of_package(package, PUBLIC)
    other = pictures.jpeg(pictures.picture(1000 + seed).resize((960, 827)))
    assert found(other, made) == (Finding.UNKNOWN, None)

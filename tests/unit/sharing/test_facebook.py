import base64
import csv
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO, StringIO

import bs4
import pytest
from PIL import Image

from gallery.sharing import Album, archive, files_of
from gallery.sharing.addresses import scanned as scanned_address
from gallery.sharing.networks import facebook
from tests.unit.sharing import drawn

ALBUM = drawn.album(1, 3, 2)


def unpacked(album: Album, **options: int) -> dict[str, bytes]:
    data = b"".join(archive.streamed(facebook.entries(album, drawn.reader(), **options)))
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture(scope="module")
def package() -> dict[str, bytes]:
    return unpacked(ALBUM)


def photos_in(package: dict[str, bytes]) -> list[str]:
    return [name for name in package if name.startswith("photos")]


def test_everything_is_in_the_package(package: dict[str, bytes]) -> None:
    assert set(package) - set(photos_in(package)) == {
        "mettre-en-ligne.html", "album.txt", "album.html", "legendes.csv", "legendes.txt", "couverture.jpg",
    }  # fmt: skip


def test_names_keep_the_order_and_photos_of_an_item_stay_together(package: dict[str, bytes]) -> None:
    numbers = [name.split("_")[1] for name in sorted(photos_in(package))]
    one, two, three = (item.number for item in ALBUM.items)
    assert numbers == [one, two, two, two, three, three]
    assert photos_in(package) == sorted(photos_in(package))


def test_every_picture_leads_to_its_item_after_recompression(package: dict[str, bytes]) -> None:
    for name in photos_in(package):
        picture = drawn.recompressed(Image.open(BytesIO(package[name])))
        assert drawn.scanned(picture) == scanned_address(drawn.SITE, name.split("_")[1])


def test_every_file_is_under_a_megabyte(package: dict[str, bytes]) -> None:
    assert max(len(package[name]) for name in photos_in(package)) < 1_000_000


def test_the_cover_has_the_size_of_a_link(package: dict[str, bytes]) -> None:
    assert Image.open(BytesIO(package["couverture.jpg"])).size == (1200, 630)


def test_the_table_has_a_row_a_photo(package: dict[str, bytes]) -> None:
    text = package["legendes.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text), delimiter=";"))
    assert [row["fichier"] for row in rows] == photos_in(package)
    assert rows[1]["légende"] == "Bague n° 2, émaillée\n(photo 1 sur 3)"
    assert rows[1]["adresse"] == f"{drawn.SITE}/objets/{ALBUM.items[1].number}"


def test_the_page_has_every_caption_and_alternative_text(package: dict[str, bytes]) -> None:
    page = bs4.BeautifulSoup(package["album.html"], "html.parser")
    assert [each.get_text() for each in page.select("[id^=legende-]")] == [
        file.caption for file in files_of(ALBUM, max_in_folder=1000)
    ]
    assert page.select_one("#alt-1").get_text() == "Bague 1, vue 1"
    targets = {button["data-copy"] for button in page.select("[data-copy]")}
    assert all(page.find(id=target) for target in targets)


@pytest.mark.parametrize("name", ["album.html", "mettre-en-ligne.html"])
def test_pages_load_nothing(package: dict[str, bytes], name: str) -> None:
    page = bs4.BeautifulSoup(package[name], "html.parser")
    assert not page.select("script[src], link, iframe, form")
    for image in page.select("img"):
        assert str(image["src"]).startswith("data:image/jpeg;base64,")
        assert Image.open(BytesIO(base64.b64decode(str(image["src"]).split(",")[1]))).size[0] <= 220


def test_a_large_album_is_split_between_items() -> None:
    package = unpacked(drawn.album(2, 2, 3, 1), max_in_folder=4)
    folders = [name.split("/")[0] for name in photos_in(package)]
    assert folders == ["photos-1"] * 4 + ["photos-2"] * 4
    assert "photos-1, photos-2" in package["mettre-en-ligne.html"].decode()


def test_an_item_with_more_photos_than_a_folder_holds_is_split() -> None:
    files = files_of(drawn.album(5), max_in_folder=2)
    assert [file.folder for file in files] == ["photos-1", "photos-1", "photos-2", "photos-2", "photos-3"]


def test_texts_of_officers_are_text_only() -> None:
    album = drawn.album(1)
    hostile = "<script>alert(1)</script>"
    item = replace(album.items[0], title="=1+1", caption=hostile)
    package = unpacked(replace(album, title=hostile, items=(item,)))
    assert hostile.encode() not in package["album.html"]
    assert "'=1+1" in package["legendes.csv"].decode("utf-8-sig")


def test_photos_are_read_as_they_are_asked_for() -> None:
    asked: list[str] = []
    read = drawn.reader()

    def counted(public_id: str) -> bytes:
        asked.append(public_id)
        return read(public_id)

    pieces = archive.streamed(facebook.entries(drawn.album(*[1] * 40), counted))
    first = _until_photo(pieces)
    assert first
    assert len(asked) < 6 + 6


def _until_photo(pieces: Iterator[bytes]) -> bytes:
    return next(piece for piece in pieces if b"photos/0001" in piece)

import zipfile
from dataclasses import replace
from io import BytesIO

import bs4
import pytest
from PIL import Image, IptcImagePlugin

from gallery.sharing import Album, archive, files_of
from gallery.sharing.addresses import scanned as scanned_address
from gallery.sharing.networks import x
from gallery.sharing.networks.packages import PACKAGES
from tests.unit.sharing import drawn
from tests.unit.sharing.watched import NETWORKS

ALBUM = drawn.album(1, 5, 2)


def unpacked(network: str, album: Album = ALBUM) -> dict[str, bytes]:
    data = b"".join(archive.streamed(PACKAGES[network](album, drawn.reader())))
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def posts_of(album: Album) -> list[x.Post]:
    return x.posts_of(album, files_of(album, max_in_folder=1000))


@pytest.mark.parametrize("network", NETWORKS)
def test_every_package_has_every_photo_with_its_code(network: str) -> None:
    photos = {name: data for name, data in unpacked(network).items() if name.startswith("photos/")}
    assert [name.split("_")[1] for name in photos] == [file.item.number for file in files_of(ALBUM, max_in_folder=9)]
    name, data = next(iter(photos.items()))
    assert drawn.scanned(Image.open(BytesIO(data))) == scanned_address(drawn.SITE, name.split("_")[1])


def test_a_post_of_a_thread_has_four_photos_at_most() -> None:
    assert [len(post.files) for post in posts_of(ALBUM)] == [0, 1, 4, 1, 2]


# An ellipsis, an emoji, Chinese, an address without its scheme.
LONG = ("Pendule ", "Bague 💍 ", "時計 ", "objets.fr ", "Montre € ")


@pytest.mark.parametrize("word", LONG)
def test_posts_are_short_enough_as_x_counts_them_whatever_the_title(word: str) -> None:
    items = tuple(replace(item, title=word * 60) for item in ALBUM.items)
    for post in posts_of(replace(ALBUM, title=word * 60, items=items)):
        text, _, address = post.text.rpartition("\n")
        assert address.startswith(drawn.SITE)
        assert 255 < weighted(text) + 1 + x.ADDRESS_CHARACTERS <= 280


def weighted(text: str) -> int:
    """By the list of what counts twice here; an address counts as 23, and there is none but this one."""
    twice = sum(text.count(letter) for letter in "…💍時計€ ")
    return len(text) + twice + (23 - len("objets.fr")) * text.count("objets.fr")


def test_a_post_has_the_officers_caption_and_still_the_number_and_address() -> None:
    first = ALBUM.items[0]
    caption = f"Volée à Vitré.\nObjet n° {first.number}, conservé par : COB Vitré.\n" + "Émaillée. " * 40
    post = posts_of(replace(ALBUM, items=(replace(first, caption=caption, is_edited=True),)))[1]
    words, number, address = post.text.rsplit("\n", 2)
    assert words.startswith("Volée à Vitré.\nÉmaillée.")
    assert first.number in number
    assert first.number in address
    assert weighted(words) + len(number) + 2 + x.ADDRESS_CHARACTERS <= 280


def test_the_page_of_a_thread_has_every_text() -> None:
    page = bs4.BeautifulSoup(unpacked("x")["fil.html"], "html.parser")
    assert [each.get_text() for each in page.select("[id^=texte-]")] == [post.text for post in posts_of(ALBUM)]
    assert all(page.find(id=str(button["data-copy"])) for button in page.select("[data-copy]"))


def test_flickr_finds_keywords_in_the_metadata() -> None:
    items = tuple(replace(item, keywords=("objet retrouvé", "Bijoux")) for item in ALBUM.items)
    package = unpacked("flickr", replace(ALBUM, items=items))
    picture = Image.open(BytesIO(next(data for name, data in package.items() if name.startswith("photos/"))))
    fields = IptcImagePlugin.getiptcinfo(picture)
    assert fields is not None
    assert fields[2, 25] == ["objet retrouvé".encode(), b"Bijoux"]
    assert "<rdf:li>Bijoux</rdf:li>" in picture.info["xmp"].decode()


def test_the_press_sheet_shows_each_object_once_with_its_code() -> None:
    package = unpacked("press")
    page = bs4.BeautifulSoup(package["appel-a-victimes.html"], "html.parser")
    assert len(page.select("li")) == len(ALBUM.items)
    assert all(str(image["src"]) in package for image in page.select("li > img:first-child"))
    assert [each.get_text() for each in page.select("li strong")] == [f"N° {item.number}" for item in ALBUM.items]
    assert ALBUM.items[0].caption.splitlines()[0] in page.select("li p")[0].get_text()
    assert not page.select("script, link")

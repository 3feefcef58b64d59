"""What is read of the albums of a Facebook archive, and what is not."""

import json
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from gallery.errors import ArchiveRefused, PhotoNotInArchive
from gallery.services.facebook import facebook_albums
from gallery.services.facebook.album_archive import AlbumArchive, ArchiveFault
from gallery.services.imports.plan import Defaults, Origin, Plan, PlannedItem
from tests.archives import COMMENTER, LAYOUTS, Shot, album, archive, scrambled, zipped

DEFAULTS = Defaults(title="Objet retrouvé", category_code="other", case_number="")


def read(package: bytes, defaults: Defaults = DEFAULTS) -> Plan:
    return facebook_albums.read_plan(AlbumArchive([BytesIO(package)]), defaults)


def read_one(caption: str, **more: Any) -> PlannedItem:
    (item,) = read(archive({"Objets retrouvés": [Shot("a.jpg", b"a", caption, more)]})).items
    return item


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("top", ["", "facebook-gendarmerie-35/"], ids=["as given", "packed again"])
def test_each_photo_of_each_album_is_an_item(layout: str, top: str) -> None:
    albums = {"Vitré": [Shot("a.jpg", b"a"), Shot("b.jpg", b"b")], "Fougères": [Shot("c.jpg", b"c")]}
    plan = read(archive(albums, layout=layout, top=top))
    assert [item.source for item in plan.items] == ["Vitré, a.jpg", "Vitré, b.jpg", "Fougères, c.jpg"]
    assert [item.origin for item in plan.items] == [
        Origin(name, "2014-05-13") for name in ("Vitré", "Vitré", "Fougères")
    ]
    assert plan.refusals == ()


def test_a_captions_first_line_is_the_title_and_the_rest_follows() -> None:
    item = read_one("Montre à gousset  en argent\nGravée « Léa »\nTrouvée à Rennes")
    assert item.description.title == "Montre à gousset en argent"
    assert item.description.distinguishing_features == "Gravée « Léa »\nTrouvée à Rennes"


def test_a_long_first_line_is_cut_between_words_and_kept_whole_below() -> None:
    caption = "montre ancienne " * 20
    item = read_one(caption)
    assert len(item.description.title) <= 160
    assert item.description.title.endswith("montre…")
    assert item.description.distinguishing_features == caption.strip()


@pytest.mark.parametrize("caption", ["", "Objets retrouvés"], ids=["none", "the album's name"])
def test_a_photo_without_words_of_its_own_has_the_usual_title(caption: str) -> None:
    assert read_one(caption).description.title == "Objet retrouvé"


def test_the_albums_description_is_not_every_photos_caption() -> None:
    made = album("Objets", Shot("a.jpg", b"a", "Est-ce à vous ?"), layout="2020", description="Est-ce à vous ?")
    (item,) = read(zipped({"posts/album/0.json": json.dumps(made), "posts/media/Objets_1/a.jpg": b"a"})).items
    assert item.description.title == "Objet retrouvé"


def test_the_album_names_the_case_unless_one_was_chosen() -> None:
    package = archive({"Opération Vitré " * 10: [Shot("a.jpg", b"a")]})
    (by_album,) = read(package).items
    (chosen,) = read(package, Defaults("Objet", "other", "123/2026")).items
    assert by_album.case_number.startswith("Album Facebook Opération Vitré")
    assert len(by_album.case_number) <= 60
    assert chosen.case_number == "123/2026"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (scrambled("Bague de fiançailles, 18 carats – œuvre"), "Bague de fiançailles, 18 carats – œuvre"),
        ("déjà bien", "déjà bien"),
        ("œuvre", "œuvre"),
        ("plain", "plain"),
    ],
    ids=["scrambled", "latin", "beyond latin", "ascii"],
)
def test_texts_are_mended_where_they_can_be(given: str, expected: str) -> None:
    assert facebook_albums.mended(given) == expected


def test_what_no_database_takes_is_left_out() -> None:
    item = read_one("", description="Bague\x00 en\ud800 or\x07")
    assert item.description.title == "Bague en or"


def test_a_photo_of_two_albums_is_one_item() -> None:
    assert len(read(archive({"Vitré": [Shot("a.jpg", b"a")], "Mur": [Shot("a.jpg", b"a")]})).items) == 1


def test_a_photo_that_the_archive_lacks_is_named() -> None:
    (refusal,) = read(archive({"Vitré": [Shot("a.jpg", b"a"), Shot("b.jpg", None)]})).refusals
    assert refusal.source == "Vitré, b.jpg"
    assert isinstance(refusal.error, PhotoNotInArchive)


def test_an_address_outside_of_the_archive_is_a_photo_that_it_lacks() -> None:
    refusal, _ = read(archive({"Vitré": [Shot("a.jpg", b"a", more={"uri": "../../../etc/passwd"})]})).refusals
    assert isinstance(refusal.error, PhotoNotInArchive)


def test_videos_are_left_out() -> None:
    assert read(archive({"Vitré": [Shot("a.mp4", b"a")]})) == Plan((), ())


def test_nothing_of_commenters_is_read() -> None:
    plan = read(archive({"Vitré": [Shot("a.jpg", b"a", "Bague")]}))
    assert COMMENTER not in repr(plan)
    assert "192.0.2.7" not in repr(plan)


@pytest.mark.parametrize(
    ("time", "day"),
    [("2014-07-15T01:30+02:00", "2014-07-15"), ("2014-12-31T23:30+00:00", "2015-01-01")],
    ids=["summer", "winter"],
)
def test_a_photo_was_posted_on_the_day_that_it_was_in_paris(time: str, day: str) -> None:
    posted = datetime.fromisoformat(time).timestamp()
    assert read_one("Bague", creation_timestamp=posted).origin.posted_on == day


@pytest.mark.parametrize("time", [None, "hier", -5, 10**30, True, [1]], ids=repr)
def test_a_strange_date_is_no_date(time: object) -> None:
    assert read_one("Bague", creation_timestamp=time).origin.posted_on == ""


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000, b'{"photos": ' + b"9" * 5000 + b"}"],
    ids=["empty", "list", "null", "open", "no utf-8", "deep", "long number"],
)
def test_a_file_that_is_no_album_is_a_damaged_archive(content: bytes) -> None:
    with pytest.raises(ArchiveRefused) as refused:
        read(zipped({"posts/album/0.json": content}))
    assert refused.value.fault == ArchiveFault.DAMAGED


@pytest.mark.parametrize(
    "album", [{}, {"photos": None}, {"name": 3, "photos": ["x", {"uri": 4}, {}]}, {"name": "", "photos": {}}], ids=repr
)
def test_an_album_of_another_shape_has_no_photos(album: dict[str, Any]) -> None:
    assert read(zipped({"posts/album/0.json": json.dumps(album)})) == Plan((), ())

"""Archives as they arrive: packed again on a Mac or under Windows, with photos in posts, or in nothing at all."""

import json
from io import BytesIO
from typing import Any

import pytest

from gallery.errors import PhotoInNoAlbum
from gallery.services.facebook import facebook_albums
from gallery.services.facebook.album_archive import AlbumArchive
from gallery.services.imports.plan import Defaults
from tests import pictures
from tests.archives import POSTED, Shot, album, scrambled, zipped

DEFAULTS = Defaults(title="Objet retrouvé", category_code="other", case_number="")
JPEG = pictures.jpeg(pictures.picture(1).resize((64, 48)))


def test_what_a_mac_adds_when_it_packs_a_folder_again_is_left_out() -> None:
    members = {
        "page/posts/album/0.json": json.dumps(album("Vitré", Shot("1.jpg", JPEG), layout="2020")),
        "page/posts/media/Objets_1/1.jpg": JPEG,
        "__MACOSX/page/posts/album/._0.json": b"\0\5\x16\7",
        "page/posts/album/._0.json": b"\0\5\x16\7",
        "page/.DS_Store": b"\0",
    }
    plan = facebook_albums.read_plan(AlbumArchive([BytesIO(zipped(members))]), DEFAULTS)
    assert [item.photos[0].name for item in plan.items] == ["1.jpg"]
    assert plan.refusals == ()


def test_an_archive_that_windows_packed_again_is_read() -> None:
    members = {
        "page\\posts\\album\\0.json": json.dumps(album("Vitré", Shot("1.jpg", JPEG), layout="2020")),
        "page\\posts\\media\\Objets_1\\1.jpg": JPEG,
    }
    opened = AlbumArchive([BytesIO(zipped(members))])
    (item,) = facebook_albums.read_plan(opened, DEFAULTS).items
    assert opened.read_photo(item.photos[0], limit_bytes=10**6) == JPEG


def post(text: str, *media: dict[str, Any]) -> dict[str, Any]:
    return {
        "timestamp": POSTED,
        "attachments": [{"data": [{"media": each} for each in media]}],
        "data": [{"post": scrambled(text)}, {"update_timestamp": POSTED}],
    }


def media(name: str, words: str = "") -> dict[str, Any]:
    described = {"description": scrambled(words)} if words else {}
    return {"uri": f"posts/media/{name}", "creation_timestamp": POSTED, **described}


@pytest.mark.parametrize(
    ("file", "wrapped"),
    [
        ("posts/your_posts_1.json", False),
        ("your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json", False),
        ("this_profile's_activity_across_facebook/posts/profile_posts_1.json", False),
        ("posts/your_posts.json", True),
    ],
)
def test_photos_of_posts_are_taken_over_with_the_words_of_the_post(file: str, wrapped: bool) -> None:
    posts = [post("Bague de fiancée\nTrouvée à Vitré", media("1.jpg")), post("Deux montres", media("2.jpg", "Lip"))]
    top = file.partition("posts/")[0]
    members = {file: json.dumps({"status_updates": posts} if wrapped else posts), f"{top}posts/media/1.jpg": JPEG,
               f"{top}posts/media/2.jpg": JPEG}  # fmt: skip
    plan = facebook_albums.read_plan(AlbumArchive([BytesIO(zipped(members))]), DEFAULTS)
    assert [item.description.title for item in plan.items] == ["Bague de fiancée", "Lip"]
    assert plan.items[0].description.distinguishing_features == "Trouvée à Vitré"


def test_a_photo_of_an_album_and_of_a_post_is_one_and_one_that_nothing_lists_is_named() -> None:
    members = {
        "posts/album/0.json": json.dumps(album("Vitré", Shot("1.jpg", JPEG), layout="2020")),
        "posts/your_posts_1.json": json.dumps([post("Vitré", media("Objets_1/1.jpg"))]),
        "posts/your_uncategorized_photos.json": json.dumps({"other_photos_v2": [media("3.jpg")]}),
        "posts/media/Objets_1/1.jpg": JPEG,
        "posts/media/3.jpg": JPEG,
        "posts/media/4.jpg": JPEG,
    }
    plan = facebook_albums.read_plan(AlbumArchive([BytesIO(zipped(members))]), DEFAULTS)
    assert [item.photos[0].name for item in plan.items] == ["1.jpg", "3.jpg"]
    assert [(refusal.source, type(refusal.error)) for refusal in plan.refusals] == [("4.jpg", PhotoInNoAlbum)]


@pytest.mark.parametrize("content", ["[]", "{}", "null", "[1]", '[{"attachments": 1}]', '[{"data": [{"post": []}]}]'])
def test_posts_of_another_shape_have_no_photos(content: str) -> None:
    opened = AlbumArchive([BytesIO(zipped({"posts/your_posts_1.json": content}))])
    assert facebook_albums.read_plan(opened, DEFAULTS).items == ()

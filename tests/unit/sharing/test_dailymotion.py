import sys
import tempfile
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import bs4
import numpy as np
import pytest
from PIL import Image

from gallery.errors import FilmMakerAbsent
from gallery.sharing import Album, archive, files_of
from gallery.sharing.addresses import scanned as scanned_address
from gallery.sharing.film import film
from gallery.sharing.networks import dailymotion
from tests.unit.sharing import drawn
from tests.unit.sharing.watched import Watched

pytestmark = pytest.mark.films
ALBUM = drawn.album(1, 2, 1)
NUMBERS = [file.item.number for file in files_of(ALBUM, max_in_folder=9)]
ALL_TEXTS = {"description.txt", "transcription.txt", "fr.srt", "fr.vtt", "chapitres.vtt", "couverture.jpg", "mp4"}


def unpacked(album: Album = ALBUM, **options: int) -> dict[str, bytes]:
    data = b"".join(archive.streamed(dailymotion.entries(album, drawn.reader(), **options)))
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def film_of(album: Album) -> film.Film:
    (made,) = film.films_of(album, files_of(album, max_in_folder=10**6))
    return made


@pytest.fixture(scope="module")
def package() -> dict[str, bytes]:
    return unpacked()


@pytest.fixture(scope="module")
def stills(package: dict[str, bytes]) -> list[Image.Image]:
    """The picture in the middle of each still, as a player shows it."""
    return Watched(package["film.mp4"]).stills(each=film.STILL_SECONDS * 10)


def test_everything_is_in_the_package(package: dict[str, bytes]) -> None:
    names = {name.removeprefix("film.") for name in package if name.startswith("film.")}
    assert names == ALL_TEXTS
    assert {"mettre-en-ligne.html", "album.txt", "legendes.csv"} <= set(package)


def test_the_film_is_what_players_and_networks_take(package: dict[str, bytes]) -> None:
    assert Watched(package["film.mp4"]).facts() == {
        "sounds": 0,
        "codec": ("h264", "yuv420p", 1920, 1080),
        "pictures": (10, 6 * 5 * 10),
        "seconds": 6 * 5,
        "title": ALBUM.title,
    }


def test_it_can_begin_before_it_is_there(package: dict[str, bytes]) -> None:
    assert package["film.mp4"].index(b"moov") < package["film.mp4"].index(b"mdat")


def test_every_still_begins_with_a_key_picture(package: dict[str, bytes]) -> None:
    assert Watched(package["film.mp4"]).keys() == [0, 5, 10, 15, 20, 25]


def test_every_still_shows_its_own_caption_and_code(stills: list[Image.Image]) -> None:
    first, *photos, last = stills
    assert [drawn.scanned(photo) for photo in photos] == [scanned_address(drawn.SITE, number) for number in NUMBERS]
    assert drawn.scanned(last) == drawn.SITE
    captions = [np.asarray(photo.crop((1460, 0, 1920, 450)).convert("L"), dtype=int) for photo in photos]
    assert all(np.abs(one - other).max() > 100 for one, other in zip(captions, captions[1:], strict=False))
    assert first.tobytes() != photos[0].tobytes()


def test_the_code_is_read_in_the_network_s_small_version(stills: list[Image.Image]) -> None:
    small = stills[1].resize((848, 480), Image.Resampling.BICUBIC)
    assert drawn.scanned(small) == scanned_address(drawn.SITE, NUMBERS[0])


def test_a_photo_is_shown_whole(stills: list[Image.Image]) -> None:
    photo = Image.open(BytesIO(drawn.reader()("p1x1"))).resize((1440, 1080))
    seen = stills[1].crop((0, 0, 1440, 1080))
    assert np.abs(np.asarray(photo, dtype=int) - np.asarray(seen, dtype=int)).mean() < 12


def test_each_object_is_a_chapter_of_the_film(package: dict[str, bytes]) -> None:
    one, two, three = (f"{item.title} ({item.number})" for item in ALBUM.items)
    expected = [(0, "Présentation"), (5, one), (10, two), (20, three), (25, "Récupérer un objet")]
    assert Watched(package["film.mp4"]).chapters() == expected


def test_the_description_has_the_chapters(package: dict[str, bytes]) -> None:
    title, _, description = package["film.description.txt"].decode("utf-8-sig").partition("\n\n")
    assert title == ALBUM.title
    assert description.startswith(ALBUM.description)
    assert f"0:10 Bague n° 2 ({ALBUM.items[1].number})" in description.splitlines()


@pytest.mark.parametrize("count", [120, 500])
@pytest.mark.parametrize("length", [40, 2000])
def test_the_description_is_never_too_long(count: int, length: int) -> None:
    album = replace(drawn.album(*[1] * count), description="x" * length)
    description = dailymotion.description_of(film_of(album))
    assert len(description) <= 3000
    assert description.splitlines()[-1].endswith("Récupérer un objet")
    assert " à 35-" in description


def test_the_longest_film_is_within_the_network_s_limits() -> None:
    made = film_of(drawn.album(*[1] * dailymotion.MAX_PHOTOS))
    assert made.seconds <= 2 * 60 * 60
    assert made.seconds * dailymotion.MAX_BITS_A_SECOND / 8 < 4 * 10**9


def test_a_large_album_becomes_several_films() -> None:
    package = unpacked(drawn.album(2, 1), max_photos=2)
    assert {"film-1.mp4", "film-2.mp4", "film-2.fr.srt"} <= set(package)
    assert "film-1.mp4" in package["mettre-en-ligne.html"].decode()
    assert "(2/2)" in package["film-2.description.txt"].decode()


def test_subtitles_say_what_each_still_shows(package: dict[str, bytes]) -> None:
    parts = package["film.fr.srt"].decode().strip().split("\n\n")
    assert parts[2].splitlines() == [
        "3", "00:00:10,000 --> 00:00:15,000", f"N° {NUMBERS[1]} : Bague n° 2 (photo 1 sur 2)", "Bague 2, vue 1",
    ]  # fmt: skip
    assert len(parts) == len(NUMBERS) + 2


def test_the_transcription_has_every_caption(package: dict[str, bytes]) -> None:
    text = package["film.transcription.txt"].decode("utf-8-sig")
    assert all(item.number in text and item.caption in text for item in ALBUM.items)
    assert "On voit : Bague 2, vue 2" in text


def test_the_page_copies_every_text_and_loads_nothing(package: dict[str, bytes]) -> None:
    page = bs4.BeautifulSoup(package["mettre-en-ligne.html"], "html.parser")
    assert all(page.find(id=str(button["data-copy"])) for button in page.select("[data-copy]"))
    assert not page.select("script[src], link, iframe, form, img")


def test_officers_words_are_text_only() -> None:
    hostile = "<script>alert(1)</script>"
    package = unpacked(replace(drawn.album(1), title=hostile, description=hostile))
    assert hostile.encode() not in package["mettre-en-ligne.html"]


def test_photos_are_read_as_they_are_asked_for() -> None:
    asked: list[str] = []
    read = drawn.reader()

    def counted(public_id: str) -> bytes:
        asked.append(public_id)
        return read(public_id)

    entries = dailymotion.entries(drawn.album(*[1] * 40), counted)
    assert next(entry for entry in entries if entry.path.startswith("photos/"))
    assert len(asked) < 6 + 6


def test_whoever_goes_away_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pieces = archive.streamed(dailymotion.entries(ALBUM, drawn.reader()))
    assert next(piece for piece in pieces if b"photos/0001" in piece)
    assert list(tmp_path.iterdir())
    pieces.close()
    assert not list(tmp_path.iterdir())


def test_without_pyav_the_refusal_comes_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(FilmMakerAbsent):
        dailymotion.entries(ALBUM, drawn.reader())

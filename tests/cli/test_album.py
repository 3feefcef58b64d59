import re
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import Result

from gallery.models import Officer, Unit
from gallery.services.albums import public_page
from tests.factories import Factory

Run = Callable[..., Result]


def photos_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return [name.split("_")[1] for name in package.namelist() if name.startswith("photos/")]


def test_it_works(flask: Run, make: Factory, unit: Unit, tmp_path: Path) -> None:
    item = make.published(make.case(unit))
    done = flask("album", "--unit", "GGD35", "--output", tmp_path / "album.zip")
    assert done.exit_code == 0, done.output
    assert photos_in(tmp_path / "album.zip") == [item.public_number]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["album.zip"]


def test_the_text_of_the_post_names_the_albums_page_and_the_official_accounts(
    flask: Run, make: Factory, unit: Unit, tmp_path: Path
) -> None:
    make.published(make.case(unit))
    flask("album", "--unit", "GGD35", "--output", tmp_path / "album.zip")
    with zipfile.ZipFile(tmp_path / "album.zip") as package:
        text = package.read("album.txt").decode()
    code = re.findall(r"http://127\.0\.0\.1:5000/albums/(\w+)", text)[0]
    assert public_page.get(make.session, code).unit.code == "GGD35"
    assert "127.0.0.1:5000/comptes-officiels" in text


def test_items_are_in_the_order_given(flask: Run, make: Factory, unit: Unit, tmp_path: Path) -> None:
    case = make.case(unit)
    one, two = make.published(case).public_number, make.published(case).public_number
    flask("album", "--item", two, "--item", one, "--output", tmp_path / "album.zip")
    assert photos_in(tmp_path / "album.zip") == [two, one]


def test_a_case_is_found_by_its_number(flask: Run, make: Factory, unit: Unit, tmp_path: Path) -> None:
    item = make.published(make.case(unit))
    flask("album", "--case", "12345/2026", "--output", tmp_path / "album.zip")
    assert photos_in(tmp_path / "album.zip") == [item.public_number]


def test_a_number_that_two_units_have_asks_for_the_unit(
    flask: Run, make: Factory, unit: Unit, outsider: Officer, tmp_path: Path
) -> None:
    make.published(make.case(unit))
    make.published(make.case(outsider.unit))
    done = flask("album", "--case", "12345/2026", "--output", tmp_path / "album.zip")
    assert done.exit_code == 2
    assert "add --unit" in done.output


def test_it_can_be_piped(flask: Run, make: Factory, unit: Unit) -> None:
    make.published(make.case(unit))
    done = flask("album", "--unit", "GGD35", "--output", "-")
    assert zipfile.ZipFile(BytesIO(done.stdout_bytes)).testzip() is None


def test_letters_that_no_picture_can_show_are_named(flask: Run, make: Factory, unit: Unit, tmp_path: Path) -> None:
    make.published(make.case(unit), title="Bague 💍")
    done = flask("album", "--unit", "GGD35", "--output", tmp_path / "album.zip")
    assert "can't show these letters: 💍" in done.output


def test_a_draft_is_named_and_nothing_is_written(flask: Run, make: Factory, unit: Unit, tmp_path: Path) -> None:
    draft = make.item(make.case(unit), with_photos=1)
    done = flask("album", "--item", draft.public_number, "--output", tmp_path / "album.zip")
    assert done.exit_code == 2
    assert draft.public_number in done.output
    assert not (tmp_path / "album.zip").exists()


def test_a_number_of_no_item_is_told_in_a_sentence(flask: Run, tmp_path: Path) -> None:
    done = flask("album", "--item", "35-XXXX-X", "--output", tmp_path / "album.zip")
    assert done.exit_code == 2
    assert "no item has this number: 35-XXXX-X" in done.output


def test_a_unit_without_published_items_has_no_album(flask: Run, unit: Unit, tmp_path: Path) -> None:
    done = flask("album", "--unit", "GGD35", "--output", tmp_path / "album.zip")
    assert done.exit_code == 2
    assert "nothing of that is published" in done.output


def test_something_must_be_asked_for(flask: Run, tmp_path: Path) -> None:
    assert flask("album", "--output", tmp_path / "album.zip").exit_code == 2


@pytest.mark.films
def test_a_film_is_made_for_dailymotion(flask: Run, make: Factory, unit: Unit, tmp_path: Path) -> None:
    item = make.published(make.case(unit))
    done = flask("album", "--unit", "GGD35", "--network", "dailymotion", "--output", tmp_path / "film.zip")
    assert done.exit_code == 0, done.output
    assert photos_in(tmp_path / "film.zip") == [item.public_number]
    assert "film.mp4" in zipfile.ZipFile(tmp_path / "film.zip").namelist()


def test_without_pyav_it_says_what_to_install(
    flask: Run, make: Factory, unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    make.published(make.case(unit))
    done = flask("album", "--unit", "GGD35", "--network", "dailymotion", "--output", tmp_path / "film.zip")
    assert done.exit_code == 2
    assert "requirements-extra.txt" in done.output
    assert not (tmp_path / "film.zip").exists()


@pytest.mark.parametrize("output", ["nowhere/album.zip", "file/album.zip"])
def test_an_output_that_can_not_be_written_is_told(
    flask: Run, make: Factory, unit: Unit, tmp_path: Path, output: str
) -> None:
    (tmp_path / "file").touch()
    make.published(make.case(unit))
    done = flask("album", "--unit", "GGD35", "--output", tmp_path / output)
    assert re.search(r"Error: .*album\.zip\.partial: (No such file|Not a directory)", done.output)
    assert done.exit_code == 2

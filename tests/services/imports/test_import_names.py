"""Which photo a row of the list means, however its name is written, and which photos wait for a refused row."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.services.imports.names import loosely_spelt, spelt
from gallery.services.imports.refusals import (
    CellRefused,
    PhotoAmbiguous,
    PhotoLikeListed,
    PhotoMayBeListed,
    RowSharesPhoto,
)
from tests.services.imports.conftest import photos_at, read, reasons, sources, taken

# What is on disk, what the row says instead.
OTHER_SPELLINGS = {
    "decomposed": (unicodedata.normalize("NFD", "carte d’identité.jpg"), "carte d’identité.jpg"),
    "composed": ("carte d’identité.jpg", unicodedata.normalize("NFD", "carte d’identité.jpg")),
    "capitals": ("A.JPG", "a.jpg"),
    "small letters": ("pièce.jpg", "PIÈCE.JPG"),
    "backslash": ("lot 1/a.jpg", "lot 1\\a.jpg"),
    "here": ("lot 1/a.jpg", "./lot 1/a.jpg"),
    "blanks around": ("a.jpg", "  a.jpg "),
    "hard blank": ("photo 1.jpg", "photo\u00a01.jpg"),
    "soft hyphen": ("a.jpg", "a\u00ad.jpg"),
}


@pytest.mark.parametrize(("on_disk", "in_row"), OTHER_SPELLINGS.values(), ids=list(OTHER_SPELLINGS))
def test_a_row_finds_its_photo_however_the_name_is_written(tmp_path: Path, on_disk: str, in_row: str) -> None:
    photos_at(tmp_path, on_disk)
    plan = read(tmp_path, f"photos,titre\n{in_row},Papiers\n")
    assert [(item.source, item.description.title) for item in plan.items] == [("objets.csv:2", "Papiers")]
    assert plan.refusals == ()


def test_a_whole_address_into_the_folder_finds_its_photo(tmp_path: Path) -> None:
    photos_at(tmp_path, "a.jpg")
    assert sources(read(tmp_path, f"photos\n{tmp_path / 'a.jpg'}\n")) == ["objets.csv:2"]


# What is on disk, what a row says that names nothing: the photo is not taken, and "z.jpg" is.
NEARLY = {
    "straight apostrophe": ("carte d’identité.jpg", "carte d'identité.jpg"),
    "no accent": ("carte identité.jpg", "carte identite.jpg"),
    "another ending": ("a.jpeg", "a.jpg"),
    "underscores": ("carte d identité.jpg", "carte_d_identité.jpg"),
    "another folder": ("lot 1/a.jpg", "a.jpg"),
    "a whole Windows address": ("a.jpg", "C:\\Photos\\a.jpg"),
    "an address elsewhere": ("a.jpg", "/media/cle/a.jpg"),
    "above": ("a.jpg", "../a.jpg"),
}


@pytest.mark.parametrize(("on_disk", "in_row"), NEARLY.values(), ids=list(NEARLY))
def test_the_photo_that_a_refused_row_may_mean_is_not_taken(tmp_path: Path, on_disk: str, in_row: str) -> None:
    photos_at(tmp_path, on_disk, "z.jpg")
    plan = read(tmp_path, f"photos,titre\n{in_row},Papiers\n")
    assert taken(plan) == ["z.jpg"]
    assert list(reasons(plan)) == ["objets.csv:2"]


@pytest.mark.parametrize(
    "row",
    [
        "carte identite.jpg,",
        "🪪.jpg,",
        ",bijoux",
        "a.jpg; b.jpg,bijoux",
        "a.jpg|absent.jpg,bijoux",
        "a.jpg,bijoux,de trop",
    ],
    ids=["typing slip", "no letter", "no name", "semicolons", "one is absent", "moved cells"],
)
def test_while_nobody_can_tell_what_a_refused_row_means_no_photo_is_taken_alone(folder: Path, row: str) -> None:
    photos_at(folder, "carte d’identité.jpg")
    plan = read(folder, f"photos,catégorie\n{row}\nb.jpg,bijoux\n")
    assert taken(plan) == ["b.jpg"]
    left = {source: error for source, error in reasons(plan).items() if not source.startswith("objets.csv")}
    assert set(left.values()) == {PhotoMayBeListed}


def test_the_photo_of_a_row_with_another_fault_waits_and_the_others_are_taken(folder: Path) -> None:
    assert taken(read(folder, "photos,catégorie\na.jpg,soucoupes\n")) == ["b.jpg", "c.jpg"]


def test_a_row_that_shares_a_photo_with_a_refused_one_waits_too(folder: Path) -> None:
    plan = read(folder, "clé,photos,catégorie\nA,a.jpg|b.jpg,bijoux\nB,b.jpg,soucoupes\n")
    assert taken(plan) == ["c.jpg"]
    assert reasons(plan) == {"objets.csv:3": CellRefused, "objets.csv:2": RowSharesPhoto}


def test_a_photo_called_like_a_listed_one_beside_it_is_not_taken_alone(tmp_path: Path) -> None:
    photos_at(tmp_path, "IMG_1.JPG", "IMG_1.HEIC", "lot 2/IMG_1.jpg")
    plan = read(tmp_path, "photos\nIMG_1.JPG\n")
    assert [item.source for item in plan.items] == ["objets.csv:2", "lot 2/IMG_1.jpg"]
    assert reasons(plan) == {"IMG_1.HEIC": PhotoLikeListed}


def test_a_name_that_fits_two_photos_is_refused_and_both_wait(tmp_path: Path) -> None:
    photos_at(tmp_path, "a.jpg", "A.JPG")
    plan = read(tmp_path, "photos\nA.jpg\n")
    assert (taken(plan), reasons(plan)) == ([], {"objets.csv:2": PhotoAmbiguous})


def test_a_slip_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    photos_at(tmp_path, "carte d’identité.jpg")
    refusal, *_ = read(tmp_path, "photos\ncarte identite.jpg\n").refusals
    assert refusal.error.near == "carte d’identité.jpg"


@given(st.text(max_size=40), st.text(max_size=40))
def test_spelling_settles_and_what_is_spelt_alike_is_loosely_alike(one: str, other: str) -> None:
    assert spelt(spelt(one)) == spelt(one)
    if spelt(one) == spelt(other):
        assert loosely_spelt(one) == loosely_spelt(other)

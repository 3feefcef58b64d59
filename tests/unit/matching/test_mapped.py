import shutil
from pathlib import Path

import numpy as np
import pytest

from gallery.errors import SignatureUnreadable
from gallery.matching import Catalogue, rank
from gallery.matching.catalogue.mapped import map_segment, write_segment
from tests.unit.matching.drawn import catalogue_of, described

SIGNATURES = described(1, 2, 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the segment of three photos was written."""
    folder = tmp_path / "segment"
    write_segment(catalogue_of(SIGNATURES).as_segment(), folder, more={"extra": np.arange(3)})
    return folder


def test_a_mapped_catalogue_finds_what_the_written_one_did(folder: Path) -> None:
    segment, load = map_segment(folder)
    catalogue = Catalogue.of_segment(segment, lambda ids: {each: SIGNATURES[each].details_bytes() for each in ids})
    assert rank([SIGNATURES[2]], catalogue) == rank([SIGNATURES[2]], catalogue_of(SIGNATURES))
    assert load("extra").tolist() == [0, 1, 2]
    assert catalogue.entry_ids() == frozenset(SIGNATURES)


def test_its_arrays_stay_in_the_files(folder: Path) -> None:
    segment, _ = map_segment(folder)
    for array in (segment.looks.codes, segment.looks.photos, segment.colours.by_bin, segment.hashes.hashes):
        assert not array.flags.owndata
        assert not array.flags.writeable


def test_an_empty_catalogue_can_be_written(tmp_path: Path) -> None:
    write_segment(catalogue_of({}).as_segment(), tmp_path / "empty", more={})
    assert len(map_segment(tmp_path / "empty")[0]) == 0


@pytest.mark.parametrize("damage", [b"", b"damaged", None])
def test_a_damaged_file_is_told(folder: Path, damage: bytes | None) -> None:
    file = folder / "segment.looks.words.npy"
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage)
    with pytest.raises(SignatureUnreadable):
        map_segment(folder)


def test_what_is_there_already_is_not_written_over(folder: Path) -> None:
    with pytest.raises(OSError, match="segment"):
        write_segment(catalogue_of(SIGNATURES).as_segment(), folder, more={})
    assert [path.name for path in folder.parent.iterdir()] == ["segment"]


def test_the_first_failure_is_told_even_where_nothing_can_be_tidied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: Path, *_: object, **__: object) -> None:
        shutil.rmtree(file.parent)
        raise OSError("no space left")

    monkeypatch.setattr(np, "save", fail)
    with pytest.raises(OSError, match="no space left"):
        write_segment(catalogue_of(SIGNATURES).as_segment(), tmp_path / "segment", more={})

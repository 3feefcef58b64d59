import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.sharing import archive
from gallery.sharing.archive import PackageFile

NAMES = st.text("abc/é", min_size=1, max_size=12).filter(lambda name: not name.startswith("/"))


@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=6))
def test_what_goes_in_comes_out(files: dict[str, bytes]) -> None:
    data = b"".join(archive.streamed(PackageFile(f"{name}.jpg", content) for name, content in files.items()))
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert {name[:-4]: package.read(name) for name in package.namelist()} == files


def test_entries_need_no_size_behind_them() -> None:
    data = b"".join(archive.streamed([PackageFile("a.jpg", b"1234"), PackageFile("b.txt", b"5678")]))
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert [info.flag_bits & 0x08 for info in package.infolist()] == [0, 0]


def test_a_piece_is_given_for_every_entry() -> None:
    pieces = list(archive.streamed([PackageFile("a.jpg", b"1" * 100), PackageFile("b.jpg", b"2" * 100)]))
    assert b"1" * 100 in pieces[0]
    assert b"2" * 100 not in pieces[0]


def test_a_file_is_stored_piece_by_piece_among_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "PIECE", 1000)
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(range(250)) * 40)
    pieces = list(
        archive.streamed([PackageFile("a.txt", b"1234"), PackageFile("film.mp4", film), PackageFile("b.jpg", b"5678")])
    )
    assert max(map(len, pieces)) < 1300
    with zipfile.ZipFile(BytesIO(b"".join(pieces))) as package:
        assert package.testzip() is None
        assert package.read("film.mp4") == film.read_bytes()
        assert package.read("b.jpg") == b"5678"
        assert [info.flag_bits & 0x08 for info in package.infolist()] == [0, 0, 0]


def test_the_header_before_a_file_is_what_the_directory_says(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"x" * 5000)
    data = b"".join(archive.streamed([PackageFile("film.mp4", film)]))
    name_ends = 30 + len("film.mp4")
    crc, packed, size = struct.unpack("<III", data[14:26])
    assert (crc, packed, size) == (zlib.crc32(b"x" * 5000), 5000, 5000)
    assert data[name_ends : name_ends + 5000] == b"x" * 5000

import zipfile
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from gallery.sharing import archive

NAMES = st.text("abc/é", min_size=1, max_size=12).filter(lambda name: not name.startswith("/"))


@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=6))
def test_what_goes_in_comes_out(files: dict[str, bytes]) -> None:
    data = b"".join(archive.streamed((f"{name}.jpg", content) for name, content in files.items()))
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert {name[:-4]: package.read(name) for name in package.namelist()} == files


def test_entries_need_no_size_behind_them() -> None:
    data = b"".join(archive.streamed([("a.jpg", b"1234"), ("b.txt", b"5678")]))
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert [info.flag_bits & 0x08 for info in package.infolist()] == [0, 0]


def test_a_piece_is_given_for_every_entry() -> None:
    pieces = list(archive.streamed([("a.jpg", b"1" * 100), ("b.jpg", b"2" * 100)]))
    assert b"1" * 100 in pieces[0]
    assert b"2" * 100 not in pieces[0]

"""Parts of one archive in one file: the same parts come out, and any other file is itself."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.services.facebook.album_archive import AlbumArchive
from gallery.services.facebook.archive_parts import MARK, joined, parted
from tests.archives import Shot, archive, zipped


@given(st.lists(st.binary(max_size=200), min_size=2, max_size=5), st.integers(1, 50))
def test_parts_come_out_as_they_went_in(parts: list[bytes], piece: int) -> None:
    whole = joined([BytesIO(part) for part in parts])
    whole.seek(0)
    kept = b"".join(iter(lambda: whole.read(piece), b""))
    assert [part.read() for part in parted(BytesIO(kept))] == parts


@given(st.binary(max_size=300))
def test_another_file_is_itself(data: bytes) -> None:
    assert [part.read() for part in parted(BytesIO(data))] == [data]


@pytest.mark.parametrize("sizes", [b"", b"[99]", b"[-1]", b"{}", b"[true]", b"[[1]]", b"[" + b"1," * 60 + b"1]", b"no"])
def test_a_list_of_sizes_that_cannot_be_is_no_list(sizes: bytes) -> None:
    data = b"PK" + sizes + len(sizes).to_bytes(8) + MARK
    assert [part.read() for part in parted(BytesIO(data))] == [data]


def test_a_photo_of_the_second_part_is_found() -> None:
    first = archive({"Vitré": [Shot("1.jpg", None)]}, layout="2020")
    second = zipped({"posts/media/Objets_1/1.jpg": b"photo"})
    whole = joined([BytesIO(first), BytesIO(second)])
    whole.seek(0)
    opened = AlbumArchive(parted(BytesIO(whole.read())))
    path = opened.find("posts/media/Objets_1/1.jpg", album="posts/album/0.json")
    assert path is not None
    assert opened.read_photo(path, limit_bytes=99) == b"photo"

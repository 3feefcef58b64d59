"""Archives made to do harm, or only damaged: each is refused for its reason, and none is unpacked."""

import random
import stat
import struct
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.errors import ArchiveRefused, PhotoNotInArchive, PhotoTooLarge, PhotoUnreadable
from gallery.services.facebook import album_archive
from gallery.services.facebook.album_archive import AlbumArchive, ArchiveFault
from tests.archives import Shot, archive, zipped

ALBUM = "posts/album/0.json"
PHOTO = "posts/media/a.jpg"


def opened(*parts: bytes) -> AlbumArchive:
    return AlbumArchive([BytesIO(part) for part in parts])


def fault_of(*parts: bytes) -> str:
    with pytest.raises(ArchiveRefused) as refused:
        list(opened(*parts).albums())
    return refused.value.fault


def with_member(name: str, *, attributes: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO(zipped({ALBUM: "{}"}))
    with zipfile.ZipFile(file, "a", method) as package:
        member = zipfile.ZipInfo(name)
        member.external_attr, member.compress_type = attributes << 16, method
        package.writestr(member, b"content")
    return file.getvalue()


def locked() -> bytes:
    """Says that its member is encrypted, as a ZIP with a password does."""
    package = bytearray(zipped({ALBUM: "{}"}))
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        package[package.index(mark) + place] |= 1
    return bytes(package)


def declaring(package: bytes, size: int) -> bytes:
    """The archive with a first member that claims to have this many bytes once unpacked."""
    changed = bytearray(package)
    for mark, place in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        start = changed.index(mark) + place
        changed[start : start + 4] = struct.pack("<L", size)
    return bytes(changed)


def test_it_works() -> None:
    made = opened(archive({"Objets": [Shot("a.jpg", b"photo")]}))
    ((source, _),) = made.albums()
    path = made.find("this_profile's_activity_across_facebook/posts/media/Objets_1/a.jpg", album=source)
    assert made.read_photo(path, limit_bytes=10) == b"photo"


@pytest.mark.parametrize(
    ("package", "fault"),
    [
        (b"", ArchiveFault.NOT_A_ZIP),
        (b"\x89PNG no archive", ArchiveFault.NOT_A_ZIP),
        (zipped({ALBUM: "{}"})[:-30], ArchiveFault.DAMAGED),
        (b"PK", ArchiveFault.DAMAGED),
        (locked(), ArchiveFault.LOCKED),
        (with_member("../../etc/cron.d/x"), ArchiveFault.STRANGE_NAME),
        (with_member("/etc/passwd"), ArchiveFault.STRANGE_NAME),
        (with_member("..\\windows"), ArchiveFault.STRANGE_NAME),
        (with_member("C:\\windows\\a.jpg"), ArchiveFault.STRANGE_NAME),
        (with_member("posts/link.jpg", attributes=stat.S_IFLNK | 0o777), ArchiveFault.LINK),
        (with_member("posts/x.jpg", method=zipfile.ZIP_LZMA), ArchiveFault.DAMAGED),
        (zipped({"posts/album/0.html": "<html>", "index.html": "<html>"}), ArchiveFault.PAGES),
        (zipped({"messages/inbox/message_1.json": "{}"}), ArchiveFault.NO_ALBUM),
        (zipped({}), ArchiveFault.NO_ALBUM),
        (declaring(zipped({ALBUM: "{}"}), 2**31), ArchiveFault.INFLATED),
        (zipped({ALBUM: b"0" * (17 * 1024 * 1024)}), ArchiveFault.INFLATED),
        (declaring(zipped({ALBUM: "{}" * 100}), 20), ArchiveFault.DAMAGED),
    ],
    ids=[
        "empty", "no zip", "cut", "two letters", "password", "parent folder", "root", "backslash",
        "drive", "link", "method",
        "pages", "no album", "nothing", "declared bomb", "bomb in an album", "declared too short",
    ],
)  # fmt: skip
def test_a_hostile_archive_is_refused_for_its_reason(package: bytes, fault: ArchiveFault) -> None:
    assert fault_of(package) == fault


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused() -> None:
    assert fault_of(with_member(ALBUM)) == ArchiveFault.SAME_NAME


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album_archive, "MAX_FILES", 2)
    assert fault_of(zipped({ALBUM: "{}", "a": "", "b": ""})) == ArchiveFault.TOO_MANY_FILES


def test_a_list_of_files_out_of_proportion_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album_archive, "MAX_AT_ONCE", 1000)
    assert fault_of(zipped({f"{number:040}": "" for number in range(100)})) == ArchiveFault.TOO_MANY_FILES


def test_many_albums_are_not_larger_together_than_one_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album_archive, "MAX_ALBUMS_BYTES", 100)
    assert len(list(opened(zipped({ALBUM: " " * 60 + "{}"})).albums())) == 1
    assert fault_of(zipped({ALBUM: " " * 60 + "{}", ALBUM.replace("0", "1"): " " * 60 + "{}"})) == ArchiveFault.INFLATED


def test_thousands_of_files_are_taken() -> None:
    made = opened(zipped({ALBUM: "{}"} | {f"posts/media/{number}.jpg": "" for number in range(20_000)}))
    assert made.find("posts/media/19999.jpg", album=ALBUM)


def test_a_photo_over_the_limit_is_refused_before_it_is_read() -> None:
    made = opened(zipped({ALBUM: "{}", PHOTO: b"0" * 1000}))
    with pytest.raises(PhotoTooLarge):
        made.read_photo(PurePosixPath(PHOTO), limit_bytes=999)


def test_a_damaged_photo_is_unreadable() -> None:
    package = bytearray(zipped({PHOTO: b"photo" * 100, ALBUM: "{}"}))
    package[45:50] = b"\xff" * 5
    with pytest.raises(PhotoUnreadable):
        opened(bytes(package)).read_photo(PurePosixPath(PHOTO), limit_bytes=1000)


def test_a_photo_that_says_it_is_smaller_than_it_is_is_unreadable() -> None:
    made = opened(declaring(zipped({PHOTO: b"0" * 1000, ALBUM: "{}"}), 10))
    with pytest.raises(PhotoUnreadable):
        made.read_photo(PurePosixPath(PHOTO), limit_bytes=100)


def test_a_photo_that_says_it_is_smaller_than_it_is_takes_little_memory() -> None:
    made = opened(declaring(zipped({PHOTO: bytes(30 * 1024 * 1024), ALBUM: "{}"}), 10))
    tracemalloc.start()
    with pytest.raises(PhotoUnreadable):
        made.read_photo(PurePosixPath(PHOTO), limit_bytes=100)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * 1024 * 1024


def test_a_photo_that_is_longer_than_a_list_of_files_may_be_is_read() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as package:
        package.writestr(ALBUM, "{}")
        package.writestr(PHOTO, bytes(album_archive.MAX_AT_ONCE + 1))
    made = opened(file.getvalue())
    photo = made.read_photo(PurePosixPath(PHOTO), limit_bytes=25 * 1024 * 1024)
    assert len(photo) == album_archive.MAX_AT_ONCE + 1


def test_a_photo_that_is_not_there_is_not_in_the_archive() -> None:
    with pytest.raises(PhotoNotInArchive):
        opened(zipped({ALBUM: "{}"})).read_photo(PurePosixPath("../../etc/passwd"), limit_bytes=10)


def test_a_photo_may_lie_in_another_part() -> None:
    made = opened(zipped({ALBUM: "{}", "index.json": ""}), zipped({PHOTO: b"photo", "index.json": ""}))
    assert made.read_photo(made.find(PHOTO, album=ALBUM), limit_bytes=10) == b"photo"


@given(st.binary(max_size=400))
def test_no_bytes_do_more_than_be_refused(noise: bytes) -> None:
    fault_of(b"PK\3\4" + noise)


@given(st.integers(0, 500), st.binary(min_size=1, max_size=8))
def test_no_damage_does_more_than_be_refused(place: int, noise: bytes) -> None:
    package = bytearray(archive({"Objets": [Shot("a.jpg", b"photo" * 20)]}))
    package[place : place + len(noise)] = noise
    try:
        made = opened(bytes(package))
        for source, _ in made.albums():
            if path := made.find("posts/media/a.jpg", album=source):
                made.read_photo(path, limit_bytes=1000)
    except (ArchiveRefused, PhotoUnreadable, PhotoTooLarge):
        pass


def test_how_much_an_archive_may_inflate_grows_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album_archive, "SMALL", 10_000)
    noise = random.Random(1).randbytes(20_000)
    assert fault_of(zipped({"bruit": noise, "vide": bytes(1_000_000)})) == ArchiveFault.NO_ALBUM
    assert fault_of(zipped({"bruit": noise, "vide": bytes(3_000_000)})) == ArchiveFault.INFLATED


def test_a_small_archive_may_inflate_up_to_a_fixed_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album_archive, "SMALL", 3_000_000)
    assert fault_of(zipped({"vide": bytes(3_000_000)})) == ArchiveFault.NO_ALBUM
    assert fault_of(zipped({"vide": bytes(3_000_001)})) == ArchiveFault.INFLATED

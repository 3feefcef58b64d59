import errno
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from gallery.errors import FileAbsent, StoreUnreachable
from gallery.storage import PhotoStore, original_key, rendition_key, sha256_of
from gallery.storage import files as store_files
from gallery.storage.keys import trash_key

KEY = original_key(sha256_of(b"a photo"))


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> PhotoStore:
    return PhotoStore(str(tmp_path / "photos") if request.param == "folder" else "memory:")


def test_what_was_put_is_got(store: PhotoStore) -> None:
    store.put(KEY, b"a photo")
    assert store.get(KEY) == b"a photo"


def test_putting_twice_is_harmless(store: PhotoStore) -> None:
    store.put(KEY, b"a photo")
    store.put(KEY, b"a photo")
    assert list(store.keys_older_than(datetime.now(UTC) + timedelta(hours=1))) == [KEY]


def test_an_absent_key_is_named(store: PhotoStore) -> None:
    assert not store.holds(KEY)
    with pytest.raises(FileAbsent) as refusal:
        store.get(KEY)
    assert refusal.value.key == KEY


def test_deleting_what_is_gone_is_no_error(store: PhotoStore) -> None:
    store.put(KEY, b"a photo")
    store.delete([KEY, KEY])
    assert not store.holds(KEY)


def test_a_key_that_can_not_be_removed_is_told_once_the_others_are(tmp_path: Path) -> None:
    store = PhotoStore(str(tmp_path))
    store.put("folder/inside", b"x")
    store.put(KEY, b"a photo")
    with pytest.raises(StoreUnreachable, match="folder"):
        store.delete(["folder", KEY])
    assert not store.holds(KEY)


def test_a_young_file_is_not_listed_as_old(store: PhotoStore) -> None:
    store.put(KEY, b"a photo")
    assert not list(store.keys_older_than(datetime.now(UTC) - timedelta(hours=1)))


def test_a_key_can_not_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="illegal"):
        PhotoStore(str(tmp_path / "photos")).put("../outside", b"x")


def test_a_folder_is_its_owners_only(tmp_path: Path) -> None:
    PhotoStore(str(tmp_path / "photos"))
    assert stat.S_IMODE((tmp_path / "photos").stat().st_mode) == 0o700


def test_keys_are_made_of_digests() -> None:
    assert original_key("ab12") == "originals/ab/ab12"
    assert rendition_key("cd34", "320.webp") == "renditions/cd/cd34/320.webp"


def test_a_file_is_kept_and_read_here_and_there(store: PhotoStore, tmp_path: Path) -> None:
    with (tmp_path / "archive").open("w+b") as file:
        file.write(b"0" * 3_000_000 + b"the end")
        store.put_file("archives/one", file)
    with store.open("archives/one") as kept:
        kept.seek(-7, 2)
        assert kept.read() == b"the end"
        kept.seek(0)
        assert kept.read(4) == b"0000"


def test_a_file_that_is_not_there_can_not_be_opened(store: PhotoStore) -> None:
    with pytest.raises(FileAbsent):
        store.open("archives/none")


def test_a_file_that_goes_while_it_is_read_is_absent(store: PhotoStore) -> None:
    store.put(KEY, b"a photo")
    with store.open(KEY) as kept:
        store.delete([KEY])
        with pytest.raises(FileAbsent):
            kept.read()


@pytest.fixture
def failing_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on nothing reaches the disk any more: no disk can be made to fail so."""

    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    return lambda: monkeypatch.setattr(store_files.os, "fsync", fail)


def test_what_does_not_reach_the_disk_was_not_put(tmp_path: Path, failing_disk: Callable[[], None]) -> None:
    store = PhotoStore(str(tmp_path))
    failing_disk()
    with pytest.raises(StoreUnreachable):
        store.put(KEY, b"a photo")
    assert not store.holds(KEY)


def test_what_is_there_already_outlives_a_failure_to_put_it_again(
    tmp_path: Path, failing_disk: Callable[[], None]
) -> None:
    store = PhotoStore(str(tmp_path))
    store.put(KEY, b"a photo")
    failing_disk()
    with pytest.raises(StoreUnreachable):
        store.put(KEY, b"a photo")
    assert store.get(KEY) == b"a photo"


def test_what_is_moved_outlives_a_failure_of_the_disk(tmp_path: Path, failing_disk: Callable[[], None]) -> None:
    store, day = PhotoStore(str(tmp_path)), date(2026, 12, 1)
    thrown, back = original_key("ab12"), original_key("cd34")
    for key in (thrown, back):
        store.put(key, key.encode())
    later = datetime.now(UTC) + timedelta(hours=1)
    assert store.throw_away([back], later, day=day) == []
    failing_disk()
    (failure,) = store.throw_away([thrown], later, day=day)
    with pytest.raises(StoreUnreachable):
        store.take_back(trash_key(back, day))
    assert isinstance(failure, StoreUnreachable)
    for key in (thrown, back):
        (held,) = [each for each in (key, trash_key(key, day)) if store.holds(each)]
        assert store.get(held) == key.encode()


def test_a_file_and_every_folder_that_is_new_reach_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    really = store_files.os.fsync

    def note(descriptor: int) -> None:
        flushed.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        really(descriptor)

    monkeypatch.setattr(store_files.os, "fsync", note)
    root = tmp_path / "photos"
    store = PhotoStore(str(root))
    store.put("renditions/ab/abc/320.webp", b"small")
    assert flushed == ["320.webp", "abc", "ab", "renditions", "photos"]
    for key, expected in (("ab/abc/640.webp", ["640.webp", "abc"]), ("ab/abd/320.webp", ["320.webp", "abd", "ab"])):
        flushed.clear()
        store.put(f"renditions/{key}", b"next")
        assert flushed == expected

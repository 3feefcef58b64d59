import errno
import os
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

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
    assert [file.key for file in store.files()] == [KEY]


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


def test_a_large_file_that_is_put_again_while_it_is_copied_is_one_of_the_two(store: PhotoStore) -> None:
    before, after = (bytes([number]) * 20_000_000 for number in (1, 2))
    store.put(KEY, before)

    class Copied(BytesIO):
        def write(self, piece: Any) -> int:
            if not self.tell():
                store.put(KEY, after)
            return super().write(piece)

    copied = Copied()
    store.copy_into(KEY, copied)
    assert copied.getvalue() in (before, after)


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


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what was flushed to the disk, in order."""
    names: list[str] = []
    really = store_files.os.fsync

    def note(descriptor: int) -> None:
        names.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        really(descriptor)

    monkeypatch.setattr(store_files.os, "fsync", note)
    return names


def test_a_file_and_every_folder_that_is_new_reach_the_disk(tmp_path: Path, flushed: list[str]) -> None:
    root = tmp_path / "photos"
    store = PhotoStore(str(root))
    store.put("renditions/ab/abc/320.webp", b"small")
    assert flushed == ["320.webp", "abc", "ab", "renditions", "photos"]
    for key, expected in (
        ("renditions/ab/abc/640.webp", ["640.webp", "abc", "ab"]),
        ("originals/ab/abc", ["abc", "ab", "originals", "photos"]),
        ("originals/ab/abd", ["abd", "ab"]),
    ):
        flushed.clear()
        store.put(key, b"next")
        assert flushed == expected


def test_the_way_to_a_folder_that_was_removed_meanwhile_reaches_the_disk_again(
    tmp_path: Path, flushed: list[str]
) -> None:
    store, key = PhotoStore(str(tmp_path)), "renditions/ab/abc/320.webp"
    store.put(key, b"small")
    store.delete([key])
    # As another process sweeps.
    (tmp_path / key).parent.rmdir()
    flushed.clear()
    store.put(key, b"small")
    assert flushed[:3] == ["320.webp", "abc", "ab"]


OLD = timedelta(days=2)


def age(*paths: Path) -> None:
    for path in paths:
        os.utime(path, times=((datetime.now(UTC) - OLD).timestamp(),) * 2)


def test_old_remains_of_a_folder_go_and_nothing_else(tmp_path: Path) -> None:
    store, moment = PhotoStore(str(tmp_path)), datetime.now(UTC) - OLD / 2
    kept = rendition_key("abaa", "320.webp")
    store.put(kept, b"small")
    gone, young = tmp_path / "renditions/ab/abcd", tmp_path / "renditions/ab/abef"
    mounted, day = tmp_path / "lost+found", tmp_path / "trash/2026-11-29"
    for folder in (gone, young, mounted, day):
        folder.mkdir(parents=True)
    begun, beginning = tmp_path / f"{kept}#1", tmp_path / f"{kept}#2"
    for path in (begun, beginning):
        path.write_bytes(b"sm")
    age(gone, mounted, day, begun)
    age(tmp_path / kept, (tmp_path / kept).parent, tmp_path / "renditions")
    store.remove_remains(moment)
    assert [path for path in (gone, young, mounted, day, begun, beginning) if path.exists()] == [
        young,
        mounted,
        beginning,
    ]
    assert store.get(kept) == b"small"


def test_remains_that_go_meanwhile_are_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PhotoStore(str(tmp_path))
    begun = [tmp_path / f"renditions/ab/abcd/320.webp#{number}" for number in range(2)]
    begun[0].parent.mkdir(parents=True)
    for path in begun:
        path.touch()
    age(*begun)
    really = Path.stat

    def vanish(path: Path, **how: bool) -> os.stat_result:
        # Whoever writes it ends at this moment.
        begun[0].unlink(missing_ok=True)
        return really(path, **how)

    monkeypatch.setattr(Path, "stat", vanish)
    store.remove_remains(datetime.now(UTC) - OLD / 2)
    monkeypatch.undo()
    assert not any(path.exists() for path in begun)


def test_one_remain_that_stays_keeps_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PhotoStore(str(tmp_path))
    begun = [tmp_path / f"renditions/ab/{name}/320.webp#1" for name in ("abcd", "abef")]
    for path in begun:
        path.parent.mkdir(parents=True)
        path.touch()
    age(*begun)
    really = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        # No folder refuses the superuser, whom tests may run as.
        if path == begun[0]:
            raise PermissionError(errno.EACCES, "Permission denied")
        really(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(StoreUnreachable):
        store.remove_remains(datetime.now(UTC) - OLD / 2)
    assert [path.exists() for path in begun] == [True, False]

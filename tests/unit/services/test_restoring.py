"""A backup comes back as it went, or is refused; and a move copies what lacks, and compares all."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from gallery.errors import BackupDamaged, BackupTooNew, CopyDiffers, TargetNotEmpty
from gallery.services.backups import moving, restoring, rows
from gallery.services.backups.making import BackedUp
from gallery.services.backups.restoring import Restore
from gallery.services.backups.rows import RowTally
from gallery.services.backups.vault import KeptBackup, Vault, file_key
from gallery.storage import PhotoStore
from gallery.storage.keys import trash_key
from tests.unit.services.test_backups import KEYS, LOCKER, NOW, OPENER, THINGS, Told, made_of
from tests.unit.services.test_backups import kept as kept
from tests.unit.services.test_backups import source as source

LINES = ['[1,"é",null,null]', '[2,"é",null,null]']


@pytest.fixture
def target(tmp_path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{tmp_path / 'target.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT, seen TEXT, photo BLOB)"))
    return engine


@pytest.fixture
def stores(tmp_path: Path) -> tuple[PhotoStore, PhotoStore]:
    return PhotoStore(str(tmp_path / "new private")), PhotoStore(str(tmp_path / "new public"))


def restore(snapshot: KeptBackup | None, kept: Vault, told: Told | None = None) -> Restore:
    assert snapshot is not None
    return Restore(snapshot, kept, OPENER, told if told is not None else Told())


def test_files_come_back_to_where_they_lay_and_only_those_that_lack(
    source: BackedUp, kept: Vault, stores: tuple[PhotoStore, PhotoStore]
) -> None:
    made, told = made_of(source, kept)[0], Told()
    restored = restore(made.snapshot, kept, told)
    contents = restored.contents
    assert (contents.files, contents.revision, contents.database) == (3, "0039", "ours")
    assert (contents.shapes, contents.gone, contents.sealed_to) == ([THINGS], frozenset(), source.sealer.recipient)
    private, public = stores
    # The rendition lies in both stores.
    assert (restored.files(private, public), told) == (4, [("files", 1)] * 3)
    assert private.get(KEYS["private"]) == b"original"
    assert private.get(KEYS["both"]) == public.get(KEYS["both"]) == b"rendition"
    assert public.get(KEYS["changing"]) == b"first key"
    assert [each.identity() for each in stores] == ["ours", "ours"]
    public.put(KEYS["both"], b"damaged")
    private.delete([KEYS["private"]])
    assert (restored.files(private, public), public.get(KEYS["both"])) == (2, b"rendition")
    assert restored.keys() == {"sealing_identity": "x"}


def test_damaged_files_are_named_and_keep_no_other_away(
    source: BackedUp, kept: Vault, stores: tuple[PhotoStore, PhotoStore]
) -> None:
    snapshot = made_of(source, kept)[0].snapshot
    assert snapshot is not None
    private, both, changing = [name for name, _ in kept.names(snapshot)]
    for name, content in ((private, b"damaged"), (both, None)):
        kept.store.delete([file_key(name)])
        if content:
            kept.store.put(file_key(name), content)
    # As backups did until 1 December 2026: the same content, encrypted again.
    encrypted = BytesIO()
    LOCKER.lock_file(BytesIO(b"first key"), KEYS["changing"], encrypted)
    kept.store.put(file_key(changing), encrypted.getvalue())
    restored = restore(snapshot, kept)
    assert restored.files(*stores) == 1
    assert restored.damaged == [KEYS["private"], KEYS["both"]]
    assert stores[1].get(KEYS["changing"]) == b"first key"


def test_what_is_of_another_or_too_new_or_short_is_refused(
    source: BackedUp, kept: Vault, stores: tuple[PhotoStore, PhotoStore]
) -> None:
    made, _ = made_of(source, kept)
    restored = restore(made.snapshot, kept)
    private, public = stores
    public.adopt("theirs")
    with pytest.raises(TargetNotEmpty, match="the public store"):
        restored.check_stores(private, public)
    public.adopt("ours")
    private.put("a/b", b"x")
    with pytest.raises(TargetNotEmpty, match="the private store"):
        restored.files(private, public)
    private.delete(["a/b"])
    snapshot = made.snapshot
    assert snapshot is not None
    short = replace(snapshot, parts={name: digest for name, digest in snapshot.parts.items() if "files/" not in name})
    pytest.raises(BackupDamaged, restore(short, kept).files, private, public)
    without_keys = replace(snapshot, parts={name: digest for name, digest in short.parts.items() if "keys" not in name})
    assert restore(without_keys, kept).keys() == {}
    newer = made_of(replace(source, revision="9999"), kept)[0].snapshot
    with pytest.raises(BackupTooNew) as refused:
        restore(newer, kept)
    assert "9999" in str(vars(refused.value))


def test_rows_come_back_in_place_of_what_was_there(source: BackedUp, kept: Vault, target: Engine) -> None:
    made, told = made_of(source, kept)[0], Told()
    restored = restore(made.snapshot, kept, told)
    with target.begin() as connection:
        connection.execute(text("INSERT INTO things VALUES (9, 'x', NULL, NULL)"))
        assert (restored.rows(connection), told) == (2, [("rows", 2)])
        assert list(rows.read(connection, THINGS)) == [LINES]
        contents = restored.contents
        for counted in ((3, contents.counted[0][1]), (2, "0" * 64)):
            restored.contents = replace(contents, counted=[counted])
            pytest.raises(CopyDiffers, restored.rows, connection)


def test_a_database_with_rows_is_not_empty(target: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    absent, first = (replace(THINGS, name=name) for name in ("absent", "categories"))
    monkeypatch.setattr(rows, "shapes", lambda: [absent, first, THINGS])
    with target.begin() as connection:
        connection.execute(text("CREATE TABLE categories (id INTEGER, name TEXT, seen TEXT, photo BLOB)"))
        connection.execute(text("INSERT INTO categories VALUES (1, 'x', NULL, NULL)"))
        restoring.check_empty(connection)
        connection.execute(text("INSERT INTO things VALUES (9, 'x', NULL, NULL)"))
        with pytest.raises(TargetNotEmpty, match=r"things \(1 rows\)"):
            restoring.check_empty(connection)


def test_a_move_writes_what_lacks_and_compares_all(target: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "shapes", lambda: [THINGS])
    counted = RowTally()
    counted.add(LINES)
    with target.begin() as connection:
        assert not moving.is_begun(connection, "ours")
        connection.execute(text("INSERT INTO things VALUES (9, 'x', NULL, NULL)"))
        pytest.raises(TargetNotEmpty, moving.is_begun, connection, "ours")
        moving.begin(connection, "ours")
        assert moving.is_begun(connection, "ours")
        with pytest.raises(TargetNotEmpty, match="half of database ours"):
            moving.is_begun(connection, "theirs")
        assert [moving.copy(LINES[:1], THINGS, connection), moving.copy(LINES, THINGS, connection)] == [1, 1]
        assert moving.copy(LINES, THINGS, connection) == 0
        with pytest.raises(CopyDiffers, match="row"):
            moving.copy(['[1,"other",null,null]'], THINGS, connection)
        short = RowTally()
        short.add(LINES[:1])
        pytest.raises(CopyDiffers, moving.end, connection, [(THINGS, short)])
        moving.end(connection, [(THINGS, counted)])
        pytest.raises(TargetNotEmpty, moving.is_begun, connection, "ours")


def test_a_store_is_moved_with_its_trash(stores: tuple[PhotoStore, PhotoStore], tmp_path: Path) -> None:
    old, new = stores
    told, thrown = Told(), trash_key(KEYS["lost"], NOW.date())
    for key in (KEYS["private"], KEYS["both"], thrown):
        old.put(key, key.encode())
    assert moving.move_files(old, new, "ours", told) == (3, 3)
    assert told == [("files", 1)] * 3
    assert (new.get(thrown), new.identity()) == (thrown.encode(), "ours")
    new.put(KEYS["both"], b"cut off")
    assert moving.move_files(old, new, "ours", told) == (3, 1)
    assert new.get(KEYS["both"]) == KEYS["both"].encode()
    pytest.raises(TargetNotEmpty, moving.move_files, old, new, "theirs", told)
    foreign = PhotoStore(str(tmp_path / "foreign"))
    foreign.put("a/b", b"x")
    pytest.raises(TargetNotEmpty, moving.move_files, old, foreign, "ours", told)

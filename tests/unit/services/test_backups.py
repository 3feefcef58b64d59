"""A backup in all its parts, of a small database and two stores; vaults, rows as lines, and what is still needed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import create_engine, text

from gallery.database import Base
from gallery.errors import BackupAbsent, BackupDamaged, BackupOfAnother
from gallery.sealing import Sealer
from gallery.services.backups import keeping, ledger, making, rows, vault
from gallery.services.backups.encryption import Locker, Opener
from gallery.services.backups.making import BackedUp, Backup
from gallery.services.backups.named_files import NamedFile
from gallery.services.backups.rows import RowTally, TableShape
from gallery.services.backups.vault import KeptBackup, Vault
from gallery.storage import PhotoStore

NOW = datetime(2026, 11, 30, 1, 2, 3, tzinfo=UTC)
MINUTE, SECOND, DAY = timedelta(minutes=1), timedelta(seconds=1), timedelta(days=1)
THINGS = TableShape("things", ("id",), (("id", "plain"), ("name", "plain"), ("seen", "instant"), ("photo", "bytes")))
IDENTITY = pyrage.x25519.Identity.generate()
LOCKER, OPENER = Locker([str(IDENTITY.to_public())]), Opener(str(IDENTITY))
KEYS = {"private": "ab/abcd/original", "both": "ab/abcd/320.webp", "changing": "key.json", "lost": "cd/cdef/original"}
NAMED = [
    NamedFile(KEYS["private"], in_private=True),
    NamedFile(KEYS["both"], in_private=True, in_public=True),
    NamedFile(KEYS["lost"], in_private=True),
    NamedFile(KEYS["changing"], in_private=False, in_public=True, changes=True),
    NamedFile("absent.json", in_private=False, in_public=True, changes=True),
]


@pytest.fixture
def kept(tmp_path: Path) -> Vault:
    return Vault(PhotoStore(str(tmp_path / "vault")))


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BackedUp:
    engine = create_engine(f"sqlite:///{tmp_path / 'small.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(text("CREATE TABLE things (id INTEGER, name TEXT, seen TEXT, photo BLOB)"))
        for number in (2, 1):
            connection.execute(text("INSERT INTO things VALUES (:id, 'é', NULL, NULL)"), {"id": number})
    monkeypatch.setattr(rows, "shapes", lambda: [THINGS])
    monkeypatch.setattr(making, "named_files", lambda _connection: iter(NAMED))
    private, public = PhotoStore(str(tmp_path / "private")), PhotoStore(str(tmp_path / "public"))
    private.put(KEYS["private"], b"original")
    private.put(KEYS["both"], b"rendition")
    public.put(KEYS["changing"], b"first key")
    return BackedUp(engine, private, public, Sealer(str(IDENTITY), "01" * 32), "ours", "0039")


class Told(list[tuple[str, int]]):
    """What a backup tells on its way."""

    def __call__(self, step: str, done: int) -> None:
        self.append((step, done))


def made_of(source: BackedUp, kept: Vault, *, now: datetime = NOW) -> tuple[making.Made, Told]:
    told = Told()
    return Backup(source, kept, LOCKER, lambda: now, told).run(keys={"sealing_identity": "x"}), told


def test_only_what_opens_for_half_an_hour_and_what_processes_follow_is_left_out() -> None:
    kept = {shape.name for shape in rows.shapes()}
    assert {each.name for each in Base.metadata.sorted_tables} - kept == {"opened_declarations", "catalogue_changes"}


def test_a_backup_has_rows_files_and_what_they_are(source: BackedUp, kept: Vault) -> None:
    made, told = made_of(source, kept)
    assert (made.written, made.kept, made.missing, made.gone) == (3, 0, [KEYS["lost"]], [])
    assert told == [("rows", 2), *[("files", 1)] * 5]
    snapshot = made.snapshot
    assert snapshot is not None
    assert (snapshot.id[:17], snapshot.made_at, snapshot.database) == ("20261130T010203Z-", NOW, "ours")
    assert (snapshot.rows, snapshot.files) == (2, 3)
    assert list(snapshot.parts) == [
        "tables/things/000001.age", "names/000001", "files/000001.age", "keys.age", "contents.age",
    ]  # fmt: skip
    assert kept.snapshot(None) == snapshot
    opened = {name: list(OPENER.open(kept.part(snapshot, name))) for name in snapshot.parts if name.endswith(".age")}
    assert opened["tables/things/000001.age"] == ['[1,"é",null,null]', '[2,"é",null,null]']
    assert opened["keys.age"] == ['{"sealing_identity": "x"}']
    contents = json.loads(opened["contents.age"][0])
    tally = RowTally()
    tally.add(opened["tables/things/000001.age"])
    assert contents == {
        "tables": [THINGS.as_json() | {"rows": 2, "digest": tally.digest}],
        "files": 3,
        "gone": [],
        "revision": "0039",
        "database": "ours",
        "sealed_to": source.sealer.recipient,
    }
    lines = [json.loads(line) for line in opened["files/000001.age"]]
    assert [(key, places) for _, _, key, places in lines] == [
        (KEYS["private"], ["private"]), (KEYS["both"], ["private", "public"]), (KEYS["changing"], ["public"]),
    ]  # fmt: skip
    assert [(bytes.fromhex(name), bytes.fromhex(digest)) for name, digest, _, _ in lines] == list(kept.names(snapshot))
    assert {len(name) for name, _ in kept.names(snapshot)} == {ledger.NAME_BYTES}
    # Nothing says that somebody writes any more; all that it needs can be read back.
    assert not kept.store.holds(vault.WRITING)
    read = Told()
    assert (keeping.check(kept, snapshot, read).objects, read) == (5 + 3, [("read back", 1)] * 3)


def test_the_next_backup_copies_what_is_new_or_has_other_bytes(source: BackedUp, kept: Vault) -> None:
    made_of(source, kept)
    again, _ = made_of(source, kept, now=NOW + DAY)
    # What changes is looked at each time, and lies there once as long as it is the same.
    assert (again.written, again.kept) == (0, 3)
    files = {file.key for file in kept.store.files(vault.FILES)}
    assert len(files) == 3
    source.public.put(KEYS["changing"], b"second key")
    made_of(source, kept, now=NOW + 2 * DAY)
    assert len({file.key for file in kept.store.files(vault.FILES)}) == 4
    # What each backup has noted of its files is what lies there still.
    assert [keeping.check(kept, each, Told()).damaged for each in kept.snapshots()] == [[]] * 3
    # A name without its file is copied again.
    assert again.snapshot is not None
    names = {name for name, _ in kept.names(again.snapshot)}
    kept.store.delete([vault.file_key(name) for name in names])
    assert made_of(source, kept, now=NOW + 3 * DAY)[0].written == 2


def test_each_file_is_known_once_it_is_named_twice(
    source: BackedUp, kept: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "named_files", lambda _connection: iter([NAMED[0], NAMED[0], NAMED[1]]))
    monkeypatch.setattr(making, "NAMES_IN_PART", 2)
    made, _ = made_of(source, kept)
    assert (made.written, made.kept) == (2, 1)
    assert made.snapshot is not None
    assert [name for name in made.snapshot.parts if name.startswith("names/")] == ["names/000001", "names/000002"]
    assert made.snapshot.files == 3


def test_a_writer_says_each_minute_that_it_is_alive(
    source: BackedUp, kept: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[datetime] = []
    monkeypatch.setattr(kept, "say_alive", said.append)
    moments = iter(NOW + each * 20 * SECOND for each in range(100))
    Backup(source, kept, LOCKER, lambda: next(moments), Told()).run(keys=None)
    assert said
    gaps = [later - earlier for earlier, later in zip([NOW, *said], said, strict=False)]
    # Asked every 20 seconds it says so after more than 60; the clock is read once more for what is said.
    assert set(gaps) == {100 * SECOND}


def test_a_vault_is_of_one_database(kept: Vault, tmp_path: Path) -> None:
    assert kept.owner() is None
    kept.claim("ours")
    kept.claim("ours")
    assert kept.owner() == "ours"
    with pytest.raises(BackupOfAnother) as refused:
        kept.claim("theirs")
    assert (refused.value.theirs, refused.value.ours) == ("ours", "theirs")
    for said in (b"[]", b"{}", b"no JSON"):
        kept.store.put(vault.OWNER, said)
        pytest.raises(BackupDamaged, kept.owner)
    store = Vault(PhotoStore(str(tmp_path / "a store of photos")))
    store.store.adopt("ours")
    pytest.raises(BackupOfAnother, store.claim, "ours")
    foreign = Vault(PhotoStore(str(tmp_path / "foreign")))
    foreign.store.put("a/b", b"x")
    pytest.raises(BackupOfAnother, foreign.claim, "ours")


def whole(id_: str, at: datetime) -> KeptBackup:
    return KeptBackup(id_, at, "ours", 1, 0, {})


def test_backups_go_but_the_newest_and_unfinished_ones_after_two_days(kept: Vault) -> None:
    ids = [vault.new_id(NOW + each * DAY) for each in range(4)]
    for id_, age in zip(ids, range(4), strict=True):
        kept.complete(whole(id_, NOW + age * DAY))
    begun = vault.new_id(NOW)
    record = (b"n" * ledger.NAME_BYTES, b"d" * ledger.DIGEST_BYTES)
    kept.store.put(f"{vault.SNAPSHOTS}/{begun}/names/000001", ledger.packed([record]))
    needed, unneeded = vault.file_key(record[0]), vault.file_key(b"u" * ledger.NAME_BYTES)
    kept.store.put(needed, b"x")
    kept.store.put(unneeded, b"x")
    assert [each.id for each in kept.snapshots()] == ids
    assert list(kept.names_of_begun()) == [record]
    assert (kept.begun(before=NOW), kept.begun(before=NOW + SECOND)) == ([], [begun])
    assert keeping.expire(kept, before=NOW + DAY, now=lambda: NOW + 2 * DAY) == (1, 1)
    assert (kept.store.holds(needed), kept.store.holds(unneeded)) == (True, False)
    assert keeping.expire(kept, before=NOW + 9 * DAY, now=lambda: NOW + 2 * DAY + SECOND) == (2, 1)
    assert [each.id for each in kept.snapshots()] == ids[-1:]
    assert [file.key for file in kept.store.files() if file.key.startswith("files")] == []
    kept.store.put("files/foreign", b"x")
    with pytest.raises(BackupDamaged):
        keeping.expire(kept, before=NOW, now=lambda: NOW)


def test_a_backup_is_found_by_its_name_and_checked(kept: Vault) -> None:
    for name, said in ((None, ""), ("x", "x")):
        with pytest.raises(BackupAbsent) as absent:
            kept.snapshot(name)
        assert absent.value.args == (said,)
    first, second = whole(vault.new_id(NOW), NOW), whole(vault.new_id(NOW + DAY), NOW + DAY)
    digest = hashlib.sha256(b"part").hexdigest()
    first = replace(first, parts={"names/000001": digest, "gone": digest})
    for each in (second, first):
        kept.complete(each)
    kept.store.put(first.key("names/000001"), b"part")
    assert (kept.snapshot(first.id), kept.snapshot(None)) == (first, second)
    pytest.raises(BackupAbsent, kept.snapshot, "20200101T000000Z-00000000")
    assert kept.part(first, "names/000001") == b"part"
    pytest.raises(BackupDamaged, kept.part, first, "gone")
    kept.store.put(first.key("names/000001"), b"other")
    pytest.raises(BackupDamaged, kept.part, first, "names/000001")
    kept.store.put(first.key("complete.json"), b"{}")
    pytest.raises(BackupDamaged, kept.snapshots)
    kept.remove(first.id)
    assert kept.snapshots() == [second]
    assert not [file for file in kept.store.files() if first.id in file.key]


def test_names_of_files_are_told_from_others() -> None:
    name = bytes(range(16))
    assert vault.name_of(vault.file_key(name)) == name
    for key in ("files/00/00.age", vault.file_key(name) + "x", "x" + vault.file_key(name)):
        assert vault.name_of(key) is None


@pytest.mark.parametrize(
    "values",
    [
        [1, "é\u2028", datetime(2026, 11, 30, 1, 2, 3, 4, tzinfo=UTC), b"\0\xff"],
        [None, None, None, None],
        [2, "2026-11-30", None, b""],
    ],
)
def test_a_row_becomes_a_line_and_a_row_again(values: list[object]) -> None:
    assert list(rows.values_of(THINGS, rows.line_of(values)).values()) == values


def test_rows_are_read_and_counted_in_the_order_of_their_key(source: BackedUp) -> None:
    assert TableShape.of_json(json.loads(json.dumps(THINGS.as_json()))) == THINGS
    days = replace(THINGS, columns=(("id", "plain"), ("day", "date")))
    assert rows.values_of(days, '[1,"2026-11-30"]') == {"id": 1, "day": date(2026, 11, 30)}
    assert (THINGS.at_once, days.at_once) == (8, 500)
    with pytest.raises(ValueError, match="zip"):
        rows.values_of(THINGS, "[1]")
    with source.engine.begin() as connection:
        rows.write(connection, THINGS, [f'[{number},"x",null,"AA=="]' for number in range(3, 12)])
        read: Iterator[list[str]] = rows.read(connection, THINGS)
        assert [len(batch) for batch in read] == [8, 3]
        counted = rows.tally(connection, THINGS)
    lines = ['[1,"é",null,null]', '[2,"é",null,null]', *(f'[{number},"x",null,"AA=="]' for number in range(3, 12))]
    again = RowTally()
    again.add(reversed(lines))
    assert (counted, counted.rows) == (again, 11)
    assert int(counted.digest, 16) == sum(int(hashlib.sha256(line.encode()).hexdigest(), 16) for line in lines) % 2**256
    assert len(counted.digest) == 64


def test_whoever_expires_says_again_and_again_that_it_is_at_work(tmp_path: Path) -> None:
    said: list[datetime] = []

    class Watched(vault.Vault):
        def say_alive(self, now: datetime) -> None:
            said.append(now)
            super().say_alive(now)

    kept = Watched(PhotoStore(str(tmp_path)))
    kept.complete(whole(vault.new_id(NOW), NOW))
    for number in range(30):
        kept.store.put(vault.file_key(bytes([number]) * ledger.NAME_BYTES), b"x")
    moments = (NOW + each * timedelta(minutes=2) for each in count())
    assert keeping.expire(kept, before=NOW, now=lambda: next(moments)) == (0, 30)
    silences = [after - before for before, after in pairwise([NOW, *said])]
    assert len(silences) > 20
    assert max(silences) < vault.KILLED_AFTER
    assert not kept.store.holds(vault.WRITING)

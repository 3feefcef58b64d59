"""Facebook's archives, and what backups write: the pieces of both, without a database."""

import errno
import hashlib
import io
import json
from pathlib import PurePosixPath
from typing import IO, Any

import pyrage
import pytest

from gallery.errors import ArchiveRefused, BackupDamaged, BackupLocked
from gallery.services.backups import encryption, ledger, making
from gallery.services.backups.encryption import Locker, Opener
from gallery.services.backups.ledger import Ledger
from gallery.services.backups.named_files import NamedFile, write_down, written_down
from gallery.services.facebook import archive_parts, facebook_albums
from gallery.services.facebook.album_archive import AlbumArchive, _natural
from gallery.services.facebook.facebook_albums import LONGEST_ALBUM, LONGEST_CASE, LONGEST_TEXT, LONGEST_TITLE
from gallery.services.imports.plan import Defaults, Plan
from tests.archives import scrambled, zipped

TOP = "page/posts"


def archive(albums: list[dict[str, Any]], *photos: str) -> AlbumArchive:
    members: dict[str, Any] = {f"{TOP}/album/{number}.json": json.dumps(each) for number, each in enumerate(albums)}
    return AlbumArchive([io.BytesIO(zipped(members | {f"{TOP}/media/{name}": b"jpeg" for name in photos}))])


def photo(name: str, **fields: object) -> dict[str, object]:
    return {"uri": f"posts/media/{name}", **fields}


def planned(*photos: dict[str, object], name: str = "Album", description: str = "", case_number: str = "") -> Plan:
    album = {"name": scrambled(name), "description": scrambled(description), "photos": list(photos)}
    names = [str(each["uri"]).rpartition("/")[2] for each in photos]
    return facebook_albums.read_plan(archive([album], *names), Defaults("Objet", "other", case_number))


@pytest.mark.parametrize(
    ("fields", "title", "rest"),
    [
        ({}, "Objet", ""),
        ({"description": "Bague\nTrouvée"}, "Bague", "Trouvée"),
        ({"title": "Titre", "description": "Mots"}, "Mots", ""),
        ({"title": "Titre"}, "Titre", ""),
        ({"description": "Album", "title": "Titre"}, "Titre", ""),
        ({"description": "De l’album"}, "Objet", ""),
        ({"description": "x" * LONGEST_TITLE}, "x" * LONGEST_TITLE, ""),
        ({"description": "x" * (LONGEST_TITLE + 1)}, "x" * (LONGEST_TITLE - 1) + "…", "x" * (LONGEST_TITLE + 1)),
        ({"description": "a\n" + "x" * (LONGEST_TEXT + 1)}, "a", "x" * (LONGEST_TEXT - 1) + "…"),
        ({"description": 5}, "Objet", ""),
    ],
    ids=lambda value: str(value)[:30],
)
def test_the_caption_of_a_photo_is_its_own(fields: dict[str, object], title: str, rest: str) -> None:
    said = {name: scrambled(text) if isinstance(text, str) else text for name, text in fields.items()}
    (item,) = planned(photo("1.jpg", **said), description="De l’album").items
    assert (item.description.title, item.description.distinguishing_features) == (title, rest)


@pytest.mark.parametrize(
    ("timestamp", "day"),
    [
        (1770000000, "2026-02-02"),
        (1770073200, "2026-02-03"),  # midnight in Paris, an hour earlier in Greenwich
        (1, "1970-01-01"),
        (0, ""),
        (-5, ""),
        (True, ""),
        ("1770000000", ""),
        (1e20, ""),
        (None, ""),
    ],
)
def test_the_day_is_that_of_paris(timestamp: object, day: str) -> None:
    (item,) = planned(photo("1.jpg", creation_timestamp=timestamp)).items
    assert item.origin is not None
    assert (item.origin.album, item.origin.posted_on) == ("Album", day)


def test_a_case_an_album_or_one_for_all() -> None:
    (item,) = planned(photo("1.jpg"), name="Vitré " * 40).items
    assert item.origin is not None
    assert (len(item.origin.album) <= LONGEST_ALBUM, item.origin.album[-1]) == (True, "…")
    assert (item.case_number.startswith("Album Facebook Vitré"), len(item.case_number) <= LONGEST_CASE) == (True, True)
    assert planned(photo("1.jpg"), case_number="PV 1").items[0].case_number == "PV 1"
    assert planned(photo("1.jpg"), name="").items[0].case_number == "Album Facebook sans nom"
    assert planned(photo("1.jpg")).items[0].source == "Album, 1.jpg"


def test_a_text_is_shortened_between_two_words_where_one_is_near() -> None:
    shortened = facebook_albums._shortened
    assert shortened("abcdefghij", 10) == "abcdefghij"
    assert shortened("abcde fghijk", 10) == "abcde…"
    assert shortened("ab cdefghijk", 10) == "ab cdefgh…"
    assert shortened("abcdefghijk", 10) == "abcdefghi…"


def test_videos_and_what_is_not_there_are_no_items() -> None:
    album = {"name": "A", "photos": [photo("1.jpg"), photo("1.jpg"), photo("2.mp4"), photo("3.jpg"), {"uri": ""}, 7]}
    plan = facebook_albums.read_plan(archive([album], "1.jpg", "2.mp4", "4.jpg"), Defaults("Objet", "other", ""))
    assert [each.photos for each in plan.items] == [(PurePosixPath(f"{TOP}/media/1.jpg"),)]
    assert [each.source for each in plan.refusals] == ["A, 3.jpg", "4.jpg"]


@pytest.mark.parametrize("content", ["[]", "1", "{", "[" * 100_000])
def test_an_album_that_is_none_is_refused(content: str) -> None:
    opened = AlbumArchive([io.BytesIO(zipped({f"{TOP}/album/0.json": content}))])
    with pytest.raises(ArchiveRefused):
        facebook_albums.read_plan(opened, Defaults("Objet", "other", ""))


def test_albums_are_read_as_people_count() -> None:
    names = ["a/10.json", "a/9.json", "a/2.json", "b.json"]
    assert sorted(names, key=_natural) == ["a/2.json", "a/9.json", "a/10.json", "b.json"]


# Parts.


def test_parts_are_read_as_one_file_and_told_apart_again() -> None:
    contents = [b"one" * 10, b"", b"three" * 7]
    whole = archive_parts.joined([io.BytesIO(each) for each in contents])
    data = whole.read()
    assert data.startswith(b"".join(contents))
    assert data.endswith(archive_parts.MARK)
    whole.seek(28)
    assert whole.read(5) == data[28:33]
    assert (whole.tell(), whole.seek(-3, io.SEEK_END), whole.seek(1, io.SEEK_CUR)) == (33, len(data) - 3, len(data) - 2)
    assert (whole.read(), whole.read(), whole.seek(-900, io.SEEK_CUR)) == (data[-2:], b"", 0)
    parts = archive_parts.parted(io.BytesIO(data))
    assert [part.read() for part in parts] == contents
    parts[2].seek(5)
    assert parts[2].read(5) == b"three"
    alone: IO[bytes] = io.BytesIO(b"x")
    assert archive_parts.joined([alone]) is alone


@pytest.mark.parametrize(
    "sizes", [b"[9999]", b"{}", b"[1, -1]", b"[true]", b"[1.5]", b"[", json.dumps([0] * 51).encode(), b"[]"]
)
def test_a_file_that_tells_no_parts_is_itself(sizes: bytes) -> None:
    data = b"PK" + sizes + len(sizes).to_bytes(archive_parts.LENGTH_BYTES) + archive_parts.MARK
    (only,) = archive_parts.parted(io.BytesIO(data))
    assert only.read() == data
    assert archive_parts._sizes_in(archive_parts.MARK) == []
    fifty = json.dumps([0] * 50).encode()
    assert len(archive_parts._sizes_in(fifty + len(fifty).to_bytes(8) + archive_parts.MARK)) == 50


# Backups.

IDENTITY = pyrage.x25519.Identity.generate()
LOCKER, OPENER = Locker([str(IDENTITY.to_public())]), Opener(f"# created: today\n{IDENTITY}\n")


def test_lines_and_values_come_out_of_a_backup_as_they_went_in() -> None:
    lines = ["é", "", "a\u2028b", "c\r"]
    assert list(OPENER.open(LOCKER.lock(lines))) == lines
    assert OPENER.open_json(LOCKER.lock(['{"a": 1}'])) == {"a": 1}
    stranger = Opener(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(BackupLocked):
        list(stranger.open(LOCKER.lock(lines)))
    for text in ("", "no key", "AGE-SECRET-KEY-1QQQ"):
        with pytest.raises(BackupLocked):
            Opener(text)


@pytest.mark.parametrize("size", [0, 1, 65_536, 1024 * 1024 + 1])
def test_a_file_comes_out_whole_and_under_its_own_key(size: int) -> None:
    content, kept = bytes(range(256)) * (size // 256) + b"x" * (size % 256), io.BytesIO()
    digest = LOCKER.lock_file(io.BytesIO(content), "a/b", kept)
    assert digest == encryption.digest_of(kept)
    assert digest == hashlib.sha256(kept.getvalue()).digest()
    opened = io.BytesIO()
    OPENER.open_file(kept, "a/b", opened)
    assert (opened.tell(), opened.read()) == (0, content)
    with pytest.raises(BackupDamaged):
        OPENER.open_file(kept, "a/c", io.BytesIO())
    with pytest.raises(BackupDamaged):
        OPENER.open_file(io.BytesIO(kept.getvalue()[:-1]), "a/b", io.BytesIO())
    with pytest.raises(BackupLocked):
        OPENER.open_file(io.BytesIO(kept.getvalue()[:50]), "a/b", io.BytesIO())


def test_a_full_disk_is_no_damaged_backup() -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    kept = io.BytesIO()
    LOCKER.lock_file(io.BytesIO(b"content"), "a/b", kept)
    with pytest.raises(OSError, match="No space left"):
        OPENER.open_file(kept, "a/b", Full())


def test_a_file_without_its_digest_is_damaged() -> None:
    kept = io.BytesIO(bytes(pyrage.encrypt(b"content", [IDENTITY.to_public()])))
    with pytest.raises(BackupDamaged):
        OPENER.open_file(kept, "a/b", io.BytesIO())


def test_a_ledger_knows_the_last_digest_of_what_is_there() -> None:
    one, other = (bytes([number]) * ledger.NAME_BYTES for number in (1, 2))
    old, new = b"o" * ledger.DIGEST_BYTES, b"n" * ledger.DIGEST_BYTES
    with Ledger() as known:
        known.add([(one, old), (other, old)])
        known.add([(one, new)])
        assert known.digest_of(one) is None
        known.mark([one, b"unknown"])
        assert (known.digest_of(one), known.digest_of(other), known.digest_of(b"unknown")) == (new, None, None)
        assert [known.knows(each) for each in (one, other, b"unknown")] == [True, True, False]
        assert sorted(known.records()) == [(one, new), (other, old)]
    records = [(one, old), (other, new)]
    assert list(ledger.unpacked(ledger.packed(records))) == records
    assert len(ledger.packed(records)) == 96
    with pytest.raises(ValueError, match="breaks off"):
        list(ledger.unpacked(ledger.packed(records)[:-1]))


def test_rows_and_files_are_written_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PART_CHARACTERS", 5)
    batches = [["ab", "c"], ["de"], ["f"], ["g"], ["hijklm"], ["n"]]
    assert list(making._in_parts(batches)) == [["ab", "c", "de", "f"], ["g", "hijklm"], ["n"]]
    assert list(making._in_parts([])) == []
    files = [NamedFile(name, in_private=name != "b", in_public=name != "a") for name in "abc"]
    assert [len(batch) for batch in making._of_size(files, 2)] == [2, 1]
    assert [making._places(each) for each in files] == [["private"], ["public"], ["private", "public"]]
    kept = io.BytesIO()
    write_down(files, kept)
    assert list(written_down(kept)) == files

"""The store on S3: what it keeps and moves, and what becomes of a request while it is silent."""

import random
import socket
import threading
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

import pytest

from gallery.errors import FileAbsent, StoreUnreachable
from gallery.storage import Patience, PhotoStore, original_key, rendition_key, sha256_of
from tests.parts import s3_server
from tests.waiting import LONG_PATIENCE, PATIENCE, begin, wait_until

KEY = original_key(sha256_of(b"a photo"))
MIB = 1024 * 1024
ADDRESS = f"s3://{s3_server.BUCKET}"
PATIENT = Patience(connect=PATIENCE, silence=PATIENCE, whole=PATIENCE)
# For what is never answered.
HASTY = Patience(connect=0.3, silence=0.3, whole=0.6)


@pytest.fixture
def store(object_store: s3_server.Store) -> PhotoStore:
    return PhotoStore(ADDRESS, PATIENT)


def test_it_keeps_lists_and_removes(store: PhotoStore) -> None:
    store.put(KEY, b"a photo")
    assert (store.get(KEY), store.holds(KEY), [file.key for file in store.files()]) == (b"a photo", True, [KEY])
    store.delete([KEY])
    with pytest.raises(FileAbsent):
        store.get(KEY)


@pytest.mark.parametrize("size", [0, 1, 8 * MIB, 8 * MIB + 1, 40 * MIB + 5])
def test_a_large_file_is_fetched_in_more_than_one_request(
    store: PhotoStore, object_store: s3_server.Store, size: int
) -> None:
    """One answer has a time in which it must be whole, and a slow line brings so much in it and no more."""
    whole = random.Random(size).randbytes(size)
    object_store.files[KEY] = whole, ""
    object_store.most = 10 * MIB
    with TemporaryFile() as file:
        store.copy_into(KEY, file)
        file.seek(0)
        assert file.read() == whole


def test_a_file_that_is_put_again_while_it_is_fetched_is_fetched_again(
    store: PhotoStore, object_store: s3_server.Store
) -> None:
    before, after = (random.Random(seed).randbytes(20 * MIB) for seed in (1, 2))
    object_store.files[KEY] = before, ""

    class Fetched(BytesIO):
        def write(self, piece: Any) -> int:
            object_store.files[KEY] = after, ""
            return super().write(piece)

    fetched = Fetched(b"begun: ")
    fetched.seek(0, 2)
    store.copy_into(KEY, fetched)
    assert fetched.getvalue() == b"begun: " + after


def test_it_says_whose_it_is_once(store: PhotoStore) -> None:
    store.claim("one")
    store.claim("another")
    assert store.identity() == "one"
    store.adopt("another")
    assert store.identity() == "another"


def test_its_trash_is_a_copy_and_a_removal(store: PhotoStore, object_store: s3_server.Store) -> None:
    store.put(KEY, b"a photo")
    later = datetime.now(UTC) + timedelta(hours=1)
    assert store.throw_away([KEY], later, day=date(2026, 11, 29)) == []
    assert (set(object_store.files), list(store.files())) == ({f"trash/2026-11-29/{KEY}"}, [])
    store.take_back(f"trash/2026-11-29/{KEY}")
    assert set(object_store.files) == {KEY}


def test_a_signed_address_opens_one_file_for_its_time(store: PhotoStore) -> None:
    key = rendition_key(sha256_of(b"a photo"), "320.webp")
    store.put(key, b"a photo")
    address = store.signed_address(key, lasts=timedelta(minutes=1))
    assert address.startswith(store.origin())
    with urllib.request.urlopen(address, timeout=LONG_PATIENCE) as answer:
        assert (answer.read(), answer.headers["Content-Type"]) == (b"a photo", "image/webp")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(address.replace("320.webp", "800.webp"), timeout=LONG_PATIENCE)


def test_a_silent_store_is_tried_once_more_then_given_up_and_left_alone(
    object_store: s3_server.Store, caplog: pytest.LogCaptureFixture
) -> None:
    store = PhotoStore(ADDRESS, HASTY)
    object_store.answers.clear()
    for _ in range(5):
        with pytest.raises(StoreUnreachable):
            store.get(KEY)
    # The server may read what it was asked long after nobody waits for it any more.
    wait_until(lambda: len(object_store.asked) >= 2, "both requests")
    assert len(object_store.asked) == 2
    lines = [record.message for record in caplog.records if "does not answer" in record.message]
    assert len(lines) == 1
    assert s3_server.SECRET not in lines[0]


def test_it_is_asked_again_after_a_rest(
    object_store: s3_server.Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    PhotoStore(ADDRESS, PATIENT).put(KEY, b"a photo")
    store = PhotoStore(ADDRESS, HASTY)
    monkeypatch.setattr(store._line, "_rest_seconds", 0.0)
    object_store.answers.clear()
    for _ in range(2):
        with pytest.raises(StoreUnreachable):
            store.get(KEY)
    object_store.answers.set()

    def is_read() -> bool:
        with suppress(StoreUnreachable):
            return store.get(KEY) == b"a photo"
        return False

    wait_until(is_read, "the store")
    assert [record.message.partition(" s3://")[0] for record in caplog.records] == ["the store", "the store"]
    assert caplog.records[-1].message.endswith("answers again")


def test_one_that_takes_no_connection_or_closes_it_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def close_each() -> None:
            while not stop.is_set():
                listener.accept()[0].close()

        begin(close_each)
        own = s3_server.Store(f"http://127.0.0.1:{listener.getsockname()[1]}")
        for name, value in own.environment().items():
            monkeypatch.setenv(name, value)
        with pytest.raises(StoreUnreachable):
            PhotoStore(ADDRESS, HASTY).get(KEY)
        stop.set()


def test_absence_is_no_outage(store: PhotoStore) -> None:
    for _ in range(2):
        with pytest.raises(FileAbsent):
            store.get(KEY)
    store.put(KEY, b"a photo")
    assert store.get(KEY) == b"a photo"

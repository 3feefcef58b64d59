"""The search for planted secrets finds them however they were written; else the tests that use it could not fail."""

import json
from base64 import b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.planted import slices_of, told_in

WAYS = {
    "as it is": lambda data: data,
    "hex": lambda data: data.hex().encode(),
    "base64": b64encode,
    "address": lambda data: quote(data).encode(),
    "utf-16": lambda data: data.decode().encode("utf-16-le"),
}


@pytest.mark.parametrize("way", WAYS)
@given(before=st.text("abc", max_size=8), after=st.text("abc", max_size=8))
def test_a_secret_is_found_wherever_it_lies_and_however_it_is_written(way: str, before: str, after: str) -> None:
    secret = b"GEHEIM-commune"
    copy = b"..." + WAYS[way](before.encode() + secret + after.encode()) + b"..."
    assert told_in(copy, [secret, b"GEHEIM-other"]) == [secret]


def test_pieces_of_a_file_in_json_are_found() -> None:
    file = bytes(range(256)) * 4
    copy = json.dumps({"jpeg": b64encode(b"xy" + file).decode()}).encode()
    assert len(slices_of(file)) > 3
    assert told_in(copy, slices_of(file)) == list(dict.fromkeys(slices_of(file)))
    assert told_in(copy, [b"not there, not there at all"]) == []

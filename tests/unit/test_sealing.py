import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.errors import KeyAbsent, SealBroken
from gallery.sealing import Sealer, seal_to

SEALER = Sealer(str(pyrage.x25519.Identity.generate()))
SECRET = {"serial_number": "WBK-2231-é", "withheld_details": "gravure « À Jeanne »"}


@given(st.dictionaries(st.text(), st.text()))
def test_what_was_sealed_opens(fields: dict[str, str]) -> None:
    assert SEALER.unseal(SEALER.seal(fields, row="item:1"), row="item:1") == fields


def test_equal_fields_never_give_equal_bytes() -> None:
    assert SEALER.seal(SECRET, row="item:1") != SEALER.seal(SECRET, row="item:1")


def test_nothing_of_a_sealed_value_can_be_read() -> None:
    assert b"WBK" not in SEALER.seal(SECRET, row="item:1")


def test_a_value_moved_to_another_row_is_refused() -> None:
    with pytest.raises(SealBroken):
        SEALER.unseal(SEALER.seal(SECRET, row="item:1"), row="item:2")


def test_another_key_opens_nothing() -> None:
    stranger = Sealer(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(SealBroken):
        stranger.unseal(SEALER.seal(SECRET, row="item:1"), row="item:1")


@given(st.binary(max_size=400))
def test_damaged_bytes_are_a_broken_seal(data: bytes) -> None:
    with pytest.raises(SealBroken):
        SEALER.unseal(data, row="item:1")


def test_without_a_key_nothing_is_sealed_or_opened() -> None:
    with pytest.raises(KeyAbsent):
        Sealer("").seal(SECRET, row="item:1")
    with pytest.raises(KeyAbsent):
        Sealer("").unseal(SEALER.seal(SECRET, row="item:1"), row="item:1")


@pytest.mark.parametrize("recipient", ["", "age1nonsense"])
def test_nothing_is_sealed_to_what_is_no_key(recipient: str) -> None:
    with pytest.raises(KeyAbsent):
        seal_to(recipient, SECRET, row="item:1")

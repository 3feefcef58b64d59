import hashlib
import json

import pyrage
import pytest
from cachetools import TTLCache
from hypothesis import given
from hypothesis import strategies as st

from gallery import sealing
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


def test_the_first_identity_seals_and_all_open() -> None:
    former, newer = (str(pyrage.x25519.Identity.generate()) for _ in range(2))
    before, after, only = Sealer(former), Sealer(f"{newer}\n{former}"), Sealer(newer)
    sealed = before.seal(SECRET, row="item:1")
    assert after.recipient == only.recipient != before.recipient
    assert after.unseal(sealed, row="item:1") == SECRET
    assert (before.is_newest(sealed), after.is_newest(sealed), only.is_newest(sealed)) == (True, False, False)
    assert (before.opens(sealed), after.opens(sealed), only.opens(sealed)) == (True, True, False)
    anew = after.sealed_anew(sealed)
    assert after.is_newest(anew)
    assert only.unseal(anew, row="item:1") == SECRET
    with pytest.raises(SealBroken):
        before.sealed_anew(anew)


def test_the_digest_key_is_its_own_or_of_the_last_identity() -> None:
    former, newer = (str(pyrage.x25519.Identity.generate()) for _ in range(2))
    derived = hashlib.sha256(f"fingerprint of {former}".encode()).hexdigest()
    assert Sealer(former).digest_key == Sealer(f"{newer}\n{former}").digest_key == derived
    assert Sealer(former, "ab" * 32).digest_key == "ab" * 32
    assert Sealer("", "ab" * 32).digest_key == "ab" * 32


def test_equal_texts_have_one_digest_for_each_purpose_and_key() -> None:
    sealer, other = (Sealer("", key * 32) for key in ("01", "02"))
    assert sealer.fingerprint("É1", purpose="serial") == (
        "90ebef0f5ffadaabc3fa9497db506c8caa00cfe3ad7fb2ee0d11db30342053b1"
    )
    digests = {each.fingerprint("É1", purpose=purpose) for each in (sealer, other) for purpose in ("serial", "look")}
    assert len(digests) == 4


def test_without_a_key_nothing_is_named() -> None:
    nobody = Sealer("")
    for act in (lambda: nobody.recipient, lambda: nobody.digest_key, lambda: nobody.fingerprint("1", purpose="serial")):
        with pytest.raises(KeyAbsent):
            act()
    with pytest.raises(KeyAbsent):
        nobody.opens(SEALER.seal(SECRET, row="item:1"))


@pytest.mark.parametrize("value", [[], {}, {"row": "item:1"}, {"row": "item:1", "fields": []}, {"fields": {}}, 1])
def test_what_is_sealed_but_no_row_is_refused(value: object) -> None:
    sealed = pyrage.encrypt(json.dumps(value).encode(), [pyrage.x25519.Recipient.from_str(SEALER.recipient)])
    with pytest.raises(SealBroken):
        SEALER.unseal(sealed, row="item:1")


def test_what_is_remembered_is_what_would_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    sealer = Sealer(str(pyrage.x25519.Identity.generate()))
    sealed = sealer.seal(SECRET, row="case:1")
    opened = sealer.unseal_remembered(sealed, row="case:1")
    opened["case_number"] = "changed by whoever was given it"
    with pytest.raises(SealBroken):
        sealer.unseal_remembered(sealed, row="case:2")
    with monkeypatch.context() as patched:
        patched.setattr(pyrage, "decrypt", None)
        assert sealer.unseal_remembered(sealed, row="case:1") == SECRET
    changed = sealer.seal(SECRET | {"notes": "x"}, row="case:1")
    assert sealer.unseal_remembered(changed, row="case:1") == SECRET | {"notes": "x"}


def test_what_is_too_old_is_forgotten_even_where_nothing_new_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    sealer, clock = Sealer(str(pyrage.x25519.Identity.generate())), [0.0]
    kept = TTLCache[bytes, dict[str, str]](10, sealing.REMEMBERED_SECONDS, timer=lambda: clock[0])
    monkeypatch.setattr(sealer, "_opened_before", kept)
    sealed = sealer.seal(SECRET, row="case:1")
    sealer.unseal_remembered(sealed, row="case:1")
    clock[0] = sealing.REMEMBERED_SECONDS + 1
    with pytest.raises(SealBroken):
        sealer.unseal_remembered(sealed, row="case:2")
    # Nothing is left that could be.
    assert list(kept.expire()) == []

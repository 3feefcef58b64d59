"""The code that opens a declaration, and what its owner is told, given and written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.errors import CodeMistyped, CodeUnknown
from gallery.models import Declaration, DeclarationMessage
from gallery.services.declarations import contact_address, lifecycle
from gallery.services.declarations.answers import MessageKind
from gallery.services.declarations.opening import codes, locks
from gallery.services.declarations.opening.codes import LIST
from gallery.services.declarations.statement import Contact
from gallery.services.words.folding import fold

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)


# The code.


@given(st.lists(st.sampled_from(LIST.read_text(encoding="utf-8").split()), min_size=1, max_size=6), st.data())
def test_words_are_told_apart_however_few_spaces_part_them(words: list[str], data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.sampled_from(("", " ", "-", ", ")), min_size=len(words), max_size=len(words)))
    assert codes.words_in("".join(map("".join, zip(words, gaps, strict=True)))) == [fold(each) for each in words]


def test_a_code_is_known_however_it_is_typed() -> None:
    code = codes.made_of(bytes(range(12)))
    known = codes.tidy(code)
    assert len(code.split()) == 6
    words = known.split()
    for typed in (
        code.upper(),
        f"  {code.replace(' ', ',  ')}.",
        " ".join(word[:4] + "zz" for word in words),
        # As a keyboard adds letters, leaves spaces out, or numbers lines.
        " ".join(f"{word}nement" for word in words),
        code.replace(" ", "").title(),
        "".join([*words[:4], "s ", *words[4:]]),
        "\n".join(f"{place}. {word}" for place, word in enumerate(code.split(), start=1)),
    ):
        assert codes.tidy(typed) == known
    assert codes.made_of(bytes(12)) != codes.made_of(bytes([0, 1, *bytes(10)])) != codes.made_of(bytes([1, *bytes(11)]))


def test_a_word_that_is_none_or_a_code_that_does_not_hold_together_is_told() -> None:
    words = codes.tidy(codes.made_of(bytes(range(12)))).split()
    with pytest.raises(CodeMistyped) as told:
        codes.tidy(" ".join([*words[:3], "zzzz", *words[4:]]))
    assert told.value.word == "zzzz"
    for wrong in (words[:5], [*words, words[0]], []):
        with pytest.raises(CodeMistyped) as told:
            codes.tidy(" ".join(wrong))
        assert (told.value.word, told.value.count) == ("", len(wrong))
    for wrong in ([words[1], words[0], *words[2:]], [words[0][:3], *words[1:]]):
        with pytest.raises(CodeMistyped) as told:
            codes.tidy(" ".join(wrong))
        assert told.value.count is None


def test_no_more_is_read_of_a_code_than_two_hundred_characters() -> None:
    known = codes.tidy(codes.made_of(bytes(range(12))))
    last = known.split()[-1]
    assert codes.tidy(known[: -len(last)].ljust(200 - len(last), ".") + last) == known
    assert codes.tidy(known.ljust(200, ".") + " zzzzz") == known
    with pytest.raises(CodeMistyped):
        codes.tidy(known[: -len(last)].ljust(201 - 4, ".") + last[:4])


def test_only_the_code_and_the_pepper_unwrap_what_they_locked() -> None:
    lock = locks.make("six words", pepper="a")
    locator, key = locks.locate("six words", pepper="a")
    holder = locks.unwrap(lock.wrapped, locator=locator, key=key)
    assert (locator, holder.locator) == (lock.locator, lock.locator)
    assert locks.digest_of(holder.proof) == lock.proof_digest
    assert (len(lock.locator), len(key), len(holder.proof)) == (64, 32, 32)
    for wrapped, at, with_key in (
        (lock.wrapped, "0" * 64, key),
        (lock.wrapped, locator, bytes(32)),
        (lock.wrapped[:-1], locator, key),
        (b"", locator, key),
    ):
        with pytest.raises(CodeUnknown):
            locks.unwrap(wrapped, locator=at, key=with_key)


# What the rows say.


def told(*kinds: MessageKind, at: datetime = NOW, ends_on: date = TODAY) -> Declaration:
    return Declaration(ends_on=ends_on, messages=[DeclarationMessage(kind=kind.value, at=at) for kind in kinds])


def test_a_copy_is_asked_for_until_it_is_given() -> None:
    asked, given = MessageKind.COPY_ASKED, MessageKind.COPY_GIVEN
    assert not lifecycle.has_asked_copy(told(MessageKind.RECEIVED))
    assert lifecycle.has_asked_copy(told(asked, MessageKind.PROLONGED))
    assert not lifecycle.has_asked_copy(told(asked, given, MessageKind.FOUND))
    assert lifecycle.has_asked_copy(told(asked, given, asked))


@pytest.mark.parametrize(
    ("kind", "days", "was_warned"),
    [
        (MessageKind.ENDS_SOON, 30, True),
        (MessageKind.ENDS_SOON, 31, False),
        (MessageKind.ENDS_IN_A_WEEK, 7, True),
        (MessageKind.PROLONGED, 7, False),
    ],
)
def test_a_warning_is_of_the_present_end(kind: MessageKind, days: int, was_warned: bool) -> None:
    assert lifecycle._was_warned(told(kind, at=NOW, ends_on=TODAY + days * DAY), 30) is was_warned


def test_mails_go_to_addresses_that_can_be_used_and_to_none_twice() -> None:
    victim, helper = Contact("A", " Marie@Example.FR "), Contact("B", "fille@example.fr")
    assert contact_address.usable(victim).lower() == "marie@example.fr"
    assert contact_address.usable(Contact("A")) == contact_address.usable(None) == ""
    assert contact_address.usable(Contact("A", "no address")) == ""
    found = contact_address.of_persons(victim, helper)
    assert [each.value for each in found] == ["victim", "helper"]
    assert list(contact_address.of_persons(victim, victim)) == [next(iter(found))]
    assert contact_address.of_persons(Contact("A", "", "06"), None) == {}


@pytest.mark.parametrize(
    ("helper", "helps"),
    [
        (None, False),
        (Contact("B", "fille@example.fr"), True),
        (Contact("B", "", "06 11"), True),
        (Contact("B", "a@example.fr", "+33 6 55 44 33-22"), False),
        (Contact("B", "a@example.fr", "06 11"), True),
        (Contact("B", "no address"), False),
    ],
    ids=str,
)
def test_who_helps_is_told_apart_where_there_is_a_way_of_their_own(helper: Contact | None, helps: bool) -> None:
    assert contact_address.has_helper(Contact("A", "a@example.fr", "06 55 44 33 22"), helper) is helps

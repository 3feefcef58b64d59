"""Words at their limits: how short a stem gets, what a question says without any, and what is written of an item."""

from types import SimpleNamespace

import numpy as np
import pytest

from gallery.services.words import asked, item_words
from gallery.services.words.asked import AskedWords
from gallery.services.words.folding import fold, parts_of, stem, words_of
from gallery.services.words.item_words import FoundWord


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [("maux", "mau"), ("egaux", "egal"), ("bas", "bas"), ("ose", "ose"), ("sexes", "sex"), ("eaux", "eau")],
)  # fmt: skip
def test_a_stem_keeps_three_letters(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


def test_one_letter_says_nothing_and_one_digit_does() -> None:
    assert words_of("b 7 xy ba\u00adgue") == ["7", "xy", "bagu"]
    assert fold("Łódź") == "lodz"
    assert list(parts_of("or . ; et |cuir")) == ["or", "cuir"]


def found(stemmed: str) -> FoundWord:
    return FoundWord(stemmed, np.array([1]), np.array([2]), frozenset({"watches"}))


def test_a_question_is_read_word_by_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_words, "find", lambda _session, text, among: [found(each) for each in words_of(text)])
    asks: list[int] = []

    def written() -> dict[str, str]:
        asks.append(1)
        return {"collier": "colliers"}

    def read(text: str) -> AskedWords:
        return asked.read(None, text, has_any=lambda word: word.stem in ("or", "collier"), written=written)  # type: ignore[arg-type]

    def told(read: AskedWords) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
        return [each.stem for each in read.found], dict(read.respelt), read.unknown

    assert told(read("or")) == (["or"], {}, ())
    assert asks == []
    assert told(read("Colliez Zèbres en or")) == (["collier", "or"], {"colliez": "colliers"}, ("zèbres",))
    assert asks == [1]
    assert told(read("de la")) == ([], {}, ("de la",))
    assert told(read("")) == ([], {}, ())


def test_a_word_is_in_an_item_under_whichever_name() -> None:
    there = [(1, "x"), (2, "x"), (3, "watches"), (3, "x")]
    assert [found("or").is_in(*each) for each in there] == [True, True, True, False]


def test_words_of_an_item_are_written_over_the_former_ones() -> None:
    columns = dict.fromkeys(item_words.SEARCHED_COLUMNS, "")
    item = SimpleNamespace(**columns | {"title": "Montre"}, colours=["gold"], words=None)
    item_words.write(item)  # type: ignore[arg-type]
    row = item.words
    assert row.words == "montr dor gold golden"
    item.title = "Bague"
    item_words.write(item)  # type: ignore[arg-type]
    assert (item.words is row, row.words) == (True, "bagu dor gold golden")

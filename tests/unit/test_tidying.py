"""Text as it is kept: nothing invisible in it, and nothing lost of what is seen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.services.words.tidying import tidy_line, tidy_text

FAMILY = "👨\u200d👩\u200d👧"
PERSIAN = "می\u200cخواهم"
WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("Ba\u00adgue", "Bague"),
        ("Ba\u200bgue\ufeff", "Bague"),
        ("\u202eeugaB", "eugaB"),
        ("Ba\u2066gue\u2069", "Bague"),
        ("Bague\nen or", "Bague en or"),
        ("Bague\u2028en\u2029or", "Bague en or"),
        ("Bague\r\n\ten\u00a0or", "Bague en or"),
        ("Ba\u200dgue", "Bague"),
        ("\u3164\u2800", ""),
        ("e\u200b\u0301", "é"),
        ("Bague\ud800", "Bague"),
        ("Ba\U000e0067gue", "Bague"),
        (FAMILY, FAMILY),
        ("\u200d👩", "👩"),
        ("👩\u200d", "👩"),
        ("👩\u200da", "👩a"),
        ("a\u200d👩", "a👩"),
        ("\u052f\u200d\u052f", "\u052f\u052f"),
        (PERSIAN, PERSIAN),
        (WALES, WALES),
        ("❤️", "❤️"),
        ("خاتم кольцо 指輪", "خاتم кольцо 指輪"),
    ],
)
def test_a_line_shows_all_that_it_holds(given_text: str, kept: str) -> None:
    assert tidy_line(given_text) == kept


def test_a_text_keeps_its_lines_and_no_other_control() -> None:
    assert tidy_text(" Rayure\u00ad \r\nau\u2028dos\x00\x0b ") == "Rayure\nau\ndos"


@given(st.text())
def test_tidying_settles(text: str) -> None:
    for tidy in (tidy_line, tidy_text):
        once = tidy(text)
        assert tidy(once) == once == unicodedata.normalize("NFC", once)
    assert "\n" not in tidy_line(text)

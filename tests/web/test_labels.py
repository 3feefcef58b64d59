from datetime import UTC, date, datetime

import pytest
from flask import Flask

from gallery.web import labels


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 3, 1), "1er mars 2026"),
        (date(2026, 3, 11), "11 mars 2026"),
        (date(2026, 3, 21), "21 mars 2026"),
        (date(2021, 3, 31), "31 mars 2021"),
        (date(2001, 1, 1), "1er janvier 2001"),
        # Half past midnight in Paris.
        (datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "1er décembre 2026"),
    ],
)
def test_only_the_first_of_a_month_is_an_ordinal(app: Flask, value: date, words: str) -> None:
    with app.test_request_context():
        assert labels.day(value) == words

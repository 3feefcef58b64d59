"""A day as people give it: chosen in a calendar, or typed in whatever order French has."""

import re
from datetime import date

from gallery.services.days import day_in_paris
from gallery.services.words.folding import fold
from gallery.services.words.tidying import tidy_line
from gallery.web.resources import now

CENTURY, SHORT_YEAR = 100, 2
EARLIEST_YEAR = 1900
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4})")
FRENCH = re.compile(r"(?:le )?(\d{1,2})(?:er)?[/.\- ]+(\d{1,2}|[a-z]{3,9})\.?[/.\- ]+(\d{4}|\d{2})")
MONTHS = ("janv", "fev", "mars", "avr", "mai", "juin", "juil", "aou", "sept", "oct", "nov", "dec")


def read(typed: str) -> date | None:
    """The day of an ISO date or of a French one, its month in figures or letters; None for what is no day.

    A year of two figures is past: browsers give 0025 for one that is typed into a calendar's field.
    """
    text = fold(tidy_line(typed))
    try:
        if found := ISO.fullmatch(text):
            return date(_year(found[1].removeprefix("00")), int(found[2]), int(found[3]))
        if found := TOGETHER.fullmatch(text) or FRENCH.fullmatch(text):
            return date(_year(found[3]), _month(found[2]), int(found[1]))
    except ValueError:
        pass
    return None


def _year(figures: str) -> int:
    if len(figures) > SHORT_YEAR:
        return int(figures)
    this_year = day_in_paris(now()).year
    year = this_year - this_year % CENTURY + int(figures)
    return year - CENTURY if year > this_year else year


def _month(text: str) -> int:
    """The number of a month; 0 for none."""
    if text.isdigit():
        return int(text)
    return next((number for number, start in enumerate(MONTHS, start=1) if text.startswith(start)), 0)

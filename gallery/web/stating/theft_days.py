"""The day of a theft as visitors write it: chosen in a calendar, or typed in whatever order French has."""

import re
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from gallery.services.days import day_in_paris
from gallery.services.words.folding import fold
from gallery.services.words.tidying import tidy_line
from gallery.web.resources import now

EARLIEST_YEAR = 1900
LONGEST_TYPED = 40
CENTURY = 100
FRENCH = re.compile(r"(?:le )?(\d{1,2})(?:er)?[/.\- ]+(\d{1,2}|[a-z]{3,9})\.?[/.\- ]+(\d{4}|\d{2})")
MONTHS = ("janv", "fev", "mars", "avr", "mai", "juin", "juil", "aou", "sept", "oct", "nov", "dec")


@dataclass(frozen=True)
class TheftDay:
    """The day that was said; error: a sentence for one that can't be used, and then there is no day."""

    day: date | None = None
    error: str = ""


def read(given: str | None) -> TheftDay:
    """The day in a field of a form or an address, or a sentence about it; nothing said: neither."""
    typed = tidy_line((given or "")[:LONGEST_TYPED])
    if not typed:
        return TheftDay()
    day = _day(typed)
    if day is None:
        return TheftDay(error=gettext("« %(typed)s » n’est pas une date : écrivez-la ainsi, 29/11/2026.", typed=typed))
    if day > day_in_paris(now()):
        return TheftDay(error=gettext("La date du vol, %(typed)s, est dans l’avenir.", typed=typed))
    if day.year < EARLIEST_YEAR:
        return TheftDay(error=gettext("Vérifiez l’année de la date du vol : %(typed)s.", typed=typed))
    return TheftDay(day)


def _day(typed: str) -> date | None:
    """The day of an ISO date or of a French one, its month in figures or letters; a year of two figures is past."""
    try:
        found = FRENCH.fullmatch(fold(typed))
        if not found:
            return date.fromisoformat(typed) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed) else None
        year = int(found[3])
        if len(found[3]) == 2:
            this_year = day_in_paris(now()).year
            year += this_year - this_year % CENTURY
            year -= CENTURY if year > this_year else 0
        return date(year, _month(found[2]), int(found[1]))
    except ValueError:
        return None


def _month(text: str) -> int:
    """The number of a month; 0 for none."""
    if text.isdigit():
        return int(text)
    return next((number for number, start in enumerate(MONTHS, start=1) if text.startswith(start)), 0)

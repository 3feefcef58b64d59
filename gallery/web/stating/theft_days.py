"""The day of a theft as visitors write it, or a sentence about what can't be one."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from gallery.services.days import day_in_paris
from gallery.services.words.tidying import tidy_line
from gallery.web import typed_days
from gallery.web.requests import MAX_GIVEN
from gallery.web.resources import now

LONGEST_TYPED = 40


@dataclass(frozen=True)
class TheftDay:
    """The day that was said; error: a sentence for one that can't be used, and then there is no day."""

    day: date | None = None
    error: str = ""


def read(given: str | None) -> TheftDay:
    """The day in a field of a form or an address, or a sentence about it; nothing said: neither."""
    typed = tidy_line((given or "")[:MAX_GIVEN])[:LONGEST_TYPED].rstrip()
    if not typed:
        return TheftDay()
    day = typed_days.read(typed)
    if day is None:
        return TheftDay(error=gettext("« %(typed)s » n’est pas une date : écrivez-la ainsi, 29/11/2026.", typed=typed))
    if day > day_in_paris(now()):
        return TheftDay(error=gettext("La date du vol, %(typed)s, est dans l’avenir.", typed=typed))
    if day.year < typed_days.EARLIEST_YEAR:
        return TheftDay(error=gettext("Vérifiez l’année de la date du vol : %(typed)s.", typed=typed))
    return TheftDay(day)

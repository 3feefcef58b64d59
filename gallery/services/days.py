"""The day that an instant falls on in France, where services and commands name one; pages ask Flask-Babel."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def day_in_paris(instant: datetime) -> date:
    """The day of an aware instant in Paris.

    >>> day_in_paris(datetime.fromisoformat("2026-07-14T23:30:00+00:00")).isoformat()
    '2026-07-15'
    """
    return instant.astimezone(PARIS).date()


def begin_in_paris(day: date) -> datetime:
    """The first instant of a day in Paris, aware.

    >>> begin_in_paris(date(2026, 7, 14)).isoformat()
    '2026-07-14T00:00:00+02:00'
    """
    return datetime.combine(day, time.min, PARIS)

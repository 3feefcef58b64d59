"""Work that rests after an outage, longer each time, with one line in the log each time."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute

from gallery.database import CommitWatch, why_down
from gallery.errors import DecodersBusy, DecoderStopped, Outage, SchemaUnfit, StoreRefused
from gallery.services.storekeeping import wording

_OUTAGES = (Outage, StoreRefused, DecodersBusy, DecoderStopped, OSError, MemoryError)
# So that one file which can't be read keeps no other work waiting.
GIVEN_BACK_FOR = timedelta(seconds=10)
FIRST, LONGEST = timedelta(seconds=2), timedelta(minutes=1)
# Seconds between two tries while the database does not answer.
FIRST_PAUSE, MAX_PAUSE = 1, 60
# Seconds after which a worker looks for what time alone has made due: mails to be tried again, leases that have ended.
LONGEST_STILLNESS = 10
log = logging.getLogger(__name__)


def in_turn(leased_until: InstrumentedAttribute[datetime | None]) -> ColumnElement[datetime | None]:
    """The order in which work is taken: what was never taken, then what was given back longest ago.

    Were what was given back first again, it would keep all else waiting once a rest is longer than its lease.
    """
    return leased_until.asc().nulls_first()


def is_outage(error: Exception) -> bool:
    """Whether an error says nothing of the photo, archive or post at hand: all work of the kind rests then."""
    # Pillow says by an OSError without a number that a picture is damaged.
    is_of_picture = isinstance(error, OSError) and error.errno is None
    return isinstance(error, _OUTAGES) and not is_of_picture


@contextmanager
def giving_back(give_back: Callable[[], None]) -> Iterator[None]:
    """Do a piece of work that was taken: give it back where an outage ends it, since that was no attempt."""
    try:
        yield
    except Exception as error:
        if is_outage(error):
            give_back()
        raise


class Stop(Protocol):
    """What ends work that goes on for ever: threading.Event is one."""

    def is_set(self) -> bool:
        """Whether it is to end."""

    def wait(self, timeout: float) -> bool:
        """Wait for this many seconds, or until it is to end; say whether it is."""


class Rests:
    """Which kinds of work rest, and until when."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[datetime, timedelta]] = {}

    def __bool__(self) -> bool:
        return bool(self._until)

    def is_over(self, name: str, now: datetime) -> bool:
        """Whether this work may be tried."""
        return name not in self._until or now >= self._until[name][0]

    def begin(self, name: str, why: str, now: datetime) -> None:
        """Let it rest, and say why."""
        _, last = self._until.get(name, (now, FIRST / 2))
        length = min(2 * last, LONGEST)
        self._until[name] = now + length, length
        log.error("the worker could not %s: %s; next try in %d s", name, why, length.total_seconds())

    def end(self, name: str, now: datetime, *, was_done: bool) -> None:
        """Note that it went well, and say so after an outage.

        Where there was nothing to do, it is known once what an outage gave back has had its turn.
        """
        if name in self._until and (was_done or now >= self._until[name][0] + LONGEST):
            del self._until[name]
            log.warning("the worker can %s again", name)


class Stillness:
    """The pause of a worker that has nothing to do: it looks again once anything was written, or after a while."""

    def __init__(self, watch: CommitWatch, stop: Stop, pause_seconds: float) -> None:
        self._watch, self._stop, self._pause = watch, stop, pause_seconds
        self._seen = ""

    def begin(self) -> None:
        """Note how the database is before it is looked through: what is written meanwhile may have been missed."""
        self._seen = self._watch.state()

    def wait(self, *, is_short: bool) -> None:
        """Wait until something may be due. is_short: something is to be tried again soon, whatever is written."""
        until = time.monotonic() + LONGEST_STILLNESS
        while not self._stop.wait(self._pause):
            if is_short or time.monotonic() >= until or self._watch.state() != self._seen:
                return


class Pauses:
    """Pauses between tries, each twice the last one, with one line each. is_sure: the last turn went well."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._seconds = FIRST_PAUSE
        self.is_sure = False

    def wait(self, error: SQLAlchemyError | SchemaUnfit | StoreRefused) -> None:
        """Say what is wrong, and wait."""
        if isinstance(error, StoreRefused):
            log.error("nothing is done: %s; next try in %d s", wording.why(error), self._seconds)
        else:
            why = why_down(error) or str(error).splitlines()[0]
            log.error("the database can't be used: %s; next try in %d s", why, self._seconds)
        self._stop.wait(self._seconds)
        self._seconds = min(2 * self._seconds, MAX_PAUSE)
        self.is_sure = False

    def restore(self) -> None:
        """Begin with the shortest pause again."""
        self._seconds, self.is_sure = FIRST_PAUSE, True

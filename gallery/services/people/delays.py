"""Waiting between attempts to sign in: it grows with each failure, nobody is locked out, and all processes share it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gallery.errors import TooManyAttempts
from gallery.models import AttemptCount
from gallery.services.keyed_rows import INSERTS

LONGEST = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)


def take(session: Session, digest: str, *, free: int, now: datetime, eased: timedelta | None = None) -> None:
    """Count one more attempt on what this digest stands for; raise TooManyAttempts while it has to wait.

    Attempts are counted before anything is compared, so that many at once are counted too. An attempt that has to wait
    is not counted. free: attempts that need not wait, since the last one that succeeded. eased: one is forgotten each
    time that this has passed; None: all are, once there was none for a day.
    """
    row = _row(session, digest, now)
    if row.until is not None and row.until > now:
        raise TooManyAttempts(row.until - now)
    forgotten = _forgotten(row, eased, now)
    # What has passed of the time after which one more is forgotten counts on.
    row.last_at = row.last_at + forgotten * eased if eased and forgotten < row.attempts else now
    row.attempts = row.attempts - forgotten + 1
    # None and not this instant: a request that came a moment earlier may have waited for the row.
    wait = wait_after(row.attempts, free=free)
    row.until = now + wait if wait else None


def _forgotten(row: AttemptCount, eased: timedelta | None, now: datetime) -> int:
    """How many of its attempts are forgotten by now."""
    if now - row.last_at > FORGOTTEN_AFTER:
        return row.attempts
    return min(max((now - row.last_at) // eased, 0), row.attempts) if eased else 0


def wait_after(attempts: int, *, free: int) -> timedelta:
    """How long the next attempt has to wait after this many: 1, 2, 4 ... seconds once the free ones are used.

    >>> [wait_after(attempts, free=5).seconds for attempts in (5, 6, 7, 10, 40)]
    [0, 1, 2, 16, 900]
    """
    doublings = min(attempts - free - 1, 20)
    return timedelta() if doublings < 0 else min(timedelta(seconds=2**doublings), LONGEST)


def give_back(session: Session, digest: str, *, now: datetime) -> None:
    """Take one attempt back, since it succeeded, and let the next one come at once."""
    row = _row(session, digest, now)
    row.attempts = max(row.attempts - 1, 0)
    row.until = None


def forgive(session: Session, digest: str) -> None:
    """Forget every attempt: the last one succeeded."""
    session.execute(delete(AttemptCount).where(AttemptCount.digest == digest))


def forget_old(session: Session, *, now: datetime) -> int:
    """Forget what nobody has tried for a day, and return how many."""
    count = count_old(session, now=now)
    session.execute(delete(AttemptCount).where(AttemptCount.last_at < now - FORGOTTEN_AFTER))
    return count


def count_old(session: Session, *, now: datetime) -> int:
    """How many nobody has tried for a day."""
    old = select(func.count()).select_from(AttemptCount).where(AttemptCount.last_at < now - FORGOTTEN_AFTER)
    return session.scalar(old) or 0


def _row(session: Session, digest: str, now: datetime) -> AttemptCount:
    """The row of this digest, locked; made when there is none, and two processes that make it at once get one."""
    insert = INSERTS[session.get_bind().dialect.name]
    values = {"digest": digest, "attempts": 0, "last_at": now}
    # An update that changes nothing, and not "do nothing": it locks the row that it meets, or makes it anew where
    # another process has just forgotten it.
    made = insert(AttemptCount).values(values).on_conflict_do_update(index_elements=["digest"], set_={"digest": digest})
    row: AttemptCount = session.scalars(
        made.returning(AttemptCount), execution_options={"populate_existing": True}
    ).one()
    return row

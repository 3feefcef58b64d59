"""How the last sweep of each store ended, for the log, the command line and the administrators' first page."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from gallery.errors import StoreOfAnother, StoreRefused, StoreUnknown, TooManyOrphans
from gallery.models import DatabaseIdentity, StoreName, SweepRefusal, SweepReport
from gallery.services import keyed_rows

# A worker asks as often as a turn lasts, and one that asks a moment too early would wait for as long again.
SLACK = timedelta(minutes=1)
REFUSALS: dict[type[StoreRefused], SweepRefusal] = {
    StoreOfAnother: SweepRefusal.OF_ANOTHER_DATABASE,
    StoreUnknown: SweepRefusal.UNKNOWN,
    TooManyOrphans: SweepRefusal.TOO_MANY,
}


def record(session: Session, name: StoreName, refusal: StoreRefused | None, *, now: datetime) -> None:
    """Note how a sweep ended; the last one alone is kept."""
    found = {"refusal": REFUSALS[type(refusal)] if refusal else None, "unexplained": 0, "files": 0}
    if isinstance(refusal, TooManyOrphans):
        found |= {"unexplained": refusal.unexplained, "files": refusal.files}
    keyed_rows.put(session, SweepReport, store=name, at=now, **found)


def take_turn(session: Session, *, every: timedelta, now: datetime) -> bool:
    """Whether this worker is to sweep: none has begun within this time. Of several that ask, one; inside atomic().

    The database must have its identity.
    """
    begun_at = DatabaseIdentity.sweep_begun_at
    mine: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(DatabaseIdentity)
        .where(begun_at.is_(None) | (begun_at <= now - every + SLACK))
        .values(sweep_begun_at=now)
        .execution_options(synchronize_session=False)
    )
    return mine.rowcount == 1


def refused(session: Session) -> list[SweepReport]:
    """The stores whose last sweep removed nothing, and why."""
    return list(
        session.scalars(select(SweepReport).where(SweepReport.refusal.is_not(None)).order_by(SweepReport.store))
    )

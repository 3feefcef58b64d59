"""How the last sweep of each store ended, for the log, the command line and the administrators' first page."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from gallery.errors import StoreOfAnother, StoreRefused, StoreUnknown, TooManyOrphans
from gallery.models import StoreName, SweepRefusal, SweepReport
from gallery.services import keyed_rows

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
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
    """Whether this worker is to sweep: none has begun within this time. Of several that ask, one; inside atomic()."""
    keyed_rows.ensure(session, SweepReport, store=StoreName.PRIVATE, at=NEVER, unexplained=0, files=0)
    mine: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(SweepReport)
        .where(SweepReport.store == StoreName.PRIVATE, SweepReport.at <= now - every)
        .values(at=now)
        .execution_options(synchronize_session=False)
    )
    return mine.rowcount == 1


def refused(session: Session) -> list[SweepReport]:
    """The stores whose last sweep removed nothing, and why."""
    return list(
        session.scalars(select(SweepReport).where(SweepReport.refusal.is_not(None)).order_by(SweepReport.store))
    )

"""How the last sweep of each store ended, for the log, the command line and the administrators' first page."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import StoreOfAnother, StoreRefused, StoreUnknown, TooManyOrphans
from gallery.models import StoreName, SweepRefusal, SweepReport
from gallery.services import keyed_rows

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


def refused(session: Session) -> list[SweepReport]:
    """The stores whose last sweep removed nothing, and why."""
    return list(
        session.scalars(select(SweepReport).where(SweepReport.refusal.is_not(None)).order_by(SweepReport.store))
    )

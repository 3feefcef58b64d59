"""Units that show victims what resembles on middling evidence too, without asking an officer first."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Item, Officer, OfficerRole, Unit
from gallery.services import audit
from gallery.services.people.officers import require


def switch(session: Session, *, is_direct: bool, by: Officer, now: datetime) -> None:
    """Begin or end it for the manager's own unit; inside atomic(). What waits already stays for an officer.

    Twice is harmless. Raises NotAllowed for who is no manager.
    """
    require(by, OfficerRole.MANAGER)
    unit = session.get_one(Unit, by.unit_id, with_for_update=True)
    if bool(unit.direct_since) != is_direct:
        unit.direct_since = now if is_direct else None
        audit.record(session, by, "direct_on" if is_direct else "direct_off", unit, now=now)


def items_of_some(session: Session, item_ids: Collection[int]) -> set[int]:
    """Which of these items are of such a unit."""
    of_them = select(Item.id).join(Item.unit).where(Item.id.in_(item_ids), Unit.direct_since.is_not(None))
    return set(session.scalars(of_them))

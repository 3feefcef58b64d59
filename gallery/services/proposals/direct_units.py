"""Units that show victims resemblances on middling evidence too, without asking an officer first."""

from datetime import datetime

from sqlalchemy.orm import Session

from gallery.models import Officer, OfficerRole, Unit
from gallery.services import audit
from gallery.services.people.officers import require


def switch(session: Session, *, is_direct: bool, by: Officer, now: datetime) -> None:
    """Begin or end it for the manager's own unit; inside atomic(). What waits already stays for an officer.

    Twice is harmless. Raises NotAllowed for an officer who is no manager.
    """
    require(by, OfficerRole.MANAGER)
    unit = session.get_one(Unit, by.unit_id, with_for_update={"key_share": True})
    if bool(unit.direct_since) != is_direct:
        unit.direct_since = now if is_direct else None
        audit.record(session, by, "direct_on" if is_direct else "direct_off", unit, now=now)

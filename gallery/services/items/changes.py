"""What every change of an item leaves behind: its date, an entry in the journal, and catalogues to be read again."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gallery.models import Item, Officer
from gallery.services import audit, revision


def note(session: Session, item: Item, act: str, *, by: Officer | None, now: datetime, **details: Any) -> None:
    """Say that an item was changed by this act. From then on no sweep takes away a file that a store has.

    details: of the entry in the journal, without anything personal.
    """
    item.updated_at = now
    revision.touch_items(session, [item.id])
    audit.record(session, by, act, item, now=now, **details)

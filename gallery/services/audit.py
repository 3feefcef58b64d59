"""The journal: written in the transaction of the act itself."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gallery.models import AuditEntry, Case, Item, Officer


def record(
    session: Session, by: Officer | None, action: str, subject: Item | Case, *, now: datetime, **details: Any
) -> None:
    """Note that this officer (None: command line or worker) did this. details: never a confidential value."""
    kind, number = ("item", subject.public_number) if isinstance(subject, Item) else ("case", subject.reference)
    session.add(AuditEntry(at=now, officer=by, action=action, subject_kind=kind, subject=number, details=details))

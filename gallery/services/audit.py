"""The journal: written in the transaction of the act itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from gallery.models import AuditEntry, Case, Item, Officer


def record(
    session: Session, by: Officer | None, action: str, subject: Item | Case, *, now: datetime, **details: Any
) -> None:
    """Note that this officer (None: command line or worker) did this. details: never a confidential value."""
    kind, number = _name(subject)
    session.add(AuditEntry(at=now, officer=by, action=action, subject_kind=kind, subject=number, details=details))


def history(session: Session, subject: Item | Case, *, limit: int = 200) -> list[AuditEntry]:
    """What was done to this item or case, the latest first, with who did it."""
    kind, number = _name(subject)
    wanted = select(AuditEntry).where(AuditEntry.subject_kind == kind, AuditEntry.subject == number)
    return list(
        session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(limit).options(joinedload(AuditEntry.officer)))
    )


def _name(subject: Item | Case) -> tuple[str, str]:
    return ("item", subject.public_number) if isinstance(subject, Item) else ("case", subject.reference)

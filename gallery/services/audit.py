"""The journal: written in the transaction of the act itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from gallery.models import AuditEntry, Case, Category, Item, Officer, Unit

Subject = Item | Case | Officer | Unit | Category


def record(
    session: Session, by: Officer | None, action: str, subject: Subject, *, now: datetime, **details: Any
) -> None:
    """Note that this officer (None: command line or worker) did this. details: never a confidential value."""
    kind, number = _name(subject)
    session.add(AuditEntry(at=now, officer=by, action=action, subject_kind=kind, subject=number, details=details))


def history(session: Session, subject: Subject, *, limit: int = 200) -> list[AuditEntry]:
    """What was done to this subject, the latest first, with who did it."""
    kind, number = _name(subject)
    wanted = select(AuditEntry).where(AuditEntry.subject_kind == kind, AuditEntry.subject == number)
    return list(
        session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(limit).options(joinedload(AuditEntry.officer)))
    )


def _name(subject: Subject) -> tuple[str, str]:
    match subject:
        case Item():
            return "item", subject.public_number
        case Case():
            return "case", subject.reference
        case Officer():
            return "officer", subject.public_id
        case Unit():
            return "unit", subject.code
        case Category():
            return "category", subject.code

"""Numbers that say that declarations have changed: what a worker holds of them stands while its number does."""

import enum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gallery.models import DeclarationChange
from gallery.services import keyed_rows


class ChangeKind(enum.StrEnum):
    """OBJECTS: what is looked for, or no longer. NEWS: what a victim is to be told, or by which address."""

    OBJECTS = "objects"
    NEWS = "news"


def note(session: Session, *kinds: ChangeKind) -> None:
    """Say so to every worker, in the same transaction; inside atomic()."""
    for kind in kinds:
        changed = update(DeclarationChange).where(DeclarationChange.kind == kind.value)
        number = changed.values(number=DeclarationChange.number + 1).returning(DeclarationChange.number)
        if session.scalar(number) is None:
            keyed_rows.ensure(session, DeclarationChange, kind=kind.value, number=0)
            session.execute(number)


def current(session: Session, kind: ChangeKind) -> int:
    """The number of what is committed: 0 before anything was."""
    return session.scalar(select(DeclarationChange.number).where(DeclarationChange.kind == kind.value)) or 0

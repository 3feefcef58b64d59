"""Codes of the second factor, each taken once whatever arrives at the same moment: the database decides."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import CursorResult, or_, update
from sqlalchemy.orm import Session

from gallery.models import Officer


def take_code(session: Session, officer: Officer, counter: int) -> bool:
    """Take the authenticator's code of this counter; False when it, or a later one, has been taken already."""
    is_later = or_(Officer.tf_last_counter.is_(None), Officer.tf_last_counter < counter)
    taken: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Officer)
        .where(Officer.id == officer.id, is_later)
        .values(tf_last_counter=counter)
        .execution_options(synchronize_session=False)
    )
    return taken.rowcount == 1


def take_recovery_code(session: Session, officer: Officer, find: Callable[[Sequence[str]], int | None]) -> bool:
    """Take the recovery code that find points at, out of the encrypted ones; False when it points at none.

    Whoever comes second waits for the row, and then reads it without the code.
    """
    session.refresh(officer, with_for_update={"of": Officer, "key_share": True})
    kept = list(officer.mf_recovery_codes or ())
    place = find(kept)
    if place is None:
        return False
    officer.mf_recovery_codes = kept[:place] + kept[place + 1 :]
    return True

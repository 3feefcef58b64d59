"""Forms that officers have begun and not sent: kept sealed for the officer alone, forgotten once sent or too old."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gallery.models import FormDraft, Officer
from gallery.sealing import Sealer
from gallery.services.resources import Resources

# An officer who leaves more forms unfinished than this loses the oldest.
MAX_KEPT = 50
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Draft:
    """What an officer had written in a form, and when it was kept. fields: as the form would send them."""

    fields: Fields
    saved_at: datetime


def keep(session: Session, given: Resources, subject: str, fields: Fields, *, by: Officer) -> None:
    """Keep what the officer has written so far in the form of this subject, in place of what was kept before."""
    # A page saves by itself while another window of the officer's does.
    session.execute(select(Officer.id).where(Officer.id == by.id).with_for_update(key_share=True))
    row = _find(session, subject, by)
    if row is None:
        _make_room(session, by)
        row = FormDraft(officer_id=by.id, subject=subject)
        session.add(row)
    row.sealed = given.sealer.seal({name: list(values) for name, values in fields.items()}, row=_name(row))
    row.saved_at = given.now()


def find(session: Session, subject: str, *, sealer: Sealer, by: Officer) -> Draft | None:
    """What this officer had written in the form of this subject, if it was neither sent nor forgotten, and opens."""
    row = _find(session, subject, by)
    if row is None or not sealer.opens(row.sealed):
        return None
    return Draft(sealer.unseal(row.sealed, row=_name(row)), row.saved_at)


def forget(session: Session, subject: str, *, by: Officer) -> None:
    """Forget it; nothing happens when there is none."""
    session.execute(delete(FormDraft).where(FormDraft.officer_id == by.id, FormDraft.subject == subject))


def forget_old(session: Session, *, older_than: datetime) -> int:
    """Forget every officer's drafts that were not touched since, and return how many."""
    count = count_old(session, older_than=older_than)
    session.execute(delete(FormDraft).where(FormDraft.saved_at < older_than))
    return count


def count_old(session: Session, *, older_than: datetime) -> int:
    """How many drafts were not touched since."""
    return session.scalar(select(func.count(FormDraft.id)).where(FormDraft.saved_at < older_than)) or 0


def _find(session: Session, subject: str, by: Officer) -> FormDraft | None:
    return session.scalar(select(FormDraft).where(FormDraft.officer_id == by.id, FormDraft.subject == subject))


def _make_room(session: Session, by: Officer) -> None:
    count = session.scalar(select(func.count(FormDraft.id)).where(FormDraft.officer_id == by.id)) or 0
    if count >= MAX_KEPT:
        oldest = select(FormDraft.id).where(FormDraft.officer_id == by.id).order_by(FormDraft.saved_at, FormDraft.id)
        session.execute(delete(FormDraft).where(FormDraft.id == oldest.limit(1).scalar_subquery()))


def _name(row: FormDraft) -> str:
    return f"draft:{row.officer_id}:{row.subject}"

"""Forms that have made something: the same one sent again, by two clicks or a reloaded page, makes nothing more."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gallery.models import Officer, SentForm


def made_by(session: Session, digest: str, *, by: Officer) -> str | None:
    """Number or reference of what this form of the officer has made, None for one that is new; inside atomic().

    Until the transaction ends the officer's other forms wait, so that two of one content never both are new.
    """
    session.execute(select(Officer.id).where(Officer.id == by.id).with_for_update(key_share=True))
    return find_made(session, digest, by=by)


def find_made(session: Session, digest: str, *, by: Officer) -> str | None:
    """The same, where the row that the form changes is locked already."""
    return session.scalar(select(SentForm.made).where(SentForm.officer_id == by.id, SentForm.digest == digest))


def keep(session: Session, digest: str, made: str, *, by: Officer, now: datetime) -> None:
    """Remember what a form has made, in the transaction that makes it."""
    session.add(SentForm(officer_id=by.id, digest=digest, made=made, sent_at=now))


def forget_old(session: Session, *, older_than: datetime) -> None:
    """Forget the forms that were sent before this."""
    session.execute(delete(SentForm).where(SentForm.sent_at < older_than))

"""What lies in the inbox and is tried no more: counted, tried again, and erased once it can only be garbage."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import InboxDrop
from gallery.services.transaction import atomic

# How often a drop that ends its worker or cannot be filed is tried; after that an operator has to look.
MAX_ATTEMPTS = 5


@dataclass(frozen=True)
class Stuck:
    """Drops that were tried in vain as often as any is. unreadable: that no key opens, the first since `oldest`;
    unfiled: that open, and that something else keeps from being filed: an operator has to read the worker's log.
    """

    unreadable: int
    unfiled: int
    oldest: datetime | None

    @property
    def total(self) -> int:
        """All of them."""
        return self.unreadable + self.unfiled


def stuck(session: Session) -> Stuck:
    """What lies in the inbox and is tried no more."""
    counted = select(func.count(), func.count(InboxDrop.unreadable_at), func.min(InboxDrop.unreadable_at))
    total, unreadable, oldest = session.execute(counted.where(InboxDrop.attempts >= MAX_ATTEMPTS)).one()
    return Stuck(unreadable, total - unreadable, oldest)


def try_again(session: Session, *, all_of_them: bool = False) -> int:
    """Have what no key opened tried again, and return how many drops those are; inside atomic().

    When a worker starts, with keys that may have been put back. all_of_them: also what could not be filed, which may
    have ended the worker. It stays known since when it can't be read.
    """
    of_these = (InboxDrop.attempts >= MAX_ATTEMPTS,) + (() if all_of_them else (InboxDrop.unreadable_at.is_not(None),))
    again = update(InboxDrop).where(*of_these).values(attempts=0).returning(InboxDrop.receipt)
    return len(session.scalars(again.execution_options(synchronize_session=False)).all())


def purge_unreadable(session: Session, settings: Settings, *, now: datetime) -> int:
    """Erase what no key has opened for `unreadable_drop_days`, and return how many drops; inside atomic()."""
    gone = delete(InboxDrop).where(_is_garbage(settings, now)).returning(InboxDrop.receipt)
    return len(session.scalars(gone.execution_options(synchronize_session=False)).all())


def count_garbage(session: Session, settings: Settings, *, now: datetime) -> int:
    """How many drops `purge_unreadable` would erase."""
    return session.scalar(select(func.count()).select_from(InboxDrop).where(_is_garbage(settings, now))) or 0


def _is_garbage(settings: Settings, now: datetime) -> ColumnElement[bool]:
    before = now - timedelta(days=settings.unreadable_drop_days)
    return and_(InboxDrop.attempts >= MAX_ATTEMPTS, InboxDrop.unreadable_at <= before)


def set_aside(session: Session, receipt: str, *, now: datetime) -> None:
    """Note since when no key opens it, for it to be erased some day; not the day that its sender says."""
    unread = update(InboxDrop).where(InboxDrop.receipt == receipt, InboxDrop.unreadable_at.is_(None))
    with atomic(session):
        session.execute(unread.values(unreadable_at=now).execution_options(synchronize_session=False))


def note_readable(session: Session, receipt: str) -> None:
    """Note that a key opens it, which an earlier worker may not have had: it is no garbage."""
    read = update(InboxDrop).where(InboxDrop.receipt == receipt).values(unreadable_at=None)
    with atomic(session):
        session.execute(read.execution_options(synchronize_session=False))

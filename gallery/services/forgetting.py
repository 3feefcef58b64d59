"""What is kept for a time only: photos deleted or waiting, forms, archives, exports, sessions, attempts, journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.services import audit
from gallery.services.albums import exports
from gallery.services.facebook import archives
from gallery.services.items import deletion
from gallery.services.lots import lots
from gallery.services.people import credentials, delays, desk_sessions, drafts, sent_forms

OF_ACCOUNTS = (*audit.LOOKED, *credentials.CHANGES)
"""Acts that the journal tells of officers rather than of objects."""


@dataclass(frozen=True)
class Forgotten:
    """How many of each. photos: deleted ones; waiting: those that waited in cases; lines: of accounts, in the journal.

    archives, exports: their keys in the private store, to be deleted after the transaction.
    """

    drafts: int
    sessions: int
    attempts: int
    photos: int
    waiting: int
    lines: int
    archives: Sequence[str]
    exports: Sequence[str]

    @property
    def keys(self) -> list[str]:
        """All files to be deleted."""
        return [*self.archives, *self.exports]


def forget_old(session: Session, settings: Settings, *, now: datetime) -> Forgotten:
    """Forget what is older than the settings say."""
    drafts_before, sessions_before = _ends(settings, now)
    sent_forms.forget_old(session, older_than=drafts_before)
    return Forgotten(
        drafts=drafts.forget_old(session, older_than=drafts_before),
        sessions=desk_sessions.forget_old(session, older_than=sessions_before),
        attempts=delays.forget_old(session, now=now),
        photos=deletion.forget_old(session, now=now),
        waiting=lots.forget_old(session, older_than=now - timedelta(days=settings.lot_days), now=now),
        lines=audit.forget_old(session, OF_ACCOUNTS, older_than=now - timedelta(days=settings.journal_days)),
        archives=archives.forget_old(session, older_than=drafts_before),
        exports=exports.forget_old(session, now=now),
    )


def count_old(session: Session, settings: Settings, *, now: datetime) -> Forgotten:
    """Count it, and forget nothing."""
    drafts_before, sessions_before = _ends(settings, now)
    return Forgotten(
        drafts=drafts.count_old(session, older_than=drafts_before),
        sessions=desk_sessions.count_old(session, older_than=sessions_before),
        attempts=delays.count_old(session, now=now),
        photos=deletion.count_old(session, now=now),
        waiting=lots.count_old(session, older_than=now - timedelta(days=settings.lot_days)),
        lines=audit.count_old(session, OF_ACCOUNTS, older_than=now - timedelta(days=settings.journal_days)),
        archives=archives.keys_of_old(session, older_than=drafts_before),
        exports=exports.keys_of_old(session, now=now),
    )


def _ends(settings: Settings, now: datetime) -> tuple[datetime, datetime]:
    return now - timedelta(days=settings.draft_days), now - timedelta(hours=settings.session_hours)

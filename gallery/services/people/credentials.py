"""What an officer signs in with: every change of it is in the journal, and told to the officer until read."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from gallery.models import AccessLink, AuditEntry, Officer
from gallery.services import audit

CHANGES = ("choose_password", "change_password", "second_factor_on", "second_factor_off", "reset_second_factor",
           "new_recovery_codes", "use_recovery_code", "give_link", "make_administrator")  # fmt: skip


def change(session: Session, officer: Officer, values: Mapping[str, object], *, now: datetime) -> None:
    """Write what an officer has changed of their own account. values: by the name of the column.

    A new password ends the link by which another one could be chosen.
    """
    for name, value in values.items():
        setattr(officer, name, value)
    if "password" in values:
        end_link(session, officer)
        note(session, officer, "change_password", by=officer, now=now)
    if "tf_totp_secret" in values:
        act = "second_factor_on" if values["tf_totp_secret"] else "second_factor_off"
        note(session, officer, act, by=officer, now=now)
    if "mf_recovery_codes" in values and values["mf_recovery_codes"]:
        note(session, officer, "new_recovery_codes", by=officer, now=now)


def respell(session: Session, officer: Officer, *, kept: str, anew: str) -> None:
    """Keep another hash of the same password, unless the one that it was compared with has been replaced meanwhile."""
    session.execute(update(Officer).where(Officer.id == officer.id, Officer.password == kept).values(password=anew))


def note(session: Session, officer: Officer, act: str, *, by: Officer, now: datetime) -> None:
    """Record a change in the journal, and have the officer notified. act: one of CHANGES."""
    audit.record(session, by, act, officer, now=now)
    officer.changes_unread_since = officer.changes_unread_since or now


def end_link(session: Session, officer: Officer) -> None:
    """Let the link that the officer was given, if any, open nothing any more."""
    session.execute(delete(AccessLink).where(AccessLink.officer_id == officer.id))


def unread(session: Session, officer: Officer) -> list[AuditEntry]:
    """The changes that the officer has not yet said to have read, the latest first."""
    if officer.changes_unread_since is None:
        return []
    return audit.history(session, officer, actions=CHANGES, since=officer.changes_unread_since)


def mark_read(officer: Officer) -> None:
    """No longer tell the officer of the changes made so far."""
    officer.changes_unread_since = None

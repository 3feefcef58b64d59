"""Browsers in which officers are signed in: listed, ended one by one or all at once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gallery.errors import SessionNotFound
from gallery.models import DeskSession, Officer

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SessionLimits:
    """How long a session lasts whatever is done, and how long while nothing is."""

    longest: timedelta
    idle: timedelta


def begin(session: Session, officer: Officer, *, browser: str, now: datetime) -> str:
    """Open a session, and return the random value that its cookie carries."""
    token = secrets.token_urlsafe(24)
    session.add(
        DeskSession(
            public_id=secrets.token_urlsafe(12),
            officer_id=officer.id,
            digest=_digest(token),
            browser=browser,
            began_at=now,
            seen_at=now,
        )
    )
    return token


def find(session: Session, token: str, *, officer: Officer) -> DeskSession | None:
    """The open session of this cookie; None when it was ended."""
    return session.scalar(
        select(DeskSession).where(DeskSession.digest == _digest(token), DeskSession.officer_id == officer.id)
    )


def is_due(row: DeskSession, *, now: datetime) -> bool:
    """Say whether it is time to note that the session was seen."""
    return now - row.seen_at >= SEEN_EVERY


def has_run_out(row: DeskSession, limits: SessionLimits, *, now: datetime) -> bool:
    """Say whether the session has lasted, or been idle, for too long."""
    return now - row.began_at > limits.longest or now - row.seen_at > limits.idle


def open_of(session: Session, officer: Officer, limits: SessionLimits, *, now: datetime) -> list[DeskSession]:
    """The sessions of an account that have not run out, the last one seen first."""
    wanted = select(DeskSession).where(
        DeskSession.officer_id == officer.id,
        DeskSession.seen_at >= now - limits.idle,
        DeskSession.began_at >= now - limits.longest,
    )
    return list(session.scalars(wanted.order_by(DeskSession.seen_at.desc(), DeskSession.id.desc())))


def end(session: Session, public_id: str, *, officer: Officer) -> None:
    """End one of the officer's own sessions; raise SessionNotFound."""
    row = session.scalar(
        select(DeskSession).where(DeskSession.public_id == public_id, DeskSession.officer_id == officer.id)
    )
    if row is None:
        raise SessionNotFound(public_id)
    session.delete(row)


def end_others(session: Session, officer: Officer, *, but: str) -> None:
    """End every session of an account but the one of this cookie."""
    session.execute(delete(DeskSession).where(DeskSession.officer_id == officer.id, DeskSession.digest != _digest(but)))


def end_all(session: Session, officer: Officer) -> None:
    """End every session of an account."""
    session.execute(delete(DeskSession).where(DeskSession.officer_id == officer.id))


def forget_old(session: Session, *, older_than: datetime) -> int:
    """Forget the sessions that were not seen since, their cookies having run out, and return how many."""
    count = count_old(session, older_than=older_than)
    session.execute(delete(DeskSession).where(DeskSession.seen_at < older_than))
    return count


def count_old(session: Session, *, older_than: datetime) -> int:
    """How many sessions were not seen since."""
    return session.scalar(select(func.count(DeskSession.id)).where(DeskSession.seen_at < older_than)) or 0


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

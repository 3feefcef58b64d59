"""Who has vouched for the photos of an item before it was published."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from gallery.models import Case, Item, Officer, PublicationCheck
from gallery.services import audit

MAX_NAME = 120


@dataclass(frozen=True)
class Consultation:
    """Who consulted FOVeS, the State's file of stolen objects, and on which day."""

    by: str
    on: date


def keep(session: Session, item: Item, consulted: Consultation, *, by: Officer, now: datetime) -> None:
    """Keep with an item that this officer has vouched for it; a later one takes the place of an earlier one."""
    session.merge(
        PublicationCheck(
            item_id=item.id,
            officer_id=by.id,
            checked_at=now,
            consulted_by=consulted.by[:MAX_NAME],
            consulted_on=consulted.on,
        )
    )


def vouch(session: Session, item: Item, consulted: Consultation, *, by: Officer, now: datetime) -> None:
    """Keep with an item who has vouched for it, and put it into its history."""
    keep(session, item, consulted, by=by, now=now)
    note(session, item, consulted, by=by, now=now)


def note(session: Session, subject: Item | Case, consulted: Consultation, *, by: Officer | None, now: datetime) -> None:
    """Put into the history of an item, or of the case of a whole batch, that somebody has vouched for it.

    by: None for whoever runs a command, who has no account of which an item could keep it.
    """
    on = consulted.on.isoformat()
    audit.record(session, by, "vouch_for_photos", subject, now=now, consulted_by=consulted.by, consulted_on=on)


def find(session: Session, item: Item) -> PublicationCheck | None:
    """Who has vouched for an item; None: nobody."""
    wanted = select(PublicationCheck).where(PublicationCheck.item_id == item.id)
    return session.scalar(wanted.options(joinedload(PublicationCheck.officer)))
